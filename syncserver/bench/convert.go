package main

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"banlang/syncserver/xlsform"
)

// conversions of the spreadsheet make a round.
const conversions = 10

// convert measures the conversion of the spreadsheet with the most in it: of the corpus, or of the built-in ones where it
// is not present. The limit is the plain decoder, which reads the XML in the file and does nothing with it.
func (r *runner) convert(ctx context.Context) error {
	name, file, size, err := r.largest(ctx)
	if err != nil {
		return err
	}
	var ours, plain rounds
	for range r.rounds {
		err := ours.measure(conversions, func(int) error {
			_, err := xlsform.Convert(ctx, name, file, xlsform.Options{})
			return err
		})
		if err != nil {
			return err
		}
		if err := plain.measure(conversions, func(int) error { return readPlain(file) }); err != nil {
			return err
		}
	}
	half := ours.at(50)
	alone("convert", fmt.Sprintf("%v %.2g MB/s: %s of %s become %s of XForm", ours, float64(len(file))/1000/half.wall, figure(float64(len(file))/1000, kB),
		name, figure(float64(size)/1000, kB)), "it has no spreadsheets", "-", figure(plain.at(50).wall, ms)+"(encoding/xml reads the file)")
	return nil
}

// largest is the spreadsheet that becomes the largest XForm, of that size.
func (r *runner) largest(ctx context.Context) (name string, file []byte, size int, err error) {
	files, err := filepath.Glob(filepath.Join(r.corpus, "files", "*.xlsx"))
	if len(files) == 0 {
		files, err = filepath.Glob("syncserver/builtin/xlsx/*.xlsx")
	}
	if err != nil {
		return "", nil, 0, err
	}
	for _, path := range files {
		b, err := os.ReadFile(path)
		if err != nil {
			return "", nil, 0, err
		}
		f, err := xlsform.Convert(ctx, path, b, xlsform.Options{})
		if err == nil && len(f.XML) > size { // some of the corpus are to be refused
			name, file, size = filepath.Base(path), b, len(f.XML)
		}
	}
	if file == nil {
		return "", nil, 0, errors.New("there is no spreadsheet")
	}
	return name, file, size, nil
}

// readPlain decodes all XML of an .xlsx.
func readPlain(file []byte) error {
	z, err := zip.NewReader(bytes.NewReader(file), int64(len(file)))
	if err != nil {
		return err
	}
	for _, f := range z.File {
		if filepath.Ext(f.Name) != ".xml" {
			continue
		}
		part, err := f.Open()
		if err != nil {
			return err
		}
		d := xml.NewDecoder(part)
		for err == nil {
			_, err = d.Token()
		}
		if !errors.Is(err, io.EOF) {
			return err
		}
	}
	return nil
}
