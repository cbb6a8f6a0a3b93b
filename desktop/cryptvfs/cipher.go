package cryptvfs

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/binary"
	"errors"
	"hash"
	"reflect"
	"sync"

	"golang.org/x/crypto/blake2b"
)

const (
	blockSize = aes.BlockSize
	sumSize   = 16 // of a page
)

// errWiped is the answer to whoever comes when the keys are gone.
var errWiped = errors.New("the keys were wiped")

// keys are what one data key becomes: two keys of AES-256-XTS and one for sums. Their methods may be called from any
// goroutine.
type keys struct {
	mu    sync.RWMutex // held for reading while they are used
	wiped bool
	data  cipher.Block
	tweak cipher.Block
	sums  chan hash.Hash // keyed BLAKE2b-128; as many as work at once without waiting
}

// summing is how many pages are summed at once: the connections of a notebook.
const summing = 4

// newKeys derives the keys. It does not hold on to dek.
func newKeys(dek *[32]byte) (*keys, error) {
	derive := func(purpose string, n int) ([]byte, error) { return hkdf.Key(sha256.New, dek[:], nil, purpose, n) }
	xts, err := derive("banlang cryptvfs xts 1", 64)
	if err != nil {
		return nil, err
	}
	defer clear(xts)
	sum, err := derive("banlang cryptvfs sum 1", 32)
	if err != nil {
		return nil, err
	}
	defer clear(sum)
	k := &keys{sums: make(chan hash.Hash, summing)}
	if k.data, err = aes.NewCipher(xts[:32]); err != nil {
		return nil, err
	}
	if k.tweak, err = aes.NewCipher(xts[32:]); err != nil {
		return nil, err
	}
	for range summing {
		h, err := blake2b.New(sumSize, sum)
		if err != nil {
			return nil, err
		}
		k.sums <- h
	}
	return k, nil
}

// scratchKeys are the keys of temporary files: drawn by this process, never kept.
var scratchKeys = sync.OnceValues(func() (*keys, error) {
	var dek [32]byte
	defer clear(dek[:])
	if _, err := rand.Read(dek[:]); err != nil {
		return nil, err
	}
	return newKeys(&dek)
})

// use runs f while the keys are there.
func (k *keys) use(f func() error) error {
	k.mu.RLock()
	defer k.mu.RUnlock()
	if k.wiped {
		return errWiped
	}
	return f()
}

// wipe overwrites the keys unless inUse says not to. It waits for those who use them.
func (k *keys) wipe(inUse func() bool) (done bool) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.wiped || inUse() {
		return k.wiped
	}
	k.wiped = true
	overwrite(k.data)
	overwrite(k.tweak)
	for range summing {
		overwrite(<-k.sums)
	}
	return true
}

// overwrite sets to zero what a pointer in an interface points to. The ciphers and hashes used here keep their keys in
// that one struct; a test looks.
func overwrite(p any) { reflect.ValueOf(p).Elem().SetZero() }

// encipher enciphers whole blocks in place. They are those of a unit from the number first on.
func (k *keys) encipher(blocks []byte, tweak uint64, first int) {
	k.xts(blocks, tweak, first, k.data.Encrypt)
}

// decipher undoes encipher.
func (k *keys) decipher(blocks []byte, tweak uint64, first int) {
	k.xts(blocks, tweak, first, k.data.Decrypt)
}

// xts is XTS of IEEE 1619 over whole blocks. It is here for its speed, twice that of golang.org/x/crypto/xts, and because
// it can begin within a unit; a test holds it against that one.
func (k *keys) xts(blocks []byte, tweak uint64, first int, aes func(dst, src []byte)) {
	var t [blockSize]byte
	binary.LittleEndian.PutUint64(t[:], tweak)
	k.tweak.Encrypt(t[:], t[:])
	low, high := binary.LittleEndian.Uint64(t[:]), binary.LittleEndian.Uint64(t[8:])
	for range first {
		low, high = double(low, high)
	}
	for ; len(blocks) >= blockSize; blocks = blocks[blockSize:] {
		b := blocks[:blockSize:blockSize]
		mask(b, low, high)
		aes(b, b)
		mask(b, low, high)
		low, high = double(low, high)
	}
}

func mask(b []byte, low, high uint64) {
	binary.LittleEndian.PutUint64(b, binary.LittleEndian.Uint64(b)^low)
	binary.LittleEndian.PutUint64(b[8:], binary.LittleEndian.Uint64(b[8:])^high)
}

// double multiplies by x in GF(2¹²⁸).
func double(low, high uint64) (uint64, uint64) {
	return low<<1 ^ (high>>63)*0x87, high<<1 | low>>63
}

// sum is the keyed sum of a page without its last bytes, bound to its place.
func (k *keys) sum(page []byte, tweak uint64) (sum [sumSize]byte) {
	h := <-k.sums
	h.Reset()
	var place [8]byte
	binary.LittleEndian.PutUint64(place[:], tweak)
	h.Write(place[:])
	h.Write(page[:len(page)-sumSize])
	h.Sum(sum[:0])
	k.sums <- h
	return sum
}

func (k *keys) seal(page []byte, tweak uint64) {
	sum := k.sum(page, tweak)
	copy(page[len(page)-sumSize:], sum[:])
}

func (k *keys) sealed(page []byte, tweak uint64) bool {
	sum := k.sum(page, tweak)
	return subtle.ConstantTimeCompare(page[len(page)-sumSize:], sum[:]) == 1
}
