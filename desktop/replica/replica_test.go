package replica

import (
	"context"
	"errors"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"banlang/desktop/notebook"
	"banlang/shared/clock"
	"banlang/shared/fault"
	"banlang/shared/protocol"
	"banlang/shared/record"
)

// TestWrittenOfflineGoesUp, and what is written while online goes at once.
func TestWrittenOfflineGoesUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := newMachine(t, newCentre(t))
		m.write(5)
		defer m.run()()
		synctest.Wait()
		if s := m.account(); s.Saved != 5 || s.AtCentre != 5 {
			t.Errorf("saved %d, at the centre %d", s.Saved, s.AtCentre)
		}
		since := time.Now()
		m.write(1)
		synctest.Wait()
		if s := m.account(); s.AtCentre != 6 || time.Since(since) != 0 {
			t.Errorf("at the centre %d, after %v", s.AtCentre, time.Since(since))
		}
		st := m.Status()
		if st.Phase != Idle || st.LastContact.IsZero() || st.Fault != "" || st.Session.Pushed != 6 {
			t.Errorf("status: %+v", st)
		}
	})
}

// sleep lets virtual time pass. (Nothing waits for it outside a bubble.)
func sleep(d time.Duration) {
	t := time.NewTimer(d)
	<-t.C
}

// TestBackOff: a machine without a road tries again after waits that are drawn from zero up to a bound; the bound grows
// with the silence, from MinWait to MaxWait; a centre that comes back is not overrun.
func TestBackOff(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := newMachine(t, newCentre(t))
		stop := m.run()
		synctest.Wait()
		stop()
		m.road(false)
		contact := m.Status().LastContact
		defer m.run()()
		sleep(12 * time.Hour)
		tries := m.tried()[1:]
		for i := 1; i < len(tries); i++ {
			bound := min(max(tries[i-1].Sub(contact)/8, MinWait), MaxWait)
			if wait := tries[i].Sub(tries[i-1]); wait > bound {
				t.Fatalf("try %d after a wait of %v, the bound is %v", i, wait, bound)
			}
		}
		var late int
		for _, x := range tries {
			if x.Sub(contact) > time.Hour {
				late++
			}
		}
		if late < 11*12 || late > 11*60 { // 2.5 minutes on average, with room for chance
			t.Errorf("%d tries in eleven hours", late)
		}
		s := m.Status()
		if s.Phase != Offline || s.Fault != fault.Unreachable || s.NextTry.Before(time.Now()) || s.NextTry.After(time.Now().Add(MaxWait)) {
			t.Errorf("status: %+v", s)
		}
	})
}

// TestNobodyComesAtOnce: two thousand machines that lost the centre together do not come back in one second.
func TestNobodyComesAtOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := newCentre(t)
		var ms []*machine
		for range 300 {
			m := newMachine(t, c)
			m.road(false)
			m.set(func(s *Status) { s.LastContact = time.Now().Add(-2 * time.Hour) })
			ms = append(ms, m)
		}
		for _, m := range ms {
			defer m.run()()
		}
		sleep(10 * time.Minute)
		perSecond := map[int64]int{}
		for _, m := range ms {
			for _, x := range m.tried()[1:] {
				perSecond[x.Unix()]++
			}
		}
		for s, n := range perSecond {
			if n > 30 {
				t.Errorf("%d of 300 tries in second %d", n, s)
			}
		}
	})
}

// TestBackOffSurvivesRestarts: the program is started again and again; the machine that was long alone does not hurry.
func TestBackOffSurvivesRestarts(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := newMachine(t, newCentre(t))
		stop := m.run()
		synctest.Wait()
		stop()
		contact := m.Status().LastContact
		m.road(false)
		sleep(3 * time.Hour)
		m.open()
		if !m.Status().LastContact.IsZero() {
			t.Fatal("it knows the last contact before it has looked")
		}
		defer m.run()()
		synctest.Wait()
		if got := m.Status().LastContact; got.UnixMilli() != contact.UnixMilli() {
			t.Errorf("the last contact was %v, and is %v after the restart", contact, got)
		}
		sleep(time.Hour)
		if n := len(m.tried()); n > 80 {
			t.Errorf("%d tries in an hour, as if nothing had been wrong before", n)
		}
	})
}

// TestAContactInTheFuture: the clock was years ahead at the last contact, and was set right: the machine does not try
// without end.
func TestAContactInTheFuture(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := newMachine(t, newCentre(t))
		m.road(false)
		m.set(func(s *Status) { s.LastContact = time.Now().Add(10 * 365 * 24 * time.Hour) })
		defer m.run()()
		sleep(time.Hour)
		if n := len(m.tried()); n > 80 {
			t.Errorf("%d tries in an hour", n)
		}
	})
}

// TestSendNow ends the wait at once; asked ten times, it is one try.
func TestSendNow(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := newMachine(t, newCentre(t))
		m.road(false)
		m.write(1)
		defer m.run()()
		synctest.Wait()
		before, since := len(m.tried()), time.Now()
		m.road(true)
		for range 10 {
			m.SendNow()
		}
		synctest.Wait()
		if s := m.account(); s.AtCentre != 1 || time.Since(since) != 0 || len(m.tried()) != before+1 {
			t.Errorf("at the centre %d after %v and %d tries", s.AtCentre, time.Since(since), len(m.tried())-before)
		}
	})
}

