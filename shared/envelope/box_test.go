package envelope_test

import (
	"bytes"
	"testing"

	"banlang/shared/envelope"
	"banlang/shared/fault"
	"banlang/shared/record"
)

// TestBox: what was sealed travels in a file and opens from it; a file that is none is refused.
func TestBox(t *testing.T) {
	id, err := envelope.New()
	if err != nil {
		t.Fatal(err)
	}
	at := envelope.Place{Record: record.Dot{Run: 7, N: 3}, Path: "content"}
	text, err := envelope.Seal(at, "Tôi thấy xe lạ", id.Recipient())
	if err != nil {
		t.Fatal(err)
	}
	b := &envelope.Box{Record: at.Record.String(), Name: "24-3", Path: at.Path, Values: []envelope.BoxValue{{Text: text, Officer: "pq.diem", Replica: 24, Time: 5}}}
	file, err := b.Pack()
	if err != nil {
		t.Fatal(err)
	}
	again, err := envelope.ParseBox(file)
	if err != nil {
		t.Fatal(err)
	}
	if plain, err := envelope.Open(id, at, again.Values[0].Text); err != nil || plain != "Tôi thấy xe lạ" || again.Values[0] != b.Values[0] {
		t.Errorf("%q, %v", plain, err)
	}
	for _, bad := range [][]byte{nil, []byte("x"), []byte("{}"), bytes.Replace(file, []byte(`"Format": 1`), []byte(`"Format": 2`), 1), bytes.Replace(file, []byte(at.Record.String()), []byte("no name"), 1)} {
		if _, err := envelope.ParseBox(bad); fault.CodeOf(err) != fault.BadInput {
			t.Errorf("%.60q: %v", bad, err)
		}
	}
}
