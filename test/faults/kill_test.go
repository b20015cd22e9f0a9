package faults

import (
	"database/sql"
	"errors"
	"math/rand/v2"
	"net/http"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	"vaern/internal/store"
)

// kills is how often the program is killed on each database.
const kills = 20

// TestKilledAtAnyMoment kills the program while people and programs use it,
// starts it again, and looks whether everything is there that it acknowledged,
// and nothing is there by half. FAULTS_SEED repeats a run, as far as chance goes.
func TestKilledAtAnyMoment(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("it takes a minute for each database")
	}
	seed := uint64(time.Now().UnixNano())
	if text := os.Getenv("FAULTS_SEED"); text != "" {
		var err error
		seed, err = strconv.ParseUint(text, 10, 64)
		must(t, err)
	}
	t.Logf("FAULTS_SEED=%d", seed)
	homes(t, func(t *testing.T, h *home) {
		box, hook := newPostbox(t), newHook(t)
		h.env = []string{"SSL_CERT_FILE=" + hook.roots}
		args := append(box.args(), "--webhook-network", "127.0.0.0/8")
		first := h.found()
		h.peopled(600)
		n, token := h.serve(args...), h.token(admin)
		b := n.browser(t).come(t, first)
		listen(t, b, hook)

		l, chance := newLoad(t), rand.New(rand.NewPCG(seed, 1))
		db := h.db()
		l.asked = waitingReaders(t, db)
		l.text = l.asked[0].reading
		early := 0
		for kill := range kills {
			p := n.program(token)
			b = b.at(n)
			busy := l.work(seed+uint64(kill), l.editor(p, "a"), l.editor(p, "c"), l.bulk(p), l.writer(b), l.reader(b), l.tester(b), l.importer(b))
			if kill%5 == 4 { // in the midst of an import
				imports := l.imported()
				soon(t, time.Minute, "an import has begun", func() bool { return l.imported() > imports || t.Failed() })
			}
			time.Sleep(time.Duration(50+chance.IntN(900)) * time.Millisecond)
			n.kill()
			busy.Wait()
			h.ended(db)
			timePasses(t, db)
			if chance.IntN(3) == 0 { // and once more while it comes up
				early++
				c := h.command(append([]string{"serve", "--listen", "127.0.0.1:0"}, args...)...)
				must(t, c.Start())
				time.Sleep(time.Duration(chance.IntN(200)) * time.Millisecond)
				c.Process.Kill()
				c.Wait()
				h.ended(db)
				timePasses(t, db)
			}
			n = h.serve(args...)
			l.settle(n.program(token), db)
			l.compare(db)
			if kill%5 == 0 { // each start verifies by itself, too
				h.verify()
			}
			if strings.Contains(n.log.String(), "the ledger does not fit") {
				t.Error("it finds that the ledger does not fit")
			}
			if t.Failed() {
				t.Fatalf("after kill %d of %d; what it logged:\n%s", kill+1, kills, tail(n.log.String()))
			}
		}
		timePasses(t, db)
		l.compareTold(db, box, hook, kills+early)
		n.stop()
		h.verify()
		h.vouch()
		t.Logf("%d kills and %d while it came up; %d acknowledgements: %d rules, %d receipts, %d imports", kills, early, l.told, len(l.rules), len(l.signed), len(l.imports))
	})
}

// listen makes a webhook that is told of rules.
func listen(t *testing.T, b *browser, h *hook) {
	t.Helper()
	a, at, err := b.post("/webhook", map[string][]string{"unit": {"top"}, "title": {"Prøve"}, "url": {h.URL}, "events": {"rule.*"}, "active": {"1"}})
	must(t, err)
	if a.status != http.StatusOK || !strings.HasPrefix(at, "/webhook/") {
		t.Fatalf("the webhook: %d at %s: %.2000s", a.status, at, a.body)
	}
	if a, _, err = b.post(at+"/key", nil); err != nil || a.status != http.StatusOK {
		t.Fatalf("its key: %d %v", a.status, err)
	}
}

