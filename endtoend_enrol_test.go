package banlang_test

import (
	"bytes"
	"encoding/json"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"

	"banlang/desktop/command"
	"banlang/shared/enrolment"
	"banlang/shared/fault"
	office "banlang/syncserver/command"
)

// newcomer is a machine that has nothing of a centre yet.
type newcomer struct {
	t   *testing.T
	dir string
}

// does runs a command of the officer's program and returns what it said.
func (n *newcomer) does(want int, args ...string) string {
	n.t.Helper()
	var said bytes.Buffer
	if code := (command.Command{Out: &said, Err: &said}).Run(n.t.Context(), append(args, "--dir", n.dir, "--lang", "en")...); code != want {
		n.t.Fatalf("%v ends with %d, want %d:\n%s", args, code, want, &said)
	}
	return said.String()
}

// middle is somebody between the devices and the centre, with a certificate of his own: he passes requests on and answers as he
// likes. Nothing that passes him is the code.
type middle struct {
	*httptest.Server
	answer atomic.Value // func(w http.ResponseWriter, status int, body []byte)
	heard  bytes.Buffer
}

func between(t *testing.T, s *station) *middle {
	m := &middle{}
	onward := s.monitor()
	m.Server = httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		ask, err := io.ReadAll(r.Body)
		if err != nil {
			return
		}
		m.heard.Write(ask)
		q, err := http.NewRequestWithContext(r.Context(), r.Method, "https://"+s.addr+r.URL.Path, bytes.NewReader(ask))
		if err != nil {
			return
		}
		resp, err := onward.Do(q)
		if err != nil {
			return
		}
		defer resp.Body.Close()
		body, err := io.ReadAll(resp.Body)
		if err != nil {
			return
		}
		m.answer.Load().(func(http.ResponseWriter, int, []byte))(w, resp.StatusCode, body)
	}))
	m.Config.ErrorLog = log.New(io.Discard, "", 0)
	m.StartTLS()
	t.Cleanup(m.Close)
	return m
}

// TestEnrolByCode: with a code and nothing else, a machine becomes a notebook of the centre that made the code, over a line on
// which somebody else answers. Whatever he answers, no notebook of his is made, and he learns nothing that he could enrol with.
func TestEnrolByCode(t *testing.T) {
	s := serving(t, t.TempDir())
	other := serving(t, t.TempDir())
	made := func(s *station, name string) enrolment.CodeFile {
		t.Helper()
		out := filepath.Join(t.TempDir(), "code.json")
		s.staff(office.ExitDone, "enrol", "--unit", "SL017", "--name", name, "--address", s.addr, "--code", "--out", out)
		b, err := os.ReadFile(out)
		if err != nil {
			t.Fatal(err)
		}
		f, ok := enrolment.ParseCodeFile(b)
		if !ok {
			t.Fatalf("%s", b)
		}
		return f
	}
	code := made(s, "máy xã").Code
	foreign := filepath.Join(t.TempDir(), "foreign.json")
	other.staff(office.ExitDone, "enrol", "--unit", "SL017", "--name", "x", "--address", other.addr, "--out", foreign)
	forged, err := os.ReadFile(foreign)
	if err != nil {
		t.Fatal(err)
	}

	n := &newcomer{t, filepath.Join(t.TempDir(), "sổ")}
	m := between(t, s)
	there := strings.TrimPrefix(m.URL, "https://")
	for what, answer := range map[string]func(w http.ResponseWriter, _ int, body []byte){
		"another centre's file": func(w http.ResponseWriter, _ int, _ []byte) { _, _ = w.Write(forged) },
		"another file under a code of his": func(w http.ResponseWriter, _ int, _ []byte) {
			his, err := enrolment.NewCode()
			if err != nil {
				return
			}
			var ask enrolment.Ask
			if json.Unmarshal(m.heard.Bytes(), &ask) != nil {
				return
			}
			sealed, _ := ask.Seal(his.Key(), forged)
			_, _ = w.Write(sealed)
		},
		"the answer with a bit changed": func(w http.ResponseWriter, _ int, body []byte) {
			body[len(body)/2] ^= 1
			_, _ = w.Write(body)
		},
		"nothing": func(http.ResponseWriter, int, []byte) {},
		"a page": func(w http.ResponseWriter, _ int, _ []byte) {
			http.Error(w, "sign in to this network", http.StatusForbidden)
		},
		"elsewhere": func(w http.ResponseWriter, _ int, _ []byte) {
			w.Header().Set("Location", "https://"+other.addr+enrolment.Path)
			w.WriteHeader(http.StatusTemporaryRedirect)
		},
	} {
		m.heard.Reset()
		m.answer.Store(answer)
		if said := n.does(command.ExitRefused, "enrol", "--code", code, "--centre", there); !strings.Contains(said, string(fault.EnrolForged)) {
			t.Errorf("%s: %s", what, said)
		}
		n.does(command.ExitCannotOpen, "status")
		if strings.Contains(m.heard.String(), strings.ReplaceAll(code, "-", "")[:8]) || strings.Contains(m.heard.String(), code[:9]) {
			t.Error("the code passes him")
		}
	}

	// The centre has given the file by now, and every answer was lost: the same machine gets it, and another does not.
	thief := &newcomer{t, filepath.Join(t.TempDir(), "sổ")}
	if said := thief.does(command.ExitRefused, "enrol", "--code", code, "--centre", s.addr); !strings.Contains(said, string(fault.EnrolCodeUsed)) {
		t.Errorf("a second machine: %s", said)
	}
	n.does(command.ExitDone, "enrol", "--code", strings.ToLower(strings.ReplaceAll(code, "-", " ")), "--centre", s.addr)
	n.does(command.ExitDone, "sync", "--once")
	if left, err := filepath.Glob(filepath.Join(n.dir, "ma*")); err != nil || len(left) > 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
	slip := code[:len(code)-1] + map[bool]string{true: "3", false: "2"}[strings.HasSuffix(code, "2")]
	if said := thief.does(command.ExitRefused, "enrol", "--code", slip, "--centre", s.addr); !strings.Contains(said, string(fault.EnrolCodeStale)) {
		t.Errorf("a slip: %s", said)
	}

	// From the file, so that nobody types.
	b, err := made(s, "máy hai").Encode()
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "code.json")
	if err := os.WriteFile(file, b, 0o600); err != nil {
		t.Fatal(err)
	}
	thief.does(command.ExitDone, "enrol", file)
	thief.does(command.ExitDone, "sync", "--once")
}
