package paper

import (
	"bytes"
	"crypto/sha256"
	"encoding/gob"
	"fmt"
	"image/color"
	"image/jpeg"

	"codeberg.org/go-pdf/fpdf"
)

const (
	pictureGap  = 4.0
	pictureSize = (pageWidth - leftMargin - rightMargin - 2*pictureGap) / 3
)

// frame is a picture in the size in which it is printed; a config without a width is none.
type frame struct {
	Picture
	w, h    float64
	shown   bool
	caption []string
}

func (p Pictures) frames(s *sheet) (rows [][]frame, heights []float64) {
	each := max(1, int((s.width()+pictureGap)/(pictureSize+pictureGap)))
	for i, picture := range p.Pictures {
		f := frame{Picture: picture, w: pictureSize, h: pictureSize * 3 / 4}
		if about, err := jpeg.DecodeConfig(bytes.NewReader(picture.JPEG)); err == nil && about.ColorModel != color.RGBAModel && about.Width*about.Height > 0 {
			f.shown = true
			scale := pictureSize / float64(max(about.Width, about.Height))
			f.w, f.h = float64(about.Width)*scale, float64(about.Height)*scale
		}
		height := f.h + 2*gap
		if picture.Caption != "" {
			f.caption = s.regular.Wrap(smallSize, pictureSize, picture.Caption)
			height += float64(len(f.caption))*smallSize*lineOf + gap
		}
		if i%each == 0 {
			rows, heights = append(rows, nil), append(heights, 0)
		}
		rows[i/each] = append(rows[i/each], f)
		heights[i/each] = max(heights[i/each], height)
	}
	return rows, heights
}

func (p Pictures) least(s *sheet) float64 {
	if _, heights := p.frames(s); len(heights) > 0 {
		return s.labelHeight(p.Label) + heights[0]
	}
	return 0
}

func (p Pictures) print(s *sheet) {
	rows, heights := p.frames(s)
	if len(rows) == 0 {
		return
	}
	s.need(p.least(s))
	s.label(p.Label)
	for i, row := range rows {
		s.need(heights[i])
		for n, f := range row {
			s.picture(f, s.left+float64(n)*(pictureSize+pictureGap))
		}
		s.y += heights[i]
	}
	s.y += gap
}

func (s *sheet) picture(f frame, x float64) {
	y := s.y + gap
	if f.shown {
		s.pdf.ImageOptions(s.registered(f.JPEG), x, y, f.w, f.h, false, asJPEG, 0, "")
	} else {
		s.pdf.SetDrawColor(pale, pale, pale)
		s.pdf.SetLineWidth(0.2)
		s.pdf.Rect(x, y, f.w, f.h, "D")
		s.lines(s.regular, smallSize, grey, x+2*gap, y+2*gap, s.regular.Wrap(smallSize, f.w-4*gap, s.NoPicture))
	}
	s.lines(s.regular, smallSize, grey, x, y+f.h+gap, f.caption)
}

var asJPEG = fpdf.ImageOptions{ImageType: "JPG"}

// registered gives fpdf a picture, once, and the name by which it goes. fpdf writes pictures in the order of their widths, and
// those of one width in any order. So that the file is always the same, each gets a width of its own, which differs only
// behind the point: whole pixels are written.
func (s *sheet) registered(file []byte) (name string) {
	name = fmt.Sprintf("%x", sha256.Sum256(file))
	if s.pdf.GetImageInfo(name) != nil {
		return name
	}
	info := s.pdf.RegisterImageOptionsReader(name, asJPEG, bytes.NewReader(file))
	s.pictures++
	if err := widen(info, float64(s.pictures)/1e6); err != nil {
		s.pdf.SetError(err)
	}
	return name
}

// widen alters the width of a picture by way of its serialization, which is the only one.
func widen(info *fpdf.ImageInfoType, by float64) error {
	stored, err := info.GobEncode()
	if err != nil {
		return err
	}
	var width float64
	fields := []any{ // as fpdf has them
		new([]byte), new([]byte), new(int), &width, new(float64), new(string),
		new([]byte), new(int), new(string), new(string), new([]int), new(float64), new(float64),
	}
	in := gob.NewDecoder(bytes.NewReader(stored))
	for _, f := range fields {
		if err := in.Decode(f); err != nil {
			return err
		}
	}
	width += by
	var altered bytes.Buffer
	out := gob.NewEncoder(&altered)
	for _, f := range fields {
		if err := out.Encode(f); err != nil {
			return err
		}
	}
	return info.GobDecode(altered.Bytes())
}
