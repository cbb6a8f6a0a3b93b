package fault_test

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"unicode"

	"banlang/shared/fault"
)

// machineWords may not reach a person; they are compared in lower case, as
// whole words.
var machineWords = []string{
	"!", "lỗi", "thành công", "máy chủ", "giao thức", "không hợp lệ", "thất bại", "cơ sở dữ liệu", "đồng bộ", "sai của bạn",
	"replica", "sync", "token", "server", "error", "invalid", "failed", "failure", "success", "exception", "database",
	"protocol", "frame", "null", "timeout", "illegal", "fatal", "your fault", "your mistake", "sorry",
}

func TestEveryCodeSpeaksBothLanguages(t *testing.T) {
	codes := fault.Codes()
	if len(codes) < 26 {
		t.Fatalf("the catalogue has only %d codes", len(codes))
	}
	seen := map[string]fault.Code{}
	for _, code := range codes {
		for _, lang := range []fault.Lang{fault.Vietnamese, fault.English} {
			message, hint := code.Message(lang), code.Hint(lang)
			checkVoice(t, code, lang, message)
			checkVoice(t, code, lang, hint)
			if other, twice := seen[message]; twice {
				t.Errorf("%s and %s say the same: %q", code, other, message)
			}
			seen[message] = code
			if strings.Count(message, ". ")+strings.Count(message, "; ") < 1 {
				t.Errorf("%s/%s: the message says what happened, and then what is safe: %q", code, lang, message)
			}
		}
		if code.Message(fault.Vietnamese) == code.Message(fault.English) {
			t.Errorf("%s: not translated", code)
		}
	}
}

func checkVoice(t *testing.T, code fault.Code, lang fault.Lang, text string) {
	t.Helper()
	if text == "" || !strings.HasSuffix(text, ".") || !unicode.IsUpper([]rune(text)[0]) {
		t.Errorf("%s/%s: not a sentence: %q", code, lang, text)
	}
	padded := " " + strings.NewReplacer(".", " ", ",", " ", ";", " ", ":", " ", "!", " ! ").Replace(strings.ToLower(text)) + " "
	for _, word := range machineWords {
		if strings.Contains(padded, " "+word+" ") {
			t.Errorf("%s/%s: %q is no word for people: %q", code, lang, word, text)
		}
	}
	if strings.Contains(text, "_") {
		t.Errorf("%s/%s: a code comes last and apart: %q", code, lang, text)
	}
}

func TestCodeOf(t *testing.T) {
	full := fault.New(fault.DiskFull, "sqlite.Update", io.ErrShortWrite)
	for _, c := range []struct {
		name string
		err  error
		want fault.Code
	}{
		{"nil is no fault", nil, ""},
		{"a fault", full, fault.DiskFull},
		{"a wrapped fault", fmt.Errorf("saving: %w", full), fault.DiskFull},
		{"the outermost decides", fault.New(fault.TornDatabase, "store.Open", full), fault.TornDatabase},
		{"a bare code", fmt.Errorf("saving: %w", fault.Busy), fault.Busy},
		{"anything else is ours", io.EOF, fault.Internal},
	} {
		if got := fault.CodeOf(c.err); got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
}

func TestComparing(t *testing.T) {
	err := fmt.Errorf("closing the day: %w", fault.New(fault.DiskFull, "sqlite.Update", io.ErrShortWrite))
	if !errors.Is(err, fault.DiskFull) || errors.Is(err, fault.DiskIO) {
		t.Error("errors.Is must compare by code")
	}
	if !errors.Is(err, io.ErrShortWrite) {
		t.Error("the cause must stay reachable")
	}
	var e *fault.Error
	if !errors.As(err, &e) || e.Op != "sqlite.Update" {
		t.Errorf("errors.As found %+v", e)
	}
}

func TestTextForTheLog(t *testing.T) {
	for _, c := range []struct {
		err  *fault.Error
		want string
	}{
		{fault.New(fault.DiskFull, "sqlite.Update", io.ErrShortWrite), "sqlite.Update: disk_full: short write"},
		{fault.New(fault.Busy, "sqlite.Update", nil), "sqlite.Update: busy"},
		{fault.New(fault.Busy, "", nil), "busy"},
	} {
		if got := c.err.Error(); got != c.want {
			t.Errorf("%q, want %q", got, c.want)
		}
	}
}

func TestUnknownCodeAndLanguage(t *testing.T) {
	later := fault.Code("of_a_later_version")
	if later.Message(fault.English) != fault.Internal.Message(fault.English) {
		t.Error("an unknown code reads like internal")
	}
	if fault.Busy.Hint("fr") != fault.Busy.Hint(fault.Vietnamese) {
		t.Error("an unknown language is answered in Vietnamese")
	}
}
