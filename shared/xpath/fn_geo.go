package xpath

import (
	"math"
	"strconv"
	"strings"
)

func geoFunctions() map[string]*function {
	return map[string]*function{
		"area":          pure(1, 1, area),
		"enclosed-area": pure(1, 1, area),
		"distance":      pure(1, unlimited, distance),
		"geofence":      pure(2, 2, geofence),
	}
}

// earthRadius is the radius at the equator, in metres, that the ODK engines use.
const earthRadius = 6_378_100

// spot is a place on earth, in degrees.
type spot struct{ lat, lon float64 }

// parseSpot reads a geopoint: latitude, longitude, and perhaps altitude and accuracy.
func parseSpot(s string) (spot, bool) {
	parts := strings.Fields(s)
	if len(parts) < 2 || len(parts) > 4 {
		return spot{}, false
	}
	var numbers [4]float64
	for i, part := range parts {
		f, err := strconv.ParseFloat(part, 64)
		if err != nil || math.IsNaN(f) || math.IsInf(f, 0) {
			return spot{}, false
		}
		numbers[i] = f
	}
	lat, lon := numbers[0], numbers[1]
	return spot{lat, lon}, math.Abs(lat) <= 90 && math.Abs(lon) <= 180
}

// spots reads the arguments from number i on: geopoints, geotraces or geoshapes, in text or as nodes. It is false when
// one of them is none, or blank.
func (c *invocation) spots(i int) (all []spot, ok bool) {
	ok = true
	c.each(i, func(v Value) {
		s := strings.TrimRight(v.String(), spaces+";")
		for piece := range strings.SplitSeq(s, ";") {
			p, fits := parseSpot(piece)
			all, ok = append(all, p), ok && fits
		}
		if c.err == nil {
			c.err = c.env.charge(c.at, 8*len(all))
		}
	})
	return all, ok && len(all) > 0
}

// area is that of the polygon, in square metres, on a plane that is laid at its first corner, as in JavaRosa. NaN when
// a corner is no place.
func area(c *invocation) Value {
	corners, ok := c.spots(0)
	if !ok {
		return Number(math.NaN())
	}
	const perDegree = 2 * math.Pi * earthRadius / 360
	sum, lastX, lastY := 0.0, 0.0, 0.0
	for _, p := range corners[1:] {
		x := (p.lon - corners[0].lon) * perDegree * math.Cos(radians(p.lat))
		y := (p.lat - corners[0].lat) * perDegree
		sum += lastY*x - lastX*y
		lastX, lastY = x, y
	}
	return Number(math.Abs(sum) / 2)
}

// distance is the length of the way along the places, in metres, on a sphere. NaN when one of them is no place.
func distance(c *invocation) Value {
	way, ok := c.spots(0)
	if !ok {
		return Number(math.NaN())
	}
	sum := 0.0
	for i := 1; i < len(way); i++ {
		sum += apart(way[i-1], way[i])
	}
	return Number(sum)
}

func apart(a, b spot) float64 {
	if a == b {
		return 0
	}
	phiA, phiB := radians(a.lat), radians(b.lat)
	cos := math.Sin(phiA)*math.Sin(phiB) + math.Cos(phiA)*math.Cos(phiB)*math.Cos(radians(a.lon-b.lon))
	return math.Acos(max(-1, min(1, cos))) * earthRadius
}

func radians(degrees float64) float64 { return degrees * math.Pi / 180 }

// geofence says whether a place lies inside a polygon, which is closed: its last corner is its first.
func geofence(c *invocation) Value {
	at, ok := parseSpot(c.text(0))
	if c.err == nil && !ok {
		return c.fail(CodeValue, "the first argument of geofence() is no geopoint")
	}
	corners, ok := c.spots(1)
	if c.err == nil && !ok {
		return c.fail(CodeValue, "the second argument of geofence() is no geoshape")
	}
	inside := false
	for i := 1; i < len(corners); i++ {
		p, q := corners[i-1], corners[i]
		if (q.lat > at.lat) != (p.lat > at.lat) && at.lon < (p.lon-q.lon)*(at.lat-q.lat)/(p.lat-q.lat)+q.lon {
			inside = !inside
		}
	}
	return Boolean(inside)
}
