package record

import (
	"fmt"
	"strings"
	"testing"
	"unicode/utf8"
)

// report is a change of the size and make that is usual: a dozen values, one of them a paragraph of Vietnamese.
func report(t testing.TB) *Change {
	t.Helper()
	c := &Change{Dot: Dot{0x1122334455667788, 1271}, Replica: 24, Kind: KindEdit, Time: 1_795_000_000_000, Officer: "Nguyễn Văn An",
		Grant: Dot{1, 7}, Form: FormRef{"awareness_session", 1}}
	note := strings.Repeat("Đã kiểm tra tại chỗ, chủ hộ đồng ý cung cấp thông tin; nước lũ dâng cao, đường vào thôn bị chia cắt. ", 3)
	c.Edits = append(c.Edits, Edit{Path: PathFeed, Value: "GL014/ordinary"})
	for i := range 9 {
		c.Edits = append(c.Edits, Edit{Path: fmt.Sprint("counts.field_", i), Value: fmt.Sprint(i * 7)})
	}
	c.Edits = append(c.Edits, Edit{Path: "date", Value: "2026-11-16"}, Edit{Path: "note", Value: note}, Edit{Path: "village", Value: "Thôn Đông Hải, xã Vĩnh An"})
	if err := c.Seal(nil, nil); err != nil {
		t.Fatal(err)
	}
	return c
}

func BenchmarkDecode(b *testing.B) {
	raw := report(b).Encoded()
	b.Run("arrived", func(b *testing.B) {
		b.ReportAllocs()
		b.SetBytes(int64(len(raw)))
		for b.Loop() {
			if _, err := Decode(raw); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("arrived, many", func(b *testing.B) {
		b.ReportAllocs()
		d := NewDecoder(1 << 40)
		for b.Loop() {
			if _, err := d.Decode(raw); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("stored, many", func(b *testing.B) {
		b.ReportAllocs()
		d := NewDecoder(1 << 40)
		for b.Loop() {
			if _, err := d.DecodeStored(raw); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("stored", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if _, err := DecodeStored(raw); err != nil {
				b.Fatal(err)
			}
		}
	})
	c := report(b)
	b.Run("sum", func(b *testing.B) {
		for b.Loop() {
			c.sum()
		}
	})
	b.Run("check", func(b *testing.B) {
		for b.Loop() {
			c.check()
		}
	})
	b.Run("utf8", func(b *testing.B) {
		for b.Loop() {
			utf8.ValidString(c.Edit("note").Value)
		}
	})
}
