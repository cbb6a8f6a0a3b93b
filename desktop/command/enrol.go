package command

import (
	"bytes"
	"context"
	"crypto/tls"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"io/fs"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"syscall"
	"time"

	"banlang/shared/enrolment"
	"banlang/shared/fault"
	"banlang/shared/form"
	"banlang/shared/wholefile"
)

// enrol makes the notebook of this machine from the centre's file, or trades a one-time code for that. The same device's file
// again takes over the centre's new address or ticket; the key stays.
func (c *Command) enrol(ctx context.Context, args []string) error {
	var typed, address string
	rest, err := c.parse(args, func(f *flag.FlagSet) {
		f.StringVar(&typed, "code", "", "")
		f.StringVar(&address, "centre", "", "")
	})
	if err != nil {
		return err
	}
	var f *enrolment.File
	switch {
	case len(rest) == 1 && typed == "":
		f, err = c.enrolByFile(ctx, rest[0])
	case len(rest) == 0 && typed != "" && address != "":
		f, err = c.enrolByCode(ctx, typed, address)
	default:
		err = c.usage(form.Text{VI: "Cần một tệp đăng ký: desktop enrol FILE, hoặc mã: desktop enrol --code MÃ --centre HOST:PORT",
			EN: "One enrolment file is needed: desktop enrol FILE, or a code: desktop enrol --code CODE --centre HOST:PORT"})
	}
	if err != nil {
		return err
	}
	c.say(form.Text{
		VI: "Máy này nay là máy %d, %s. Sổ: %s. Ghi được ngay; sẽ gửi khi có mạng.\nMở cửa sổ và đặt mật khẩu cho người dùng đầu tiên: từ lúc đó sổ được mã hóa trên đĩa.",
		EN: "This machine is now machine %d, %s. Notebook: %s. You can write at once; it is sent when there is a network.\nOpen the window and set the passphrase of the first officer: from then on the notebook is encrypted on the disk.",
	}, f.Replica, f.Name, c.path())
	return nil
}

// enrolByFile does what a file of the centre says. One that is none is fault.EnrolFile.
func (c *Command) enrolByFile(ctx context.Context, path string) (*enrolment.File, error) {
	text, err := readBounded(path, enrolment.MaxBytes+1)
	if err != nil {
		return nil, err
	}
	if f, ok := enrolment.ParseCodeFile(text); ok {
		return c.enrolByCode(ctx, f.Code, f.Address)
	}
	if _, err := enrolment.Parse(text); err != nil {
		return nil, fault.New(fault.EnrolFile, "enrol", err)
	}
	return c.enrolWith(ctx, text)
}

// enrolWith makes the notebook from what stands in an enrolment file.
func (c *Command) enrolWith(ctx context.Context, text []byte) (*enrolment.File, error) {
	f, err := enrolment.Parse(text)
	if err != nil {
		return nil, err
	}
	if err := os.MkdirAll(c.dir, 0o700); err != nil {
		return nil, fault.New(fault.DiskIO, "enrol", err)
	}
	return f, c.settleIn(ctx, f, text)
}

// enrolByCode trades a code. The claim is on the disk before it is sent, so that an answer that is lost, by the link or by a
// power cut, is had again; it goes when the notebook is enrolled.
func (c *Command) enrolByCode(ctx context.Context, typed, address string) (*enrolment.File, error) {
	const op = "enrol"
	code, err := enrolment.ParseCode(typed)
	if err != nil {
		return nil, err
	}
	if _, port, err := net.SplitHostPort(address); err != nil || port == "" {
		return nil, fault.New(fault.BadInput, op, fmt.Errorf("the address %q", address))
	}
	if err := os.MkdirAll(c.dir, 0o700); err != nil {
		return nil, fault.New(fault.DiskIO, op, err)
	}
	claim, err := c.claim()
	if err != nil {
		return nil, err
	}
	text, err := c.trade(ctx, code, claim, address)
	if err != nil {
		return nil, err
	}
	f, err := enrolment.Parse(text)
	if err != nil {
		return nil, err
	}
	f.Address = address // that was dialled when it was answered, and not when it was first asked
	if text, err = f.Encode(); err != nil {
		return nil, fault.New(fault.Internal, op, err)
	}
	if f, err = c.enrolWith(ctx, text); err != nil {
		return nil, err
	}
	if err := os.Remove(c.claimPath()); err != nil {
		return nil, fault.New(fault.DiskIO, op, err)
	}
	return f, nil
}

