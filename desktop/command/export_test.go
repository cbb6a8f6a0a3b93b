package command

import (
	"context"
	"crypto/rand"
	"time"

	"banlang/desktop/app"
	"banlang/desktop/notebook"
	"banlang/shared/paper"
)

// OldOfficer enters an officer as the program did before notebooks were enciphered.
func OldOfficer(id, name, passphrase string, others ...app.Officer) func(ctx context.Context, nb *notebook.Notebook) error {
	return func(ctx context.Context, nb *notebook.Notebook) (err error) {
		o := officer{ID: id, Name: name, Passes: 3, MemKiB: 32 << 10, Salt: make([]byte, 16)}
		if _, err := rand.Read(o.Salt); err != nil {
			return err
		}
		if o.Hash, err = o.hash(passphrase); err != nil {
			return err
		}
		list := []officer{o}
		for _, other := range others {
			o.ID, o.Name, o.Role = other.ID, other.Name, other.Role
			list = append(list, o)
		}
		return writeOfficers(ctx, nb, list)
	}
}

// PDF is a sheet as the printer lays it out.
func PDF(s app.Sheet, now time.Time) ([]byte, error) { return paper.PDF(document(s, now)) }

// NewCamera is the camera of a notebook, without a folder of the user.
func NewCamera(nb *notebook.Notebook) app.Photos { return camera{nb: nb} }
