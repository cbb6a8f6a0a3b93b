package envelope

import (
	"strings"
	"testing"

	"banlang/shared/fault"
	"banlang/shared/record"
)

const lockedPath = "items/+1/nguồn"

// goldenKey is the key of the golden text.
func goldenKey() (key [32]byte) {
	for i := range key {
		key[i] = byte(i)
	}
	return key
}

func TestGoldenDraft(t *testing.T) {
	if got, err := NewLocker(goldenKey()).Unlock(lockedPath, golden(t, "locked.txt")); got != "Người bán nước" || err != nil {
		t.Errorf("%q, %v", got, err)
	}
}

// TestADraftIsItsOfficers: what he typed comes back to him, however long, and to nobody else, nor into another field.
func TestADraftIsItsOfficers(t *testing.T) {
	key := goldenKey()
	mine := NewLocker(key)
	key[31]++
	hers := NewLocker(key)
	for _, plain := range []string{"", "a", secret, "\xff", strings.Repeat("dài ", record.MaxValueBytes)} {
		text := mine.Lock("source", plain)
		if got, err := NewLocker(goldenKey()).Unlock("source", text); got != plain || err != nil {
			t.Errorf("%d bytes come back as %d, %v", len(plain), len(got), err)
		}
		if !IsLocked(text) || plain != "" && strings.Contains(text, plain) && len(plain) > 1 || text == mine.Lock("source", plain) {
			t.Errorf("not locked: %.60s", text)
		}
		got, err := hers.Unlock("source", text)
		refused(t, "another officer", fault.LockedDraft, got, err)
		got, err = mine.Unlock("note", text)
		refused(t, "another field", fault.LockedDraft, got, err)
	}
}

func TestADamagedDraftIsNoticed(t *testing.T) {
	locker, text := NewLocker(goldenKey()), golden(t, "locked.txt")
	bad := []string{"", secret, "locked:1:", "locked:1:AAAA", "locked:2:" + text[9:], text + "AAAA", text[:20] + "\n" + text[20:], golden(t, "sealed.txt")}
	for i := range text {
		letter := "A"
		if text[i] == 'A' {
			letter = "B"
		}
		bad = append(bad, text[:i], text[:i]+letter+text[i+1:])
	}
	for _, b := range bad {
		got, err := locker.Unlock(lockedPath, b)
		refused(t, b, fault.LockedDraft, got, err)
	}
}
