package httpd

import (
	"context"
	"net/http"
	"runtime"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"banlang/syncserver/centre"
)

// metricsAge is how old the figures of a scrape may be, so that scraping costs little however often it is done.
const metricsAge = time.Second

// collector turns the figures of the centre and the listener into metrics. None has a label that could name anybody.
type collector struct {
	s    *Server
	mu   sync.Mutex
	at   time.Time
	last centre.Vitals
	ok   bool
}

var _ prometheus.Collector = (*collector)(nil)

// metrics is the page in Prometheus' text format. It has a register of its own.
func (s *Server) metrics() http.Handler {
	r := prometheus.NewRegistry()
	r.MustRegister(&collector{s: s})
	return promhttp.HandlerFor(r, promhttp.HandlerOpts{MaxRequestsInFlight: 2, Timeout: healthTime, DisableCompression: true})
}

func describe(name, help string, labels ...string) *prometheus.Desc {
	return prometheus.NewDesc("banlang_"+name, help, labels, nil)
}

// The metrics. Seconds, bytes and changes are plain numbers of these units; totals count since the start.
var (
	descUp        = describe("up", "1 when the centre can commit, as far as it knows")
	descSessions  = describe("sessions_open", "notebooks connected now")
	descBegun     = describe("sessions_total", "connections of notebooks")
	descHellos    = describe("hellos_total", "greetings judged")
	descRefused   = describe("hellos_refused_total", "greetings refused")
	descCommits   = describe("commit_batches_total", "group commits")
	descJobs      = describe("commit_jobs_total", "jobs that shared them")
	descPushed    = describe("pushed_changes_total", "changes that came in pushes, known ones included; and other jobs")
	descPages     = describe("pages_total", "pages sent")
	descPaged     = describe("paged_changes_total", "changes sent in pages")
	descCommit    = describe("commit_seconds", "how long durable transactions took")
	descLatest    = describe("commit_latest_seconds", "how long the latest group commit took")
	descFailures  = describe("commit_failures_total", "transactions that failed at the store")
	descAge       = describe("commit_age_seconds", "since the latest transaction")
	descAlarms    = describe("alarms", "things that a person must look at, since the start")
	descWaiting   = describe("waiting_changes", "changes that cannot be judged yet (counted up to 10,000)")
	descBehind    = describe("views_behind_places", "places of the log that figures and lists lack")
	descBehindFor = describe("views_behind_seconds", "since the first change came that they lack")
	descEnd       = describe("log_end", "last place of the log")
	descEpoch     = describe("log_epoch", "number of the present epoch")
	descConns     = describe("connections_open", "open connections of the listener")
	descTaken     = describe("connections_total", "connections taken on")
	descShed      = describe("connections_shed_total", "connections closed at once, above a limit")
	descMishaps   = describe("requests_failed_total", "handshakes and requests that failed")
	descPanics    = describe("panics_total", "mistakes of the program in a request")
	descWire      = describe("wire_bytes_total", "bytes over websockets of ended sessions, packed", "direction")
	descGoroutine = describe("goroutines", "goroutines of the program")
)

// Describe implements prometheus.Collector.
func (c *collector) Describe(ch chan<- *prometheus.Desc) {
	for _, d := range []*prometheus.Desc{descUp, descSessions, descBegun, descHellos, descRefused, descCommits, descJobs, descPushed,
		descPages, descPaged, descCommit, descLatest, descFailures, descAge, descAlarms, descWaiting, descBehind, descBehindFor, descEnd, descEpoch, descConns,
		descTaken, descShed, descMishaps, descPanics, descWire, descGoroutine} {
		ch <- d
	}
}

// vitals are at most metricsAge old; ok is false when they could not be read.
func (c *collector) vitals() (centre.Vitals, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if time.Since(c.at) > metricsAge {
		ctx, cancel := context.WithTimeout(context.Background(), healthTime)
		defer cancel()
		v, err := c.s.centre.Vitals(ctx)
		c.last, c.ok, c.at = v, err == nil, time.Now()
	}
	return c.last, c.ok
}

// Collect implements prometheus.Collector.
func (c *collector) Collect(ch chan<- prometheus.Metric) {
	gauge := func(d *prometheus.Desc, v float64, labels ...string) {
		ch <- prometheus.MustNewConstMetric(d, prometheus.GaugeValue, v, labels...)
	}
	count := func(d *prometheus.Desc, v uint64, labels ...string) {
		ch <- prometheus.MustNewConstMetric(d, prometheus.CounterValue, float64(v), labels...)
	}
	v, ok := c.vitals()
	up := 0.0
	if ok && v.Healthy() {
		up = 1
	}
	gauge(descUp, up)
	if ok {
		gauge(descWaiting, float64(v.Waiting))
		gauge(descEnd, float64(v.End))
		gauge(descBehind, float64(v.Behind))
		gauge(descBehindFor, v.BehindFor.Seconds())
	}
	gauge(descEpoch, float64(v.Epoch.Number))
	gauge(descAlarms, float64(v.Alarms))
	gauge(descSessions, float64(v.Hub.OpenSessions))
	count(descBegun, v.Hub.Sessions)
	count(descHellos, v.Hub.Hellos)
	count(descRefused, v.Hub.Refused)
	count(descCommits, v.Hub.Commits)
	count(descJobs, v.Hub.Jobs)
	count(descPushed, v.Hub.Changes)
	count(descPages, v.Hub.Pages)
	count(descPaged, v.Hub.PagedChanges)
	gauge(descLatest, v.Hub.CommitLatest)
	count(descFailures, v.Failures)
	if !v.LastCommit.IsZero() {
		gauge(descAge, time.Since(v.LastCommit).Seconds())
	}
	ch <- histogram(v.Commits)
	s := c.s
	gauge(descConns, float64(s.listener.count()))
	count(descTaken, s.listener.taken.Load())
	count(descShed, s.listener.shed.Load())
	count(descMishaps, s.mishaps.Load())
	count(descPanics, s.panics.Load())
	count(descWire, uint64(s.in.Load()), "in")
	count(descWire, uint64(s.out.Load()), "out")
	gauge(descGoroutine, float64(runtime.NumGoroutine()))
}

func histogram(t centre.CommitTimes) prometheus.Metric {
	within := make(map[float64]uint64, len(centre.CommitBounds))
	for i, bound := range centre.CommitBounds {
		within[bound] = t.Within[i]
	}
	return prometheus.MustNewConstHistogram(descCommit, t.Count, t.Seconds, within)
}

// mishapsLog takes what net/http would log: texts that hold addresses. They are counted.
type mishapsLog struct{ s *Server }

// Write implements io.Writer.
func (m mishapsLog) Write(b []byte) (int, error) {
	m.s.mishaps.Add(1)
	return len(b), nil
}
