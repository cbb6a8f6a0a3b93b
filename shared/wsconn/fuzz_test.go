package wsconn

import (
	"bytes"
	"errors"
	"testing"

	"banlang/shared/fault"
	"banlang/shared/protocol"
	"banlang/shared/seal"
)

// packed returns the websocket message that carries a frame.
func packed(t testing.TB, c *Conn, frame []byte) []byte {
	t.Helper()
	if err := c.pack(frame); err != nil {
		t.Fatal(err)
	}
	if c.rest != nil {
		c.rest.Stop()
	}
	return bytes.Clone(c.buf.Bytes())
}

// FuzzMessage: whatever messages a hostile end sends, in whatever order, the receiving end gives frames within the limit
// or ends with a code; it never panics.
func FuzzMessage(f *testing.F) {
	frames := [][]byte{bytes.Repeat([]byte("tuyên truyền "), 100), []byte("ngắn"), make([]byte, 3000)}
	for e := Light; e <= Best; e++ {
		sender := &Conn{}
		sender.effort.Store(uint32(e))
		for _, frame := range frames {
			f.Add(packed(f, sender, frame), packed(f, sender, frame), []byte{markEnd})
		}
	}
	f.Add([]byte{markNext, 1, 2, 3}, []byte{markBare}, []byte{})
	f.Add([]byte{markFirst, 0x28, 0xb5, 0x2f, 0xfd, 0, 0x58, 0, 0}, []byte{markNext, 4, 0, 0, 0}, []byte{9})
	f.Add([]byte{markAlone, 0xff, 0xff, 0xff, 0xff, 0x0f}, []byte{markAlone}, []byte{markAlone, 3, 0})
	f.Fuzz(func(t *testing.T, one, two, three []byte) {
		c := &Conn{}
		defer c.freeDecoder()
		for _, m := range [][]byte{one, two, three, one} {
			frame, _, err := c.message(m)
			if len(frame) > max(len(m), protocol.MaxFrameBytes) {
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

// FuzzStream: whatever is sent arrives as it was, with any effort, over streams that end and begin anew.
func FuzzStream(f *testing.F) {
	f.Add([]byte("một"), []byte("hai"), false, uint8(0))
	f.Add(bytes.Repeat([]byte("tuyên truyền "), 100), make([]byte, 600), true, uint8(0b00_01_10_11))
	f.Fuzz(func(t *testing.T, one, two []byte, rest bool, efforts uint8) {
		a, b := &Conn{}, &Conn{}
		defer a.freeEncoder()
		defer b.freeDecoder()
		for i, frame := range [][]byte{one, two, one, two} {
			a.effort.Store(uint32(efforts>>(2*i)&3) % uint32(Best)) // Best is the same, with much memory
			got, ok, err := b.message(packed(t, a, frame))
			if err != nil || !ok || !bytes.Equal(got, frame) {
				t.Fatalf("frame %d of %d bytes came as %d: %v", i, len(frame), len(got), err)
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
