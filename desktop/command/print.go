package command

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"time"

	"banlang/desktop/app"
	"banlang/shared/fault"
	"banlang/shared/paper"
)

// printer saves records as PDF in the folder of documents of the user, and shows them with the system's viewer, from where
// they are printed. Such a file is no longer enciphered; the officer has asked for it and is told where it is.
func printer(home string) app.Printer {
	return func(ctx context.Context, s app.Sheet) (string, error) {
		b, err := paper.PDF(document(s, time.Now()))
		if err != nil {
			return "", err
		}
		folder := filepath.Join(documents(home), "Ban Lang")
		if err := os.MkdirAll(folder, 0o700); err != nil {
			return "", fault.New(fault.DiskIO, "print", err)
		}
		path, err := writeNew(folder, s.File, b)
		if err != nil {
			return "", err
		}
		view(ctx, path)
		return path, nil
	}
}

// documents is the folder in which the user keeps documents.
func documents(home string) string {
	for _, name := range []string{"Documents", "Tài liệu"} {
		if info, err := os.Stat(filepath.Join(home, name)); err == nil && info.IsDir() {
			return filepath.Join(home, name)
		}
	}
	return home
}

// mostCopies is how often the same record may have been saved before.
const mostCopies = 1000

// writeNew writes a file that was not there, with a number behind its name if need be.
func writeNew(folder, name string, b []byte) (string, error) {
	for n := 1; n < mostCopies; n++ {
		path := filepath.Join(folder, name+".pdf")
		if n > 1 {
			path = filepath.Join(folder, fmt.Sprintf("%s-%d.pdf", name, n))
		}
		f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
		if errors.Is(err, fs.ErrExist) {
			continue
		}
		if err == nil {
			_, err = f.Write(b)
			err = errors.Join(err, f.Close())
		}
		if err != nil {
			return "", fault.New(fault.DiskIO, "print", errors.Join(err, os.Remove(path)))
		}
		return path, nil
	}
	return "", fault.New(fault.DiskIO, "print", fs.ErrExist)
}

// document lays a sheet out for the printer.
func document(s app.Sheet, now time.Time) paper.Document {
	w := s.Words
	d := paper.Document{Title: s.Title, Subtitle: s.Subtitles, Made: now, Words: paper.Words{Language: s.Language, Program: w.Program,
		Printed: w.Printed, Page: w.Page, Sealed: w.Sealed, Continued: w.Continued, NoPicture: w.NoPicture, Number: w.Number, History: w.History}}
	for _, part := range s.Sections {
		d.Sections = append(d.Sections, paper.Section{Heading: part.Heading, Blocks: blocks(part.Blocks)})
	}
	for _, h := range s.History {
		what := h.What
		if h.Where != "" {
			what += " · " + h.Where
		}
		d.History = append(d.History, paper.Event{When: h.When, Who: h.Who, What: what})
	}
	return d
}

// blocks lay the parts of a sheet out.
func blocks(parts []app.SheetBlock) (all []paper.Block) {
	for _, part := range parts {
		switch b := part.(type) {
		case *app.SheetRow:
			all = append(all, paper.Field{Label: b.Label, Value: value(b.SheetValue)})
		case *app.SheetGroup:
			all = append(all, paper.Group{Heading: b.Heading, Blocks: blocks(b.Blocks)})
		case *app.SheetTable:
			t := paper.Repeat{Label: b.Label, Columns: b.Columns}
			for _, row := range b.Rows {
				cells := make([]paper.Value, len(row))
				for i, v := range row {
					cells[i] = value(v)
				}
				t.Rows = append(t.Rows, cells)
			}
			all = append(all, t)
		case *app.SheetPictures:
			p := paper.Pictures{Label: b.Label}
			for _, x := range b.Pictures {
				p.Pictures = append(p.Pictures, paper.Picture{JPEG: x.JPEG, Caption: x.Caption})
			}
			all = append(all, p)
		}
	}
	return all
}

// value is an answer, and those that stand beside it.
func value(v app.SheetValue) paper.Value {
	text := v.Value
	if v.Other != "" {
		text = strings.TrimLeft(text+"\n"+v.Other, "\n")
	}
	return paper.Value{Text: text, Sealed: v.Sealed}
}

// view opens a file with the program that the system has for it. Where there is none, the officer knows where the file is.
func view(ctx context.Context, path string) {
	name, args := "xdg-open", []string{path}
	switch runtime.GOOS {
	case "windows":
		name, args = "rundll32", []string{"url.dll,FileProtocolHandler", path}
	case "darwin":
		name = "open"
	}
	c := exec.CommandContext(context.WithoutCancel(ctx), name, args...)
	if c.Start() == nil {
		go func() { _ = c.Wait() }() // how the viewer ends is nobody's matter
	}
}
