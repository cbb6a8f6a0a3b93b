package app

import (
	"slices"
	"strconv"
	"strings"

	"banlang/shared/form"
)

// composer lays the pieces of a record out for paper.
type composer struct {
	*core
	pictures []*SheetPicture // that it has put somewhere
}

// sections gives each group with a name a section, and one to what stands between them.
func (c *composer) sections(pieces []piece) (sections []SheetSection) {
	loose := 0
	between := func(end int) {
		if loose < end {
			sections = append(sections, SheetSection{Blocks: c.blocks(pieces[loose:end])})
		}
		loose = end + 1
	}
	for i := range pieces {
		if p := &pieces[i]; isHeaded(p) {
			between(i)
			sections = append(sections, SheetSection{p.label, c.blocks(p.inside)})
		}
	}
	between(len(pieces))
	return sections
}

// isHeaded reports whether a piece is a group that says its name. One around a repeat of the same name does not: that says it.
func isHeaded(p *piece) bool {
	return p.it.Type == form.Group && p.label != "" &&
		(len(p.inside) != 1 || p.inside[0].it.Type != form.Repeat || p.inside[0].label != p.label)
}

func (c *composer) blocks(pieces []piece) (blocks []SheetBlock) {
	for len(pieces) > 0 {
		answers := slices.IndexFunc(pieces, func(p piece) bool { return p.it.Type != form.Question })
		if answers < 0 {
			answers = len(pieces)
		}
		if answers > 0 {
			blocks = append(blocks, c.answers(c.linesOf(pieces[:answers]))...)
			pieces = pieces[answers:]
			continue
		}
		switch p := &pieces[0]; {
		case p.it.Type == form.Repeat:
			blocks = append(blocks, c.repeat(p)...)
		case isHeaded(p):
			blocks = append(blocks, &SheetGroup{p.label, c.blocks(p.inside)})
		default:
			blocks = append(blocks, c.blocks(p.inside)...)
		}
		pieces = pieces[1:]
	}
	return blocks
}

// answers are lines as rows; pictures that follow each other stand beside each other.
func (c *composer) answers(lines []FieldLine) (blocks []SheetBlock) {
	for len(lines) > 0 {
		n := 0
		for n < len(lines) && len(lines[n].photos) > 0 {
			n++
		}
		switch n {
		case 0:
			blocks, lines = append(blocks, &SheetRow{lines[0].Label, valueOf(&lines[0])}), lines[1:]
			continue
		case 1:
			blocks = append(blocks, c.album(lines[0].Label, []FieldLine{{photos: lines[0].photos}}))
		default:
			blocks = append(blocks, c.album(c.T("print.pictures"), lines[:n]))
		}
		lines = lines[n:]
	}
	return blocks
}

func valueOf(line *FieldLine) SheetValue { return SheetValue{line.Value, line.Other, line.sealed} }

// album puts the pictures of some answers beside each other, each with what its answer is called.
func (c *composer) album(label string, lines []FieldLine) *SheetPictures {
	all := &SheetPictures{Label: label}
	for _, line := range lines {
		for i, name := range line.photos {
			p := &SheetPicture{Name: name, Caption: line.Label}
			if i > 0 {
				p.Caption = join(line.Label, c.T("print.picture.other"))
			}
			all.Pictures = append(all.Pictures, p)
		}
	}
	c.pictures = append(c.pictures, all.Pictures...)
	return all
}

// repeat is a table of its rows, and below it their pictures. Rows that hold rows of their own, or have nothing to call a
// column by, are groups.
func (c *composer) repeat(p *piece) (blocks []SheetBlock) {
	t, ok := c.table(p)
	if !ok {
		for n, r := range p.rows {
			heading := p.label + " " + strconv.Itoa(n+1)
			if r.back {
				heading += " " + c.T("detail.rowback")
			}
			blocks = append(blocks, &SheetGroup{heading, c.blocks(r.inside)})
		}
		return blocks
	}
	if len(t.Columns) > 0 {
		blocks = append(blocks, t)
	}
	if photos := c.photosOf(p); len(photos) > 0 {
		blocks = append(blocks, c.album(c.T("print.pictures"), photos))
	}
	return blocks
}

