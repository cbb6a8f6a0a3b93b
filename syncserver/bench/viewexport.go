package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"time"

	"banlang/shared/sqlite"
	"banlang/syncserver/export"
	"banlang/syncserver/export/xlsx"
	"banlang/syncserver/projection"
)

// A list of so many rows is taken out, and one of a tenth: what the long one needs more of memory than the short one is to be
// nothing to speak of.
const (
	exportRows  = 100_000
	exportBatch = 1000
	flatWithin  = 8 << 20
)

// exports takes lists with all their answers out as files, where there are so many records.
func (c *crowded) exports(ctx context.Context) error {
	n, err := c.views.Exact(ctx, country(), projection.Filter{Form: exportedForm})
	if err != nil || n < exportRows {
		return err
	}
	for _, kind := range []string{"csv", "xlsx"} {
		_, _, short, err := c.export(ctx, kind, exportRows/10)
		if err != nil {
			return err
		}
		took, size, long, err := c.export(ctx, kind, exportRows)
		if err != nil {
			return err
		}
		fmt.Printf("bench %-16s ours=%.1fs(%.1f s of processor, %d rows, %.0f MB; memory at most %.1f MB, of a tenth of it %.1f MB) floor=absent (%s) ratio=- limit=%.0f MB(the difference) %s\n",
			"views-export-"+kind, took.wall/1000, took.cpu/1000, exportRows, mb(size), mb(long), mb(short), noForms, mb(flatWithin), map[bool]string{true: "held", false: "MISSED"}[long-short <= flatWithin])
	}
	return nil
}

func mb(bytes int64) float64 { return float64(bytes) / (1 << 20) }

// export writes a list of n rows, and says how long its file is and how much memory was in use at most beyond what was before.
func (c *crowded) export(ctx context.Context, kind string, n int) (took spent, size, memory int64, err error) {
	scratch := filepath.Join(c.dir, "scratch")
	if err := os.MkdirAll(scratch, 0o700); err != nil {
		return took, 0, 0, err
	}
	before := alive()
	x := &exported{c: c, ctx: ctx, left: n}
	if err := x.prepare(); err != nil {
		return took, 0, 0, err
	}
	var out counting
	took, err = timed(func() error {
		if kind == "csv" {
			return export.CSV(&out, x.sheet())
		}
		return xlsx.Write(&out, x.sheet(), scratch)
	})
	if err == nil && x.left != 0 {
		err = errors.New("too few rows")
	}
	return took, int64(out), x.peak - before, err
}

// alive is how much memory is in use once what is not has been collected.
func alive() int64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc) //nolint:gosec // of a machine
}

// counting is how many bytes were written.
type counting int64

func (c *counting) Write(b []byte) (int, error) {
	*c += counting(len(b))
	return len(b), nil
}

var _ io.Writer = (*counting)(nil)

// exported is a list that is being taken out, as the console does it.
type exported struct {
	c       *crowded
	ctx     context.Context //nolint:containedctx // of one export
	columns []projection.Column
	left    int
	peak    int64
}

const exportedForm = "awareness_session"

func (x *exported) prepare() error {
	return x.c.views.View(x.ctx, func(tx *sqlite.Tx) error {
		all, err := projection.Columns(tx, exportedForm)
		for _, c := range all {
			if c.Repeat == "" && c.Name != "" {
				x.columns = append(x.columns, c)
			}
		}
		return err
	})
}

func (x *exported) sheet() export.Sheet {
	s := export.Sheet{Lang: "vi", Title: "Bản ghi", Made: time.Now(), Rows: x.rows,
		Columns: []export.Column{{Key: "_record", Title: "Bản ghi"}, {Key: "_unit", Title: "Mã"}, {Key: "_day", Title: "Ngày", Kind: export.Date}, {Key: "_title", Title: "Tên"}}}
	for _, c := range x.columns {
		s.Columns = append(s.Columns, export.Column{Key: c.Name, Title: c.Question})
	}
	return s
}

func (x *exported) rows(yield func([]export.Cell, error) bool) {
	var from projection.Cursor
	for x.left > 0 {
		var lines [][]export.Cell
		rows, next, err := x.c.views.Batch(x.ctx, country(), projection.Filter{Form: exportedForm}, projection.Order{}, from, min(exportBatch, x.left),
			func(tx *sqlite.Tx, rows []projection.Row) (err error) {
				lines, err = x.lines(tx, rows)
				return err
			})
		if err != nil || len(rows) == 0 {
			yield(nil, errors.Join(err, errors.New("the list ends early")))
			return
		}
		for _, line := range lines {
			if x.left--; x.left%(exportRows/20) == 0 {
				x.peak = max(x.peak, alive())
			}
			if !yield(line, nil) {
				return
			}
		}
		from = next
	}
}

// lines are rows with their answers.
func (x *exported) lines(tx *sqlite.Tx, rows []projection.Row) (lines [][]export.Cell, err error) {
	at, recs := map[int64]int{}, make([]int64, len(rows))
	for i, r := range rows {
		at[r.Rec], recs[i] = i, r.Rec
		lines = append(lines, []export.Cell{export.Word(r.Dot.String()), export.Word(r.Unit), export.Day(r.Day), export.Word(r.Title)})
	}
	names := make([]string, len(x.columns))
	for i, c := range x.columns {
		names[i] = projection.Quote(c.Name)
	}
	found := tx.Query("SELECT rec, "+strings.Join(names, ", ")+" FROM "+projection.Quote(projection.Table(exportedForm))+" WHERE rec IN (SELECT value FROM json_each(?))", sqlite.List(recs))
	for found.Next() {
		line := &lines[at[found.Int64(0)]]
		for i := range x.columns {
			switch v := found.Any(i + 1).(type) {
			case int64:
				*line = append(*line, export.Number(v))
			case string:
				*line = append(*line, export.Word(v))
			default:
				*line = append(*line, export.Cell{})
			}
		}
	}
	return lines, found.Err()
}
