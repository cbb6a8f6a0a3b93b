package sqlledger

import (
	"bytes"
	"testing"

	"banlang/shared/record"
)

// FuzzDecodeReceipt: the stored bytes of a receipt are read as what was written, or refused.
func FuzzDecodeReceipt(f *testing.F) {
	full := record.Receipt{Epoch: record.Epoch{Number: 2, Random: 1<<64 - 1}, Run: 7, N: 8, Head: record.Digest{1, 31: 2}, Safe: 3,
		Time: 1_700_000_000_000, Key: [8]byte{7: 1}, Sig: [64]byte{63: 9}}
	f.Add(encodeReceipt(&full))
	f.Add([]byte{})
	f.Add(make([]byte, receiptBytes-1))
	f.Fuzz(func(t *testing.T, b []byte) {
		r, err := decodeReceipt(b)
		if (err == nil) != (len(b) == receiptBytes) {
			t.Fatalf("%d bytes: %v", len(b), err)
		}
		if err == nil && !bytes.Equal(encodeReceipt(&r), b) {
			t.Fatal("another receipt")
		}
	})
}
