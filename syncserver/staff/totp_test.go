package staff

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"banlang/shared/clock"
)

// TestRFC6238 holds codes against the vectors of the RFC's appendix B (SHA-1), the last six of their eight digits.
func TestRFC6238(t *testing.T) {
	secret := []byte("12345678901234567890")
	for at, want := range map[clock.WallMillis]string{
		59: "94287082", 1111111109: "07081804", 1111111111: "14050471", 1234567890: "89005924", 2000000000: "69279037", 20000000000: "65353130",
	} {
		now := at * 1000
		step := int64(now / stepMillis)
		if got := codeAt(secret, step); got != want[2:] {
			t.Errorf("at %d: %s, want %s", at, got, want[2:])
		}
		if stepOf(secret, want[2:], now, step-1) != step || stepOf(secret, want[2:], now+stepMillis, 0) != step || stepOf(secret, want[2:], now-stepMillis, 0) != step {
			t.Errorf("at %d: not taken within a step", at)
		}
		if stepOf(secret, want[2:], now, step) != 0 || stepOf(secret, want[2:], now+2*stepMillis, 0) != 0 || stepOf(secret, "", now, 0) != 0 {
			t.Errorf("at %d: taken twice, too late or empty", at)
		}
	}
	if uri := totpURI("hoa", secret); !strings.Contains(uri, "secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&") && !strings.HasSuffix(uri, "secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ") {
		t.Error(uri)
	}
}

// TestLines: strangers never take the last place, a full line turns away at once, and everybody who waits is served.
func TestLines(t *testing.T) {
	g := newGate()
	ctx := t.Context()
	inside, err := g.strangers.enter(ctx)
	if err != nil {
		t.Fatal(err)
	}
	served := make(chan error)
	for range maxLine {
		go func() {
			leave, err := g.strangers.enter(ctx)
			if err == nil {
				leave()
			}
			served <- err
		}()
	}
	for len(g.strangers.waiting) < maxLine {
		select {
		case err := <-served:
			t.Fatalf("served before its turn: %v", err)
		default:
		}
	}
	for range 10_000 {
		if _, err := g.strangers.enter(ctx); !errors.Is(err, errFull) {
			t.Fatalf("above the line: %v", err)
		}
	}
	for range 3 { // at once: who is known does not wait for strangers
		leave, err := g.known.enter(ctx)
		if err != nil {
			t.Fatal(err)
		}
		leave()
	}
	gone, cancel := context.WithCancel(ctx)
	cancel()
	mine, err := g.known.enter(ctx)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := g.known.enter(gone); !errors.Is(err, context.Canceled) {
		t.Errorf("who gave up: %v", err)
	}
	mine()
	inside()
	for range maxLine {
		if err := <-served; err != nil {
			t.Error(err)
		}
	}
	if n := len(g.strangers.waiting) + len(g.strangers.places[0]) + len(g.strangers.places[1]); n != 0 {
		t.Errorf("%d places are not given back", n)
	}
}

func TestNetworks(t *testing.T) {
	for from, want := range map[string]string{
		"192.0.2.7": "192.0.2.7", "::ffff:192.0.2.7": "192.0.2.7", "2001:db8:1:2:3:4:5:6": "2001:db8:1:2::/64", "fe80::1%eth0": "fe80::/64",
		"": "", strings.Repeat("x", 100): strings.Repeat("x", 64),
	} {
		if got := networkOf(from); got != want {
			t.Errorf("%q: %q, want %q", from, got, want)
		}
	}
}

// rulesText writes the table for people; the test holds it against the one that was agreed on.
func rulesTable() string {
	var b strings.Builder
	names := []string{"-", "own", "subtree"}
	for _, a := range Acts() {
		r := rules[a]
		confirm := ""
		if r.confirm {
			confirm = " confirm"
		}
		fmt.Fprintf(&b, "%s: %s: %s %s %s%s\n", a, rolesText(r.roles), names[r.ordinary], names[r.handled], names[r.oversight], confirm)
	}
	return b.String()
}

// TestTheTable is the table as it was agreed on: who; how far in ordinary records, in tips and petitions, in what is against
// officers; whether the passphrase is asked for. Who changes it changes it here too.
func TestTheTable(t *testing.T) {
	const agreed = `account.change: administer: subtree - - confirm
account.read: administer,supervise: subtree - -
account.watch: : - - -
audit.read: supervise: subtree - -
audit.terms: supervise: subtree - - confirm
centre.operate: administer: subtree - -
device.enrol: administer: subtree subtree subtree confirm
device.grant: administer: subtree subtree subtree confirm
device.read: administer,direct,review,supervise: subtree - -
directive.read: compile,direct,record,review: subtree - -
directive.send: direct: subtree - -
flash.ack: direct: subtree - -
form.approve: supervise: subtree - - confirm
form.publish: administer: subtree - - confirm
recipient.change: administer: subtree - - confirm
record.count: compile,direct,record,review: subtree subtree own
record.erase: supervise: subtree subtree subtree confirm
record.export: direct,review: subtree own - confirm
record.print: direct,record,review: subtree own own
record.read: direct,record,review: subtree own own
record.review: review: subtree own own
report.compile: compile,direct: subtree subtree -
report.freeze: compile: subtree - - confirm
report.read: compile,direct,review: subtree subtree -
sealed.open: direct,review: own own own confirm
sealed.second: direct,supervise: subtree subtree own confirm
unit.change: administer: subtree - - confirm
`
	if got := rulesTable(); got != agreed {
		t.Errorf("the table is now\n%s", got)
	}
}
