package faults

import (
	"os"
	"path/filepath"
	"testing"
	"time"
)

// another is a second node's home: the same database and key, a folder of its own.
func (h *home) another() *home {
	h.t.Helper()
	other := *h
	other.data = h.t.TempDir()
	key, err := os.ReadFile(filepath.Join(h.data, "ledger.key"))
	must(h.t, err)
	must(h.t, os.WriteFile(filepath.Join(other.data, "ledger.key"), key, 0o600))
	return &other
}

// TestTwoNodes lets two nodes serve one database under load and kills them in
// turn: the other goes on, sees at once what the first acknowledged, does what
// it left undone, and nothing is done twice.
func TestTwoNodes(t *testing.T) {
	t.Parallel()
	at := os.Getenv("TEST_POSTGRES")
	if at == "" {
		t.Skip("TEST_POSTGRES is not set: there is no database that two nodes could share")
	}
	h := &home{t: t, data: t.TempDir(), database: schemaIn(t, at)}
	box := newPostbox(t)
	s := h.settle(box.args()...)
	db := h.db()
	homes := [2]*home{h, h.another()}
	nodes := [2]*node{s.n, homes[1].serve(box.args()...)}
	l := newLoad(t)
	for turn := range 6 {
		dies, lives := turn%2, 1-turn%2
		first, second := nodes[dies].program(s.token), nodes[lives].program(s.token)
		if made := first.add(t, l.number("n"), "Set med det samme"); second.get(t, made.ID).Title != made.Title {
			t.Error("the other node does not see at once what was acknowledged")
		} else {
			l.rules[made.Number] = &kept{rule: made}
		}
		b := s.b.at(nodes[lives])
		busy := l.work(uint64(turn), l.editor(first, "a"), l.tester(s.b.at(nodes[dies])), l.editor(second, "c"), l.bulk(second), l.writer(b), l.tester(b))
		time.Sleep(400 * time.Millisecond)
		before := l.acknowledged()
		nodes[dies].kill()
		soon(t, 30*time.Second, "the other node goes on", func() bool { return l.acknowledged() > before+10 })
		l.end()
		busy.Wait()
		homes[dies].ended(db)
		timePasses(t, db)
		l.settle(second, db)
		l.compare(db)
		nodes[dies] = homes[dies].serve(box.args()...)
	}

	// One that dies right after its answer leaves what follows to the other,
	// which has nothing to do of its own by then.
	done := func() bool {
		var size, signed, asked int64
		must(t, db.QueryRow(`SELECT size, (SELECT max(size) FROM ledger_checkpoint), (SELECT max(size) FROM work_asked) FROM ledger_head`).Scan(&size, &signed, &asked))
		return signed == size && asked == size
	}
	soon(t, 30*time.Second, "all is signed and measured", done)
	time.Sleep(5 * time.Second)
	nodes[0].program(s.token).add(t, "Y-1", "Det sidste")
	nodes[0].kill()
	took := soon(t, 20*time.Second, "the other node signs and measures", done)
	t.Logf("what the dead node left undone is done after %v; %d answers in all", took.Round(time.Millisecond), l.told)

	soon(t, time.Minute, "all mails are sent", func() bool {
		var waiting int
		must(t, db.QueryRow(`SELECT count(*) FROM work_mail WHERE state = 'waiting'`).Scan(&waiting))
		return waiting == 0
	})
	var queued int
	must(t, db.QueryRow(`SELECT count(*) FROM work_mail`).Scan(&queued))
	mails, deliveries := box.count()
	if mails != queued || mails < l.mails || deliveries-mails > 7 {
		t.Errorf("%d mails queued, %d acknowledged, %d arrived in %d deliveries; a kill can double only the one under way", queued, l.mails, mails, deliveries)
	}
	nodes[1].stop()
	homes[1].verify()
	homes[1].vouch()
}
