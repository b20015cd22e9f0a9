package webhook

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"vaern/internal/access"
	"vaern/internal/ledger"
	"vaern/internal/module"
	"vaern/internal/people"
	"vaern/internal/record"
	"vaern/internal/store"
	"vaern/internal/store/storetest"
	"vaern/internal/web"
)

var loopback = []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}

// receiver is a real server that takes messages, and what it got.
type receiver struct {
	*httptest.Server
	mu     sync.Mutex
	got    []Message
	ids    []string
	status atomic.Int64
	key    string
	t      *testing.T
}

func (r *receiver) ServeHTTP(w http.ResponseWriter, q *http.Request) {
	body, _ := io.ReadAll(q.Body)
	id, at := q.Header.Get("webhook-id"), q.Header.Get("webhook-timestamp")
	want, err := sign(r.key, id, at, body)
	if err != nil || q.Header.Get("webhook-signature") != want {
		r.t.Errorf("the signature is %q, want %q", q.Header.Get("webhook-signature"), want)
	}
	var m Message
	if err := json.Unmarshal(body, &m); err != nil {
		r.t.Error(err)
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.ids = append(r.ids, id)
	code := int(r.status.Load())
	if code == 302 {
		w.Header().Set("Location", "/elsewhere")
	}
	if code < 300 {
		r.got = append(r.got, m)
	}
	w.WriteHeader(code)
}

func (r *receiver) verbs() (out []string) {
	for _, m := range r.got {
		out = append(out, m.Verb)
	}
	return out
}

// post is a municipality with one webhook and a clock that a test moves.
type post struct {
	*testing.T
	s    *store.Store
	now  atomic.Int64
	to   *receiver
	ctx  context.Context
	hook Webhook
	mods []module.Module
	n    int
}

func each(t *testing.T, events string, fn func(*post)) {
	for _, at := range storetest.URLs(t) {
		p := &post{T: t, to: &receiver{key: newKey(), t: t}}
		p.now.Store(storetest.Now.UnixMicro())
		p.to.status.Store(204)
		p.to.Server = httptest.NewTLSServer(p.to)
		t.Cleanup(p.to.Close)
		p.mods = []module.Module{Module(), {Name: "unit"}, {Name: "body", Closed: true}, {Name: "position", Sensitive: true}, {Name: "person", Hangs: true}}
		s, err := store.Open(t.Context(), at, func() time.Time { return time.UnixMicro(p.now.Add(1)) }, module.Schemas(p.mods[:1])...)
		p.must(err)
		t.Cleanup(func() { s.Close() })
		p.s = s
		p.must(s.Begin(t.Context(), ledger.NewOrigin(true)))
		p.ctx = access.With(t.Context(), access.Machine("test", "test"))
		p.change("test.begin", func(w *store.Write) error {
			if err := people.FoundTop(w); err != nil {
				return err
			}
			top := people.Unit{Head: record.Head{ID: people.Top, Unit: people.Top}, Number: "1", Name: "By", Kind: "municipality"}
			return people.Units.Add(w, &top)
		})
		p.hook = Webhook{Head: record.Head{Unit: people.Top}, Title: "Sagssystem", URL: p.to.URL, Events: events, Active: true}
		p.change("webhook.create", func(w *store.Write) error { return Webhooks.Add(w, &p.hook) })
		p.must(s.Work(p.ctx, func(w *store.Work) error {
			return w.Do(`UPDATE work_webhook SET key_secret = :key WHERE id = :id`, store.Args{"key": p.to.key, "id": p.hook.ID})
		}))
		p.must(p.sender(loopback).Send(p.ctx)) // that it was made is told, where it is asked for
		p.to.got, p.to.ids = nil, nil
		fn(p)
		storetest.Verify(t, s)
	}
}

func (p *post) must(err error) {
	p.Helper()
	if err != nil {
		p.Fatal(err)
	}
}

func (p *post) change(verb string, fn func(*store.Write) error) {
	p.Helper()
	p.must(p.s.Change(p.ctx, store.Intent{Verb: verb, Need: "test"}, fn))
}

// unit makes a unit under a verb.
func (p *post) unit(verb string) {
	p.Helper()
	p.n++
	u := people.Unit{Head: record.Head{Unit: people.Top}, Number: fmt.Sprint("u", p.n), Name: fmt.Sprint("Enhed ", p.n), Kind: "department"}
	p.change(verb, func(w *store.Write) error { return people.Units.Add(w, &u) })
}

func (p *post) sender(allowed []netip.Prefix) *Sender {
	pool := x509.NewCertPool()
	pool.AddCert(p.to.Certificate())
	return NewSender(p.s, p.mods, allowed, &tls.Config{RootCAs: pool})
}

func (p *post) wait(d time.Duration) { p.now.Add(d.Microseconds()) }

func (p *post) want(verbs ...string) {
	p.Helper()
	if got := p.to.verbs(); !slices.Equal(got, verbs) {
		p.Errorf("told of %v, want %v", got, verbs)
	}
}

func (p *post) state() (stopped, failing string) {
	p.must(p.s.Peek(p.ctx, func(q *store.Read) error {
		return q.Row(`SELECT stopped, failing FROM work_webhook`, nil, &stopped, &failing)
	}))
	return stopped, failing
}

func TestWhatHappensIsToldInOrderAndSigned(t *testing.T) {
	each(t, "", func(p *post) {
		for i := range 7 {
			p.unit(fmt.Sprintf("unit.act%c", 'a'+i))
		}
		p.must(p.sender(loopback).Send(p.ctx))
		p.want("unit.acta", "unit.actb", "unit.actc", "unit.actd", "unit.acte", "unit.actf", "unit.actg")
		m := p.to.got[0]
		if m.Type != "unit.acta" || m.Kind != "unit" || m.ID == "" || m.Actor != "machine:test" || m.Seq == 0 || m.At != m.Timestamp {
			p.Errorf("it is told as %+v", m)
		}
		p.must(p.sender(loopback).Send(p.ctx))
		if len(p.to.ids) != 7 {
			p.Errorf("%d messages were sent", len(p.to.ids))
		}
	})
}

func TestOnlyWhatIsAskedForAndNothingConfidentialIsTold(t *testing.T) {
	each(t, "unit.* body.* position.* person.* other.thing", func(p *post) {
		p.change("body.create", func(w *store.Write) error {
			return people.Bodies.Add(w, &people.Body{Head: record.Head{Unit: people.Top}, Name: "Lukket", Kind: people.Committee})
		})
		p.change("position.create", func(w *store.Write) error {
			return people.Positions.Add(w, &people.Position{Head: record.Head{Unit: people.Top}, Title: "Følsom"})
		})
		p.change("person.create", func(w *store.Write) error {
			return people.Persons.Add(w, &people.Person{Head: record.Head{Unit: people.Top}, Number: "1", Name: "Anna", Category: "employee"})
		})
		p.unit("unit.create")
		p.unit("unit.edit")
		p.must(p.sender(loopback).Send(p.ctx))
		p.want("unit.create", "unit.edit")
	})
}

func TestWhatDoesNotArriveIsSentAgainInOrderUnderTheSameId(t *testing.T) {
	each(t, "unit.*", func(p *post) {
		d := p.sender(loopback)
		p.unit("unit.first")
		p.unit("unit.second")
		p.to.status.Store(500)
		for range 3 {
			p.must(d.Send(p.ctx))
		}
		if len(p.to.ids) != 1 {
			p.Errorf("it was tried %d times without a pause", len(p.to.ids))
		}
		p.wait(time.Hour)
		p.must(d.Send(p.ctx))
		p.to.status.Store(200)
		p.wait(time.Hour)
		p.must(p.sender(loopback).Send(p.ctx))
		p.want("unit.first", "unit.second")
		if len(p.to.ids) != 4 || p.to.ids[0] != p.to.ids[2] || p.to.ids[2] == p.to.ids[3] {
			p.Errorf("sent under %v", p.to.ids)
		}
		if stopped, failing := p.state(); stopped != "" || failing != "" {
			p.Errorf("it arrived and is %q %q", stopped, failing)
		}
	})
}

func TestAReceiverThatIsSilentForDaysIsGivenUpUntilSomebodyResumes(t *testing.T) {
	each(t, "unit.*", func(p *post) {
		d := p.sender(loopback)
		p.unit("unit.first")
		p.to.status.Store(503)
		for range 30 {
			p.must(d.Send(p.ctx))
			p.wait(9 * time.Hour)
		}
		if stopped, _ := p.state(); stopped == "" || len(p.to.ids) > 12 {
			p.Errorf("after days it is stopped %q, and was tried %d times", stopped, len(p.to.ids))
		}
		waits := 0
		p.must(p.s.Peek(p.ctx, func(q *store.Read) error {
			return q.Row(`SELECT count(*) FROM (`+strings.ReplaceAll(Module().Tasks[0].Query, ":scope(w.unit)", "1 = 1")+`) AS waiting`, nil, &waits)
		}))
		if waits != 1 {
			p.Errorf("%d tasks wait for whoever looks after it, want 1", waits)
		}
		p.to.status.Store(200)
		p.must(d.Send(p.ctx))
		p.want()
		p.must(p.s.Work(p.ctx, func(w *store.Work) error {
			return w.Do(`UPDATE work_webhook SET tries = 0, failing = '', due = '', stopped = ''`, nil)
		}))
		p.must(d.Send(p.ctx))
		p.want("unit.first")
		p.to.status.Store(410)
		p.unit("unit.second")
		p.must(d.Send(p.ctx))
		if stopped, _ := p.state(); stopped == "" {
			p.Error("who wants no more is asked again")
		}
	})
}

func TestNothingIsSentInsideNorFollowedElsewhere(t *testing.T) {
	each(t, "unit.*", func(p *post) {
		p.unit("unit.first")
		p.must(p.sender(nil).Send(p.ctx))
		if len(p.to.ids) != 0 {
			p.Error("it was sent to this machine")
		}
		var answer string
		p.must(p.s.Peek(p.ctx, func(q *store.Read) error {
			return q.Row(`SELECT answer FROM work_webhook_sent WHERE seq >= 0 ORDER BY at DESC LIMIT 1`, nil, &answer)
		}))
		if answer != errInner.Error() {
			p.Errorf("the page says %q", answer)
		}
		p.wait(time.Hour)
		p.to.status.Store(302)
		p.must(p.sender(loopback).Send(p.ctx))
		if len(p.to.ids) != 1 {
			p.Errorf("a redirect was followed: %d", len(p.to.ids))
		}
	})
}

func TestProgramsMakeKeysTryAndResume(t *testing.T) {
	each(t, "unit.*", func(p *post) {
		site := web.New(p.s, func(*http.Request) (access.Actor, error) {
			return storetest.Actor("anna", access.Reach{Whole: true}, "webhook.see", "webhook.edit"), nil
		})
		p.mods[0].Mount(site)
		call := func(id, act string, code int) string {
			p.Helper()
			w := httptest.NewRecorder()
			site.ServeHTTP(w, httptest.NewRequest("POST", "/api/v1/webhooks/"+id+"/"+act, nil))
			if w.Code != code {
				p.Errorf("%s: %d, want %d: %s", act, w.Code, code, w.Body)
			}
			return w.Body.String()
		}
		var made Key
		p.must(json.Unmarshal([]byte(call(p.hook.ID, "key", 200)), &made))
		p.to.key = made.Key
		call(p.hook.ID, "test", 200)
		p.must(p.sender(loopback).Send(p.ctx))
		if len(p.to.ids) != 1 {
			p.Errorf("a test arrived %d times under the new key, want once", len(p.to.ids))
		}
		p.to.status.Store(500)
		p.unit("unit.create")
		p.must(p.sender(loopback).Send(p.ctx))
		if _, failing := p.state(); failing == "" {
			p.Error("what does not arrive is not told of")
		}
		call(p.hook.ID, "resume", 200)
		if _, failing := p.state(); failing != "" {
			p.Error("it was resumed and still fails")
		}
		for _, act := range []string{"key", "test", "resume"} {
			call("no-such", act, 404)
		}
	})
}

func TestAWebhookThatIsOffIsToldNothingNorLater(t *testing.T) {
	each(t, "unit.*", func(p *post) {
		turn := func(on bool) {
			old := p.hook
			p.hook.Active = on
			p.change("webhook.edit", func(w *store.Write) error { return Webhooks.Replace(w, old, &p.hook) })
		}
		turn(false)
		p.unit("unit.first")
		p.must(p.sender(loopback).Send(p.ctx))
		turn(true)
		p.unit("unit.second")
		p.must(p.sender(loopback).Send(p.ctx))
		p.want("unit.second")
	})
}

func TestSeveralNodesTellOnce(t *testing.T) {
	each(t, "unit.*", func(p *post) {
		for range 20 {
			p.unit("unit.create")
		}
		var all sync.WaitGroup
		for range 4 {
			d := p.sender(loopback)
			all.Go(func() {
				for range 3 {
					if err := d.Send(p.ctx); err != nil {
						p.Error(err)
					}
				}
			})
		}
		all.Wait()
		if len(p.to.ids) != 20 || !slices.IsSortedFunc(p.to.got, func(a, b Message) int { return int(a.Seq - b.Seq) }) {
			p.Errorf("four nodes sent %d messages", len(p.to.ids))
		}
	})
}

func TestPublicAddresses(t *testing.T) {
	for text, want := range map[string]bool{
		"93.184.216.34": true, "2606:2800:220:1:248:1893:25c8:1946": true,
		"127.0.0.1": false, "10.1.2.3": false, "172.16.0.1": false, "192.168.1.1": false, "169.254.169.254": false, "100.64.0.1": false, "0.0.0.0": false,
		"224.0.0.1": false, "255.255.255.255": false, "198.18.0.1": false, "192.0.0.170": false, "168.63.129.16": false, "240.0.0.1": false,
		"::1": false, "::": false, "fe80::1": false, "fc00::1": false, "fd00:ec2::254": false, "ff02::1": false, "::ffff:127.0.0.1": false, "::ffff:10.0.0.1": false,
		"::127.0.0.1": false, "64:ff9b::7f00:1": false, "64:ff9b:1::a00:1": false, "2002:7f00:1::": false, "2001::1": false, "2001:db8::1": false,
		"::ffff:169.254.169.254": false, "2606:2800:220:1:248:1893:25c8:1946%eth0": false, "2001:db8::1%eth0": false,
	} {
		if got := public(netip.MustParseAddr(text)); got != want {
			t.Errorf("%s is public: %v, want %v", text, got, want)
		}
	}
}

func TestSignatureIsThatOfStandardWebhooks(t *testing.T) {
	// The example of the specification's own libraries.
	got, err := sign("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "msg_p5jXN8AQM9LWM0D4loKWxJek", "1614265330", []byte(`{"test": 2432232314}`))
	if want := "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="; got != want || err != nil {
		t.Errorf("got %s, want %s", got, want)
	}
}
