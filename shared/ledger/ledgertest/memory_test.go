package ledgertest_test

import (
	"testing"

	"banlang/shared/ledger"
	"banlang/shared/ledger/ledgertest"
)

func memory(ledgertest.TB) ledgertest.Harness {
	m := ledger.NewMemory()
	return ledgertest.Harness{
		Update: func(f func(ledger.Tx) error) error { return m.Atomically(func() error { return f(m) }) },
		View:   func(f func(ledger.Tx) error) error { return f(m) },
		Close:  func() {},
	}
}

func TestMemory(t *testing.T) { ledgertest.Suite(t, memory) }
