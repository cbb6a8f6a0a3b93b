//go:build office

package exporttest

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"codeberg.org/go-fonts/liberation/liberationserifbold"
	"codeberg.org/go-fonts/liberation/liberationserifbolditalic"
	"codeberg.org/go-fonts/liberation/liberationserifitalic"
	"codeberg.org/go-fonts/liberation/liberationserifregular"
)

// Office is LibreOffice, which prints documents as an office would, and what reads the paper: tests that need it have the tag office.
type Office struct {
	t   testing.TB
	dir string
}

// NewOffice fails where a program of it is missing. EXPORT_OUT=folder keeps the files, and pictures of their pages.
func NewOffice(t testing.TB) *Office {
	t.Helper()
	for _, program := range []string{"soffice", "pdftotext", "pdftoppm"} {
		if _, err := exec.LookPath(program); err != nil {
			t.Fatalf("%s is not installed: .ci/setup.sh office", program)
		}
	}
	o := &Office{t: t, dir: os.Getenv("EXPORT_OUT")}
	if o.dir == "" {
		o.dir = t.TempDir()
	}
	return o
}

// Keep puts a file where the office finds it.
func (o *Office) Keep(name string, data []byte) {
	o.t.Helper()
	if err := os.WriteFile(filepath.Join(o.dir, name), data, 0o600); err != nil {
		o.t.Fatal(err)
	}
}

// Prints makes a PDF of each file: "report.docx" becomes "report.pdf".
func (o *Office) Prints(names ...string) {
	o.t.Helper()
	args := []string{"-env:UserInstallation=file://" + o.t.TempDir(), "--headless", "--convert-to", "pdf", "--outdir", o.dir}
	for _, name := range names {
		args = append(args, filepath.Join(o.dir, name))
	}
	o.run("soffice", args...)
}

// Reads gives the words of a PDF, one blank between them, and how many pages it has.
func (o *Office) Reads(name string) (words string, pages int) {
	o.t.Helper()
	at := filepath.Join(o.dir, name)
	text := o.run("pdftotext", "-layout", at, "-")
	if os.Getenv("EXPORT_OUT") != "" {
		o.run("pdftoppm", "-r", "70", "-png", at, strings.TrimSuffix(at, ".pdf"))
	}
	return strings.Join(strings.Fields(text), " "), strings.Count(text, "\f")
}

// fonts gives LibreOffice the letters of our own, which are as wide as those of Times New Roman and have all of Vietnamese;
// those of Debian have not.
func (o *Office) fonts() (config string) {
	o.t.Helper()
	dir := o.t.TempDir()
	for name, ttf := range map[string][]byte{
		"regular": liberationserifregular.TTF, "bold": liberationserifbold.TTF, "italic": liberationserifitalic.TTF, "both": liberationserifbolditalic.TTF,
	} {
		if err := os.WriteFile(filepath.Join(dir, name+".ttf"), ttf, 0o600); err != nil {
			o.t.Fatal(err)
		}
	}
	config = filepath.Join(dir, "fonts.conf")
	text := `<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig><dir>` + dir + `</dir><cachedir>` + dir + `/cache</cachedir></fontconfig>`
	if err := os.WriteFile(config, []byte(text), 0o600); err != nil {
		o.t.Fatal(err)
	}
	return config
}

func (o *Office) run(program string, args ...string) string {
	o.t.Helper()
	var said bytes.Buffer
	c := exec.CommandContext(o.t.Context(), program, args...)
	c.Env, c.Stderr = append(c.Environ(), "FONTCONFIG_FILE="+o.fonts()), &said
	out, err := c.Output()
	if err != nil {
		o.t.Fatalf("%s: %v\n%s", program, err, said.String())
	}
	return string(out)
}