func (c *Command) claimPath() string { return filepath.Join(c.dir, "ma-dang-ky.json") }

// kept is a claim on the disk. It is no secret.
type kept struct {
	Claim []byte `json:"claim"`
}

// claim is the claim of this machine that was kept, or a new one that is kept from now on: one for whatever codes are tried, so
// that a code whose answer was lost is good here still after somebody has tried another.
func (c *Command) claim() ([]byte, error) {
	const op = "enrol"
	var k kept
	b, err := os.ReadFile(c.claimPath())
	switch {
	case err == nil && json.Unmarshal(b, &k) == nil && len(k.Claim) > 0:
		return k.Claim, nil
	case err != nil && !errors.Is(err, fs.ErrNotExist):
		return nil, fault.New(fault.DiskIO, op, err)
	}
	if k.Claim, err = enrolment.NewClaim(); err != nil {
		return nil, fault.New(fault.Internal, op, err)
	}
	if b, err = json.Marshal(k); err != nil {
		return nil, fault.New(fault.Internal, op, err)
	}
	if err := wholefile.Write(c.claimPath(), b); err != nil {
		return nil, fault.New(fault.DiskIO, op, err)
	}
	return k.Claim, nil
}

// Bounds of a trade over a bad link.
const (
	tradeTime = 2 * time.Minute // the whole of it
	dialTime  = 30 * time.Second
)

// trade asks whoever answers at an address for the enrolment file. The machine cannot tell yet whether that is the centre: it is
// told by the answer, which only who made the code can have written.
func (c *Command) trade(ctx context.Context, code enrolment.Code, claim []byte, address string) ([]byte, error) {
	const op = "enrol"
	ctx, cancel := context.WithTimeout(ctx, tradeTime)
	defer cancel()
	ask := enrolment.NewAsk(code, claim, address)
	body, err := json.Marshal(ask)
	if err != nil {
		return nil, fault.New(fault.Internal, op, err)
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, "https://"+address+enrolment.Path, bytes.NewReader(body))
	if err != nil {
		return nil, fault.New(fault.BadInput, op, err)
	}
	r.Header.Set("Content-Type", "application/json")
	anybody := &tls.Config{MinVersion: tls.VersionTLS13, InsecureSkipVerify: true} //nolint:gosec // the answer proves itself
	dial := (&net.Dialer{Timeout: dialTime}).DialContext
	client := &http.Client{Transport: &http.Transport{TLSClientConfig: anybody, DisableKeepAlives: true, DialContext: dial},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	resp, err := client.Do(r)
	if err != nil {
		return nil, fault.New(c.unanswered(err), op, err)
	}
	defer resp.Body.Close()
	answer, err := io.ReadAll(io.LimitReader(resp.Body, enrolment.MaxAnswer))
	if err != nil {
		return nil, fault.New(fault.EnrolNoAnswer, op, err)
	}
	if resp.StatusCode != http.StatusOK {
		var no enrolment.Refusal
		if json.Unmarshal(answer, &no) != nil || no.Code != fault.EnrolCodeStale && no.Code != fault.EnrolCodeUsed && no.Code != fault.BadInput && no.Code != fault.Busy {
			no.Code = fault.EnrolForged // no answer of a centre
		}
		return nil, fault.New(no.Code, op, fmt.Errorf("refused: %s", resp.Status))
	}
	return ask.Open(code.Key(), answer)
}

// unanswered says why a request came to nothing: something is there that speaks otherwise than a centre, or nobody answers, or the
// machine has no network at all.
func (c *Command) unanswered(err error) fault.Code {
	var plain tls.RecordHeaderError
	var alert tls.AlertError
	switch {
	case errors.As(err, &plain), errors.As(err, &alert), errors.Is(err, http.ErrSchemeMismatch):
		return fault.EnrolForged
	case errors.Is(err, syscall.ENETUNREACH), !c.online():
		return fault.EnrolOffline
	}
	return fault.EnrolNoAnswer
}

// online reports whether the machine has an address by which it may reach others. One that cannot be asked is taken to have.
func (c *Command) online() bool {
	ask := c.Addresses
	if ask == nil {
		ask = net.InterfaceAddrs
	}
	all, err := ask()
	return err != nil || slices.ContainsFunc(all, func(a net.Addr) bool {
		n, ok := a.(*net.IPNet)
		return ok && n.IP.IsGlobalUnicast()
	})
}
