// Package protocol owns what two ends say to each other: the messages, their limits, order and encoding, and the two
// halves of a session as state machines that take messages and time and give messages. It reads as the specification.
// It opens no socket, starts no goroutine and looks at no clock: a websocket, a sealed file and the seeded simulation
// are three ways to carry it.
//
// # A session
//
// One end is a client (a device; later a relay towards its upstream), the other a hub (the centre; later a relay).
//
//	client                                   hub
//	Hello: who I am, what I have saved,  ->
//	  where I have read to
//	Push, Push …  (a guess, see below)   ->
//	                                     <-  Welcome: my epoch, what I hold of yours, receipts, your grant
//	Push: changes that the hub lacks     ->
//	                                     <-  Ack: durable here          (only after commit)
//	                                     <-  Receipts: durable at the centre, signed
//	                                     <-  Page: what is new for you, and the cursor that covers it
//	Taken: durable here                  ->
//	Ask: what photos do you lack         ->   (when all text is acknowledged)
//	                                     <-  Want: these; of this one I have so many bytes
//	Chunk, Chunk …                       ->
//	                                     <-  Stored: durable here so far; whole  (only after commit)
//	Deposit: have you this sealed key    ->
//	                                     <-  Kept: no
//	Deposit: here it is                  ->
//	                                     <-  Kept: durable here          (only after commit)
//	Wiping: may my keys go, as ordered   ->
//	                                     <-  Leave: yes, or not (now)
//	Wiping: they are gone                ->
//	                                     <-  Leave: noted
//	Ping / Pong, either way, when there has been silence
//	Bye: why the session ends, either way
//
// Order within a session:
//
//  1. The client's first message is Hello; the hub answers nothing before Welcome. A hub that hears of an epoch of the
//     centre later than its own, or of a cursor or receipt that contradicts its log, takes a new epoch before it answers.
//  2. A Push names the epoch of the hub it was cut for; a Push for another epoch is dropped, unacknowledged. So the client may
//     send its first pushes in the flight of the Hello, guessing from the last session what the hub holds; after the
//     Welcome it pushes what the hub says it lacks, never what it remembers as unacknowledged.
//  3. The hub acknowledges a Push after the commit that made it durable, in the order of the pushes.
//  4. A Page begins at the reader's cursor and carries the cursor after it. The reader applies both in one transaction,
//     or neither: when the page begins elsewhere, or was cut for another grant than the reader holds.
//  5. At most Limits.Window pages are under way; each Taken allows another. A reader that does not take is cut off.
//  6. Urgent pushes overtake others; a push is small enough that overtaking takes no longer than one push on the wire.
//  7. Photos (package blob) go behind everything else. Which ones a hub lacks is what the hub says: it asks a replica for those
//     that changes of that replica name, and the client sends what it holds of them. No Ask and no Chunk is sent
//     before every push is acknowledged; what is written meanwhile overtakes at the next chunk. So a blob that the hub
//     holds costs nothing, a cut costs at most the chunks under way, and a hub that was set back, replaced, or found a
//     blob damaged has it sent again.
//  8. A chunk is taken at the place where the hub's bytes end, and nowhere else. With the last one the hub computes the
//     digest: the blob is whole, or begins anew. A refused chunk ends no session.
//  9. The key that a notebook is enciphered under, sealed to the centre, is offered in each session by its sum, and sent when
//     the hub lacks it: so a hub that was set back has it again. It goes behind text.
//  10. A machine that was lost is ordered to destroy its keys by a publication of the centre (record.Wipe), which is signed and
//     names the machine's own key. It asks for leave when the pinned centre's receipts cover everything it has written, its
//     photos are whole at the hub, and the hub holds its present key; else it only locks. What it asks is no order of the
//     session: a hub whose order was taken back gives no leave. It says when it was done; a hub that never hears that
//     knows when it gave leave.
//
// A message may be lost with its session, come late from an older one, or come twice by another road: every message
// that changes anything is idempotent.
//
// # History
//
//	1  2026-11  first: Hello, Welcome, Push, Ack, Page, Taken, Receipts, Ping, Pong, Bye.
//	2  2026-11  photos: Ask, Want, Chunk, Stored. A client asks only a hub that speaks it; a hub only ever answers.
//	3  2026-11  keys: Deposit, Kept, Wiping, Leave. Likewise. A machine obeys no order before its hub speaks it.
package protocol

