package store

import (
	"fmt"
	"strings"
	"time"

	"vaern/internal/ledger"
	"vaern/internal/problem"
	"vaern/internal/ref"
)

// pen gathers the leaves of one transaction. It reads the head there, which
// keeps other writers waiting and makes the order a fact, and writes leaves,
// hashes and head before the commit.
type pen struct {
	tree   ledger.Tree
	at     string // of the newest leaf or change
	leaves []ledger.Leaf
	still  bool // the change under way found nothing to do
	parts  int  // of a change, one within the other, that are under way
}

func (w *Write) open() (*pen, error) {
	p := &pen{}
	var size int64
	var edge string
	if err := w.Row(`UPDATE ledger_head SET size = size RETURNING size, at, edge`, nil, &size, &p.at, &edge); err != nil {
		return nil, fmt.Errorf("ledger: head: %w", err)
	}
	var err error
	p.tree, err = ledger.ParseTree(size, edge)
	return p, err
}

// tick returns the time of the next change: later than every earlier one, so
// that no version of a record lives for no time at all, even when the clock
// was set back.
func (p *pen) tick(clock time.Time) string {
	now := instant(clock)
	if now <= p.at {
		last, err := time.Parse(Time, p.at)
		if err != nil {
			panic("store: " + err.Error())
		}
		now = instant(last.Add(time.Microsecond))
	}
	p.at = now
	return now
}

func (w *Write) leaf(about ref.Ref, kind ledger.Type, before, after map[string]any) error {
	body := map[string]any{"before": nil, "after": nil, "reason": w.reason}
	if before != nil {
		body["before"] = before
	}
	if after != nil {
		body["after"] = after
	}
	text, err := ledger.Canonical(nil, body)
	if err != nil {
		return fmt.Errorf("leaf %s: %w", about, err)
	}
	return w.sign(about, kind, text)
}

// sign adds a leaf with a body that is canonical already.
func (w *Write) sign(about ref.Ref, kind ledger.Type, body []byte) error {
	if len(body) > ledger.LongestBody {
		return problem.New(problem.TooLarge, "Det er for meget i én ændring. Intet er gemt. Del det op, og prøv igen.",
			"It is too much for one change. Nothing was saved. Split it, and try again.")
	}
	l := ledger.Leaf{
		At: w.Now, Actor: w.Actor.ID, Verb: w.verb, About: about.String(), Type: kind,
		Salt: ledger.NewSalt(), Body: body,
	}
	if err := l.Check(); err != nil {
		return err
	}
	w.ledger.leaves = append(w.ledger.leaves, l)
	return nil
}

// close writes what was gathered: leaves, the nodes they complete, the head. It
// says how many bytes the leaves' bodies are.
func (p *pen) close(w *Write) (bytes int, err error) {
	leaves := make([][]any, len(p.leaves))
	var nodes [][]any
	for i := range p.leaves {
		l := &p.leaves[i]
		l.Seq = p.tree.Size
		bytes += len(l.Body)
		kind, id, _ := strings.Cut(l.About, "/")
		leaves[i] = []any{l.Seq, l.At, l.Actor, l.Verb, kind, id, string(l.Type), ledger.Text(l.Salt), string(l.Body), ""}
		for _, n := range p.tree.Append(l.Hash()) {
			nodes = append(nodes, []any{n.Index, ledger.Text(n.Hash[:])})
		}
	}
	if err := w.insertAll("ledger_leaf", leafNames, leaves, ""); err != nil {
		return 0, err
	}
	if err := w.insertAll("ledger_hash", []string{"node", "hash"}, nodes, ""); err != nil {
		return 0, err
	}
	err = w.exec(`UPDATE ledger_head SET size = :size, at = :at, edge = :edge`,
		Args{"size": p.tree.Size, "at": p.at, "edge": p.tree.EdgeText()})
	return bytes, err
}