// table has a column for each question of a repeat that some row answers in words.
func (c *composer) table(p *piece) (t *SheetTable, ok bool) {
	if slices.ContainsFunc(p.rows, func(r pieceRow) bool { return holdsRows(r.inside) }) {
		return nil, false
	}
	t = &SheetTable{Label: p.label, Rows: make([][]SheetValue, len(p.rows))}
	for _, it := range questionsIn(p.it.Items) {
		name, cells, answered := columnOf(p.rows, it)
		if answered && name == "" {
			return nil, false
		}
		if !answered {
			continue
		}
		t.Columns = append(t.Columns, name)
		for n := range t.Rows {
			t.Rows[n] = append(t.Rows[n], cells[n])
		}
	}
	for n, r := range p.rows {
		if r.back && len(t.Columns) > 0 {
			t.Rows[n][0].Other = join(c.T("detail.rowback"), t.Rows[n][0].Other)
		}
	}
	return t, true
}

// columnOf is the answers to a question in all rows. A question may be called otherwise in each, as "Số lượng (khẩu)" and
// "Số lượng (viên)": what all have in common names the column, the rest stands behind each answer.
func columnOf(rows []pieceRow, it *form.Item) (name string, cells []SheetValue, answered bool) {
	cells = make([]SheetValue, len(rows))
	labels := make([][]string, len(rows))
	var common []string
	for n, r := range rows {
		for _, x := range answersIn(r.inside) {
			if x.it != it || len(x.line.photos) > 0 {
				continue
			}
			cells[n], labels[n] = valueOf(&x.line), strings.Fields(x.label)
			if !answered {
				common, answered = labels[n], true
			}
			common = common[:alike(common, labels[n])]
		}
	}
	for n, words := range labels {
		if rest := strings.Join(words[min(len(common), len(words)):], " "); rest != "" && cells[n].Value != "" && !cells[n].Sealed {
			cells[n].Value += " " + strings.TrimSuffix(strings.TrimPrefix(rest, "("), ")")
		}
	}
	return strings.Join(common, " "), cells, answered
}

// alike is how many words two texts begin with in common.
func alike(a, b []string) (n int) {
	for n < min(len(a), len(b)) && a[n] == b[n] {
		n++
	}
	return n
}

// photosOf are the answers in the rows of a repeat that are pictures, each called by its row.
func (c *composer) photosOf(p *piece) (lines []FieldLine) {
	for n, r := range p.rows {
		for _, x := range answersIn(r.inside) {
			if len(x.line.photos) > 0 {
				label := c.T("path.row", "list", p.label, "n", strconv.Itoa(n+1), "field", x.label)
				lines = append(lines, FieldLine{Label: label, photos: x.line.photos})
			}
		}
	}
	return lines
}

// answersIn are the answers among pieces and in their groups.
func answersIn(pieces []piece) (answers []*piece) {
	for i := range pieces {
		if p := &pieces[i]; p.it.Type == form.Question {
			answers = append(answers, p)
		} else {
			answers = append(answers, answersIn(p.inside)...)
		}
	}
	return answers
}

// questionsIn are the questions among items and in their groups.
func questionsIn(items []*form.Item) (questions []*form.Item) {
	for _, it := range items {
		if it.Type == form.Question {
			questions = append(questions, it)
		} else {
			questions = append(questions, questionsIn(it.Items)...)
		}
	}
	return questions
}

// holdsRows reports whether a repeat is among pieces or in their groups.
func holdsRows(pieces []piece) bool {
	return slices.ContainsFunc(pieces, func(p piece) bool { return p.it.Type == form.Repeat || holdsRows(p.inside) })
}
