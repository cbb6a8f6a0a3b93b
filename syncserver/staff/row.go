package staff

import (
	"cmp"
	"crypto/rand"
	"crypto/subtle"
	"errors"
	"fmt"
	"hash"
	"slices"
	"strings"

	"golang.org/x/crypto/blake2b"
	"golang.org/x/crypto/chacha20poly1305"

	"banlang/shared/clock"
	"banlang/shared/fault"
	"banlang/shared/passphrase"
	"banlang/shared/seal"
	"banlang/shared/sqlite"
)

// secrets are the keys that are derived of the centre's.
type secrets struct{ passphrase, token, totp, code [32]byte }

func secretsOf(key seal.CentreKey) secrets {
	return secrets{key.StaffKey("passphrase"), key.StaffKey("token"), key.StaffKey("totp"), key.StaffKey("code")}
}

// keyed is BLAKE2b-256 under a key, over texts with their lengths before them.
func keyed(key [32]byte, parts ...string) []byte {
	h := keyedHash(key)
	for _, p := range parts {
		fmt.Fprintf(h, "%d:%s", len(p), p)
	}
	return h.Sum(nil)
}

func keyedHash(key [32]byte) hash.Hash {
	h, err := blake2b.New256(key[:])
	if err != nil {
		panic(err) // only a longer key is refused
	}
	return h
}

// encipher and decipher bind what they hide to a text. A text that does not open is fault.WrongKey.
func encipher(key [32]byte, plain []byte, bound string) ([]byte, error) {
	aead, err := chacha20poly1305.NewX(key[:])
	if err != nil {
		panic(err) // only another length is refused
	}
	nonce := make([]byte, aead.NonceSize())
	if _, err := rand.Read(nonce); err != nil {
		return nil, fault.New(fault.Internal, "staff: enciphering", err)
	}
	return aead.Seal(nonce, nonce, plain, []byte(bound)), nil
}

func decipher(key [32]byte, b []byte, bound string) ([]byte, error) {
	aead, err := chacha20poly1305.NewX(key[:])
	if err != nil {
		panic(err) // only another length is refused
	}
	if len(b) < aead.NonceSize() {
		return nil, fault.New(fault.WrongKey, "staff: deciphering", errors.New("too short"))
	}
	plain, err := aead.Open(nil, b[:aead.NonceSize()], b[aead.NonceSize():], []byte(bound))
	if err != nil {
		return nil, fault.New(fault.WrongKey, "staff: deciphering", err)
	}
	return plain, nil
}

// person is an account as it is kept.
type person struct {
	Account
	cost     passphrase.Cost
	salt     []byte
	verifier []byte
	renewBy  clock.WallMillis
	totp     []byte // enciphered
	totpNext []byte
	totpStep int64
}

const personColumns = `account.name, person, unit, roles, disabled, created, created_by, signed_in, cost_time, cost_memory, cost_threads,
	salt, verifier, renew, renew_by, totp, totp_next, totp_step, (SELECT count(*) FROM recovery WHERE recovery.account = account.name)`

// readPerson reads personColumns, which begin at a column.
func readPerson(row *sqlite.Row, at int) *person {
	p := &person{Account: Account{Name: row.Text(at), Person: row.Text(at + 1), Unit: row.Text(at + 2), Roles: parseRoles(row.Text(at + 3)),
		Disabled: row.Bool(at + 4), Created: clock.WallMillis(row.Int64(at + 5)), CreatedBy: row.Text(at + 6),
		LastSignIn: clock.WallMillis(row.Int64(at + 7))}}
	p.cost = passphrase.Cost{Time: uint32(row.Int64(at + 8)), MemoryKiB: uint32(row.Int64(at + 9)), Threads: uint8(row.Int64(at + 10))}
	p.salt, p.verifier = row.Bytes(at+11), row.Bytes(at+12)
	p.MustRenew, p.renewBy = row.Bool(at+13), clock.WallMillis(row.Int64(at+14))
	p.totp, p.totpNext, p.totpStep = row.Bytes(at+15), row.Bytes(at+16), row.Int64(at+17)
	p.Code, p.Recovery = p.totp != nil, int(row.Int64(at+18))
	return p
}

