package keyfile

import (
	"encoding/json"
	"time"

	"banlang/shared/wholefile"
)

// After so many wrong passphrases in a row each further one has to wait: a minute, then twice as long each time, up to a
// bound. Nothing is ever erased, and no lock is for good; the centre can open the file at any time.
const (
	freeTries = 5
	firstWait = time.Minute
	longest   = time.Hour
)

// attempt is what is known of the tries of an officer. It slows down somebody at the keyboard; against who can write to the
// disk the passphrase itself must hold.
type attempt struct {
	LastSignIn time.Time `json:"last_sign_in"`
	Wrong      int       `json:"wrong"` // in a row
	LastWrong  time.Time `json:"last_wrong"`
}

func (a attempt) waitUntil() time.Time {
	if a.Wrong < freeTries {
		return time.Time{}
	}
	wait := longest
	if doubled := a.Wrong - freeTries; doubled < 6 {
		wait = min(longest, firstWait<<doubled)
	}
	return a.LastWrong.Add(wait)
}

// tries are the attempts of all officers, by id. They have a file of their own, so that the key file is written only when
// something in it changes; nothing is lost with it but the times.
type tries map[string]attempt

func triesPath(path string) string { return path + ".tries" }

// loadTries reads them; a file that is missing or torn is none. A clock that was set back is no reason to wait longer.
func loadTries(path string, now time.Time) tries {
	t := tries{}
	text, err := readBounded(path)
	if err != nil || json.Unmarshal(text, &t) != nil || t == nil {
		return tries{}
	}
	for id, a := range t {
		if a.LastWrong.After(now) {
			a.LastWrong = now
			t[id] = a
		}
	}
	return t
}

func (t tries) save(path string) error {
	text, err := json.Marshal(t)
	if err != nil {
		return err
	}
	return wholefile.Write(path, text)
}
