package nmea

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"
	"time"

	"banlang/shared/fault"
)

// line makes a sentence with its checksum.
func line(body string) string { return fmt.Sprintf("$%s*%02X\r\n", body, checksum(body)) }

// What a receiver says in a village above Chư Păh, second by second, from cold: first nothing, then too few satellites.
var (
	coldGGA = line("GPGGA,,,,,,0,00,99.99,,,,,,")
	coldRMC = line("GPRMC,,V,,,,,,,,,,N")
	fewGGA  = line("GPGGA,020431.00,1403.49,N,10816.63,E,1,03,7.31,700.0,M,-9.1,M,,")
	fewRMC  = line("GPRMC,020431.00,A,1403.49,N,10816.63,E,0.0,,161126,,,A")
	goodGGA = line("GNGGA,020432.00,1403.4980,N,10816.6320,E,1,08,1.20,742.5,M,-9.1,M,,")
	goodRMC = line("GNRMC,020432.00,A,1403.4980,N,10816.6320,E,0.0,,161126,,,A")
	nextGGA = line("GNGGA,020433.00,1403.4981,N,10816.6321,E,1,08,1.20,742.4,M,-9.1,M,,")
	nextRMC = line("GNRMC,020433.00,A,1403.4981,N,10816.6321,E,0.0,,161126,,,A")
	others  = line("GPGSV,1,1,02,02,45,120,33,05,20,300,28") + line("PUBX,00") + line("GNVTG,,T,,M,0.0,N,0.0,K,A")
)

var good = Fix{
	Position: Position{Lat: 14 + 3.498/60, Lon: 108 + 16.632/60, Alt: 742.5, Acc: 6},
	Time:     time.Date(2026, 11, 16, 2, 4, 32, 0, time.UTC), Quality: GPS, Satellites: 8, HDOP: 1.2,
}

func TestFirst(t *testing.T) {
	next := good
	next.Time = good.Time.Add(time.Second)
	next.Position = Position{Lat: 14 + 3.4981/60, Lon: 108 + 16.6321/60, Alt: 742.4, Acc: 6}
	undated := next
	undated.Time = time.Time{}
	for name, c := range map[string]struct {
		said string
		want Fix
		seen []int // the satellites that were told while it searched
	}{
		"from cold":         {coldGGA + coldRMC + others + fewGGA + fewRMC + others + goodGGA + goodRMC, good, []int{0, 3}},
		"the day first":     {fewRMC + fewGGA + goodRMC + goodGGA, good, []int{3}},
		"no day at all":     {others + goodGGA + others + nextGGA, undated, nil},
		"the day not valid": {goodGGA + coldRMC + nextGGA, undated, nil},
		"from the middle":   {goodRMC[20:] + coldGGA + goodGGA + goodRMC, good, []int{0}},
		"noise before":      {strings.Repeat("\x00\xF8\x80", 3000) + "\n" + goodGGA + goodRMC, good, nil},
		"a wrong checksum":  {strings.Replace(fewGGA, "700.0", "800.0", 1) + goodGGA + goodRMC, good, nil},
		"lost in between":   {goodGGA + coldGGA + nextGGA + nextRMC, next, []int{0}},
	} {
		t.Run(name, func(t *testing.T) {
			var seen []int
			got, err := first(t.Context(), strings.NewReader(c.said), func() {}, func(f Fix) { seen = append(seen, f.Satellites) })
			if err != nil {
				t.Fatal(err)
			}
			if !near(got, c.want) || !slices.Equal(seen, c.seen) {
				t.Errorf("%+v after %d, want %+v after %d", got, seen, c.want, c.seen)
			}
		})
	}
	if got := good.Geopoint(); got != "14.0583 108.2772 742.5 6" {
		t.Errorf("a fix as a form stores it: %q", got)
	}
}

// near compares fixes but for the last bits of their angles.
func near(a, b Fix) bool {
	if a.Geopoint() != b.Geopoint() || !a.Time.Equal(b.Time) {
		return false
	}
	a.Position, b.Position, a.Time, b.Time = Position{}, Position{}, time.Time{}, time.Time{}
	return a == b
}