// find returns an account; nil when there is none.
func find(tx *sqlite.Tx, name string) (*person, error) {
	row, err := tx.One("SELECT "+personColumns+" FROM account WHERE name = ?", name)
	if errors.Is(err, sqlite.ErrNoRow) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return readPerson(&row, 0), nil
}

// put writes all columns of an account but the number of its recovery codes.
func (p *person) put(tx *sqlite.Tx) error {
	return tx.Exec(`INSERT INTO account (name, person, unit, roles, disabled, created, created_by, signed_in, cost_time, cost_memory,
			cost_threads, salt, verifier, renew, renew_by, totp, totp_next, totp_step) VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)
		ON CONFLICT DO UPDATE SET person = excluded.person, unit = excluded.unit, roles = excluded.roles, disabled = excluded.disabled,
			signed_in = excluded.signed_in, cost_time = excluded.cost_time, cost_memory = excluded.cost_memory,
			cost_threads = excluded.cost_threads, salt = excluded.salt, verifier = excluded.verifier, renew = excluded.renew,
			renew_by = excluded.renew_by, totp = excluded.totp, totp_next = excluded.totp_next, totp_step = excluded.totp_step`,
		p.Name, p.Person, p.Unit, rolesText(p.Roles), p.Disabled, int64(p.Created), p.CreatedBy, int64(p.LastSignIn),
		int64(p.cost.Time), int64(p.cost.MemoryKiB), int64(p.cost.Threads), p.salt, p.verifier, p.MustRenew, int64(p.renewBy),
		p.totp, p.totpNext, p.totpStep)
}

// The passphrase of an account.

const (
	saltSize = 16
	// MinLength is the shortest passphrase that is taken, in letters.
	MinLength = 12
	// maxTyped bounds what is typed as a name or passphrase, in bytes.
	maxTyped = 1000
)

// lock gives an account a passphrase. It takes the time and memory of one guess.
func (p *person) lock(cost passphrase.Cost, key [32]byte, text string) error {
	p.cost, p.salt = cost, make([]byte, saltSize)
	if _, err := rand.Read(p.salt); err != nil {
		return fault.New(fault.Internal, "staff: a passphrase", err)
	}
	p.verifier = p.guess(key, text)
	return nil
}

func (p *person) guess(key [32]byte, text string) []byte {
	h := keyedHash(key)
	h.Write(p.cost.Key(text, p.salt, 32))
	return h.Sum(nil)
}

// allowed says which costs are taken from the database.
var allowed = passphrase.Cost.IsAllowed

// opens reports whether a passphrase is the account's. It takes as long for nobody (nil) as for somebody.
func (p *person) opens(cost passphrase.Cost, key [32]byte, text string) bool {
	if p == nil || !allowed(p.cost) {
		nobody := &person{cost: cost, salt: make([]byte, saltSize)}
		nobody.guess(key, text)
		return false
	}
	return subtle.ConstantTimeCompare(p.guess(key, text), p.verifier) == 1
}

func rolesText(roles []Role) string {
	texts := make([]string, len(roles))
	for i, r := range roles {
		texts[i] = string(r)
	}
	slices.Sort(texts)
	return strings.Join(slices.Compact(texts), ",")
}

// parseRoles reads rolesText, and returns the roles in the order of AllRoles.
func parseRoles(text string) []Role {
	var roles []Role
	for _, r := range strings.Split(text, ",") {
		if r != "" {
			roles = append(roles, Role(r))
		}
	}
	slices.SortFunc(roles, func(a, b Role) int { return cmp.Compare(slices.Index(AllRoles, a), slices.Index(AllRoles, b)) })
	return roles
}
