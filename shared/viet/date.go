package viet

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// ValidDate reports whether iso is a day of the calendar written yyyy-mm-dd,
// the XForms form of a date.
func ValidDate(iso string) bool {
	if len(iso) != len(time.DateOnly) || iso < "0001" {
		return false
	}
	_, err := time.Parse(time.DateOnly, iso)
	return err == nil
}

// Date writes the day yyyy-mm-dd as dd/mm/yyyy. What is no day comes back
// unchanged, so that an odd value is seen and not hidden.
func Date(iso string) string {
	if !ValidDate(iso) {
		return iso
	}
	return iso[8:] + "/" + iso[5:7] + "/" + iso[:4]
}

// ParseDate reads dd/mm/yyyy, or d/m/yyyy, into yyyy-mm-dd. It reports false
// for a day that the calendar does not have and for a year that is not written
// with four digits: a guess at the century would be the program's, not the
// officer's.
func ParseDate(typed string) (iso string, ok bool) {
	parts := strings.Split(strings.TrimSpace(typed), "/")
	if len(parts) != 3 || len(parts[0]) > 2 || len(parts[1]) > 2 || len(parts[2]) != 4 {
		return "", false
	}
	var n [3]int
	for i, part := range parts {
		if !allDigits(part) {
			return "", false
		}
		n[i], _ = strconv.Atoi(part)
	}
	iso = fmt.Sprintf("%04d-%02d-%02d", n[2], n[1], n[0])
	return iso, ValidDate(iso)
}

// Zone is the time of the country, which has one zone and no summer time. It needs no tables of the machine.
var Zone = time.FixedZone("ICT", east)

const east = 7 * 60 * 60 // seconds

// DayOf is the day of the country on which a moment lies, which is given in milliseconds since 1970: so many days since 1970.
func DayOf(moment int64) int64 {
	const second, day = 1000, 24 * 60 * 60 * 1000
	return (moment + east*second) / day
}
