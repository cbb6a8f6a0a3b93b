package httpd

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/hex"
	"encoding/pem"
	"errors"
	"io/fs"
	"math/big"
	"net"
	"os"
	"strings"
	"time"

	"banlang/shared/fault"
	"banlang/shared/wholefile"
)

// How long a certificate made here holds, and how long before its end another is made. Browsers take none for longer.
const (
	certificateTime = 390 * 24 * time.Hour
	certificateRest = 30 * 24 * time.Hour
)

// OwnCertificate reads the certificate in a file, or makes one for a host (a name or an address; "" for this machine's names)
// and keeps it there, with its key, for its owner only; also in place of one that is damaged: the centre is to begin. Browsers do not know who made it: whoever sets one up compares the
// fingerprint, or the centre is given a certificate of an authority that they know.
func OwnCertificate(file, host string, now time.Time) (tls.Certificate, error) {
	const op = "httpd.OwnCertificate"
	names, addresses := namesOf(host)
	data, err := os.ReadFile(file)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return tls.Certificate{}, fault.New(fault.DiskIO, op, err)
	}
	if err == nil {
		c, err := tls.X509KeyPair(data, data)
		if err == nil && c.Leaf.NotAfter.After(now.Add(certificateRest)) && (host == "" || c.Leaf.VerifyHostname(host) == nil) {
			return c, nil
		}
	}
	data, err = newCertificate(names, addresses, now)
	if err != nil {
		return tls.Certificate{}, fault.New(fault.Internal, op, err)
	}
	if err := wholefile.Write(file, data); err != nil {
		return tls.Certificate{}, fault.New(fault.DiskIO, op, err)
	}
	return tls.X509KeyPair(data, data)
}

// namesOf lists what a browser may call the host.
func namesOf(host string) (names []string, addresses []net.IP) {
	names, addresses = []string{"localhost"}, []net.IP{net.IPv4(127, 0, 0, 1), net.IPv6loopback}
	if ip := net.ParseIP(host); ip != nil {
		addresses = append(addresses, ip)
	} else if host != "" {
		names = append(names, host)
	}
	if own, err := os.Hostname(); err == nil && own != host {
		names = append(names, own)
	}
	return names, addresses
}

func newCertificate(names []string, addresses []net.IP, now time.Time) ([]byte, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, err
	}
	t := &x509.Certificate{SerialNumber: big.NewInt(now.UnixNano()), Subject: pkix.Name{CommonName: names[len(names)-1], Organization: []string{"Bản Làng"}},
		DNSNames: names, IPAddresses: addresses, NotBefore: now.Add(-time.Hour), NotAfter: now.Add(certificateTime),
		KeyUsage: x509.KeyUsageDigitalSignature, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth}, BasicConstraintsValid: true}
	der, err := x509.CreateCertificate(rand.Reader, t, t, &key.PublicKey, key)
	if err != nil {
		return nil, err
	}
	secret, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	err = errors.Join(pem.Encode(&b, &pem.Block{Type: "CERTIFICATE", Bytes: der}), pem.Encode(&b, &pem.Block{Type: "PRIVATE KEY", Bytes: secret}))
	return b.Bytes(), err
}

// Fingerprint is the SHA-256 of a certificate as browsers show it: pairs of hexadecimal digits with colons.
func Fingerprint(c tls.Certificate) string {
	sum := sha256.Sum256(c.Certificate[0])
	digits := strings.ToUpper(hex.EncodeToString(sum[:]))
	var pairs []string
	for i := 0; i < len(digits); i += 2 {
		pairs = append(pairs, digits[i:i+2])
	}
	return strings.Join(pairs, ":")
}
