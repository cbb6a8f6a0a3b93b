package staff

import (
	"crypto/hmac"
	"crypto/sha1" // what RFC 6238 and the telephones use; an HMAC does not need more of it
	"crypto/subtle"
	"encoding/base32"
	"encoding/binary"
	"fmt"
	"net/url"

	"banlang/shared/clock"
)

// Codes of a telephone are those of RFC 6238 as all programs for telephones make them: HMAC-SHA-1, 6 digits, 30 seconds.
const (
	stepMillis = clock.WallMillis(30_000)
	codeDigits = 6
	totpSize   = 20 // bytes of a secret
	// skew is how many steps a telephone may be before or behind.
	skew = 1
)

// codeAt is the code of a step.
func codeAt(secret []byte, step int64) string {
	mac := hmac.New(sha1.New, secret)
	mac.Write(binary.BigEndian.AppendUint64(nil, uint64(step)))
	sum := mac.Sum(nil)
	at := sum[len(sum)-1] & 15
	return fmt.Sprintf("%0*d", codeDigits, (binary.BigEndian.Uint32(sum[at:])&0x7fffffff)%1_000_000)
}

// stepOf finds the step of a code around now that is later than used; 0: there is none. All steps are tried, whichever fits.
func stepOf(secret []byte, code string, now clock.WallMillis, used int64) (found int64) {
	present := int64(now / stepMillis)
	for step := present - skew; step <= present+skew; step++ {
		if subtle.ConstantTimeCompare([]byte(codeAt(secret, step)), []byte(code)) == 1 && step > used {
			found = step
		}
	}
	return found
}

var totpText = base32.StdEncoding.WithPadding(base32.NoPadding)

// totpURI is what the QR code holds, in the form that all programs for telephones read.
func totpURI(account string, secret []byte) string {
	const issuer = "Bản Làng"
	q := url.Values{"secret": {totpText.EncodeToString(secret)}, "issuer": {issuer}}
	return "otpauth://totp/" + url.PathEscape(issuer+":"+account) + "?" + q.Encode()
}
