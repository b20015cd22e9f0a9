package app

import (
	"net/http/httptest"
	"strings"
	"testing"
)

// TestProxyOnThisMachineHandsOnNoMetrics asks as a proxy does that stands on
// the same machine and speaks for the whole world.
func TestProxyOnThisMachineHandsOnNoMetrics(t *testing.T) {
	for head, want := range map[string]bool{
		"": true, "Accept": true, "X-Forwarded-For": false, "X-Real-IP": false, "Forwarded": false, "Via": false,
	} {
		r := httptest.NewRequest("GET", "/metrics", nil)
		r.RemoteAddr = "127.0.0.1:4711"
		if head != "" {
			r.Header.Set(head, "192.0.2.7")
		}
		if got := local(r); got != want {
			t.Errorf("with %q: got %v, want %v", head, got, want)
		}
	}
}

func TestRequestsAreCountedByRouteNotByAddress(t *testing.T) {
	each(t, func(t *testing.T, in *town) {
		site, _ := (&serve{MetricsOpen: true}).site(in)
		get := func(path string) string {
			w := httptest.NewRecorder()
			site.ServeHTTP(w, httptest.NewRequest("GET", path, nil))
			return w.Body.String()
		}
		get("/person/en-hemmelig")
		get("/sign-in")
		get("/findes-ikke")
		counts := get("/metrics")
		for _, want := range []string{
			`vaern_request_seconds_count{route="GET /person/{id}",status="303"} 1`,
			`vaern_request_seconds_count{route="GET /sign-in",status="200"} 1`,
			`vaern_request_seconds_bucket{route="GET /sign-in",status="200",le="+Inf"} 1`,
		} {
			if !strings.Contains(counts, want) {
				t.Errorf("%s is not among\n%s", want, requestLines(counts))
			}
		}
		if strings.Contains(counts, "hemmelig") || strings.Contains(counts, "findes-ikke") {
			t.Errorf("an address that was asked for is among\n%s", requestLines(counts))
		}
	})
}

// requestLines are the counts of requests among all that is measured.
func requestLines(all string) string {
	var out []string
	for line := range strings.Lines(all) {
		if strings.HasPrefix(line, "vaern_request_seconds_count") {
			out = append(out, line)
		}
	}
	return strings.Join(out, "")
}
