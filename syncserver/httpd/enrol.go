package httpd

import (
	"encoding/json"
	"net"
	"net/http"
	"sync"
	"time"

	"banlang/shared/enrolment"
	"banlang/shared/fault"
)

// How fast codes are traded, so that nobody holds the register up by trying: a province's devices may come at once.
const (
	EnrolsPerSecond = 20
	EnrolsBurst     = 500
)

// bucket holds what may be done at once, and fills with time.
type bucket struct {
	rate, burst float64 // tokens a second; at most
	mu          sync.Mutex
	tokens      float64
	filled      time.Time
}

func newBucket(rate, burst float64) *bucket {
	return &bucket{rate: rate, burst: burst, tokens: burst, filled: time.Now()}
}

// take takes a token, if there is one.
func (b *bucket) take() bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	now := time.Now()
	b.tokens = min(b.burst, b.tokens+now.Sub(b.filled).Seconds()*b.rate)
	b.filled = now
	if b.tokens < 1 {
		return false
	}
	b.tokens--
	return true
}

// enrol trades a one-time code for an enrolment file, which goes out under the key of the code.
func (s *Server) enrol(w http.ResponseWriter, r *http.Request) {
	refuse := func(status int, code fault.Code) {
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(status)
		_ = json.NewEncoder(w).Encode(enrolment.Refusal{Code: code}) // whoever asked is gone
	}
	if !s.enrols.take() {
		refuse(http.StatusTooManyRequests, fault.Busy)
		return
	}
	var ask enrolment.Ask
	if err := json.NewDecoder(http.MaxBytesReader(w, r.Body, enrolment.MaxAsk)).Decode(&ask); err != nil {
		refuse(http.StatusBadRequest, fault.BadInput)
		return
	}
	from, _, _ := net.SplitHostPort(r.RemoteAddr)
	sealed, err := s.centre.EnrolByCode(r.Context(), &ask, from)
	switch code := fault.CodeOf(err); {
	case err == nil:
		w.Header().Set("Content-Type", "application/octet-stream")
		_, _ = w.Write(sealed) // lost on the way: it is given again
	case code == fault.BadInput || code == fault.EnrolCodeStale || code == fault.EnrolCodeUsed:
		refuse(http.StatusForbidden, code)
	default:
		s.log.Error("no enrolment by code", "code", string(code))
		refuse(http.StatusServiceUnavailable, fault.Busy)
	}
}
