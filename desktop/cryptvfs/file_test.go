package cryptvfs

import (
	"bytes"
	"crypto/aes"
	"errors"
	"io"
	"math/rand/v2"
	"reflect"
	"testing"
	"unsafe"

	"golang.org/x/crypto/xts"
)

func testKeys(t testing.TB, seed byte) *keys {
	t.Helper()
	k, err := newKeys(&[KeySize]byte{seed})
	if err != nil {
		t.Fatal(err)
	}
	return k
}

// random returns n bytes that the generator decides.
func random(rng *rand.Rand, n int) []byte {
	p := make([]byte, n)
	for i := range p {
		p[i] = byte(rng.Uint32())
	}
	return p
}

// TestXTS holds ours against golang.org/x/crypto/xts, over units of all lengths, whole and from a block in the middle on.
func TestXTS(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 1))
	for i := range 2000 {
		key := random(rng, 64)
		theirs, err := xts.NewCipher(aes.NewCipher, key)
		if err != nil {
			t.Fatal(err)
		}
		ours := &keys{}
		ours.data, _ = aes.NewCipher(key[:32])
		ours.tweak, _ = aes.NewCipher(key[32:])
		plain, tweak := random(rng, blockSize*(1+i%(frameSize/blockSize))), rng.Uint64()
		want := make([]byte, len(plain))
		theirs.Encrypt(want, plain, tweak)
		got := bytes.Clone(plain)
		ours.encipher(got, tweak, 0)
		if !bytes.Equal(got, want) {
			t.Fatalf("%d bytes are enciphered otherwise", len(plain))
		}
		first := rng.IntN(len(got) / blockSize)
		ours.decipher(got[first*blockSize:], tweak, first)
		ours.decipher(got[:first*blockSize], tweak, 0)
		if !bytes.Equal(got, plain) {
			t.Fatalf("%d bytes are deciphered otherwise, from block %d", len(plain), first)
		}
	}
}

// disk is storage in memory, with its gaps and its end as of a file.
type disk struct{ content []byte }

func (d *disk) ReadAt(p []byte, at int64) (int, error) {
	n := copy(p, d.content[min(at, int64(len(d.content))):])
	if n < len(p) {
		return n, io.EOF
	}
	return n, nil
}

func (d *disk) WriteAt(p []byte, at int64) (int, error) {
	if missing := int(at) + len(p) - len(d.content); missing > 0 {
		d.content = append(d.content, make([]byte, missing)...)
	}
	return copy(d.content[at:], p), nil
}

// TestAnyPieces writes and reads pieces of any length anywhere, and holds the file against plain bytes.
func TestAnyPieces(t *testing.T) {
	for _, k := range []kind{wal, journal, scratch} {
		rng := rand.New(rand.NewPCG(2, uint64(k)))
		raw := &disk{}
		f := file{raw, k, testKeys(t, 1)}
		var model []byte
		for range 1000 {
			at := rng.IntN(len(model) + 1) // a file grows at its end
			piece := random(rng, 1+rng.IntN([]int{20, 9000}[rng.IntN(2)]))
			if at+len(piece) > 1<<16 {
				continue
			}
			if n, err := f.WriteAt(piece, int64(at)); err != nil || n != len(piece) {
				t.Fatalf("writing %d bytes at %d: %d, %v", len(piece), at, n, err)
			}
			if grow := at + len(piece) - len(model); grow > 0 {
				model = append(model, make([]byte, grow)...)
			}
			copy(model[at:], piece)

			at = rng.IntN(len(model))
			got := make([]byte, 1+rng.IntN(len(model)-at))
			if n, err := f.ReadAt(got, int64(at)); err != nil || n != len(got) || !bytes.Equal(got, model[at:at+len(got)]) {
				t.Fatalf("%d bytes at %d are others: %d, %v", len(got), at, n, err)
			}
		}
		if grown := len(raw.content) - len(model); grown < 0 || grown >= blockSize {
			t.Errorf("kind %d: %d bytes became %d", k, len(model), len(raw.content))
		}
		past := make([]byte, 3*blockSize)
		n, err := f.ReadAt(past, int64(len(raw.content)-blockSize))
		if !errors.Is(err, io.EOF) || n != blockSize {
			t.Errorf("kind %d: over the end: %d bytes, %v", k, n, err)
		}
	}
}

// page makes the n-th page of a database, of random content.
func page(rng *rand.Rand, n int64) []byte {
	p := random(rng, pageSize)
	if n == 0 {
		copy(p, magic)
		p[16], p[17], p[20] = pageSize>>8, pageSize&0xff, sumSize
	}
	return p
}

