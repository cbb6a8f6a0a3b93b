package boundary

import (
	"bufio"
	"cmp"
	"fmt"
	"html"
	"io"
	"slices"
)

// Bins is how many steps of lightness a map has.
const Bins = 5

// shades are the steps of one hue, from the least to the most, each told apart from its neighbours in grey as well.
var shades = [Bins]string{"#EAF2F8", "#B9D5E8", "#7FB0D0", "#3F7FA8", "#0B4A6F"}

// Quintiles are the values at which a map of these goes over to the next shade: about as many units are of each.
func Quintiles(values []float64) (cuts [Bins - 1]float64) {
	sorted := slices.Sorted(slices.Values(values))
	for i := range cuts {
		if len(sorted) > 0 {
			cuts[i] = sorted[min(len(sorted)-1, (i+1)*len(sorted)/Bins)]
		}
	}
	return cuts
}

// Bin is the shade of a value, 0 to Bins-1.
func Bin(value float64, cuts [Bins - 1]float64) (bin int) {
	for bin < len(cuts) && value >= cuts[bin] {
		bin++
	}
	return bin
}

// Shade is the colour of a bin, "#rrggbb".
func Shade(bin int) string { return shades[min(max(bin, 0), Bins-1)] }

// Look is how a map is filled.
type Look struct {
	Bin   func(code string) (bin int, known bool) // nil, or not known: hatched
	Title func(code string) string                // what is told of a unit that is pointed at; nil: nothing
	Href  func(code string) string                // where a unit leads; nil or "": nowhere
	ID    func(code string) bool                  // which units have an id, "u-CODE"; nil: all
	Marks []Mark                                  // over all units; what is pointed at is the unit below
	Label string                                  // of the whole picture, for those who do not see it
}

// Mark is a sign at a place of the view box: a dot, or a square with a border, so that they differ without colours.
type Mark struct {
	X, Y   int
	Square bool
}

// WriteSVG writes a map that needs nothing from elsewhere: neither style nor script. Units are paths in groups by shade.
func (m *Map) WriteSVG(w io.Writer, look Look) error {
	b := bufio.NewWriter(w)
	line := max(1, m.Width/1500)
	if len(m.Paths) < 200 {
		line = max(1, m.Width/700)
	}
	border := float64(max(m.Width, m.Height)) / float64(min(3500, 800+8*len(m.Paths))) // the more units, the finer
	role := "img"
	if look.Href != nil {
		role = "group" // what is in an image cannot be reached by keys
	}
	fmt.Fprintf(b, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" role="%s" aria-label="%s">`, m.Width, m.Height, role, html.EscapeString(look.Label))
	fmt.Fprintf(b, `<defs><pattern id="none" width="%[1]d" height="%[1]d" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><rect width="%[1]d" height="%[1]d" fill="#FFFFFF"/><path d="M0 0v%[1]d" stroke="#6F7D77" stroke-width="%[2]d"/></pattern></defs>`,
		8*line, 3*line)
	for _, in := range m.Insets {
		in.write(b, m.Width)
	}
	groups := make([][]*Path, Bins+1) // the last: not known
	for i := range m.Paths {
		at := Bins
		if look.Bin != nil {
			if bin, known := look.Bin(m.Paths[i].Code); known {
				at = min(max(bin, 0), Bins-1)
			}
		}
		groups[at] = append(groups[at], &m.Paths[i])
	}
	for at, paths := range groups {
		if len(paths) == 0 {
			continue
		}
		fill := "url(#none)"
		if at < Bins {
			fill = shades[at]
		}
		fmt.Fprintf(b, `<g fill="%s" stroke="#36433E" stroke-width="%.2g" stroke-linejoin="round">`, fill, border)
		for _, p := range paths {
			look.path(b, p)
		}
		_, _ = b.WriteString("</g>")
	}
	marks := places(look.Marks)
	size := max(m.Width, m.Height) / min(330, 110+len(marks)/4) // the more, the smaller
	writeMarks(b, "dots", marks, false, "round", [2]stroke{{"#FFFFFF", 2*size + size/2}, {"#7A3300", 2 * size}})
	writeMarks(b, "squares", marks, true, "square", [2]stroke{{"#8F1515", 2*size + size/2}, {"#FFFFFF", size + size/2}})
	_, _ = b.WriteString("</svg>\n")
	return b.Flush() // tells of every write before
}

// path writes a unit with its title and where it leads.
func (look *Look) path(b *bufio.Writer, p *Path) {
	href := ""
	if look.Href != nil {
		href = look.Href(p.Code)
	}
	if href != "" {
		fmt.Fprintf(b, `<a href="%s">`, html.EscapeString(href))
	}
	_, _ = b.WriteString("<path")
	if look.ID == nil || look.ID(p.Code) {
		fmt.Fprintf(b, ` id="u-%s"`, html.EscapeString(p.Code))
	}
	fmt.Fprintf(b, ` d="%s"`, p.D)
	if look.Title == nil {
		_, _ = b.WriteString("/>")
	} else {
		fmt.Fprintf(b, `><title>%s</title></path>`, html.EscapeString(look.Title(p.Code)))
	}
	if href != "" {
		_, _ = b.WriteString("</a>")
	}
}

// stroke is a colour and a width.
type stroke struct {
	colour string
	width  int
}

// places are marks in their order, of those at one place that look alike the first.
func places(marks []Mark) (apart []Mark) {
	seen := map[Mark]bool{}
	for _, x := range marks {
		if !seen[x] {
			seen[x] = true
			apart = append(apart, x)
		}
	}
	return apart
}

// writeMarks writes the marks of one kind as one line of points, drawn twice: a border, and what it is around.
func writeMarks(b *bufio.Writer, name string, marks []Mark, square bool, end string, strokes [2]stroke) {
	var d line
	for _, x := range marks {
		if x.Square == square {
			d.move(x.X, x.Y)
			d.d = append(d.d, "0 0z"...)
		}
	}
	if len(d.d) == 0 {
		return
	}
	fmt.Fprintf(b, `<defs><path id="%s" d="%s"/></defs><g stroke-linecap="%s" stroke-linejoin="round" pointer-events="none">`, name, d.d, end)
	for _, s := range strokes {
		fmt.Fprintf(b, `<use href="#%s" stroke="%s" stroke-width="%d"/>`, name, s.colour, max(1, s.width))
	}
	_, _ = b.WriteString("</g>")
}

// write writes the frame of an inset with its name, and marks for islands that no boundary shows.
func (in *Inset) write(b *bufio.Writer, width int) {
	size := cmp.Or(width/55, 1)
	fmt.Fprintf(b, `<g fill="#FFFFFF" stroke="#6F7D77" stroke-width="%d"><rect x="%d" y="%d" width="%d" height="%d"/>`, max(1, width/1000), in.X, in.Y, in.Width, in.Height)
	for _, at := range in.Marks {
		fmt.Fprintf(b, `<circle cx="%d" cy="%d" r="%d"/>`, at[0], at[1], max(2, width/250))
	}
	fmt.Fprintf(b, `</g><text x="%d" y="%d" font-family="sans-serif" font-size="%d" fill="#101B17">%s</text>`, in.X+size/2, in.Y+size*5/4, size, html.EscapeString(in.Name))
}
