package keyfile_test

import (
	"bytes"
	"crypto/rand"
	"testing"

	"github.com/zalando/go-keyring"

	"banlang/desktop/keyfile"
)

// TestTheSystemsKeyStore keeps a secret in the real key store, where there is one.
func TestTheSystemsKeyStore(t *testing.T) {
	name, secret := "test "+rand.Text(), []byte("bí mật\x00của máy")
	was, err := keyfile.Keyring{}.Get(name)
	if err != nil {
		t.Skip("no key store here:", err)
	}
	if was != nil {
		t.Error("a secret that nobody has set")
	}
	if err := (keyfile.Keyring{}).Set(name, secret); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { keyring.Delete("banlang", name) })
	if got, err := (keyfile.Keyring{}).Get(name); err != nil || !bytes.Equal(got, secret) {
		t.Errorf("%q, %v", got, err)
	}
}
