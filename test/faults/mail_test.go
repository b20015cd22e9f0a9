package faults

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"
)

// TestMailServerGoneAndBack lets mail be written while the mail server is gone:
// it waits, the page says why, and it is sent once when the server is there.
func TestMailServerGoneAndBack(t *testing.T) {
	t.Parallel()
	homes(t, func(t *testing.T, h *home) {
		box := newPostbox(t)
		s := h.settle(box.args()...)
		write := func() {
			a, _, err := s.b.post("/mail/try", url.Values{})
			must(t, err)
			if a.status != http.StatusOK {
				t.Fatalf("a test mail: %d %s", a.status, a.body)
			}
		}
		says := func(what string) bool {
			a, err := s.b.get("/mail")
			must(t, err)
			return strings.Contains(a.body, what)
		}
		sent := func() int {
			mails, deliveries := box.count()
			if mails != deliveries {
				t.Errorf("%d mails came in %d deliveries", mails, deliveries)
			}
			return mails
		}
		write()
		soon(t, 30*time.Second, "the first mail arrives", func() bool { return sent() == 1 && says("Mail når frem til serveren") })
		box.close()
		write()
		write()
		soon(t, 30*time.Second, "the page says that the server takes nothing", func() bool { return says("Mailserveren tager ikke imod") })
		if !says("Mailene venter og bliver sendt, så snart det lykkes") {
			t.Error("the page does not say what becomes of the mails")
		}
		if n := sent(); n != 1 {
			t.Errorf("%d mails arrived where there is no server", n)
		}
		box.open(t, box.at)
		took := soon(t, time.Minute, "what waited arrives", func() bool { return sent() == 3 && says("Mail når frem til serveren") })
		t.Logf("all is sent %v after the server is back", took.Round(time.Millisecond))
		s.n.stop()
		if n := sent(); n != 3 {
			t.Errorf("%d mails arrived, want 3", n)
		}
		h.verify()
	})
}