func waitingReaders(t *testing.T, db *sql.DB) (out []person) {
	t.Helper()
	rows, err := db.Query(`SELECT p.id, p.name, a.reading FROM asked a JOIN person p ON p.id = a.person JOIN reading r ON r.id = a.reading
		WHERE a.state = 'open' AND a.here = 1 AND r.state = 'open' AND a.reading = (SELECT reading FROM asked WHERE state = 'open' AND here = 1 GROUP BY reading ORDER BY count(*) DESC LIMIT 1) ORDER BY p.id`)
	must(t, err)
	defer rows.Close()
	for rows.Next() {
		var p person
		must(t, rows.Scan(&p.id, &p.name, &p.reading))
		out = append(out, p)
	}
	must(t, rows.Err())
	if len(out) < 200 {
		t.Fatalf("only %d people wait to read", len(out))
	}
	return out
}

// ended waits until the database has ended what it still did for a program that
// was killed: what it was told, it does to the end.
func (h *home) ended(db *sql.DB) {
	h.t.Helper()
	if h.database == "" {
		return
	}
	soon(h.t, time.Minute, "the database has ended what was killed", func() bool {
		n := 0
		must(h.t, db.QueryRow(`SELECT count(*) FROM pg_stat_activity WHERE application_name = $1`, h.name()).Scan(&n))
		return n == 0
	})
}

// timePasses lets the leases of a program that was killed end, and what waits
// for another try be due, as they do after minutes. It changes a row at a time:
// one that held some and waited for others could be waited for itself.
func timePasses(t *testing.T, db *sql.DB) {
	t.Helper()
	for _, late := range []struct{ table, key, set, where string }{
		{"work_mail", "id", `lease = '', due = queued`, `state = 'waiting'`},
		{"work_day", "job || ' ' || day", `lease = ''`, `done = ''`},
		{"work_webhook", "id", `lease = '', due = ''`, `id <> ''`},
		{"progress_work", "kind || ' ' || about", `moved = ''`, `state = 'running'`},
	} {
		rows, err := db.Query(`SELECT ` + late.key + ` FROM ` + late.table + ` WHERE ` + late.where)
		must(t, err)
		var keys []string
		for rows.Next() {
			var key string
			must(t, rows.Scan(&key))
			keys = append(keys, key)
		}
		must(t, errors.Join(rows.Err(), rows.Close()))
		for _, key := range keys {
			must(t, exec1(db, `UPDATE `+late.table+` SET `+late.set+` WHERE `+late.key+` = $1 AND `+late.where, key))
		}
	}
}

// settle asks again for everything that was not answered, in the same words.
func (l *load) settle(p *program, db *sql.DB) {
	t := l.t
	for _, w := range l.wishes {
		a, err := p.ask("POST", w.path, w.body, "Idempotency-Key", w.key)
		must(t, err)
		again, err := p.ask("POST", w.path, w.body, "Idempotency-Key", w.key)
		must(t, err)
		if again.body != a.body || again.head.Get("Idempotency-Replayed") != "true" {
			t.Errorf("asked twice under one key: %s, then %s", a.body, again.body)
		}
		if w.path == "/api/v1/rules" {
			if a.status != http.StatusCreated {
				l.wrong("a rule that was asked for again", a)
				continue
			}
			l.keep(a)
		} else if l.keepAll(a) != nil {
			t.Errorf("many that were asked for again")
		}
	}
	for _, number := range l.forms {
		var r kept
		err := db.QueryRow(`SELECT id, number, title, version FROM rule WHERE number = $1`, number).Scan(&r.ID, &r.Number, &r.Title, &r.Version)
		switch {
		case err == sql.ErrNoRows:
		case err != nil:
			t.Error(err)
		default:
			l.rules[number] = &r
		}
	}
	for _, k := range l.rules {
		if k.wish == "" {
			continue
		}
		is := p.get(t, k.ID)
		switch {
		case is.Version == k.Version && is.Title == k.Title: // it never happened
		case is.Version == k.Version+1 && is.Title == k.wish:
			k.Version, k.Title = is.Version, is.Title
		default:
			t.Errorf("%s was %q in version %d, was to be %q, and is %q in version %d", k.Number, k.Title, k.Version, k.wish, is.Title, is.Version)
		}
		k.wish = ""
	}
	for id := range l.unsure {
		if receipts(t, db, id, l.text) > 0 {
			l.signed[id] = true
		}
	}
	for _, number := range append(l.never, "X-never") {
		var n int
		must(t, db.QueryRow(`SELECT count(*) FROM rule WHERE number = $1`, number).Scan(&n))
		if n > 0 {
			t.Errorf("%s was said not to be saved, and is there", number)
		}
	}
	l.wishes, l.forms, l.unsure, l.never = nil, nil, map[string]bool{}, nil
}

