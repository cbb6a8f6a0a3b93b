package photo

import (
	"context"
	"image"
	"image/color"
	"image/draw"
)

// within gives the size of a picture of w x h pixels when no side may be longer than that. It never becomes larger.
func within(side, w, h int) (int, int) {
	switch {
	case w <= side && h <= side:
		return w, h
	case w >= h:
		return side, max(1, (h*side+w/2)/w)
	}
	return max(1, (w*side+h/2)/h), side
}

// shrink gives the picture in w x h pixels, none more than it has: each is the exact mean of the area that it stands for, on
// white where that is transparent. It needs the memory of the result and of one line. The error is that of ctx.
func shrink(ctx context.Context, src image.Image, w, h int) (*image.RGBA, error) {
	from := src.Bounds()
	across, down := overlaps(from.Dx(), w), overlaps(from.Dy(), h)
	line := image.NewRGBA(image.Rect(0, 0, from.Dx(), 1))
	// Sums over parts of pixels: a line has from.Dx() parts for each pixel of the result, and the whole that times from.Dy().
	sums, next := make([]uint64, 3*w+3), make([]uint64, 3*w+3)
	inLine := make([]uint64, 3*w+3)
	area := uint64(from.Dx()) * uint64(from.Dy())

	to := image.NewRGBA(image.Rect(0, 0, w, h))
	for y, part := range down {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		draw.Draw(line, line.Rect, image.White, image.Point{}, draw.Src)
		draw.Draw(line, line.Rect, src, image.Pt(from.Min.X, from.Min.Y+y), draw.Over)
		addLine(inLine, line.Pix, across)
		for i, n := range inLine {
			sums[i] += n * part.here
			next[i] += n * part.next
		}
		if y+1 < len(down) && down[y+1].at == part.at {
			continue
		}
		out := to.Pix[part.at*to.Stride:]
		for x := range w {
			for c := range 3 {
				out[4*x+c] = uint8((sums[3*x+c] + area/2) / area)
			}
			out[4*x+3] = 0xFF
		}
		sums, next = next, sums
		clear(next)
	}
	return to, nil
}

// addLine makes sums, three for each pixel of the result, of a line of RGBA pixels.
func addLine(sums []uint64, line []uint8, across []overlap) {
	clear(sums)
	for x, part := range across {
		to, from := sums[3*part.at:3*part.at+6], line[4*x:4*x+3]
		r, g, b := uint64(from[0]), uint64(from[1]), uint64(from[2])
		to[0] += r * part.here
		to[1] += g * part.here
		to[2] += b * part.here
		if part.next != 0 {
			to[3] += r * part.next
			to[4] += g * part.next
			to[5] += b * part.next
		}
	}
}

// overlap says where one of n pixels lies among fewer: how much of it in the one at that place, and how much in the one after.
type overlap struct {
	at         int
	here, next uint64 // parts of a pixel; together as many as there are pixels in the result
}

func overlaps(n, fewer int) []overlap {
	all := make([]overlap, n)
	for i := range all {
		begin := i * fewer
		at := begin / n
		here := min((at+1)*n-begin, fewer)
		all[i] = overlap{at, uint64(here), uint64(fewer - here)}
	}
	return all
}

// oriented turns a picture so that it is looked at upright: by the number that EXIF gives for how the camera was held.
func oriented(src *image.RGBA, orientation int) *image.RGBA {
	w, h := src.Rect.Dx(), src.Rect.Dy()
	right, bottom := w-1, h-1
	var from func(x, y int) color.RGBA
	switch orientation {
	case 2:
		from = func(x, y int) color.RGBA { return src.RGBAAt(right-x, y) }
	case 3:
		from = func(x, y int) color.RGBA { return src.RGBAAt(right-x, bottom-y) }
	case 4:
		from = func(x, y int) color.RGBA { return src.RGBAAt(x, bottom-y) }
	case 5:
		from = func(x, y int) color.RGBA { return src.RGBAAt(y, x) }
	case 6:
		from = func(x, y int) color.RGBA { return src.RGBAAt(y, bottom-x) }
	case 7:
		from = func(x, y int) color.RGBA { return src.RGBAAt(right-y, bottom-x) }
	case 8:
		from = func(x, y int) color.RGBA { return src.RGBAAt(right-y, x) }
	default:
		return src
	}
	if orientation >= 5 {
		w, h = h, w
	}
	to := image.NewRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			to.SetRGBA(x, y, from(x, y))
		}
	}
	return to
}
