package app

import (
	"sync"

	"banlang/desktop/notebook"
	"banlang/shared/envelope"
	"banlang/shared/fault"
	"banlang/shared/form"
	"banlang/shared/form/declared"
	"banlang/shared/record"
	"banlang/shared/seal"
)

// Keys are those of the recipients to whom answers are sealed, as the centre has published them (decision 20).
type Keys struct {
	mu      sync.Mutex
	byTopic map[string]envelope.Recipient
}

// learn takes what was published. A key that cannot be read is one that is not there: its questions are not asked.
func (k *Keys) learn(publications []*record.Change) {
	byTopic := map[string]envelope.Recipient{}
	for topic, c := range record.Published(publications) {
		if key, err := envelope.ParseRecipient(string(c.Payload)); err == nil {
			byTopic[topic] = key
		}
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	k.byTopic = byTopic
}

// of gives the key of a recipient, as a form names it, for the records of a unit.
func (k *Keys) of(recipient, unit string) (key envelope.Recipient, ok bool) {
	topic := envelope.TopicCustodian
	if recipient == declared.Unit {
		topic = envelope.TopicUnit(unit)
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	key, ok = k.byTopic[topic]
	return key, ok
}

// Custodian is the key to which the centre seals what it must be able to open in need.
func (k *Keys) Custodian() (key envelope.Recipient, ok bool) { return k.of(declared.Custodian, "") }

// to names the recipients whose keys are here.
func (k *Keys) to(unit string) (recipients []string) {
	for _, r := range []string{declared.Unit, declared.Custodian} {
		if _, ok := k.of(r, unit); ok {
			recipients = append(recipients, r)
		}
	}
	return recipients
}

// Sealer seals the answers of a notebook as their forms say: to the unit of the record, or to the custodian. An answer
// that its draft holds locked is unlocked first. Where there is no key the answer is refused, and stays in the draft.
func Sealer(forms Forms, key seal.ReplicaKey) notebook.Sealer {
	return func(a notebook.Answer) (string, error) {
		field, ok := fieldOf(forms.Library, a.Form, a.Path)
		if !ok || envelope.IsSealed(a.Value) {
			return a.Value, nil
		}
		to, ok := forms.Keys.of(field.Declared.SealedTo, a.Unit)
		if !ok {
			return "", fault.New(fault.NoRecipient, "seal", nil)
		}
		plain, err := unlock(key, a.Officer, a.Path, a.Value)
		if err != nil {
			return "", err
		}
		return envelope.Seal(a.At, plain, to)
	}
}

// fieldOf finds the field of a path when its answers are sealed.
func fieldOf(forms *form.Library, ref record.FormRef, path string) (*form.Field, bool) {
	f, ok := forms.Lookup(ref)
	if !ok {
		return nil, false
	}
	field, ok := f.Field(path)
	return field, ok && field.Sealed()
}

func unlock(key seal.ReplicaKey, officer, path, value string) (string, error) {
	if !envelope.IsLocked(value) {
		return value, nil
	}
	return envelope.NewLocker(key.DraftKey(officer)).Unlock(path, value)
}
