package staff

import (
	"context"
	"crypto/rand"
	"errors"

	"banlang/shared/enrolment"
	"banlang/shared/fault"
	"banlang/shared/sqlite"
)

// recoveryCodes are made at a time.
const recoveryCodes = 10

// EnrolCode begins with codes for the account of a session: the secret as text to be typed into the telephone, and as a URI for a
// QR code. Nothing changes until ConfirmCode; asked again, it is another secret. fault.SignedOut, fault.ConfirmFirst.
func (s *Staff) EnrolCode(ctx context.Context, token, from string) (text, uri string, err error) {
	secret := make([]byte, totpSize)
	if _, err := rand.Read(secret); err != nil {
		return "", "", fault.New(fault.Internal, "staff.EnrolCode", err)
	}
	err = s.update(ctx, func(tx *sqlite.Tx) error {
		h, err := s.confirmed(tx, token, from)
		if err != nil {
			return err
		}
		if h.totpNext, err = encipher(s.secrets.totp, secret, h.Name); err != nil {
			return err
		}
		uri = totpURI(h.Name, secret)
		return h.put(tx)
	})
	return totpText.EncodeToString(secret), uri, err
}

// ConfirmCode takes the first code; from then on sign-in needs one. It returns the recovery codes, which are shown once, instead of
// those before. fault.SignedOut, fault.ConfirmFirst, and fault.SignInFailed when the code does not fit.
func (s *Staff) ConfirmCode(ctx context.Context, token, code, from string) (recovery []string, err error) {
	const op = "staff.ConfirmCode"
	var drawnCodes []string
	for range recoveryCodes {
		c, err := enrolment.Draw(recoverySize)
		if err != nil {
			return nil, fault.New(fault.Internal, op, err)
		}
		drawnCodes, recovery = append(drawnCodes, c), append(recovery, enrolment.Grouped(c))
	}
	err = s.update(ctx, func(tx *sqlite.Tx) error {
		h, err := s.confirmed(tx, token, from)
		if err != nil {
			return err
		}
		if h.totpNext == nil {
			return fault.New(fault.NotFound, op, errors.New("no enrolment was begun"))
		}
		secret, err := decipher(s.secrets.totp, h.totpNext, h.Name)
		if err != nil {
			return err
		}
		step := stepOf(secret, enrolment.Bare(code), s.wall(), 0)
		if step == 0 {
			return fault.New(fault.SignInFailed, op, nil)
		}
		h.totp, h.totpNext, h.totpStep = h.totpNext, nil, step
		if err := errors.Join(h.put(tx), tx.Exec("DELETE FROM recovery WHERE account = ?", h.Name)); err != nil {
			return err
		}
		for _, c := range drawnCodes {
			if err := tx.Exec("INSERT INTO recovery VALUES (?, ?)", h.Name, keyed(s.secrets.code, h.Name, c)); err != nil {
				return err
			}
		}
		return s.audit.Append(tx, s.viewerOf(h, from).self(codeSelf))
	})
	if err != nil {
		return nil, err
	}
	return recovery, nil
}

// confirmed is the session of a token whose passphrase was given not long ago.
func (s *Staff) confirmed(tx *sqlite.Tx, token, from string) (*held, error) {
	h, err := s.hold(tx, token)
	if err == nil && !s.viewerOf(h, from).isConfirmed() {
		err = fault.New(fault.ConfirmFirst, "staff", nil)
	}
	return h, err
}
