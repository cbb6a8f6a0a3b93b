package enrolment

import (
	"bytes"
	"encoding/json"
	"errors"
	"reflect"
	"testing"

	"banlang/shared/fault"
	"banlang/shared/record"
	"banlang/shared/seal"
	"banlang/shared/wsconn"
)

// whole is a file that lacks nothing.
func whole(t testing.TB) File {
	t.Helper()
	key, err := seal.NewCentreKey(bytes.NewReader(make([]byte, 32)))
	if err != nil {
		t.Fatal(err)
	}
	pin, err := wsconn.NewPin(key)
	if err != nil {
		t.Fatal(err)
	}
	return File{Format: Format, Address: "centre.example:7443", Centre: key.Public().String(), Pin: pin.String(), Replica: 24,
		Unit: "GL014", Name: "máy của An", Feeds: []record.Feed{"GL014/ordinary"}, Ticket: "blve1-x", Grant: []byte{1, 2}}
}

func encoded(t testing.TB, f File) []byte {
	t.Helper()
	b, err := f.Encode()
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestWhatIsWrittenIsRead(t *testing.T) {
	for name, plain := range map[string]bool{"pinned": false, "plain": true} {
		f := whole(t)
		if plain {
			f.Pin, f.Address = "", "127.0.0.1:7443"
		}
		got, err := Parse(encoded(t, f))
		if err != nil || !reflect.DeepEqual(*got, f) {
			t.Fatalf("%s: %+v, %v", name, got, err)
		}
		key, pin, err := got.Keys()
		if err != nil || key.String() != f.Centre || (pin == nil) != plain {
			t.Errorf("%s: keys %v, %v, %v", name, key, pin, err)
		}
	}
}

func TestWhatIsNotAWholeFile(t *testing.T) {
	other, err := seal.NewCentreKey(nil)
	if err != nil {
		t.Fatal(err)
	}
	for name, x := range map[string]struct {
		alter func(*File)
		want  fault.Code
	}{
		"no address":        {func(f *File) { f.Address = "" }, fault.BadInput},
		"no port":           {func(f *File) { f.Address = "centre.example" }, fault.BadInput},
		"no number":         {func(f *File) { f.Replica = 0 }, fault.BadInput},
		"the centre's":      {func(f *File) { f.Replica = record.Centre }, fault.BadInput},
		"no unit":           {func(f *File) { f.Unit = "" }, fault.BadInput},
		"no ticket":         {func(f *File) { f.Ticket = "" }, fault.BadInput},
		"no grant":          {func(f *File) { f.Grant = nil }, fault.BadInput},
		"no key":            {func(f *File) { f.Centre = "" }, fault.WrongKey},
		"a notebook's key":  {func(f *File) { f.Centre = "blmay1-x" }, fault.WrongKey},
		"a pin of another":  {func(f *File) { f.Centre = other.Public().String() }, fault.WrongKey},
		"a pin that is not": {func(f *File) { f.Pin = "AAAA" }, fault.WrongKey},
	} {
		t.Run(name, func(t *testing.T) {
			f := whole(t)
			x.alter(&f)
			if _, err := Parse(encoded(t, f)); !errors.Is(err, x.want) {
				t.Errorf("%v, want %s", err, x.want)
			}
		})
	}
	for name, b := range map[string][]byte{"nothing": nil, "no JSON": []byte("blve1-x"), "cut off": encoded(t, whole(t))[:80],
		"another format": bytes.Replace(encoded(t, whole(t)), []byte(Format), []byte("banlang-enrolment-2"), 1)} {
		if _, err := Parse(b); !errors.Is(err, fault.BadInput) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestLimit: a file of the limit is read, one byte more is not.
func TestLimit(t *testing.T) {
	b := encoded(t, whole(t))
	b = append(b, bytes.Repeat([]byte{' '}, MaxBytes-len(b))...)
	if _, err := Parse(b); err != nil {
		t.Errorf("at the limit: %v", err)
	}
	if _, err := Parse(append(b, ' ')); !errors.Is(err, fault.BadInput) {
		t.Errorf("one above: %v", err)
	}
}

// FuzzParse: no file makes the reader panic; what it takes is whole, and written again it is read as the same.
func FuzzParse(f *testing.F) {
	b := encoded(f, whole(f))
	f.Add(b)
	f.Add(bytes.Replace(b, []byte("GL014"), []byte(`\u0000`), 1))
	f.Add([]byte(`{"format":"` + Format + `"}`))
	f.Add([]byte("null"))
	f.Fuzz(func(t *testing.T, b []byte) {
		x, err := Parse(b)
		if err != nil {
			if !errors.Is(err, fault.BadInput) && !errors.Is(err, fault.WrongKey) {
				t.Fatal(err)
			}
			return
		}
		again, err := Parse(encoded(t, *x))
		if err != nil {
			t.Fatal(err)
		}
		one, _ := json.Marshal(x)
		two, _ := json.Marshal(again)
		if !bytes.Equal(one, two) || again.Replica <= record.Centre {
			t.Fatalf("%s\n%s", one, two)
		}
	})
}
