package console

import (
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/klauspost/compress/gzhttp"

	"banlang/shared/fault"
	"banlang/syncserver/centre"
)

// TestAFileIsWholeOrCut: what fails before the first byte is said on a page; what fails later cuts the line, so that no browser takes
// the beginning of a file for all of it.
func TestAFileIsWholeOrCut(t *testing.T) {
	pages, err := parsePages()
	if err != nil {
		t.Fatal(err)
	}
	c := &Console{Parts: Parts{Centre: new(centre.Centre), Log: slog.New(slog.DiscardHandler)}, pages: pages}
	broken := fault.New(fault.DiskIO, "test", errors.New("no more"))
	for _, x := range []struct {
		written int
		err     error
		whole   bool
		status  int // of what comes whole
	}{{1 << 20, nil, true, http.StatusOK}, {0, broken, true, http.StatusInternalServerError}, {1 << 20, broken, false, 0}} {
		server := httptest.NewServer(gzhttp.GzipHandler(c.serve(&route{open: true, do: func(q *Request) error {
			return q.download("tệp", "csv", func(w io.Writer) error {
				if x.written == 0 {
					return x.err
				}
				_, err := io.WriteString(w, strings.Repeat("a", x.written))
				return errors.Join(err, x.err)
			})
		}})))
		status, n, err := fetch(t, server)
		if (err == nil) != x.whole || x.whole && status != x.status || x.err == nil && n != x.written {
			t.Errorf("%d bytes and %v: %d, %d bytes, %v", x.written, x.err, status, n, err)
		}
		server.Close()
	}
}

// fetch takes everything that a server gives; the error says that it was cut.
func fetch(t *testing.T, server *httptest.Server) (status, n int, err error) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, server.URL, nil)
	if err != nil {
		t.Fatal(err)
	}
	answer, err := server.Client().Do(r)
	if err != nil {
		return 0, 0, err
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	return answer.StatusCode, len(body), err
}
