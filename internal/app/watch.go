package app

import (
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"regexp"
	"time"

	"github.com/VictoriaMetrics/metrics"
)

// Bodies are bounded before anything reads them.
const (
	largestForm   = 2 << 20
	largestUpload = 21 << 20
)

// largeRoute are the addresses that take files.
var largeRoute = regexp.MustCompile(`/import(/|$)|^/on/[a-z_]+/[^/]+/file$`)

// watched adds what an administrator needs around the site: health, metrics, a
// line in the log for each request, and bounds. The log holds no personal
// data: the route's pattern, never the address that was asked for.
func (c *serve) watched(t *town, site http.Handler) http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, r *http.Request) { fmt.Fprintln(w, "ok") })
	mux.HandleFunc("GET /readyz", func(w http.ResponseWriter, r *http.Request) {
		if err := t.Ready(r.Context()); err != nil {
			http.Error(w, "the database does not answer", http.StatusServiceUnavailable)
			return
		}
		fmt.Fprintln(w, "ready")
	})
	mux.HandleFunc("GET /metrics", func(w http.ResponseWriter, r *http.Request) {
		if !c.MetricsOpen && !local(r) {
			http.NotFound(w, r)
			return
		}
		t.meters.WritePrometheus(w)
		metrics.WriteProcessMetrics(w)
	})
	mux.Handle("/", http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		most := int64(largestForm)
		if largeRoute.MatchString(r.URL.Path) {
			most = largestUpload
		}
		r.Body = http.MaxBytesReader(w, r.Body, most)
		begun := now()
		seen := &witness{ResponseWriter: w, status: http.StatusOK}
		site.ServeHTTP(seen, r)
		took := now().Sub(begun)
		route := r.Pattern
		if route == "" {
			route = "none"
		}
		t.meters.request(route, seen.status, took)
		slog.Info("request", "route", route, "status", seen.status, "ms", took.Round(time.Millisecond).Milliseconds(), "request", w.Header().Get("X-Request-Id"))
	}))
	return mux
}

// local reports whether this machine itself asks. What a proxy on it hands on
// comes from elsewhere.
func local(r *http.Request) bool {
	for _, handed := range []string{"X-Forwarded-For", "X-Forwarded-Host", "X-Real-Ip", "Forwarded", "Via"} {
		if r.Header.Get(handed) != "" {
			return false
		}
	}
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		return false
	}
	addr, err := netip.ParseAddr(host)
	return err == nil && addr.IsLoopback()
}

// witness sees the status of an answer.
type witness struct {
	http.ResponseWriter
	status int
}

func (w *witness) WriteHeader(code int) {
	w.status = code
	w.ResponseWriter.WriteHeader(code)
}

// Unwrap lets the standard library find what the writer can do.
func (w *witness) Unwrap() http.ResponseWriter { return w.ResponseWriter }
