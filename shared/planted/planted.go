// Package planted names the bugs that the simulation must be able to find. In an ordinary build On is the constant
// false, so that nothing of a planted bug is left in the programs; with the build tag "planted" a test can switch one on.
package planted

// Bug is one way to break a promise.
type Bug uint8

// The bugs; the promise that each breaks stands beside it.
const (
	None               Bug = iota
	AckBeforeCommit        // 3: the hub acknowledges, then commits
	LostDedup              // 5: a change that is held is taken again
	CursorApart            // 10: the checkpoint is saved before its data
	RunKept                // 2: an opening goes on under the last run
	ReplacedAtSave         // 7: an edit replaces what is live when it is saved, not what was on the screen
	NoReoffer              // 1: only authors push
	EpochIgnored           // 10: a new epoch of the hub does not reset the cursor
	RollbackUnnoticed      // 10: a hub that went back in time keeps its epoch
	VerdictHidden          // 8: a verdict is not listed to the readers of the record
	CursorWithoutGrant     // 10: a cursor does not name its grant
	MovesNotTold           // 9: the former units are not told where a record went
	ErasureNotStanding     // an erase order does not cover what arrives later
	ReceiptOverGap         // 3: a receipt is given for the largest number, not for the prefix
	ArrivalOrder           // 5: of concurrent values the last to arrive is shown first
	ThroughRejected        // 7: replacement does not reach through rejected changes
	OwnNotEchoed           // 12: the feed leaves out the reader's own changes
	ClaimDropped           // 4: the hub does not keep what a device says that it has saved
	PublicationHidden      // 12: what is published is not listed to everybody
	AddressedHidden        // 9: a record that is addressed to several units is listed for the first of them only
	BlobAckedEarly         // 3: the hub says that it has a chunk, then commits
	BlobUnverified         // 3: the hub takes a blob for whole without computing its digest
	ReviewUnnamed          // decision 5: a review does not name what its writer saw
	ReviewedUnseen         // decision 5: a review names what is there when it is written, not what was on the page
	ReviewStays            // decision 5: an approval stays, though values came that it had not seen
	ReviewByAnybody        // decision 5: the word of a device counts as a review
	WipeUnsent             // 18: a lost machine destroys its keys before everything is sent
	WipeTakenBack          // 18: leave to destroy keys is given by an order that was taken back
	EscrowDropped          // 18: the hub says that it keeps a key, and does not
	RevokedRefused         // 18: a device that was cut off is not let in any more
	CutBackwards           // 18: what came before its device was cut off is held like what came after it
	TreeMixed              // an amendment of the tree of units counts for any tree
	AnewTwice              // 8: a record whose creation was rejected is written anew twice on one machine
	ErasureHidden          // an erasure is listed to the readers of the record only
	Count
)

var names = [...]string{"None", "AckBeforeCommit", "LostDedup", "CursorApart", "RunKept",
	"ReplacedAtSave", "NoReoffer", "EpochIgnored", "RollbackUnnoticed", "VerdictHidden", "CursorWithoutGrant",
	"MovesNotTold", "ErasureNotStanding", "ReceiptOverGap", "ArrivalOrder", "ThroughRejected",
	"OwnNotEchoed", "ClaimDropped", "PublicationHidden", "AddressedHidden", "BlobAckedEarly", "BlobUnverified",
	"ReviewUnnamed", "ReviewedUnseen", "ReviewStays", "ReviewByAnybody", "WipeUnsent", "WipeTakenBack", "EscrowDropped",
	"RevokedRefused", "CutBackwards", "TreeMixed", "AnewTwice", "ErasureHidden"}

func (b Bug) String() string { return names[b] }
