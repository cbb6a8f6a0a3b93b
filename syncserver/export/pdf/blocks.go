package pdf

import (
	"slices"

	"banlang/syncserver/export"
	"banlang/syncserver/export/layout"
)

// stack writes words below each other into that width, centred, from y on, and returns where they end and how wide the last line is.
func (s *sheet) stack(words string, size float64, bold, italic bool, x, y, width float64) (end, wide float64) {
	if words == "" {
		return y, 0
	}
	for _, l := range s.wrap(export.Text{{Words: words, Bold: bold, Italic: italic}}, size, false, width, 0) {
		y = s.fit(y, size)
		s.draw(l, size, x, y, width, centre)
		y, wide = y+height(size), l.wide
	}
	return y, wide
}

// fit is where a line that should stand at y does: there, or at the top of the next page.
func (s *sheet) fit(y, size float64) float64 {
	if y+height(size) <= bottom {
		return y
	}
	s.newPage()
	return s.y
}

// ruleBelow draws a rule of that length in the middle of a width.
func (s *sheet) ruleBelow(x, y, width, length float64) {
	s.pdf.SetLineWidth(thin)
	s.pdf.Line(x+(width-length)/2, y+1, x+(width+length)/2, y+1)
}

// head writes who issues the document beside the nation and its motto, then number and date, then its title.
func (s *sheet) head() {
	const x, left, right = layout.Left, layout.HeadLeft, layout.HeadRight
	d := s.doc
	a, _ := s.stack(d.Superior, layout.HeadSize, false, false, x, s.y, left)
	a, wide := s.stack(d.Issuer, layout.HeadSize, true, false, x, a, left)
	s.ruleBelow(x, a, left, wide*layout.RuleUnderIssuer)
	b, _ := s.stack(export.Nation, layout.HeadSize, true, false, x+left, s.y, right)
	b, wide = s.stack(export.Motto, layout.MottoSize, true, false, x+left, b, right)
	s.ruleBelow(x+left, b, right, wide)

	y := max(a, b) + 2.5
	a, _ = s.stack(d.NumberLine(), layout.MottoSize, false, false, x, y, left)
	b, _ = s.stack(d.DateLine(), layout.MottoSize, false, true, x+left, y, right)
	y = max(a, b) + 6
	y, _ = s.stack(d.Kind, layout.BodySize, true, false, x, y, layout.Width)
	y, wide = s.stack(d.Subject, layout.BodySize, true, false, x+10, y, layout.Width-20)
	s.ruleBelow(x, y, layout.Width, wide*layout.RuleUnderTitle)
	s.y = y + 5
}

func (s *sheet) body() {
	blocks := s.doc.Body
	if opening := s.doc.Opening(); len(opening) > 0 {
		blocks = slices.Insert(slices.Clone(blocks), 0, export.Block(export.Paragraph{Text: opening}))
	}
	for i, b := range blocks {
		tail := 0.0
		if i == len(blocks)-1 {
			tail = layout.ParagraphGap + s.signing().height()
		}
		switch b := b.(type) {
		case export.Heading:
			s.heading(b, s.least(blocks[i+1:]))
		case export.Paragraph:
			s.paragraph(b.Text, tail)
		case export.Bullets:
			for n, item := range b.Items {
				last := 0.0
				if n == len(b.Items)-1 {
					last = tail
				}
				s.paragraph(dashed(item), last)
			}
		case export.Table:
			s.table(b)
		}
	}
}

func dashed(item export.Text) export.Text {
	return slices.Insert(slices.Clone(item), 0, export.Run{Words: "- "})
}

// least is how much of the page that a heading stands on the blocks behind it need; at the end, the signature.
func (s *sheet) least(blocks []export.Block) float64 {
	counted := s.noted
	defer func() { s.noted = counted }() // nothing is written here
	if len(blocks) == 0 {
		return layout.ParagraphGap + s.signing().height()
	}
	tail := 0.0
	if len(blocks) == 1 {
		tail = layout.ParagraphGap + s.signing().height()
	}
	paragraph := func(text export.Text, tail float64) float64 {
		lines := len(s.wrap(text, layout.BodySize, false, layout.Width, layout.Indent))
		if kept(lines) > 0 {
			return 2 * height(layout.BodySize)
		}
		return float64(lines)*height(layout.BodySize) + tail
	}
	switch b := blocks[0].(type) {
	case export.Heading:
		return float64(len(s.headingLines(b, "III.")))*height(layout.BodySize) + layout.ParagraphGap + s.least(blocks[1:])
	case export.Paragraph:
		return paragraph(b.Text, tail)
	case export.Bullets:
		switch len(b.Items) {
		case 0:
			return tail
		case 1:
			return paragraph(dashed(b.Items[0]), tail)
		}
		return paragraph(dashed(b.Items[0]), 0)
	case export.Table:
		title, unit := s.aboveLines(b)
		g, rows := s.grid(b)
		return s.aboveHeight(title, unit) + g.first(rows)
	}
	return 0
}

