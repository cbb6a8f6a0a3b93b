package command

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"flag"
	"io"
	"os"
	"time"

	"banlang/desktop/notebook"
	"banlang/shared/fault"
	"banlang/shared/form"
	"banlang/shared/record"
	"banlang/shared/viet"
)

const (
	// batch is how many lines share one durable transaction: enough that the disk is no longer what costs, few enough
	// that a power cut repeats little.
	batch = 400
	// maxLine bounds a line: more than the longest record, whose values the form bounds.
	maxLine = 1 << 20
)

// importer takes a file into the notebook.
type importer struct {
	c       *Command
	b       *book
	officer string
	feeds   []record.Feed
	env     form.Env
	keys    *keys
	bar     *bar
	start   time.Time

	line    int
	entries []notebook.Entry
	names   []string            // of the entries: what each is remembered by
	fresh   map[string]bool     // keys seen in this file
	edited  map[record.Dot]bool // records that an entry of the batch edits

	added, changed, known, bad int
}

// importFile is the command.
func (c *Command) importFile(ctx context.Context, args []string) (err error) {
	officer := ""
	rest, err := c.parse(args, func(f *flag.FlagSet) { f.StringVar(&officer, "officer", "", "") })
	if err != nil {
		return err
	}
	if len(rest) != 1 {
		return c.usage(form.Text{VI: "Cần một tệp: desktop import FILE.jsonl", EN: "One file is needed: desktop import FILE.jsonl"})
	}
	in, size, err := c.input(rest[0])
	if err != nil {
		return err
	}
	defer in.Close()
	b, err := c.open(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, b.Close()) }()
	m := &importer{c: c, b: b, officer: officer, env: c.env(), bar: c.newBar(), start: time.Now(), fresh: map[string]bool{},
		edited: map[record.Dot]bool{}}
	if m.keys, err = readKeys(ctx, b.Notebook); err != nil {
		return err
	}
	if m.feeds, err = b.Feeds(ctx); err != nil {
		return err
	}
	err = m.run(ctx, in, size)
	m.bar.clear()
	m.summary(err == nil)
	if err == nil && m.bad > 0 {
		return told(ExitSomeLines, fault.New(fault.BadInput, "import", nil))
	}
	return err
}

// input opens the file; "-" is the standard input.
func (c *Command) input(path string) (io.ReadCloser, int64, error) {
	if path == "-" && c.In != nil {
		return io.NopCloser(c.In), 0, nil
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, 0, fault.New(fault.NotFound, "import", err)
	}
	info, err := f.Stat()
	if err != nil {
		return nil, 0, errors.Join(fault.New(fault.DiskIO, "import", err), f.Close())
	}
	return f, info.Size(), nil
}

// run reads line by line. Everything before a line that cannot be saved for the disk's sake is saved.
func (m *importer) run(ctx context.Context, in io.Reader, size int64) error {
	r, read := bufio.NewReaderSize(in, 64<<10), int64(0)
	for {
		text, n, err := readLine(r)
		if n == 0 && errors.Is(err, io.EOF) {
			return m.flush(ctx)
		}
		if err != nil && !errors.Is(err, io.EOF) {
			return fault.New(fault.DiskIO, "import", err)
		}
		m.line++
		read += n
		if err := m.take(ctx, text); err != nil {
			return err
		}
		m.draw(read, size)
	}
}

// readLine returns the next line without its end, and how many bytes it was; nil when it is longer than maxLine.
func readLine(r *bufio.Reader) (text []byte, n int64, err error) {
	for {
		piece, err := r.ReadSlice('\n')
		n += int64(len(piece))
		if n <= maxLine {
			text = append(text, piece...)
		}
		if errors.Is(err, bufio.ErrBufferFull) {
			continue
		}
		if n > maxLine {
			return nil, n, err
		}
		return bytes.TrimRight(text, "\r\n"), n, err
	}
}

// take turns a line into an entry of the batch. What is wrong with the line itself is told and counted; only what
// stops the import is an error.
func (m *importer) take(ctx context.Context, text []byte) error {
	if text != nil && len(bytes.TrimSpace(text)) == 0 {
		return nil
	}
	l, err := parseLine(text)
	if err == nil {
		err = m.understand(ctx, l)
	}
	var wrong *badLine
	if errors.As(err, &wrong) {
		m.bad++
		m.bar.clear()
		m.c.complain(form.Text{VI: "Dòng %s: %s", EN: "Line %s: %s"}, viet.Int(int64(m.line)), wrong.text.In(m.c.lang))
		return nil
	}
	if err == nil && len(m.entries) >= batch {
		err = m.flush(ctx)
	}
	return err
}

// add puts an entry into the batch, to be remembered by a name.
func (m *importer) add(name string, e notebook.Entry) {
	e.Officer = m.officer
	m.entries, m.names = append(m.entries, e), append(m.names, name)
	m.fresh[name] = true
}

// flush saves the batch, and what its entries are remembered by, in one durable transaction.
func (m *importer) flush(ctx context.Context) error {
	if len(m.entries) == 0 {
		return nil
	}
	var page []named
	_, err := m.b.SaveNoting(ctx, func(recs []record.Dot) (string, []byte) {
		page = page[:0]
		for i, rec := range recs {
			page = append(page, named{m.names[i], rec})
		}
		return m.keys.encode(page)
	}, m.entries...)
	if err != nil {
		return err
	}
	m.keys.learn(page)
	for _, e := range m.entries {
		if e.Record.IsZero() {
			m.added++
		} else {
			m.changed++
		}
	}
	m.entries, m.names = m.entries[:0], m.names[:0]
	clear(m.edited)
	return nil
}

func (m *importer) draw(read, size int64) {
	rate := int64(float64(m.line) / max(time.Since(m.start).Seconds(), 0.001))
	text := form.Text{VI: " dòng · ", EN: " lines · "}.In(m.c.lang)
	second := form.Text{VI: " dòng/giây", EN: " lines/s"}.In(m.c.lang)
	m.bar.draw(form.Text{VI: "Nhập", EN: "Import"}.In(m.c.lang), read, size, viet.Int(int64(m.line))+text+viet.Int(rate)+second)
}

// summary says what was done. Whole is false when the import was stopped: everything before is saved all the same.
func (m *importer) summary(whole bool) {
	if !whole {
		m.c.say(form.Text{VI: "Dừng ở dòng %s. Nhập lại cùng tệp để tiếp tục; không gì bị ghi hai lần.",
			EN: "Stopped at line %s. Import the same file again to go on; nothing is written twice."}, viet.Int(int64(m.line)))
	}
	m.c.say(form.Text{
		VI: "Đã lưu: %s bản ghi mới, %s lần sửa. Đã có từ trước: %s. Dòng chưa nhập: %s.",
		EN: "Saved: %s new records, %s edits. Here already: %s. Lines not taken: %s.",
	}, viet.Int(int64(m.added)), viet.Int(int64(m.changed)), viet.Int(int64(m.known)), viet.Int(int64(m.bad)))
}
