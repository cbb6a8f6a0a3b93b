package sleep

import (
	"context"
	"errors"
	"runtime"
	"syscall"
	"testing"
	"time"
)

// TestWatch registers with the system, and then calls what the system was given as it would: the call returns when what is to be done
// before sleeping is done, and only when the machine is about to sleep. That Windows makes the call is its own business.
func TestWatch(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	done := 0
	ended := make(chan error, 1)
	go func() { ended <- Watch(ctx, func() { done++ }) }()
	for limit := time.Now().Add(20 * time.Second); ; { // Watch tells nobody that it has begun
		mu.Lock()
		n := len(watchers)
		mu.Unlock()
		if n == 1 {
			break
		}
		if time.Now().After(limit) {
			t.Fatal("it does not begin")
		}
		runtime.Gosched()
	}
	for _, kind := range []uintptr{7, 10, 18} { // woken; power status; woken by itself
		_, _, _ = syscall.SyscallN(callback(), 0, kind, 0)
	}
	if done != 0 {
		t.Errorf("done %d times while nothing sleeps", done)
	}
	if code, _, _ := syscall.SyscallN(callback(), 0, pbtAPMSuspend, 0); code != 0 || done != 1 {
		t.Errorf("done %d times before the machine sleeps; it returns %d", done, code)
	}
	cancel()
	if err := <-ended; !errors.Is(err, context.Canceled) {
		t.Errorf("it ends with %v", err)
	}
	before := done
	if _, _, _ = syscall.SyscallN(callback(), 0, pbtAPMSuspend, 0); done != before {
		t.Error("who watches no more is told still")
	}
}
