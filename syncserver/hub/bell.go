package hub

import "sync"

// bell tells any number of goroutines that something has happened. Its zero value is ready.
type bell struct {
	mu sync.Mutex
	ch chan struct{} // nil: nobody waits
}

// next returns a channel that is closed when tell is called next.
func (b *bell) next() <-chan struct{} {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.ch == nil {
		b.ch = make(chan struct{})
	}
	return b.ch
}

func (b *bell) tell() {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.ch != nil {
		close(b.ch)
		b.ch = nil
	}
}
