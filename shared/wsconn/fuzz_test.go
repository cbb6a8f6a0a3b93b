package wsconn

import (
	"bytes"
	"errors"
	"testing"

	"banlang/shared/fault"
	"banlang/shared/protocol"
	"banlang/shared/seal"
)

// FuzzUnpack: whatever pieces a hostile end sends, in whatever order, the receiving end gives frames within the limit or
// ends with a code; it never panics.
func FuzzUnpack(f *testing.F) {
	sender := &Conn{}
	for i, frame := range [][]byte{bytes.Repeat([]byte("tuyên truyền "), 100), []byte("ngắn"), make([]byte, 3000)} {
		if err := sender.pack(frame); err != nil {
			f.Fatal(err)
		}
		f.Add(i == 0, sender.buf.Bytes()[1:], sender.buf.Bytes()[1:])
	}
	f.Add(false, []byte{1, 2, 3}, []byte{})
	f.Add(true, []byte{0x28, 0xb5, 0x2f, 0xfd, 0, 0x58, 0, 0}, []byte{4, 0, 0, 0})
	f.Fuzz(func(t *testing.T, first bool, one, two []byte) {
		c := &Conn{}
		defer c.freeDecoder()
		for i, piece := range [][]byte{one, two, one} {
			frame, err := c.unpack(first && i == 0, piece)
			if len(frame) > protocol.MaxFrameBytes {
				t.Fatalf("a frame of %d bytes", len(frame))
			}
			if err != nil {
				if !errors.Is(err, fault.BadFrame) && !errors.Is(err, fault.FrameTooLarge) {
					t.Fatalf("%v", err)
				}
				return
			}
		}
	})
}

// FuzzStream: whatever is sent arrives as it was, over streams that end and begin anew.
func FuzzStream(f *testing.F) {
	f.Add([]byte("một"), []byte("hai"), false)
	f.Add(bytes.Repeat([]byte("tuyên truyền "), 100), make([]byte, 600), true)
	f.Fuzz(func(t *testing.T, one, two []byte, rest bool) {
		a, b := &Conn{}, &Conn{}
		defer a.freeEncoder()
		defer b.freeDecoder()
		for i, frame := range [][]byte{one, two, one, two} {
			if err := a.pack(frame); err != nil {
				t.Fatal(err)
			}
			if a.rest != nil {
				a.rest.Stop()
			}
			m := bytes.Clone(a.buf.Bytes())
			got := m[1:]
			if m[0] != markBare {
				var err error
				if got, err = b.unpack(m[0] == markFirst, m[1:]); err != nil {
					t.Fatalf("frame %d: %v", i, err)
				}
			}
			if !bytes.Equal(got, frame) {
				t.Fatalf("frame %d came as another", i)
			}
			if rest && i == 1 {
				a.freeEncoder()
				b.freeDecoder()
			}
		}
	})
}

// FuzzParsePin: no text but the one of this centre's own certificate is its pin.
func FuzzParsePin(f *testing.F) {
	key, err := seal.NewCentreKey(bytes.NewReader(make([]byte, 32)))
	if err != nil {
		f.Fatal(err)
	}
	pin, err := NewPin(key)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(pin.String())
	f.Add("MIIB")
	f.Add("")
	f.Fuzz(func(t *testing.T, s string) {
		p, err := ParsePin(s, key.Public())
		if err != nil {
			if !errors.Is(err, fault.WrongKey) || p != nil {
				t.Fatalf("%v, %v", p, err)
			}
			return
		}
		if again, err := ParsePin(p.String(), key.Public()); err != nil || again.String() != p.String() {
			t.Fatalf("%q is read once only: %v", s, err)
		}
	})
}

// FuzzMessage: raw websocket messages, as a hostile end sends them, over the marks of this carrier.
func FuzzMessage(f *testing.F) {
	f.Add([]byte{markBare, 1}, []byte{markEnd})
	f.Add([]byte{markFirst}, []byte{markNext, 1})
	f.Add([]byte{9}, []byte{})
	f.Fuzz(func(t *testing.T, one, two []byte) {
		c := &Conn{}
		defer c.freeDecoder()
		for _, m := range [][]byte{one, two, one, two} {
			if _, _, err := c.message(m); err != nil && !errors.Is(err, fault.BadFrame) && !errors.Is(err, fault.FrameTooLarge) {
				t.Fatal(err)
			}
		}
	})
}