func (s *sheet) headingLines(h export.Heading, number string) []line {
	return s.wrap(export.Text{{Words: number + " " + h.Words, Bold: true, Italic: h.Level == 3}}, layout.BodySize, false, layout.Width, layout.Indent)
}

// heading writes one, which stays on a page with so much of what follows.
func (s *sheet) heading(h export.Heading, behind float64) {
	lines := s.headingLines(h, s.numbering.Next(h.Level))
	own := float64(len(lines))*height(layout.BodySize) + layout.ParagraphGap
	s.need(own + min(behind, bottom/2))
	s.flow(lines, layout.BodySize, layout.Indent, both)
	s.y += layout.ParagraphGap
}

// kept is how many lines of a paragraph may be parted from its last two: no line is alone on a page.
func kept(lines int) int {
	if lines <= 3 {
		return 0
	}
	return lines - 2
}

// paragraph writes one. Its last two lines stay on a page with what is behind it, of the height of tail; and neither its first
// line nor its last is alone on a page.
func (s *sheet) paragraph(text export.Text, tail float64) {
	lines := s.wrap(text, layout.BodySize, false, layout.Width, layout.Indent)
	s.need(float64(min(len(lines), 2)) * height(layout.BodySize))
	kept := kept(len(lines))
	s.flow(lines[:kept], layout.BodySize, layout.Indent, both)
	s.need(float64(len(lines)-kept)*height(layout.BodySize) + tail)
	indent := 0.0
	if kept == 0 {
		indent = layout.Indent
	}
	s.flow(lines[kept:], layout.BodySize, indent, both)
	s.y += layout.ParagraphGap
}

// flow writes lines below each other, over as many pages as they need.
func (s *sheet) flow(lines []line, size, indent float64, how alignment) {
	for i, l := range lines {
		s.place(height(size), l.notes())
		in := 0.0
		if i == 0 || lines[i-1].ends {
			in = indent
		}
		s.draw(l, size, layout.Left+in, s.y, layout.Width-in, how)
		s.y += height(size)
	}
}

// signing is the block at the end as it is drawn: who gets the document, and who signs it.
type signing struct {
	recipients, authority, position, name []line
}

const (
	signX, signWidth = layout.Left + layout.SignatureLeft, layout.Width - layout.SignatureLeft
	signAbove        = 3.0
)

func (s *sheet) signing() (b signing) {
	wrap := func(words string, size, width float64, bold bool) []line {
		if words == "" {
			return nil
		}
		return s.wrap(export.Text{{Words: words, Bold: bold}}, size, false, width, 0)
	}
	for _, r := range s.doc.RecipientLines() {
		b.recipients = append(b.recipients, wrap(r, layout.RecipientsSize, layout.SignatureLeft-4, false)...)
	}
	b.authority = wrap(s.doc.Signature.Authority, layout.BodySize, signWidth, true)
	b.position = wrap(s.doc.Signature.Position, layout.BodySize, signWidth, true)
	b.name = wrap(s.doc.Signature.Name, layout.BodySize, signWidth, true)
	return b
}

func (b signing) height() float64 {
	recipients := height(layout.RecipientsHead) + float64(len(b.recipients))*height(layout.RecipientsSize)
	signs := float64(len(b.authority)+len(b.position)+len(b.name))*height(layout.BodySize) + layout.SignatureRoom
	return signAbove + max(recipients, signs)
}

func (s *sheet) signature() {
	b := s.signing()
	s.need(b.height())
	y := s.y + signAbove
	right := func(lines []line) {
		for _, l := range lines {
			y = s.fit(y, layout.BodySize)
			s.draw(l, layout.BodySize, signX, y, signWidth, centre)
			y += height(layout.BodySize)
		}
	}
	right(b.authority)
	right(b.position)
	y += layout.SignatureRoom
	right(b.name)
	y = s.y + signAbove
	if len(b.recipients) > 0 {
		for _, l := range s.wrap(export.Text{{Words: "Nơi nhận:", Bold: true, Italic: true}}, layout.RecipientsHead, false, layout.SignatureLeft, 0) {
			s.draw(l, layout.RecipientsHead, layout.Left, y, layout.SignatureLeft, left)
		}
		y += height(layout.RecipientsHead)
	}
	for _, l := range b.recipients {
		y = s.fit(y, layout.RecipientsSize)
		s.draw(l, layout.RecipientsSize, layout.Left, y, layout.SignatureLeft, left)
		y += height(layout.RecipientsSize)
	}
}
