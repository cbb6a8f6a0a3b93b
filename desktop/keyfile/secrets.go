package keyfile

import (
	"bytes"
	"crypto/rand"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"time"

	"github.com/zalando/go-keyring"
	"golang.org/x/crypto/blake2b"

	"banlang/shared/fault"
)

// Secrets is where this machine keeps a secret that no copy of its disk has.
type Secrets interface {
	// Get returns the secret of that name, nil where there is none. An error says that there is no key store.
	Get(name string) ([]byte, error)
	// Set keeps a secret.
	Set(name string, secret []byte) error
	// Delete overwrites a secret and takes it away; one that is not there is deleted.
	Delete(name string) error
}

// Keyring is the key store of the operating system, of the user who is logged in: the Credential Manager of Windows, the
// Secret Service of Linux, the Keychain of macOS.
type Keyring struct{}

// service is what the secrets are filed under.
const service = "banlang"

// keyringPatience is how long a key store may take, which may ask the person for a password of its own.
const keyringPatience = time.Minute

var errNoAnswer = errors.New("the key store does not answer")

// Get implements Secrets.
func (Keyring) Get(name string) ([]byte, error) {
	text, err := patiently(func() (string, error) { return keyring.Get(service, name) })
	if errors.Is(err, keyring.ErrNotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return base64.StdEncoding.DecodeString(text)
}

// Set implements Secrets.
func (Keyring) Set(name string, secret []byte) error {
	_, err := patiently(func() (string, error) {
		return "", keyring.Set(service, name, base64.StdEncoding.EncodeToString(secret))
	})
	return err
}

// Delete implements Secrets.
func (k Keyring) Delete(name string) error {
	if err := k.Set(name, make([]byte, deviceSecretSize)); err != nil {
		return err
	}
	_, err := patiently(func() (string, error) { return "", keyring.Delete(service, name) })
	if errors.Is(err, keyring.ErrNotFound) {
		return nil
	}
	return err
}

func patiently(f func() (string, error)) (string, error) {
	type answer struct {
		text string
		err  error
	}
	answers := make(chan answer, 1)
	go func() {
		text, err := f()
		answers <- answer{text, err}
	}()
	select {
	case a := <-answers:
		return a.text, a.err
	case <-time.After(keyringPatience):
		return "", errNoAnswer
	}
}

const deviceSecretSize = 32

// deviceName names a secret without telling anything of it.
func deviceName(secret []byte) string {
	sum := blake2b.Sum256(secret)
	return hex.EncodeToString(sum[:8])
}

// newDevice returns the machine's secret for a new slot and its name, drawing it where there is none yet; nothing and ""
// where the system cannot keep one.
func newDevice(notebook string, secrets Secrets) (secret []byte, name string) {
	secret, err := secrets.Get(notebook)
	if err != nil {
		return nil, ""
	}
	if len(secret) != deviceSecretSize {
		secret = make([]byte, deviceSecretSize)
		if _, err := rand.Read(secret); err != nil || secrets.Set(notebook, secret) != nil {
			return nil, ""
		}
		if kept, err := secrets.Get(notebook); err != nil || !bytes.Equal(kept, secret) {
			return nil, "" // there are key stores that forget
		}
	}
	return secret, deviceName(secret)
}

// deviceOf returns the machine's secret that a slot needs, nil if none; fault.NoDeviceSecret where it is not here.
func deviceOf(s *slot, notebook string, secrets Secrets) ([]byte, error) {
	if s.Device == "" {
		return nil, nil
	}
	secret, err := secrets.Get(notebook)
	if err != nil || len(secret) != deviceSecretSize || deviceName(secret) != s.Device {
		return nil, fault.New(fault.NoDeviceSecret, "keyfile.Unlock", err)
	}
	return secret, nil
}
