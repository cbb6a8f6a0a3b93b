package builtin

import (
	"cmp"
	"context"
	"embed"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"

	"golang.org/x/crypto/blake2b"

	"banlang/shared/form/builtin"
	"banlang/syncserver/declare"
	"banlang/syncserver/xlsform"
)

//go:generate go run ./generate

//go:embed definitions
var definitions embed.FS

// Made is a form as it is generated.
type Made struct {
	Definition *Definition
	XLSX       []byte
	XForm      *xlsform.Form // without warnings: whatever has some is an error
}

// Make makes all built-in forms, in the order of their names. The same definitions give the same bytes.
func Make(ctx context.Context) ([]*Made, error) {
	all, err := load()
	if err != nil {
		return nil, err
	}
	var made []*Made
	for _, d := range all {
		m, err := d.make(ctx)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", d.ID, err)
		}
		made = append(made, m)
	}
	return made, nil
}

// load reads the definitions, and gives each the shared choices.
func load() ([]*Definition, error) {
	var shared map[string][]Choice
	if err := readJSON("definitions/lists.json", &shared); err != nil {
		return nil, err
	}
	names, err := fs.Glob(definitions, "definitions/*.json")
	if err != nil {
		return nil, err
	}
	var all []*Definition
	for _, name := range names {
		if name == "definitions/lists.json" {
			continue
		}
		d := &Definition{shared: shared}
		if err := readJSON(name, d); err != nil {
			return nil, err
		}
		if d.ID+".json" != path.Base(name) {
			return nil, fmt.Errorf("%s defines %q", name, d.ID)
		}
		all = append(all, d)
	}
	slices.SortFunc(all, func(a, b *Definition) int { return cmp.Compare(a.ID, b.ID) })
	return all, nil
}

// readJSON refuses what it does not know, so that a slip of the pen is no rule silently dropped.
func readJSON(name string, into any) error {
	file, err := definitions.Open(name)
	if err != nil {
		return err
	}
	defer func() { _ = file.Close() }() // embedded
	d := json.NewDecoder(file)
	d.DisallowUnknownFields()
	if err := d.Decode(into); err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	return nil
}

func (d *Definition) make(ctx context.Context) (*Made, error) {
	sheets, err := d.sheets()
	if err != nil {
		return nil, err
	}
	file, err := workbook(sheets)
	if err != nil {
		return nil, err
	}
	form, err := declare.Convert(ctx, d.ID+".xlsx", file, xlsform.Options{})
	if err != nil {
		return nil, err
	}
	if len(form.Warnings) > 0 {
		return nil, form.Warnings[0]
	}
	return &Made{d, file, form}, nil
}

// Files are what go generate writes, by their paths from the root of the project.
func Files(made []*Made) (map[string][]byte, error) {
	files := map[string][]byte{}
	var index []builtin.Entry
	for _, m := range made {
		d := m.Definition
		digest := blake2b.Sum256(m.XForm.XML)
		files["syncserver/builtin/xlsx/"+d.ID+".xlsx"] = m.XLSX
		files["shared/form/builtin/xforms/"+d.ID+".xml"] = m.XForm.XML
		index = append(index, builtin.Entry{
			ID: d.ID, Version: d.Version, Digest: hex.EncodeToString(digest[:]), VI: d.VI, EN: d.EN,
			Compartment: d.Compartment, EventDate: d.EventDate, Lists: d.listFiles(),
		})
	}
	text, err := json.MarshalIndent(index, "", "  ")
	files["shared/form/builtin/index.json"] = append(text, '\n')
	return files, err
}

// Folders are those that hold nothing but what Files gives, by their paths from the root of the project.
var Folders = []string{"syncserver/builtin/xlsx", "shared/form/builtin/xforms"}

// listFiles names the lists that a client provides, without those that stand in the form.
func (d *Definition) listFiles() []string {
	lists := slices.Clone(d.Reads)
	d.each(func(q *Question) {
		if _, list, _ := strings.Cut(q.Type, "_from_file "); list != "" {
			lists = append(lists, list)
		}
	})
	slices.Sort(lists)
	return slices.Compact(lists)
}