// row is a rule with what must agree with it.
type row struct {
	kept
	history, leaves, entries, titles int
}

// compare looks at every rule that was made: the row, its history, its leaves,
// what search finds and what it is called agree, and with what was acknowledged.
func (l *load) compare(db *sql.DB) {
	t := l.t
	rows, err := db.Query(`
		SELECT r.id, r.number, r.title, r.version,
			(SELECT count(*) FROM rule_history h WHERE h.id = r.id AND h.version < r.version),
			(SELECT count(*) FROM ledger_leaf f WHERE f.kind = 'rule' AND f.id = r.id),
			(SELECT count(*) FROM search_entry s WHERE s.record = r.id AND s.kind = 'rule' AND s.title LIKE '%' || r.title),
			(SELECT count(*) FROM record_title n WHERE n.id = r.id AND n.title LIKE '%' || r.title)
		FROM rule r WHERE r.number LIKE 'X-%'`)
	must(t, err)
	defer rows.Close()
	seen := 0
	for rows.Next() {
		var r row
		must(t, rows.Scan(&r.ID, &r.Number, &r.Title, &r.Version, &r.history, &r.leaves, &r.entries, &r.titles))
		seen++
		k := l.rules[r.Number]
		switch {
		case k == nil:
			t.Errorf("%s is there, and nobody was told or asked for it", r.Number)
		case r.Version != k.Version || r.Title != k.Title || r.ID != k.ID:
			t.Errorf("%s: %q in version %d was acknowledged, %q in version %d is there", r.Number, k.Title, k.Version, r.Title, r.Version)
		case r.history != r.Version-1 || r.leaves != r.Version || r.entries != 1 || r.titles != 1:
			t.Errorf("%s is there by half: version %d with %d rows of history, %d leaves, %d entries to be found by, %d titles", r.Number, r.Version, r.history, r.leaves, r.entries, r.titles)
		}
	}
	must(t, rows.Err())
	if seen != len(l.rules) {
		t.Errorf("%d rules were acknowledged, %d are there", len(l.rules), seen)
	}
	for what, q := range map[string]string{
		"something to be found of no rule": `SELECT count(*) FROM search_entry s WHERE s.kind = 'rule' AND NOT EXISTS (SELECT 1 FROM rule r WHERE r.id = s.record)`,
		"a name of no rule":                `SELECT count(*) FROM record_title n WHERE n.kind = 'rule' AND NOT EXISTS (SELECT 1 FROM rule r WHERE r.id = n.id)`,
		"history of no rule":               `SELECT count(*) FROM rule_history h WHERE NOT EXISTS (SELECT 1 FROM rule r WHERE r.id = h.id)`,
	} {
		var n int
		must(t, db.QueryRow(q).Scan(&n))
		if n > 0 {
			t.Errorf("%s: %d", what, n)
		}
	}
	l.compareImports(db, false)
	for id := range l.signed {
		if n := receipts(t, db, id, l.text); n != 1 {
			t.Errorf("whoever confirmed once has %d receipts", n)
		}
	}
}

func receipts(t *testing.T, db *sql.DB, person, reading string) (n int) {
	t.Helper()
	must(t, db.QueryRow(`SELECT count(*) FROM receipt WHERE person = $1 AND reading = $2 AND takes_back = ''`, person, reading).Scan(&n))
	return n
}

