package nmea

import (
	"math"
	"strconv"
	"strings"
	"time"
)

// report is what one sentence of a receiver says.
type report struct {
	kind  string        // "GGA" or "RMC"; any other is heard and says nothing
	clock time.Duration // since midnight, UTC
	valid bool          // the receiver stands behind the position
	fix   Fix           // without its day, of a GGA; with its time and nothing about how good it is, of an RMC
}

// parse reads a line such as "$GPGGA,020433.00,1403.4980,N,10816.6320,E,1,08,0.9,742.5,M,-9.1,M,,*5E". The talker may be
// any: GP, GN, GL, GA, GB and others. It reports false for what is no sentence whose checksum is right, as noise at a wrong
// speed is not, and for one of ours that is not well formed.
func parse(line string) (report, bool) {
	line, ok := strings.CutPrefix(strings.TrimRight(line, "\r\n"), "$")
	body, sum, star := strings.Cut(line, "*")
	want, err := strconv.ParseUint(sum, 16, 8)
	if !ok || !star || len(sum) != 2 || err != nil || checksum(body) != byte(want) {
		return report{}, false
	}
	fields := strings.Split(body, ",")
	if len(fields[0]) < 5 {
		return report{}, len(fields[0]) > 0
	}
	switch kind := fields[0][len(fields[0])-3:]; {
	case kind == "GGA" && len(fields) >= 10:
		return gga(fields)
	case kind == "RMC" && len(fields) >= 10:
		return rmc(fields)
	default:
		return report{kind: kind}, kind != "GGA" && kind != "RMC"
	}
}

func checksum(body string) (sum byte) {
	for i := range len(body) {
		sum ^= body[i]
	}
	return sum
}

// gga reads how good the position is: 1 clock, 2-5 position, 6 quality, 7 satellites, 8 HDOP, 9 height.
func gga(f []string) (r report, ok bool) {
	r.kind = "GGA"
	quality, _ := strconv.Atoi(f[6])
	r.fix.Quality = Quality(quality)
	r.fix.Satellites, _ = strconv.Atoi(f[7])
	r.fix.HDOP = bounded(f[8], 100)
	if quality == 0 {
		return r, true // and the rest is mostly empty
	}
	var ok1, ok2 bool
	r.clock, ok1 = clock(f[1])
	r.fix.Position, ok2 = place(f[2:6])
	r.fix.Alt = bounded(f[9], 20_000)
	r.fix.Acc = math.Round(r.fix.HDOP*rangeError*10) / 10
	r.valid = true
	return r, ok1 && ok2
}

// rmc reads when it was: 1 clock, 2 status, 3-6 position, 9 day.
func rmc(f []string) (r report, ok bool) {
	r.kind = "RMC"
	if f[2] != "A" {
		return r, true
	}
	var ok1, ok2 bool
	r.clock, ok1 = clock(f[1])
	r.fix.Position, ok2 = place(f[3:7])
	day, err := time.Parse("020106", f[9])
	r.fix.Time = day.Add(r.clock)
	r.valid = true
	return r, ok1 && ok2 && err == nil
}

// clock reads hhmmss or hhmmss.sss.
func clock(s string) (time.Duration, bool) {
	if len(s) < 6 {
		return 0, false
	}
	t, err := time.Parse("150405.999999999", s)
	return t.Sub(time.Date(0, 1, 1, 0, 0, 0, 0, time.UTC)), err == nil
}

// place reads ddmm.mmmm,N,dddmm.mmmm,E.
func place(f []string) (p Position, ok bool) {
	lat, ok1 := angle(f[0], f[1], "N", "S", 90)
	lon, ok2 := angle(f[2], f[3], "E", "W", 180)
	return Position{Lat: lat, Lon: lon}, ok1 && ok2
}

func angle(s, side, positive, negative string, most float64) (float64, bool) {
	point := strings.IndexByte(s+".", '.')
	if point < 3 || point > 5 || side != positive && side != negative {
		return 0, false
	}
	whole, err1 := strconv.ParseUint(s[:point-2], 10, 8)
	minutes, err2 := strconv.ParseFloat(s[point-2:], 64)
	x := float64(whole) + minutes/60
	if err1 != nil || err2 != nil || minutes < 0 || minutes >= 60 || math.IsNaN(x) || x > most {
		return 0, false
	}
	if side == negative {
		x = -x
	}
	return x, true
}

// bounded reads a number: 0 if it is none, or further from 0 than most.
func bounded(s string, most float64) float64 {
	x, err := strconv.ParseFloat(s, 64)
	if err != nil || !(math.Abs(x) <= most) {
		return 0
	}
	return x
}