// TestPages: what was written comes back, and a page with any bit changed, at another place or of another key does not.
func TestPages(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 3))
	raw := &disk{}
	f := file{raw, database, testKeys(t, 1)}
	var pages [][]byte
	for n := range int64(4) {
		pages = append(pages, page(rng, n))
		if _, err := f.WriteAt(pages[n], n*pageSize); err != nil {
			t.Fatal(err)
		}
	}
	got := make([]byte, pageSize)
	for n, want := range pages {
		if _, err := f.ReadAt(got, int64(n)*pageSize); err != nil || !bytes.Equal(got[:pageSize-sumSize], want[:pageSize-sumSize]) {
			t.Fatalf("page %d is another: %v", n, err)
		}
	}
	for bit := range 8 * pageSize {
		if bit%61 != 0 && bit < 8*(pageSize-sumSize) {
			continue // every bit of the sum, and every 61st of the rest
		}
		raw.content[pageSize+bit/8] ^= 1 << (bit % 8)
		if _, err := f.ReadAt(got, pageSize); !errors.Is(err, errDamaged) {
			t.Fatalf("bit %d changed: %v", bit, err)
		}
		raw.content[pageSize+bit/8] ^= 1 << (bit % 8)
	}
	copy(raw.content[2*pageSize:], raw.content[pageSize:2*pageSize])
	if _, err := f.ReadAt(got, 2*pageSize); !errors.Is(err, errDamaged) {
		t.Errorf("a page that was moved: %v", err)
	}
	other := file{raw, database, testKeys(t, 2)}
	if _, err := other.ReadAt(got, pageSize); !errors.Is(err, errDamaged) {
		t.Errorf("another key: %v", err)
	}
	if _, err := f.ReadAt(got[:100], 0); err != nil || !bytes.Equal(got[:100], pages[0][:100]) {
		t.Errorf("the header: %v", err)
	}
}

// TestShapeOfPages: what would have no place for its sum is not written.
func TestShapeOfPages(t *testing.T) {
	rng := rand.New(rand.NewPCG(4, 4))
	small, full := page(rng, 0), page(rng, 0)
	small[16], small[17] = 512>>8, 0
	full[20] = 0
	for name, c := range map[string]struct {
		p  []byte
		at int64
	}{
		"half a page":              {page(rng, 1)[:pageSize/2], pageSize},
		"across two":               {page(rng, 1), pageSize + pageSize/2},
		"a database of small ones": {small, 0},
		"no room":                  {full, 0},
	} {
		raw := &disk{}
		if _, err := (file{raw, database, testKeys(t, 1)}).WriteAt(c.p, c.at); !errors.Is(err, errShape) || len(raw.content) > 0 {
			t.Errorf("%s: %v, %d bytes written", name, err, len(raw.content))
		}
	}
}

// TestTornWrites: of a unit that is written half, each block is the old one or the new one.
func TestTornWrites(t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 5))
	before, after, torn := &disk{}, &disk{}, &disk{}
	k := testKeys(t, 1)
	older, newer := random(rng, pageSize), random(rng, pageSize)
	file{before, journal, k}.WriteAt(older, 0)
	file{after, journal, k}.WriteAt(newer, 0)
	const at = 1536 // three sectors reached the disk
	torn.content = append(bytes.Clone(after.content[:at]), before.content[at:]...)
	got := make([]byte, pageSize)
	if _, err := (file{torn, journal, k}).ReadAt(got, 0); err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got[:at], newer[:at]) || !bytes.Equal(got[at:], older[at:]) {
		t.Error("a torn write harmed more than was torn")
	}
}

// TestWipe: the memory of the keys is zero, and nobody gets anything more.
func TestWipe(t *testing.T) {
	k := testKeys(t, 1)
	sums := make([]any, 0, summing)
	for range summing {
		h := <-k.sums
		sums = append(sums, h)
		k.sums <- h
	}
	held := append([]any{k.data, k.tweak}, sums...)
	for i, p := range held {
		if allZero(p) {
			t.Fatalf("%d: no key was there", i)
		}
		if of := reflect.TypeOf(p).Elem(); !flat(of) {
			t.Errorf("%v keeps something elsewhere", of)
		}
	}
	if k.wipe(func() bool { return true }) {
		t.Error("wiped while in use")
	}
	f := file{&disk{}, journal, k}
	if _, err := f.WriteAt(make([]byte, 16), 0); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if !k.wipe(func() bool { return false }) {
			t.Error("not wiped")
		}
	}
	for i, p := range held {
		if !allZero(p) {
			t.Errorf("%d: something of a key is left in memory", i)
		}
	}
	if _, err := f.ReadAt(make([]byte, 16), 0); !errors.Is(err, errWiped) {
		t.Errorf("read after the wipe: %v", err)
	}
	if _, err := f.WriteAt(make([]byte, 16), 0); !errors.Is(err, errWiped) {
		t.Errorf("written after the wipe: %v", err)
	}
}

// allZero looks at the memory behind a pointer in an interface.
func allZero(p any) bool {
	v := reflect.ValueOf(p)
	for _, b := range unsafe.Slice((*byte)(v.UnsafePointer()), v.Type().Elem().Size()) {
		if b != 0 {
			return false
		}
	}
	return true
}

// flat reports whether a value of the type is all in one place.
func flat(t reflect.Type) bool {
	switch t.Kind() {
	case reflect.Array:
		return flat(t.Elem())
	case reflect.Struct:
		for i := range t.NumField() {
			if !flat(t.Field(i).Type) {
				return false
			}
		}
		return true
	case reflect.Pointer, reflect.Slice, reflect.String, reflect.Map, reflect.Interface, reflect.Func, reflect.Chan:
		return false
	}
	return true
}

func BenchmarkPage(b *testing.B) {
	k := testKeys(b, 1)
	p := make([]byte, pageSize)
	theirs, _ := xts.NewCipher(aes.NewCipher, make([]byte, 64))
	for name, f := range map[string]func(){
		"xts":           func() { k.encipher(p, 1, 0) },
		"xts, x/crypto": func() { theirs.Encrypt(p, p, 1) },
		"sum":           func() { k.seal(p, 1) },
	} {
		b.Run(name, func(b *testing.B) {
			b.SetBytes(pageSize)
			b.ReportAllocs()
			for b.Loop() {
				f()
			}
		})
	}
}
