package passphrase_test

import (
	"bytes"
	"errors"
	"testing"

	"banlang/shared/fault"
	"banlang/shared/passphrase"
)

// TestOneForm: however it is typed, it is the same key; another passphrase is another.
func TestOneForm(t *testing.T) {
	salt := []byte("sixteen letters.")
	key := func(text string) []byte { return passphrase.Least.Key(text, salt, 32) }
	hoa := key("hòa bình 7 núi")
	for _, same := range []string{"hoà bình 7 núi", "ho\u0300a bi\u0300nh 7 nu\u0301i", "  hòa bình 7 núi\t"} {
		if !bytes.Equal(key(same), hoa) {
			t.Errorf("%q is another", same)
		}
	}
	for _, different := range []string{"hóa bình 7 núi", "Hòa bình 7 núi", "hòa bình 7  núi", "hoa binh 7 nui"} {
		if bytes.Equal(key(different), hoa) {
			t.Errorf("%q is the same", different)
		}
	}
	if bytes.Equal(hoa, passphrase.Least.Key("hòa bình 7 núi", []byte("another salt...."), 32)) {
		t.Error("the salt makes no difference")
	}
}

func TestBounds(t *testing.T) {
	for _, c := range []struct {
		cost passphrase.Cost
		want bool
	}{
		{passphrase.Usual, true}, {passphrase.Least, true}, {passphrase.Most, true}, {passphrase.Cost{}, false},
		{passphrase.Cost{Time: 1, MemoryKiB: 64 << 10, Threads: 2}, false}, {passphrase.Cost{Time: 3, MemoryKiB: 1 << 20, Threads: 2}, false},
		{passphrase.Cost{Time: 3, MemoryKiB: 64 << 10}, false}, {passphrase.Cost{Time: 1 << 30, MemoryKiB: 64 << 10, Threads: 2}, false},
	} {
		if c.cost.IsAllowed() != c.want {
			t.Errorf("%+v: allowed %t", c.cost, !c.want)
		}
	}
}

func TestTooEasy(t *testing.T) {
	for text, weak := range map[string]bool{
		"bốn con trâu gặm cỏ": false, "ngắn": true, "aaaaaaaaaaaa": true, "123456789012": true, "mật khẩu 1 2": true,
		"Phan Quốc Điểm 24": true, "diem.pq.24.diem.pq.24": true,
	} {
		err := passphrase.Check(text, 12, "Phan Quốc Điểm", "diem.pq.24")
		if errors.Is(err, fault.WeakPassphrase) != weak {
			t.Errorf("%q: %v", text, err)
		}
	}
}
