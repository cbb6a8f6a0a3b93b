//go:build !windows

package alert_test

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"banlang/desktop/alert"
)

const text = "Máy này chưa mở được cửa sổ vì trình điều khiển màn hình chưa có OpenGL 2.1. Sổ và chữ đã lưu vẫn còn nguyên.\n→ Đọc mã."

// TestTheFirstBoxThatIsThere: each program is asked in its own way, and only one of them.
func TestTheFirstBoxThatIsThere(t *testing.T) {
	for _, c := range []struct {
		present []string
		want    string
	}{
		{[]string{"xmessage", "kdialog", "zenity"}, "zenity|--error|--no-markup|--width=480|--title=Bản Làng|--text=" + text + "|"},
		{[]string{"xmessage", "kdialog"}, "kdialog|--title|Bản Làng|--error|" + text + "|"},
		{[]string{"xmessage"}, "xmessage|-center|-buttons|OK:0|-default|OK|-title|Ban Lang|May nay chua mo duoc cua so vi trinh dieu khien man hinh chua co OpenGL 2.1. So \nva chu da luu van con nguyen.\n-> Doc ma.|"},
		{nil, ""},
	} {
		dir := t.TempDir()
		for _, name := range c.present {
			program(t, dir, name, `printf '%s|' "${0##*/}" "$@" >> "${0%/*}/asked"; exit 1`)
		}
		t.Setenv("PATH", dir)
		alert.Show(t.Context(), text)
		asked, err := os.ReadFile(filepath.Join(dir, "asked"))
		if err != nil && c.present != nil || string(asked) != c.want {
			t.Errorf("with %q: asked %q, want %q (%v)", c.present, asked, c.want, err)
		}
	}
}

// TestItEndsWithTheProgram: a box that nobody closes does not keep the program alive.
func TestItEndsWithTheProgram(t *testing.T) {
	dir := t.TempDir()
	opened := filepath.Join(dir, "opened")
	if err := syscall.Mkfifo(opened, 0o600); err != nil {
		t.Fatal(err)
	}
	program(t, dir, "zenity", `echo > "${0%/*}/opened"; while :; do :; done`)
	t.Setenv("PATH", dir)
	ctx, cancel := context.WithCancel(t.Context())
	go func() {
		_, _ = os.ReadFile(opened) // returns when the box is open
		cancel()
	}()
	alert.Show(ctx, text) // returns
}

// program puts a script into a directory of programs.
func program(t *testing.T, dir, name, script string) {
	t.Helper()
	path := filepath.Join(dir, name)
	if err := os.WriteFile(path, []byte("#!/bin/sh\n"+strings.TrimSpace(script)+"\n"), 0o700); err != nil {
		t.Fatal(err)
	}
}
