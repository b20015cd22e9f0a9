package webhook

import (
	"context"
	"crypto/rand"
	"crypto/tls"
	"errors"
	"net/http"
	"net/netip"
	"sync"

	"vaern/internal/module"
	"vaern/internal/store"
)

// Sender follows the ledger for every webhook, in order, and sends what it
// finds. Several may run side by side: one at a time sends for a webhook, so an
// act is told twice only after a crash, under the same id.
type Sender struct {
	store *store.Store
	node  string
	open  map[string]bool // the kinds that may be told of
	http  *http.Client

	// Sent is told of each delivery that was tried, and whether it arrived.
	Sent func(arrived bool)

	mu   sync.Mutex
	busy map[string]bool // webhooks that this node is sending for
}

// NewSender returns a sender that tells of the records of some modules. allowed
// are networks that are not on the internet and may be sent to all the same;
// trust is nil for the certificates that the machine trusts.
func NewSender(s *store.Store, mods []module.Module, allowed []netip.Prefix, trust *tls.Config) *Sender {
	open := map[string]bool{}
	for _, m := range mods {
		open[m.Name] = !m.Closed && !m.Sensitive && !m.Hangs // what hangs on a record may hang on a closed one
	}
	return &Sender{store: s, node: rand.Text(), open: open, busy: map[string]bool{}, http: client(allowed, trust)}
}

// Send sends what there is to send now and returns when it is sent, or has to
// wait. It may be called again meanwhile, so that no webhook waits for another
// that is slow.
func (d *Sender) Send(ctx context.Context) error {
	all, err := targets(ctx, d.store)
	if err != nil {
		return err
	}
	var sending sync.WaitGroup
	faults := make([]error, len(all))
	for i, t := range all {
		if !d.begin(t.ID) {
			continue
		}
		sending.Go(func() {
			defer d.end(t.ID)
			mine, err := t.claim(ctx, d.store, d.node)
			if err == nil && mine {
				err = errors.Join(d.follow(ctx, t), t.release(ctx, d.store, d.node))
			}
			faults[i] = err
		})
	}
	sending.Wait()
	return errors.Join(faults...)
}

func (d *Sender) begin(id string) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	was := d.busy[id]
	d.busy[id] = true
	return !was
}

func (d *Sender) end(id string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	delete(d.busy, id)
}

// follow sends one webhook's messages in order, until one fails or all are sent.
func (d *Sender) follow(ctx context.Context, t *target) error {
	if t.test != "" {
		if err := d.test(ctx, t); err != nil {
			return err
		}
	}
	for t.stopped == "" && !t.waits(d.store.Clock()) && ctx.Err() == nil {
		next, err := leaves(ctx, d.store, t.cursor)
		if err != nil || len(next) == 0 {
			return err
		}
		for i := range next {
			m, err := messageOf(t.ID, &next[i])
			if err != nil {
				return err
			}
			if !d.open[m.Kind] || !t.wants(m.Verb, m.Kind) {
				continue
			}
			if err := t.passed(ctx, d.store, m.Seq); err != nil { // a crash begins here again
				return err
			}
			if mine, err := t.claim(ctx, d.store, d.node); err != nil || !mine {
				return err
			}
			o := send(ctx, d.http, t, m, d.store.Clock())
			if ctx.Err() != nil {
				return ctx.Err() // the program ends: it was no try
			}
			if d.Sent != nil {
				d.Sent(o.arrived)
			}
			if err := t.note(ctx, d.store, m, o); err != nil || !o.arrived {
				return err
			}
		}
		if err := t.passed(ctx, d.store, next[len(next)-1].Seq+1); err != nil {
			return err
		}
	}
	return ctx.Err()
}

func (d *Sender) now() string { return d.store.Clock().UTC().Format(store.Time) }

// test sends the message that somebody asked for on the page.
func (d *Sender) test(ctx context.Context, t *target) error {
	m := &Message{Type: "webhook.test", Timestamp: d.now(), Seq: -1, At: d.now(), Verb: "webhook.test", Kind: "webhook", ID: t.ID, Actor: "machine:webhook", id: "msg_test_" + t.test}
	o := send(ctx, d.http, t, m, d.store.Clock())
	if err := t.note(ctx, d.store, m, o); err != nil {
		return err
	}
	return d.store.Work(ctx, func(w *store.Work) error {
		return w.Do(`UPDATE work_webhook SET test = '' WHERE id = :id AND test = :test`, store.Args{"id": t.ID, "test": t.test})
	})
}
