package audit

import (
	"bytes"
	"crypto/rand"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"golang.org/x/crypto/chacha20poly1305"

	"banlang/shared/clock"
	"banlang/shared/fault"
	"banlang/shared/wholefile"
)

// keys are those of the days in which something was searched for. Their file is written anew when one comes or goes; it is in no
// backup, so that none keeps a key longer than KeepTerms.
type keys struct {
	path  string
	mu    sync.Mutex
	of    map[uint32][]byte // by day since 1970
	stale bool              // a key that is gone is still in the file
}

const dayMillis = clock.WallMillis(24 * time.Hour / time.Millisecond)

func dayOf(t clock.WallMillis) uint32 { return uint32(max(0, t/dayMillis)) }

// loadKeys reads the file; a line that is not understood is no key.
func loadKeys(path string) (*keys, error) {
	k := &keys{path: path, of: map[uint32][]byte{}}
	text, err := os.ReadFile(path)
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return nil, fault.New(fault.DiskIO, "audit: the keys of the terms", err)
	}
	for line := range strings.Lines(string(text)) {
		day, key, _ := strings.Cut(strings.TrimSpace(line), " ")
		n, err1 := strconv.ParseUint(day, 10, 32)
		b, err2 := base64.RawStdEncoding.DecodeString(key)
		if err1 == nil && err2 == nil && len(b) == chacha20poly1305.KeySize {
			k.of[uint32(n)] = b
		}
	}
	return k, nil
}

// expire destroys the keys that are too old.
func (k *keys) expire(now clock.WallMillis) error {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.drop(dayOf(now))
}

func (k *keys) drop(today uint32) error {
	maps.DeleteFunc(k.of, func(day uint32, _ []byte) bool {
		old := day+uint32(KeepTerms/(24*time.Hour)) < today
		k.stale = k.stale || old
		return old
	})
	if !k.stale {
		return nil
	}
	return k.save()
}

func (k *keys) save() error {
	var b bytes.Buffer
	for _, day := range slices.Sorted(maps.Keys(k.of)) {
		fmt.Fprintf(&b, "%d %s\n", day, base64.RawStdEncoding.EncodeToString(k.of[day]))
	}
	if err := wholefile.Write(k.path, b.Bytes()); err != nil {
		return fault.New(fault.DiskIO, "audit: the keys of the terms", err)
	}
	k.stale = false
	return nil
}

// seal enciphers terms for a place of the chain under the key of the day, which is on the disk before anything is under it.
func (k *keys) seal(terms string, seq int64, at clock.WallMillis) ([]byte, error) {
	const op = "audit: enciphering terms"
	k.mu.Lock()
	defer k.mu.Unlock()
	day := dayOf(at)
	if k.of[day] == nil {
		key := make([]byte, chacha20poly1305.KeySize)
		if _, err := rand.Read(key); err != nil {
			return nil, fault.New(fault.Internal, op, err)
		}
		k.of[day] = key
		if err := errors.Join(k.drop(day), k.save()); err != nil {
			delete(k.of, day)
			return nil, err
		}
	}
	aead, err := chacha20poly1305.NewX(k.of[day])
	if err != nil {
		return nil, fault.New(fault.Internal, op, err)
	}
	b := binary.LittleEndian.AppendUint32(nil, day)
	nonce := make([]byte, aead.NonceSize())
	if _, err := io.ReadFull(rand.Reader, nonce); err != nil {
		return nil, fault.New(fault.Internal, op, err)
	}
	return aead.Seal(append(b, nonce...), nonce, []byte(terms), place(seq)), nil
}

// open gives the terms back; ok is false when their key is gone, or they were altered.
func (k *keys) open(b []byte, seq int64) (terms string, ok bool) {
	const head = 4 + chacha20poly1305.NonceSizeX
	if len(b) < head {
		return "", false
	}
	k.mu.Lock()
	key := k.of[binary.LittleEndian.Uint32(b)]
	k.mu.Unlock()
	if key == nil {
		return "", false
	}
	aead, err := chacha20poly1305.NewX(key)
	if err != nil {
		return "", false
	}
	plain, err := aead.Open(nil, b[4:head], b[head:], place(seq))
	return string(plain), err == nil
}

func place(seq int64) []byte { return binary.LittleEndian.AppendUint64([]byte(domain), uint64(seq)) }
