package console

import (
	"errors"
	"strconv"
	"strings"

	"banlang/shared/fault"
	"banlang/shared/ledger"
	"banlang/shared/record"
)

// badInput is what was sent that no page of ours sends.
func badInput(err error) error {
	if err == nil {
		err = errors.New("not what the page sends")
	}
	return fault.New(fault.BadInput, "console", err)
}

// cutItem reads a record that was chosen in a list: its exact name and what was before the eyes of whoever chose it.
func cutItem(s string) (rec record.Dot, saw string, err error) {
	name, saw, _ := strings.Cut(s, " ")
	if rec, err = record.ParseDot(name); err != nil {
		return rec, "", badInput(err)
	}
	return rec, saw, nil
}

// parsePos reads a place of the log that a page was made at.
func parsePos(s string) (ledger.Pos, error) {
	n, err := strconv.ParseUint(s, 10, 63)
	if err != nil {
		return 0, badInput(err)
	}
	return ledger.Pos(n), nil
}
