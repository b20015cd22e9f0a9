package receipt

import (
	"strconv"
	"sync"

	"vaern/internal/store"
)

// here keeps where everybody is, and how people stood in one reading, in memory for
// as long as the ledger says nothing anew of what they are made of. Every reader asks
// the ledger in its own transaction, so it is right among nodes and beside commands.
type here struct {
	people remembered[*crowd] // of a day; nobody is seated in it
	stood  remembered[map[string]string]
}

// remembered is what was read, of one day or reading, and when it was so.
type remembered[T any] struct {
	mu    sync.Mutex
	value T
	of    string
	at    moment
}

// moment is a state of a ledger: its size, and the salt of its newest leaf, which no
// other ledger has.
type moment struct {
	size int64
	salt string
}

const (
	mostKept = 60_000 // people, some 150 bytes each; more are read each time
	mostNews = 1_000  // leaves that are looked through: beyond, reading people costs no more
)

// look is what is kept of something, and of when; of no moment where nothing is.
func (k *remembered[T]) look(of string) (value T, at moment) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.of == of {
		value, at = k.value, k.at
	}
	return value, at
}

// keep keeps what is about so many people, unless they are too many.
func (k *remembered[T]) keep(of string, value T, at moment, people int) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.value, k.of, k.at = value, of, at; people > mostKept {
		k.value, k.of, k.at = *new(T), "", moment{}
	}
}

// news is what is read where it is anew: parts of a statement over turn, in four
// columns of text, where turn.anew is 1.
type news struct {
	kinds store.List // of records that it is made of
	parts string
	args  store.Args
}

// since takes in what is anew since a moment, and reports when that is so, and
// whether what was kept still is.
func (n news) since(q *store.Read, at moment, take func(part, a, b, text string)) (now moment, same bool, err error) {
	n.args["since"], n.args["salt"], n.args["most"], n.args["kinds"] = at.size, at.salt, mostNews, n.kinds
	err = q.Rows(`
		WITH turn (size, anew) AS (
			SELECT size, CASE WHEN size - :since <= :most AND EXISTS (SELECT 1 FROM ledger_leaf WHERE seq = :since - 1 AND salt = :salt)
				AND NOT EXISTS (SELECT 1 FROM ledger_leaf WHERE seq >= :since AND kind :among(kinds)) THEN 0 ELSE 1 END
			FROM ledger_head)
		SELECT CASE WHEN anew = 1 THEN 'anew' ELSE 'same' END, CAST(size AS TEXT), '', coalesce((SELECT salt FROM ledger_leaf WHERE seq = size - 1), '') FROM turn
		UNION ALL `+n.parts, n.args, func(scan store.Scan) error {
		var part, a, b, text string
		if err := scan(&part, &a, &b, &text); err != nil {
			return err
		}
		if part != "anew" && part != "same" {
			take(part, a, b, text)
			return nil
		}
		same, now.salt = part == "same", text
		now.size, err = strconv.ParseInt(a, 10, 64)
		return err
	})
	return now, same, err
}

// gather is gather for a reader, from what is kept where it still is so: one
// statement asks for that, and reads people where it is not. Who is seated is read
// each time.
func (h *here) gather(q *store.Read, rules Rules) (*crowd, error) {
	was, at := h.people.look(q.Today)
	c, args := newCrowd(), store.Args{}
	n := news{store.List{"unit", "person", "holding"}, present(`turn CROSS JOIN `, `turn.anew = 1`, whose{}) + rules.seats(args, ""), args}
	now, same, err := n.since(q, at, c.take)
	if err != nil {
		return nil, err
	}
	if c.settle(); same {
		c.all, c.above, c.names, c.homes = was.all, was.above, was.names, was.homes
	}
	h.people.keep(q.Today, &crowd{all: c.all, above: c.above, names: c.names, homes: c.homes}, now, len(c.all))
	return c, nil
}

// standings is standings for a reader, in the same way: whoever is asked, confirms or
// takes that back leaves a leaf about the reading or the receipt.
func (h *here) standings(q *store.Read, r Reading) (map[string]string, error) {
	if r.ID == "" {
		return nil, nil
	}
	was, at := h.stood.look(r.ID)
	out := map[string]string{}
	n := news{store.List{"reading", "receipt"}, stood(`turn CROSS JOIN `, `turn.anew = 1`), store.Args{"reading": r.ID}}
	now, same, err := n.since(q, at, func(_, state, _, people string) { spread(out, state, people) })
	if err != nil {
		return nil, err
	}
	if same {
		out = was
	}
	h.stood.keep(r.ID, out, now, len(out))
	return out, nil
}
