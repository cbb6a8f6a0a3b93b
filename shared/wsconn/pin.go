package wsconn

import (
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/base64"
	"fmt"
	"math/big"
	"time"

	"banlang/shared/fault"
	"banlang/shared/seal"
)

// The centre's key signs its own root certificate, and that signs the certificate of the listener, made anew at each
// start. A notebook pins the root. Times in certificates say nothing: clocks in the field are wrong by years, and
// what ends a key is its successor, signed by it; so both ends compare with a time inside.

// serverName stands in the listener's certificate; addresses change, the key does not.
const serverName = "centre.banlang"

var (
	notBefore = time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC)
	notAfter  = time.Date(2120, 1, 1, 0, 0, 0, 0, time.UTC)
	inside    = time.Date(2070, 1, 1, 0, 0, 0, 0, time.UTC)
)

// Pin is a centre's root certificate, as a notebook keeps it.
type Pin struct{ root *x509.Certificate }

// NewPin makes the root certificate of a centre.
func NewPin(key seal.CentreKey) (*Pin, error) {
	t := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "Bản Làng " + key.Public().String()},
		NotBefore: notBefore, NotAfter: notAfter, IsCA: true, BasicConstraintsValid: true, MaxPathLenZero: true,
		KeyUsage: x509.KeyUsageCertSign}
	der, err := x509.CreateCertificate(rand.Reader, t, t, key.Public().Raw(), key.Signer())
	if err != nil {
		return nil, err
	}
	root, err := x509.ParseCertificate(der)
	return &Pin{root}, err
}

// String is the pin as an enrolment file carries it.
func (p *Pin) String() string { return base64.RawURLEncoding.EncodeToString(p.root.Raw) }

// ParsePin reads Pin.String and checks that it is the pin of this centre's key.
func ParsePin(s string, key seal.CentrePublic) (*Pin, error) {
	der, err := base64.RawURLEncoding.DecodeString(s)
	if err != nil {
		return nil, fault.New(fault.WrongKey, "pin", err)
	}
	root, err := x509.ParseCertificate(der)
	if err != nil {
		return nil, fault.New(fault.WrongKey, "pin", err)
	}
	if k, ok := root.PublicKey.(ed25519.PublicKey); !ok || !k.Equal(key.Raw()) {
		return nil, fault.New(fault.WrongKey, "pin", fmt.Errorf("the certificate is not for %s", key))
	}
	return &Pin{root}, nil
}

func (p *Pin) config() *tls.Config {
	pool := x509.NewCertPool()
	pool.AddCert(p.root)
	return &tls.Config{MinVersion: tls.VersionTLS13, RootCAs: pool, ServerName: serverName,
		Time: func() time.Time { return inside }}
}

// ServerConfig makes the TLS configuration of a listener: a certificate of its own for each start, signed by the centre.
func ServerConfig(key seal.CentreKey, pin *Pin) (*tls.Config, error) {
	k, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, err
	}
	t := &x509.Certificate{SerialNumber: big.NewInt(time.Now().UnixNano()), Subject: pkix.Name{CommonName: serverName},
		DNSNames: []string{serverName}, NotBefore: notBefore, NotAfter: notAfter, KeyUsage: x509.KeyUsageDigitalSignature,
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth}}
	der, err := x509.CreateCertificate(rand.Reader, t, pin.root, &k.PublicKey, key.Signer())
	if err != nil {
		return nil, err
	}
	return &tls.Config{MinVersion: tls.VersionTLS13, NextProtos: []string{"http/1.1"},
		Certificates: []tls.Certificate{{Certificate: [][]byte{der}, PrivateKey: k}}}, nil
}