func TestFirstWithoutAFix(t *testing.T) {
	_, err := first(t.Context(), strings.NewReader(coldGGA+goodGGA), func() {}, nil)
	if !errors.Is(err, fault.NoReceiver) || !errors.Is(err, io.EOF) {
		t.Errorf("pulled out: %v", err)
	}

	for name, c := range map[string]struct {
		said string
		want fault.Code
	}{"searching": {coldGGA, fault.NoFix}, "silent": {"no sentence\n", fault.NoReceiver}} {
		r, w := io.Pipe()
		ctx, cancel := context.WithCancel(t.Context())
		go func() {
			io.WriteString(w, c.said)
			io.WriteString(w, "$") // has been read, and so has all before it
			cancel()
		}()
		_, err := first(ctx, r, func() {}, nil)
		if !errors.Is(err, c.want) || !errors.Is(err, context.Canceled) {
			t.Errorf("%s: %v, want %s", name, err, c.want)
		}
		r.Close()
	}
}

func TestParse(t *testing.T) {
	for _, said := range []string{
		"", "$", "$*00", "GPGGA,1*00", "$GPGGA", line("GPGGA"), line("GPGGA,,,,"), strings.TrimSuffix(goodGGA, "\r\n") + "0",
		strings.Replace(goodGGA, "*", "", 1),
		line("GPGGA,020432,1403.49,X,10816.63,E,1,08,1.2,742.5,M,,,,"),
		line("GPGGA,020432,1460.00,N,10816.63,E,1,08,1.2,742.5,M,,,,"), // sixty minutes
		line("GPGGA,020432,9100.00,N,10816.63,E,1,08,1.2,742.5,M,,,,"),
		line("GPGGA,020432,1403.49,N,18100.00,E,1,08,1.2,742.5,M,,,,"),
		line("GPGGA,020432,1403.49,N,-1816.63,E,1,08,1.2,742.5,M,,,,"),
		line("GPGGA,020432,14NaN,N,10816.63,E,1,08,1.2,742.5,M,,,,"),
		line("GPGGA,250432,1403.49,N,10816.63,E,1,08,1.2,742.5,M,,,,"),
		line("GPRMC,020432,A,1403.49,N,10816.63,E,0,,321126,,,A"),
	} {
		if r, ok := parse(said); ok {
			t.Errorf("%q is read as %+v", said, r)
		}
	}
	south, ok := parse(line("GAGGA,020432.5,0000.6000,S,00100.0000,W,4,12,,NaN,M,,,,"))
	if p := south.fix.Position; !ok || p.Geopoint() != "-0.01 -1 0 0" || south.fix.Quality != RTK || south.clock != 2*time.Hour+4*time.Minute+32500*time.Millisecond {
		t.Errorf("%v %+v", ok, south)
	}
	for _, f := range []Fix{
		{Quality: GPS, Satellites: 3, HDOP: 1}, {Quality: GPS, Satellites: 8}, {Quality: GPS, Satellites: 8, HDOP: 5.1},
		{Quality: Estimated, Satellites: 8, HDOP: 1}, {Quality: NoFix, Satellites: 8, HDOP: 1}, {Quality: 8, Satellites: 8, HDOP: 1},
	} {
		if f.Good() {
			t.Errorf("%+v is not good", f)
		}
	}
}

func FuzzParse(f *testing.F) {
	for _, said := range []string{goodGGA, goodRMC, coldGGA, coldRMC, "$GPGGA,,,,,,,,,*00"} {
		f.Add(strings.TrimSuffix(strings.TrimPrefix(said, "$"), "\r\n"))
	}
	f.Fuzz(func(t *testing.T, body string) {
		parse("$" + body)
		body, _, _ = strings.Cut(body, "*")
		r, ok := parse(strings.TrimRight(line(strings.TrimRight(body, "\r\n")), "\r\n"))
		if p := r.fix; ok && (!storable(p.Geopoint()) || !(p.Lat >= -90 && p.Lat <= 90 && p.Lon >= -180 && p.Lon <= 180)) {
			t.Errorf("%q gives %q", body, p.Geopoint())
		}
	})
}
