package storetest_test

import (
	"testing"

	"banlang/shared/ledger/ledgertest"
	"banlang/syncserver/hub"
	"banlang/syncserver/storetest"
)

func TestMemory(t *testing.T) {
	storetest.Suite(t, func(ledgertest.TB) storetest.Harness {
		return storetest.Harness{Store: hub.NewMemory(), Close: func() {}}
	})
}
