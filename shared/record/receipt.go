package record

import (
	"encoding/binary"
)

// Epoch names one history of a hub's log. The number orders the centre's epochs; the random part tells apart two
// restores of one backup.
type Epoch struct {
	Number uint64
	Random uint64
}

// IsZero reports whether e names no epoch.
func (e Epoch) IsZero() bool { return e == Epoch{} }

// Before orders epochs.
func (e Epoch) Before(f Epoch) bool {
	return e.Number < f.Number || e.Number == f.Number && e.Random < f.Random
}

// Receipt is the centre's word that all changes of a run up to N are durable there. It counts only while its epoch is
// the latest known; Safe outlives epochs.
type Receipt struct {
	Epoch Epoch
	Run   RunID
	N     Number // every change of the run up to here is held
	Head  Digest // chain head at N, as the centre computed it
	Safe  Number // every restorable backup of the centre holds the run up to here; 0: unknown
	Time  Millis
	Key   [8]byte // id of the signing key
	Sig   [64]byte
}

// Statement is what the centre signs: everything but the signature.
func (r *Receipt) Statement() []byte {
	b := make([]byte, 0, 112)
	b = binary.LittleEndian.AppendUint64(b, r.Epoch.Number)
	b = binary.LittleEndian.AppendUint64(b, r.Epoch.Random)
	b = binary.LittleEndian.AppendUint64(b, uint64(r.Run))
	b = binary.LittleEndian.AppendUint64(b, uint64(r.N))
	b = append(b, r.Head[:]...)
	b = binary.LittleEndian.AppendUint64(b, uint64(r.Safe))
	b = binary.LittleEndian.AppendUint64(b, uint64(r.Time))
	return append(b, r.Key[:]...)
}

// HeadSignature is a notebook's own signature over its chain at N: it vouches for every change up to there.
type HeadSignature struct {
	Replica ReplicaID
	Run     RunID
	N       Number
	Head    Digest
	Sig     [64]byte
}

// Statement is what the notebook signs.
func (h *HeadSignature) Statement() []byte {
	b := make([]byte, 0, 52)
	b = binary.LittleEndian.AppendUint32(b, uint32(h.Replica))
	b = binary.LittleEndian.AppendUint64(b, uint64(h.Run))
	b = binary.LittleEndian.AppendUint64(b, uint64(h.N))
	return append(b, h.Head[:]...)
}
