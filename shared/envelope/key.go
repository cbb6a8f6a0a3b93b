package envelope

import (
	"errors"
	"strings"

	"filippo.io/age"

	"banlang/shared/fault"
)

// The topics under which the centre publishes whom to seal to. What it publishes is the text of a Recipient; nothing
// means that there is none any more.
const (
	Topics         = "seal/" // begins them all
	TopicCustodian = Topics + "custodian"
	topicUnit      = Topics + "unit/"
)

// MaxCustodians is how many there are at most: all of them are recipients of whatever is sealed for the custodian.
const MaxCustodians = MaxRecipients - 2

// TopicOfCustodian is the topic of one of several custodians. The one without a name is the first: programs that know of
// no others seal to him.
func TopicOfCustodian(name string) string {
	if name == "" {
		return TopicCustodian
	}
	return TopicCustodian + "/" + name
}

// CustodianOf is the name of the custodian whose topic it is; false for any other topic.
func CustodianOf(topic string) (name string, ok bool) {
	if topic == TopicCustodian {
		return "", true
	}
	name, ok = strings.CutPrefix(topic, TopicCustodian+"/")
	return name, ok && name != ""
}

// TopicUnit is the topic of the recipient of a unit.
func TopicUnit(code string) string { return topicUnit + code }

// UnitOf is the unit whose topic it is; false for any other topic.
func UnitOf(topic string) (code string, ok bool) {
	if !strings.HasPrefix(topic, topicUnit) {
		return "", false
	}
	return topic[len(topicUnit):], true
}

// Recipient is the public half of a key: whoever has it can seal to its owner. Recipients are compared by ==; the zero
// one is nobody.
type Recipient struct{ text string }

// ParseRecipient reads Recipient.String. Anything else, and a key that nothing can be sealed to, is fault.BadInput.
func ParseRecipient(s string) (Recipient, error) {
	key, err := age.ParseX25519Recipient(strings.TrimSpace(s))
	if err == nil {
		_, err = key.Wrap(make([]byte, 16)) // the few points that share no secret with anybody
	}
	if err != nil {
		return Recipient{}, fault.New(fault.BadInput, "recipient", errors.New("not a public key that begins with age1"))
	}
	return Recipient{key.String()}, nil
}

func (r Recipient) String() string { return r.text }

// Identity is the secret half of a key: whoever has it can open what was sealed to its Recipient.
type Identity struct{ key *age.X25519Identity }

// New draws a key.
func New() (Identity, error) {
	key, err := age.GenerateX25519Identity()
	return Identity{key}, err
}

// ParseIdentity reads Identity.Secret, also from a file in which lines of comment (#) stand beside it, as the age program
// writes them. Anything else, and more than one, is fault.BadInput; the error holds nothing of the text.
func ParseIdentity(text string) (Identity, error) {
	var secrets []string
	for line := range strings.Lines(text) {
		if line = strings.TrimSpace(line); line != "" && !strings.HasPrefix(line, "#") {
			secrets = append(secrets, line)
		}
	}
	if len(secrets) == 1 {
		if key, err := age.ParseX25519Identity(secrets[0]); err == nil {
			return Identity{key}, nil
		}
	}
	return Identity{}, fault.New(fault.BadInput, "identity", errors.New("not one secret key that begins with AGE-SECRET-KEY-1"))
}

// Recipient is the public half.
func (id Identity) Recipient() Recipient { return Recipient{id.key.Recipient().String()} }

// Secret is the text to be kept.
func (id Identity) Secret() string { return id.key.String() }

// String never shows a secret; Secret does.
func (id Identity) String() string {
	if id.key == nil {
		return "no secret"
	}
	return "secret of " + id.Recipient().String()
}
