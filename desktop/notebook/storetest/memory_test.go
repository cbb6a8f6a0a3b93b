package storetest_test

import (
	"testing"

	"banlang/desktop/notebook"
	"banlang/desktop/notebook/storetest"
	"banlang/shared/ledger/ledgertest"
)

func TestMemory(t *testing.T) {
	storetest.Suite(t, func(ledgertest.TB) storetest.Harness {
		return storetest.Harness{Store: notebook.NewMemory(), Close: func() {}}
	})
}
