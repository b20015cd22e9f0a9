package receipt

import (
	"sync"

	"vaern/internal/store"
)

// here keeps the people with access in memory for as long as the ledger says
// nothing anew of a unit, a person or what a person holds. Every reader asks the
// ledger in its own transaction, so it is right among nodes and beside commands.
type here struct {
	mu   sync.Mutex
	kept *crowd // nil for none; nobody is seated in it
	day  string
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

// of is what is kept of a day, empty for nothing.
func (h *here) of(day string) *crowd {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.kept == nil || h.day != day {
		return newCrowd()
	}
	return h.kept
}

// keep keeps a crowd of a day, unless there are too many people.
func (h *here) keep(c *crowd, day string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.kept, h.day = c, day; len(c.all) > mostKept {
		h.kept = nil
	}
}

// gather is gather for a reader, from what is kept where it still is so: one
// statement asks for that, and reads people where it is not. Who is seated is read
// each time.
func (h *here) gather(q *store.Read, rules Rules) (*crowd, error) {
	kept, c := h.of(q.Today), newCrowd()
	args := store.Args{"since": kept.at.size, "salt": kept.at.salt, "most": mostNews}
	err := c.read(q, `
		WITH turn (size, anew) AS (
			SELECT size, CASE WHEN size - :since <= :most AND EXISTS (SELECT 1 FROM ledger_leaf WHERE seq = :since - 1 AND salt = :salt)
				AND NOT EXISTS (SELECT 1 FROM ledger_leaf WHERE seq >= :since AND kind IN ('unit', 'person', 'holding')) THEN 0 ELSE 1 END
			FROM ledger_head)
		SELECT CASE WHEN anew = 1 THEN 'anew' ELSE 'kept' END, CAST(size AS TEXT), '', coalesce((SELECT salt FROM ledger_leaf WHERE seq = size - 1), '') FROM turn
		UNION ALL `+present(`turn CROSS JOIN `, `turn.anew = 1`, whose{})+rules.seats(args, ""), args)
	if err != nil {
		return nil, err
	}
	if c.kept {
		c.all, c.above, c.names, c.homes = kept.all, kept.above, kept.names, kept.homes
	}
	h.keep(&crowd{all: c.all, above: c.above, names: c.names, homes: c.homes, at: c.at}, q.Today)
	return c, nil
}
