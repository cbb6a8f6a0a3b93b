package xpath

import (
	"crypto/ed25519"
	"crypto/md5"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/base64"
	"encoding/hex"
	"strings"
)

func digestFunctions() map[string]*function {
	return map[string]*function{
		"digest":         pure(2, 3, digest),
		"base64-decode":  pure(1, 1, base64Decode),
		"extract-signed": pure(2, 2, extractSigned),
	}
}

func digest(c *invocation) Value {
	message, algorithm, encoding := []byte(c.text(0)), strings.ToUpper(c.text(1)), "base64"
	if c.has(2) {
		encoding = strings.ToLower(c.text(2))
	}
	if c.err == nil {
		c.err = c.env.charge(c.at, 16+len(message)/4)
	}
	sum := hash(algorithm, message)
	switch {
	case c.err != nil:
		return Value{}
	case sum == nil:
		return c.fail(CodeValue, "digest() knows MD5, SHA-1, SHA-256, SHA-384 and SHA-512, not “%s”", c.text(1))
	case encoding == "hex":
		return String(hex.EncodeToString(sum))
	case encoding == "base64":
		return String(base64.StdEncoding.EncodeToString(sum))
	}
	return c.fail(CodeValue, "digest() writes hex or base64, not “%s”", encoding)
}

// hash returns nil for an algorithm that is not known.
func hash(algorithm string, message []byte) []byte {
	switch algorithm {
	case "MD5":
		sum := md5.Sum(message)
		return sum[:]
	case "SHA-1":
		sum := sha1.Sum(message)
		return sum[:]
	case "SHA-256":
		sum := sha256.Sum256(message)
		return sum[:]
	case "SHA-384":
		sum := sha512.Sum384(message)
		return sum[:]
	case "SHA-512":
		sum := sha512.Sum512(message)
		return sum[:]
	}
	return nil
}

// decode reads base64, with or without padding, line breaks left out.
func (c *invocation) decode(i int) []byte {
	s := strings.Join(strings.Fields(c.text(i)), "")
	raw, err := base64.RawStdEncoding.DecodeString(strings.TrimRight(s, "="))
	if err != nil {
		c.fail(CodeValue, "argument %d of %s() is not base64", i+1, c.name)
	}
	return raw
}

func base64Decode(c *invocation) Value {
	return c.made(strings.ToValidUTF8(string(c.decode(0)), "\uFFFD"))
}

// extractSigned returns the message behind an Ed25519 signature when the public key made that, and "" otherwise.
func extractSigned(c *invocation) Value {
	contents, key := c.decode(0), c.decode(1)
	if c.err != nil || len(key) != ed25519.PublicKeySize || len(contents) < ed25519.SignatureSize {
		return String("")
	}
	c.err = c.env.charge(c.at, 1000+len(contents)/4)
	message := contents[ed25519.SignatureSize:]
	if !ed25519.Verify(key, message, contents[:ed25519.SignatureSize]) {
		return String("")
	}
	return c.made(strings.ToValidUTF8(string(message), "\uFFFD"))
}
