package command

import (
	"context"

	"banlang/desktop/notebook"
)

// OldOfficer enters an officer as the program did before notebooks were enciphered.
func OldOfficer(id, name, passphrase string) func(ctx context.Context, nb *notebook.Notebook) error {
	return func(ctx context.Context, nb *notebook.Notebook) error {
		o := officer{ID: id, Name: name}
		if err := o.rekey(passphrase); err != nil {
			return err
		}
		return writeOfficers(ctx, nb, []officer{o})
	}
}
