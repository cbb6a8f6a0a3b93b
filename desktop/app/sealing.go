package app

import (
	"maps"
	"slices"
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
	mu         sync.Mutex
	units      map[string]envelope.Recipient
	custodians []envelope.Recipient // by their topics: the first one, then by name
	told       bool                 // the centre has said who they are, if only that nobody is any more
}

// learn takes what was published. A key that cannot be read is one that is not there: its questions are not asked.
func (k *Keys) learn(publications []*record.Change) {
	units, told := map[string]envelope.Recipient{}, false
	var custodians []envelope.Recipient
	published := record.Published(publications)
	for _, topic := range slices.Sorted(maps.Keys(published)) {
		payload := published[topic].Payload
		key, err := envelope.ParseRecipient(string(payload))
		unit, isUnit := envelope.UnitOf(topic)
		_, isCustodian := envelope.CustodianOf(topic)
		told = told || isCustodian && (err == nil || len(payload) == 0)
		switch {
		case err != nil:
		case isUnit:
			units[unit] = key
		case isCustodian && len(custodians) < envelope.MaxCustodians:
			custodians = append(custodians, key)
		}
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	k.units, k.custodians, k.told = units, custodians, told
}

// of gives the keys of a recipient, as a form names it, for the records of a unit: each of them opens alone. None: there is
// nobody to seal to.
func (k *Keys) of(recipient, unit string) []envelope.Recipient {
	k.mu.Lock()
	defer k.mu.Unlock()
	if recipient != declared.Unit {
		return k.custodians
	}
	if key, ok := k.units[unit]; ok {
		return []envelope.Recipient{key}
	}
	return nil
}

// Custodians are the keys to which the key of the notebook is sealed for the centre, always in the same order. told is false
// when the centre has said nothing of them yet; then whatever was is to stay.
func (k *Keys) Custodians() (keys []envelope.Recipient, told bool) {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.custodians, k.told
}

// to names the recipients whose keys are here.
func (k *Keys) to(unit string) (recipients []string) {
	for _, r := range []string{declared.Unit, declared.Custodian} {
		if len(k.of(r, unit)) > 0 {
			recipients = append(recipients, r)
		}
	}
	return recipients
}

// Sealer seals the answers of a notebook as their forms say: to the unit of the record, or to every custodian. An answer
// that its draft holds locked is unlocked first. Where there is no key the answer is refused, and stays in the draft.
func Sealer(forms Forms, key seal.ReplicaKey) notebook.Sealer {
	return func(a notebook.Answer) (string, error) {
		field, ok := fieldOf(forms.Library, a.Form, a.Path)
		if !ok || envelope.IsSealed(a.Value) {
			return a.Value, nil
		}
		to := forms.Keys.of(field.Declared.SealedTo, a.Unit)
		if len(to) == 0 {
			return "", fault.New(fault.NoRecipient, "seal", nil)
		}
		plain, err := unlock(key, a.Officer, a.Path, a.Value)
		if err != nil {
			return "", err
		}
		return envelope.Seal(a.At, plain, to...)
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
