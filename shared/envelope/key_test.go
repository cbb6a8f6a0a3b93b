package envelope

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"banlang/shared/fault"
)

func TestTextsOfKeys(t *testing.T) {
	id := newKey(t)
	to := id.Recipient()
	if !strings.HasPrefix(to.String(), "age1") || !strings.HasPrefix(id.Secret(), "AGE-SECRET-KEY-1") {
		t.Errorf("%s", to)
	}
	if again, err := ParseRecipient("  " + to.String() + "\r\n"); again != to || err != nil {
		t.Errorf("%s, %v", again, err)
	}
	for name, file := range map[string]string{"bare": id.Secret(), "a file": "# chìa khóa\r\n# " + to.String() + "\r\n\r\n" + id.Secret() + "\r\n"} {
		if again, err := ParseIdentity(file); err != nil || again.Recipient() != to || again.Secret() != id.Secret() {
			t.Errorf("%s: %v, %v", name, again, err)
		}
	}
}

// nowhere is a key of right form with which nobody shares a secret.
const nowhere = "age1qqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqq5cu47z"

func TestWhatIsNoKey(t *testing.T) {
	id := newKey(t)
	to, secret := id.Recipient().String(), id.Secret()
	for name, text := range map[string]string{"nothing": "", "a word": "khóa", "the secret": secret, "cut": to[:len(to)-1], "longer": to + "q",
		"two": to + " " + to, "a point that is no key": nowhere} {
		if r, err := ParseRecipient(text); !errors.Is(err, fault.BadInput) || r != (Recipient{}) {
			t.Errorf("%s: read as %s, %v", name, r, err)
		}
	}
	for name, text := range map[string]string{"nothing": "", "comments": "# " + secret, "the public half": to, "two": secret + "\n" + secret,
		"cut": secret[:len(secret)-1], "mixed case": strings.Replace(secret, "AGE", "age", 1), "something beside": secret + " x"} {
		got, err := ParseIdentity(text)
		if !errors.Is(err, fault.BadInput) || got.key != nil {
			t.Errorf("%s: read as %s, %v", name, got, err)
		} else if strings.Contains(err.Error(), secret[20:40]) {
			t.Errorf("%s: the error tells the secret: %v", name, err)
		}
	}
}

func TestSecretsDoNotPrint(t *testing.T) {
	id := newKey(t)
	printed := fmt.Sprint(id, &id) + fmt.Sprintf("%v %s %q %+v %#v", id, id, id, struct{ Key Identity }{id}, id) + Identity{}.String()
	if strings.Contains(printed, id.Secret()[20:40]) || !strings.Contains(printed, id.Recipient().String()) {
		t.Error(printed)
	}
}

func TestTopics(t *testing.T) {
	if code, ok := UnitOf(TopicUnit("GL014")); code != "GL014" || !ok {
		t.Errorf("%q, %v", code, ok)
	}
	if code, ok := UnitOf(TopicCustodian); code != "" || ok || !strings.HasPrefix(TopicUnit("a"), Topics) {
		t.Error("the custodian is no unit")
	}
	for _, name := range []string{"", "pho-phong"} {
		if got, ok := CustodianOf(TopicOfCustodian(name)); got != name || !ok {
			t.Errorf("custodian %q: %q, %v", name, got, ok)
		}
	}
	if TopicOfCustodian("") != TopicCustodian {
		t.Error("the custodian of older programs has another topic")
	}
	for _, topic := range []string{TopicUnit("a"), TopicCustodian + "s", TopicCustodian + "/", ""} {
		if name, ok := CustodianOf(topic); ok {
			t.Errorf("%q is the topic of custodian %q", topic, name)
		}
	}
}
