// Package declare owns the way of our own columns (package declared) from the spreadsheet of a form into its XForm. Every
// form of ours is converted through it: the built-in ones when they are generated, those of staff when they are published.
package declare

import (
	"context"
	"path"
	"slices"
	"strings"

	"banlang/shared/form/declared"
	"banlang/syncserver/xlsform"
)

// Convert reads a spreadsheet and converts the form in it, as xlsform.Convert does, with our columns carried into the
// XForm. A form without them becomes the same XForm as there. Problems name the places of the file; columns of ours are
// no longer among the others of a question (xlsform.Field.Other). The error is a *xlsform.Problem, or that of ctx.
func Convert(ctx context.Context, name string, file []byte, opts xlsform.Options) (*xlsform.Form, error) {
	sheets, err := xlsform.Read(ctx, name, file)
	if err != nil {
		return nil, err
	}
	if base := path.Base(strings.ReplaceAll(name, `\`, "/")); opts.FallbackID == "" && base != "." && base != "/" {
		opts.FallbackID = strings.TrimSuffix(base, path.Ext(base))
	}
	return xlsform.ConvertSheets(ctx, carry(sheets), opts)
}

// carry renames our columns into those by which XLSForm writes attributes, and declares their namespace.
func carry(sheets []xlsform.Sheet) []xlsform.Sheet {
	settings, carried := -1, false
	for i := range sheets {
		switch strings.ToLower(strings.TrimSpace(sheets[i].Name)) {
		case "survey":
			carried = rename(&sheets[i], "bind::"+declared.Prefix+":", declared.Survey) || carried
		case "settings":
			carried = rename(&sheets[i], "attribute::"+declared.Prefix+":", declared.Settings) || carried
			settings = i
		}
	}
	switch {
	case !carried:
	case settings < 0 || len(sheets[settings].Rows) == 0:
		sheets = append(sheets, xlsform.NewSheet("settings", [][]string{{"namespaces"}, {namespace}}))
	default:
		addNamespace(&sheets[settings])
	}
	return sheets
}

const namespace = declared.Prefix + `="` + declared.Namespace + `"`

// rename puts the prefix before the headers among names, and reports whether there were any.
func rename(s *xlsform.Sheet, prefix string, names []string) (some bool) {
	if len(s.Rows) == 0 {
		return false
	}
	headers := slices.Clone(s.Rows[0].Cells)
	for i, header := range headers {
		if name := strings.ToLower(strings.TrimSpace(header)); slices.Contains(names, name) {
			headers[i], some = prefix+name, true
		}
	}
	s.Rows[0].Cells = headers
	return some
}

// addNamespace declares our prefix beside those that the settings declare.
func addNamespace(s *xlsform.Sheet) {
	headers := slices.Clone(s.Rows[0].Cells)
	if len(s.Rows) == 1 {
		s.Rows = append(s.Rows, xlsform.Row{Line: s.Rows[0].Line + 1})
	}
	values := slices.Clone(s.Rows[1].Cells)
	at := slices.IndexFunc(headers, func(h string) bool { return strings.EqualFold(strings.TrimSpace(h), "namespaces") })
	if at < 0 {
		at = len(headers)
		headers = append(headers, "namespaces")
	}
	for len(values) <= at {
		values = append(values, "")
	}
	values[at] = strings.TrimSpace(values[at] + " " + namespace)
	s.Rows[0].Cells, s.Rows[1].Cells = headers, values
}
