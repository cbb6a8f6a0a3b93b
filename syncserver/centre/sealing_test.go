package centre

import (
	"errors"
	"os"
	"strings"
	"testing"

	"banlang/shared/envelope"
	"banlang/shared/fault"
	"banlang/shared/record"
)

// sealedRecord is a record of U1 in which two officers sealed an answer without seeing each other, and a third wrote his
// openly.
func sealedRecord(t *testing.T, r *running) (rec record.Dot, id envelope.Identity) {
	t.Helper()
	id, err := envelope.New()
	if err != nil {
		t.Fatal(err)
	}
	p, q := newPen(r.enrolled("U1")), newPen(r.enrolled("U1"))
	created := p.create(t, "U1")
	r.push(created)
	rec = created.Dot
	text := func(plain string) string {
		text, err := envelope.Seal(envelope.Place{Record: rec, Path: "note"}, plain, id.Recipient())
		if err != nil {
			t.Fatal(err)
		}
		return text
	}
	r.push(p.write(t, rec, record.Edit{Path: "note", Value: text("một"), Replaces: []record.Dot{rec}}))
	r.push(q.write(t, rec, record.Edit{Path: "note", Value: text("hai"), Replaces: []record.Dot{rec}}))
	r.push(q.write(t, rec, record.Edit{Path: "note", Value: "ba"}))
	return rec, id
}

// TestEveryAnswerThatIsSealedThereIsHandedOut, and none that is not.
func TestEveryAnswerThatIsSealedThereIsHandedOut(t *testing.T) {
	r := opened(t, t.TempDir(), Options{})
	rec, id := sealedRecord(t, r)
	q := Request{Opening: &Opening{Record: rec.String(), Path: "note", By: []string{"A", "B"}, Reason: "xác minh", Key: id.Recipient().String()}}
	s := r.do(q).Opening
	var plain []string
	for _, v := range s.Values {
		text, err := envelope.Open(id, envelope.Place{Record: s.Record, Path: "note"}, v.Text)
		if err != nil {
			t.Fatal(err)
		}
		plain = append(plain, text)
	}
	if all := strings.Join(plain, " "); all != "một hai" && all != "hai một" {
		t.Errorf("opened: %s", all)
	}
}

// TestNothingIsHandedOutUnnoted: not when the ledger cannot be written, and not when the note would say nothing.
func TestNothingIsHandedOutUnnoted(t *testing.T) {
	dir := t.TempDir()
	r := opened(t, dir, Options{})
	rec, id := sealedRecord(t, r)
	good := Opening{Record: rec.String(), Path: "note", By: []string{"A", "B"}, Reason: "xác minh", Key: id.Recipient().String()}
	for name, spoil := range map[string]func(*Opening){
		"alone": func(o *Opening) { o.By = o.By[:1] }, "twice the same": func(o *Opening) { o.By = []string{"A", "A"} },
		"no name": func(o *Opening) { o.By = []string{"A", " "} }, "no reason": func(o *Opening) { o.Reason = "" }, "no key": func(o *Opening) { o.Key = "" },
		"two lines": func(o *Opening) { o.Reason = "a\nb" }, "a long reason": func(o *Opening) { o.Reason = strings.Repeat("a", MaxLine+1) },
	} {
		o := good
		spoil(&o)
		if a, err := r.Do(t.Context(), Request{Opening: &o}); !errors.Is(err, fault.BadInput) || a.Opening != nil {
			t.Errorf("%s: %+v, %v", name, a.Opening, err)
		}
	}
	if err := os.Mkdir(Dir(dir).Openings(), 0o700); err != nil {
		t.Fatal(err)
	}
	if a, err := r.Do(t.Context(), Request{Opening: &good}); !errors.Is(err, fault.DiskIO) || a.Opening != nil {
		t.Errorf("%+v, %v", a.Opening, err)
	}
}

// TestOnlyKeysArePublished as the key of a recipient: what is none, or a secret, is refused.
func TestOnlyKeysArePublished(t *testing.T) {
	r := opened(t, t.TempDir(), Options{})
	id, err := envelope.New()
	if err != nil {
		t.Fatal(err)
	}
	if a := r.do(Request{Recipient: &Recipient{Key: id.Recipient().String()}}); a.Recipient == nil || a.Recipient.Key != "" {
		t.Errorf("before: %+v", a.Recipient)
	}
	for name, q := range map[string]Recipient{"no key": {Key: "khóa"}, "a secret": {Key: id.Secret()}, "no unit": {Unit: "../x", Key: id.Recipient().String()},
		"no name": {Name: "Phó phòng", Key: id.Recipient().String()}, "a path": {Name: "a/b", Key: id.Recipient().String()}} {
		if _, err := r.Do(t.Context(), Request{Recipient: &q}); !errors.Is(err, fault.BadInput) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestCustodiansAreCounted, by a centre that runs and of one that does not, and there are not more than devices seal to.
func TestCustodiansAreCounted(t *testing.T) {
	dir := t.TempDir()
	r := opened(t, dir, Options{})
	names := []string{"", "b", "c", "d", "e", "f", "g"}
	custodian := func(name string) Request {
		id, err := envelope.New()
		if err != nil {
			t.Fatal(err)
		}
		return Request{Recipient: &Recipient{Name: name, Key: id.Recipient().String()}}
	}
	counts := func(want int) {
		t.Helper()
		o, err := r.Operations(t.Context())
		if err != nil || o.Custodians != want || o.FewCustodians() != (want < 2) || r.do(Request{Check: true}).Custodians != want {
			t.Errorf("%d, want %d; %v", o.Custodians, want, err)
		}
	}
	r.do(Request{Recipient: &Recipient{Unit: "GL014", Key: custodian("").Recipient.Key}}) // is none
	counts(0)
	for i, name := range names[:envelope.MaxCustodians] {
		r.do(custodian(name))
		counts(i + 1)
	}
	if _, err := r.Do(t.Context(), custodian(names[envelope.MaxCustodians])); !errors.Is(err, fault.LimitExceeded) {
		t.Errorf("one too many: %v", err)
	}
	if before := r.do(custodian("f")).Recipient; before.Key == "" || before.Name != "f" {
		t.Errorf("instead of %+v", before)
	}
	all := r.do(Request{Recipients: true}).Recipients
	if len(all) != envelope.MaxCustodians+1 || all[0].Name != "" || all[1].Name != "b" || all[len(all)-1].Unit != "GL014" {
		t.Errorf("listed: %+v", all)
	}
	r.do(Request{Recipient: &Recipient{Name: "b"}})
	counts(envelope.MaxCustodians - 1)
	r.end()
	if n, err := CountCustodians(t.Context(), Dir(dir)); n != envelope.MaxCustodians-1 || err != nil {
		t.Errorf("at rest: %d, %v", n, err)
	}
}