// compareImports looks at what came from files: every part is there or not, and
// in the end, all of what was promised.
func (l *load) compareImports(db *sql.DB, ended bool) {
	t := l.t
	rows, err := db.Query(`
		SELECT substr(r.number, 1, 10), count(*),
			sum((SELECT count(*) FROM search_entry s WHERE s.record = r.id AND s.kind = 'rule')),
			sum((SELECT count(*) FROM rule_history h WHERE h.id = r.id AND h.version < r.version))
		FROM rule r WHERE r.number LIKE 'I-%' GROUP BY substr(r.number, 1, 10)`)
	must(t, err)
	defer rows.Close()
	is := map[string]int{}
	for rows.Next() {
		var begins string
		var n, entries, history int
		must(t, rows.Scan(&begins, &n, &entries, &history))
		is[begins] = n
		if n != store.BatchRows && n != rowsOfFile || entries != n || history != 0 {
			t.Errorf("of a file there are %d rows, of which %d can be found, with %d rows of history", n, entries, history)
		}
	}
	must(t, rows.Err())
	for _, begins := range l.imports {
		if n := is[begins[:10]]; ended && n != rowsOfFile {
			t.Errorf("the import of %s was promised, and %d of its rows are there", begins, n)
		}
	}
}

// compareTold waits until everything was told that there is to tell, and looks
// at what reached the mail server and the other program.
func (l *load) compareTold(db *sql.DB, box *postbox, hook *hook, deaths int) {
	t := l.t
	count := func(q string) (n int) {
		must(t, db.QueryRow(q).Scan(&n))
		return n
	}
	soon(t, 90*time.Second, "all mails are sent", func() bool { return count(`SELECT count(*) FROM work_mail WHERE state = 'waiting'`) == 0 })
	soon(t, 90*time.Second, "what was cut off is taken up and done", func() bool {
		return count(`SELECT count(*) FROM progress_work WHERE state IN ('running', 'waiting')`) == 0
	})
	l.compareImports(db, true)
	soon(t, 90*time.Second, "the webhook has heard of everything", func() bool {
		return count(`SELECT count(*) FROM work_webhook WHERE cursor < (SELECT max(seq) FROM ledger_leaf WHERE kind = 'rule')`) == 0
	})
	if n := count(`SELECT count(*) FROM work_day WHERE done = '' AND day = (SELECT max(day) FROM work_day)`); n > 0 {
		soon(t, 90*time.Second, "the day's work is done", func() bool {
			return count(`SELECT count(*) FROM work_day WHERE done = '' AND day = (SELECT max(day) FROM work_day)`) == 0
		})
	}
	queued := count(`SELECT count(*) FROM work_mail WHERE state = 'sent'`)
	mails, deliveries := box.count()
	if mails < queued || mails > queued+deaths { // one that arrived when the program died may have nothing to say when it is tried again
		t.Errorf("%d mails were sent, the mail server has %d", queued, mails)
	}
	if n := count(`SELECT count(*) FROM work_mail WHERE writer = ''`); n < l.mails {
		t.Errorf("%d test mails were promised, %d are there", l.mails, n)
	}
	if again := deliveries - mails; again > deaths {
		t.Errorf("%d mails came again; a kill can double only the one under way", again)
	}
	leaves := count(`SELECT count(*) FROM ledger_leaf WHERE kind = 'rule'`)
	hook.mu.Lock()
	defer hook.mu.Unlock()
	if len(hook.acts) != leaves {
		t.Errorf("%d acts on rules, the webhook was told of %d", leaves, len(hook.acts))
	}
	if again := len(hook.seqs) - len(hook.times); again > deaths || len(hook.times) != len(hook.acts) {
		t.Errorf("%d messages, %d ids, %d acts: a kill can double only the message under way, under the same id", len(hook.seqs), len(hook.times), len(hook.acts))
	}
	last := int64(-1)
	for _, seq := range hook.seqs {
		if seq < last {
			t.Errorf("act %d was told of after act %d", seq, last)
		}
		last = max(last, seq)
	}
	t.Logf("%d mails in %d deliveries, %d acts told of in %d messages", mails, deliveries, len(hook.acts), len(hook.seqs))
}

func tail(text string) string { return text[max(0, len(text)-4000):] }