// TestADeadCentreIsNoticed: it stands still in the middle of a push; the machine notices in time, keeps everything, and
// sends it when the centre is back.
func TestADeadCentreIsNoticed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := newCentre(t)
		m := newMachine(t, c)
		c.hang = make(chan bool)
		defer close(c.hang)
		m.write(3)
		since := time.Now()
		_, err := m.session(context.Background(), nil)
		if took := time.Since(since); !errors.Is(err, fault.CutOff) || took > protocol.FirstPatience {
			t.Errorf("after %v: %v", took, err)
		}
		if s := m.account(); s.Saved != 3 || s.AtCentre != 0 {
			t.Errorf("%+v", s)
		}
		again := newCentre(t)
		again.key = c.key
		m.centre = again
		if err := m.Once(context.Background()); err != nil {
			t.Fatal(err)
		}
		if s := m.account(); s.AtCentre != 3 {
			t.Errorf("%+v", s)
		}
	})
}

// TestPagesThatNeverFollow: a centre whose pages never fit does not make the machine turn in circles.
func TestPagesThatNeverFollow(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := newCentre(t)
		c.grant = record.Dot{Run: 5, N: 5} // which the machine never gets
		m := newMachine(t, c)
		m.write(2)
		defer m.run()()
		sleep(time.Minute)
		if n := len(c.met()); n > 300 || n < 10 {
			t.Errorf("%d sessions in a minute", n)
		}
		if s := m.account(); s.AtCentre != 2 {
			t.Errorf("at the centre: %d", s.AtCentre)
		}
	})
}

// TestWhatEndsOnce: a fault that trying again cannot cure ends it, named; one of the link does not.
func TestWhatEndsOnce(t *testing.T) {
	for _, code := range []fault.Code{fault.WrongKey, fault.EnrolCodeUsed, fault.BadProtocol} {
		synctest.Test(t, func(t *testing.T) {
			c := newCentre(t)
			c.code = code
			m := newMachine(t, c)
			if err := m.Once(context.Background()); !errors.Is(err, code) {
				t.Errorf("%s: %v", code, err)
			}
		})
	}
	synctest.Test(t, func(t *testing.T) {
		m := newMachine(t, newCentre(t))
		m.write(1)
		m.road(false)
		ctx, cancel := context.WithTimeout(context.Background(), time.Hour)
		defer cancel()
		if err := m.Once(ctx); !errors.Is(err, context.DeadlineExceeded) || len(m.tried()) < 5 {
			t.Errorf("without a road: %v after %d tries", err, len(m.tried()))
		}
	})
}

// TestACertificateIsShownWhenForgotten: told that it is not enrolled, the machine shows why it is, next time.
func TestACertificateIsShownWhenForgotten(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := newCentre(t)
		m := newMachine(t, c)
		c.code = fault.NotEnrolled
		stop := m.run()
		synctest.Wait()
		if s := m.Status(); s.Fault != fault.NotEnrolled || s.Phase != Offline {
			t.Errorf("%+v", s)
		}
		stop()
	})
}

// TestStopsWhenTold: Run returns its context's cause, and nothing is left running.
func TestStopsWhenTold(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := newMachine(t, newCentre(t))
		why := errors.New("the window was closed")
		ctx, cancel := context.WithCancelCause(context.Background())
		done := make(chan error, 1)
		go func() { done <- m.Run(ctx) }()
		synctest.Wait()
		cancel(why)
		if err := <-done; !errors.Is(err, why) {
			t.Error(err)
		}
		synctest.Wait()
	})
}

// badDisk refuses everything while it fails.
type badDisk struct {
	notebook.Store
	fails atomic.Bool
}

func (d *badDisk) View(ctx context.Context, f func(notebook.Tx) error) error {
	if d.fails.Load() {
		return fault.New(fault.DiskIO, "view", nil)
	}
	return d.Store.View(ctx, f)
}

// TestADiskThatFailsDoesNotEndSync: the engine says what failed, and goes on when the disk is well again.
func TestADiskThatFailsDoesNotEndSync(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := newMachine(t, newCentre(t))
		m.write(3)
		disk := &badDisk{Store: m.store}
		m.nb = notebook.Open(disk, notebook.Options{Replica: 24, Key: m.key, Centre: m.centre.key.Public(), Forms: forms{}, Wall: clock.System})
		m.Engine = New(m.nb, m.key, "test", m.dial)
		disk.fails.Store(true)
		defer m.run()()
		synctest.Wait()
		if s := m.Status(); s.Fault != fault.DiskIO {
			t.Errorf("no word of it: %+v", s)
		}
		disk.fails.Store(false)
		sleep(MaxWait)
		synctest.Wait()
		if s := m.account(); s.AtCentre != 3 {
			t.Errorf("at the centre %d, %+v", s.AtCentre, m.Status())
		}
	})
}
