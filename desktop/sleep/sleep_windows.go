package sleep

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"unsafe"

	"golang.org/x/sys/windows"
)

// https://learn.microsoft.com/windows/win32/api/powerbase/nf-powerbase-powerregistersuspendresumenotification
var (
	powrprof   = windows.NewLazySystemDLL("powrprof.dll")
	register   = powrprof.NewProc("PowerRegisterSuspendResumeNotification")
	unregister = powrprof.NewProc("PowerUnregisterSuspendResumeNotification")
)

const (
	deviceNotifyCallback = 2
	pbtAPMSuspend        = 4 // the machine goes to sleep when all callbacks have returned, or after two seconds
)

// subscription is DEVICE_NOTIFY_SUBSCRIBE_PARAMETERS.
type subscription struct {
	callback uintptr
	context  uintptr
}

// Windows has one callback for all watchers: those that are made are never given back.
var (
	mu       sync.Mutex
	watchers = map[*func()]bool{}
	callback = sync.OnceValue(func() uintptr { return windows.NewCallback(told) })
)

func told(_, kind, _ uintptr) uintptr {
	if kind != pbtAPMSuspend {
		return 0
	}
	mu.Lock()
	defer mu.Unlock()
	for w := range watchers {
		(*w)()
	}
	return 0
}

// Watch calls before, in a thread of the system, whenever the machine is about to sleep, and has it wait until before has
// returned, or for as long as the system bears (two seconds). It returns when ctx ends, with its cause; with ErrNone in the
// chain where the system does not say (before Windows 8).
func Watch(ctx context.Context, before func()) error {
	if err := register.Find(); err != nil {
		return errors.Join(ErrNone, err)
	}
	mu.Lock()
	watchers[&before] = true
	mu.Unlock()
	defer func() {
		mu.Lock()
		defer mu.Unlock()
		delete(watchers, &before)
	}()
	s, handle := &subscription{callback: callback()}, uintptr(0)
	if code, _, _ := register.Call(deviceNotifyCallback, uintptr(unsafe.Pointer(s)), uintptr(unsafe.Pointer(&handle))); code != 0 {
		return errors.Join(ErrNone, fmt.Errorf("code %d", code))
	}
	<-ctx.Done()
	if code, _, _ := unregister.Call(handle); code != 0 {
		return errors.Join(context.Cause(ctx), fmt.Errorf("code %d", code))
	}
	return context.Cause(ctx)
}
