package httpd_test

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"testing"

	"banlang/shared/enrolment"
	"banlang/shared/fault"
	"banlang/shared/record"
	"banlang/syncserver/centre"
	"banlang/syncserver/httpd"
	"banlang/syncserver/sqlitestore"
)

// TestEnrolOverHTTP: a code is traded for a file under its key; what is no request, too long, or asked too often is refused with
// a code that a device understands, and no other page takes a body.
func TestEnrolOverHTTP(t *testing.T) {
	h, c := listening(t, httpd.Options{}, sqlitestore.Options{})
	client := &http.Client{Transport: &http.Transport{TLSClientConfig: trust(t, c)}, Timeout: patience}
	post := func(path string, body []byte) (status int, answer []byte) {
		t.Helper()
		resp, err := client.Post("https://"+h.Addr().String()+path, "application/json", bytes.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		defer resp.Body.Close()
		b, err := io.ReadAll(resp.Body)
		if err != nil {
			t.Fatal(err)
		}
		return resp.StatusCode, b
	}
	refused := func(what string, body []byte, status int, code fault.Code) {
		t.Helper()
		got, b := post(enrolment.Path, body)
		var no enrolment.Refusal
		if err := json.Unmarshal(b, &no); err != nil || got != status || no.Code != code {
			t.Errorf("%s: %d %s (%v), want %d %s", what, got, b, err, status, code)
		}
	}
	a, err := c.Do(t.Context(), centre.Request{Enrol: &centre.Enrol{Code: true, Newcomers: []centre.Newcomer{{Unit: "U1", Name: "máy", Feeds: []record.Feed{"U1/ordinary"}}}}})
	if err != nil {
		t.Fatal(err)
	}
	code, err := enrolment.ParseCode(a.EnrolCode.Code)
	if err != nil {
		t.Fatal(err)
	}
	ask := enrolment.NewAsk(code, bytes.Repeat([]byte{7}, 32), h.Addr().String())
	good, err := json.Marshal(ask)
	if err != nil {
		t.Fatal(err)
	}
	other := ask
	other.ID = bytes.Repeat([]byte{1}, 16)
	stranger, err := json.Marshal(other)
	if err != nil {
		t.Fatal(err)
	}
	refused("nothing", []byte("?"), http.StatusBadRequest, fault.BadInput)
	refused("an empty request", []byte("{}"), http.StatusForbidden, fault.BadInput)
	refused("a code that was never made", stranger, http.StatusForbidden, fault.EnrolCodeStale)
	if status, _ := post(enrolment.Path, bytes.Repeat([]byte(" "), enrolment.MaxAsk+1)); status != http.StatusRequestEntityTooLarge {
		t.Errorf("a long body: %d", status)
	}
	if status, _ := post("/healthz", []byte("x")); status != http.StatusRequestEntityTooLarge {
		t.Errorf("a body for another page: %d", status)
	}
	status, sealed := post(enrolment.Path, good)
	text, err := ask.Open(code.Key(), sealed)
	if status != http.StatusOK || err != nil {
		t.Fatalf("%d, %v", status, err)
	}
	if f, err := enrolment.Parse(text); err != nil || f.Unit != "U1" || f.Pin != c.Pin().String() || f.Address != h.Addr().String() {
		t.Errorf("%+v, %v", f, err)
	}
	for range 2 * httpd.EnrolsBurst {
		got, b := post(enrolment.Path, []byte("{}"))
		if got == http.StatusTooManyRequests {
			if !bytes.Contains(b, []byte(fault.Busy)) {
				t.Errorf("%s", b)
			}
			return
		}
	}
	t.Error("who tries without end is never held up")
}