import (
	"context"
	"time"
)

// The versions that this program speaks. A hub picks the highest that both speak; with none it says Bye(bad_protocol),
// which loses nothing: the device keeps everything until a program that speaks to it is there.
const (
	VersionMin = 1
	VersionMax = 3
	// VersionPhotos is the first in which blobs travel.
	VersionPhotos = 2
	// VersionKeys is the first in which sealed keys travel, and machines obey orders to destroy theirs.
	VersionKeys = 3
)

// Limits of a session; each is enforced at both ends.
const (
	// MaxFrameBytes bounds one message after decompression: a change of record.MaxChangeBytes and its envelope.
	MaxFrameBytes = 4 << 20
	// PushBytes is the largest push that a client cuts on purpose: a second of a fast link.
	PushBytes = 512 << 10
	// FirstPushBytes is the first push of a client that knows nothing of its link: two seconds at 64 kbit/s, packed.
	FirstPushBytes = 48 << 10
	// MinPushBytes keeps the overhead small on the worst link.
	MinPushBytes = 8 << 10
	// MaxItems bounds the changes of one push or page.
	MaxItems = 4096
	// PageBytes is where a hub ends a page at the latest; one record whole may exceed it.
	PageBytes = 512 << 10
	// FirstPageBytes is where it ends the first page; later ones follow the link, as pushes do.
	FirstPageBytes = 64 << 10
	// MinPageBytes keeps the overhead small on the worst link.
	MinPageBytes = 16 << 10
	// PushWindow is the number of pushes sent and not yet acknowledged.
	PushWindow = 4
	// PageWindow is the number of pages sent and not yet taken.
	PageWindow = 4
	// MaxClaims bounds the runs named in a Hello: thirty years of one device, or all runs of a commune after a restore.
	MaxClaims = 20000
	// MaxReceipts bounds the receipts in one message.
	MaxReceipts = 20000
	// MaxIslands bounds the gaps told about one run.
	MaxIslands = 1000
	// MaxForms bounds the form versions that one end names: a century of them.
	MaxForms = 4096
	// MaxOwed bounds the answers kept for an end that asks and does not listen.
	MaxOwed = 64
	// MaxKeys bounds the positions in a cursor.
	MaxKeys = 6000
	// MaxChunkBytes bounds a chunk of a photo; MinChunkBytes is a second at 64 kbit/s, and where a client begins. In between
	// a chunk takes about PushTime, so that what is urgent waits for a photo no longer than for a push.
	MaxChunkBytes = 64 << 10
	MinChunkBytes = 8 << 10
	// ChunkWindow is the number of chunks sent and not yet answered: what is written now leaves before the next but one.
	ChunkWindow = 2
	// MaxWanted bounds the blobs in one Want.
	MaxWanted = 64
	// MaxBoxes and MaxEscrowBytes bound the sealed keys of a notebook: the present one and the next, for a hundred officers.
	MaxBoxes       = 2
	MaxEscrowBytes = 64 << 10
	// MaxClockSkew: a change written further ahead of the hub's clock is taken and flagged, never refused.
	MaxClockSkew = 24 * time.Hour
)

// Times of a session.
const (
	// IdlePing is the silence after which an end that waits for nothing makes sure that the other is there.
	IdlePing = 20 * time.Second
	// MinPatience and MaxPatience bound how long an end that waits for an answer bears silence. Between them it is four
	// times the slowest recent answer: patience follows the link.
	MinPatience = 3 * time.Second
	MaxPatience = 20 * time.Second
	// FirstPatience holds before anything was measured.
	FirstPatience = 10 * time.Second
	// RefusedTime is how long photos wait after the hub took none: its disk is full, or nearly.
	RefusedTime = 10 * time.Minute
	// TakeTime: a reader that holds a full window of pages this long without taking one is cut off.
	TakeTime = 2 * time.Minute
)

// Conn carries encoded messages between the two ends of a session, in order. An error of either method is final: the
// session is over, and what was sent may or may not have arrived. Send and Receive may be called at the same time, each
// by one goroutine.
type Conn interface {
	// Send hands a frame over; it returns when the frame is on its way, and may block while the link is full.
	Send(ctx context.Context, frame []byte) error
	// Receive returns the next frame, which is the caller's.
	Receive(ctx context.Context) ([]byte, error)
}
