package mail_test

import (
	"context"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"vaern/internal/store"
)

func TestTwoSendersSendEachMailOnce(t *testing.T) {
	each(t, func(t *testing.T, s *store.Store, _ *clock, open func() *store.Store) {
		k := listen(t, "plain", nil)
		const n = 180
		for i := range n {
			put(t, s, hello(i))
		}
		nodes := []*store.Store{s, open(), open()}
		var all sync.WaitGroup
		for _, node := range nodes {
			all.Go(func() {
				if _, err := k.sender(node, "smtp", "", "").Pass(t.Context()); err != nil {
					t.Error(err)
				}
			})
		}
		all.Wait()
		ids := k.ids()
		if len(ids) != n || len(slices.Compact(ids)) != n {
			t.Errorf("%d mails arrived, %d different, want %d", len(k.ids()), len(slices.Compact(k.ids())), n)
		}
		holds(t, s, 0, n, 0)
	})
}

// TestASenderWaitsForNoChange holds a mail as a change does that is about to
// withdraw it: a sender that waited for it while it held others could be waited
// for itself. On SQLite there is one writer at a time.
func TestASenderWaitsForNoChange(t *testing.T) {
	each(t, func(t *testing.T, s *store.Store, _ *clock, _ func() *store.Store) {
		if strings.HasSuffix(t.Name(), "/postgres") {
			put(t, s, hello(1), hello(2), hello(3))
			from := listen(t, "starttls", nil).sender(s, "smtp", "", "")
			err := s.Work(t.Context(), func(w *store.Work) error {
				if err := w.Do(`UPDATE work_mail SET path = path WHERE person = 'p2'`, nil); err != nil {
					return err
				}
				soon, end := context.WithTimeout(t.Context(), 20*time.Second)
				defer end()
				n, err := from.Pass(soon)
				if n != 2 {
					t.Errorf("%d of the two that nobody holds were sent", n)
				}
				return err
			})
			if err != nil {
				t.Error(err)
			}
			if n, err := from.Pass(t.Context()); n != 1 || err != nil {
				t.Errorf("of the one that was held, %d were sent afterwards: %v", n, err)
			}
		}
	})
}

func TestWhatAKilledSenderHadClaimedIsSentByAnother(t *testing.T) {
	each(t, func(t *testing.T, s *store.Store, c *clock, open func() *store.Store) {
		hang, reached := make(chan struct{}), make(chan struct{}, 10)
		slow := listen(t, "plain", func(k *sink) { k.rcpt = func(string) error { reached <- struct{}{}; <-hang; return nil } })
		put(t, s, hello(1), hello(2))
		dying, stop := context.WithCancel(t.Context())
		dead := make(chan error, 1)
		first := slow.sender(open(), "smtp", "", "")
		go func() { _, err := first.Pass(dying); dead <- err }()
		select {
		case <-reached: // it has claimed both and is in the middle of the first
		case err := <-dead:
			t.Fatal(err)
		}
		k := listen(t, "plain", nil)
		from := k.sender(s, "smtp", "", "")
		if n, err := from.Pass(t.Context()); err != nil || n != 0 {
			t.Errorf("%d sent that another is sending: %v", n, err)
		}
		c.forward(11 * time.Minute) // nothing was heard of it
		if n, err := from.Pass(t.Context()); err != nil || n != 2 {
			t.Errorf("%d of a dead sender's mails sent, want 2: %v", n, err)
		}
		stop()
		close(hang)
		<-dead
		holds(t, s, 0, 2, 0)
		if late := slow.ids(); len(late) > 1 || len(late) == 1 && !slices.Contains(k.ids(), late[0]) {
			t.Errorf("what the first sender sent after all has another id: %v", late)
		}
	})
}

func TestWhoseClaimHasEndedSendsNoMoreOfIt(t *testing.T) {
	each(t, func(t *testing.T, s *store.Store, c *clock, open func() *store.Store) {
		hang, reached := make(chan struct{}), make(chan struct{}, 10)
		slow := listen(t, "plain", func(k *sink) { k.rcpt = func(string) error { reached <- struct{}{}; <-hang; return nil } })
		put(t, s, hello(1), hello(2), hello(3))
		late := make(chan error, 1)
		first := slow.sender(open(), "smtp", "", "")
		go func() { _, err := first.Pass(t.Context()); late <- err }()
		select {
		case <-reached: // it has claimed all three and is in the middle of the first
		case err := <-late:
			t.Fatal(err)
		}
		c.forward(11 * time.Minute)
		k := listen(t, "plain", nil)
		if n, err := k.sender(s, "smtp", "", "").Pass(t.Context()); err != nil || n != 3 {
			t.Errorf("%d sent, want 3: %v", n, err)
		}
		close(hang)
		if err := <-late; err != nil {
			t.Error(err)
		}
		if ids := slow.ids(); len(ids) != 1 {
			t.Errorf("who was late sent %d that another had sent, want only the one under way", len(ids))
		}
		holds(t, s, 0, 3, 0)
	})
}
