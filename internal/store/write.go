package store

import (
	"crypto/rand"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"strings"
	"time"

	"vaern/internal/i18n"
	"vaern/internal/ledger"
	"vaern/internal/problem"
	"vaern/internal/ref"
)

// Do runs one INSERT, UPDATE or DELETE of the record about, keeps what it
// replaces in the table's history, and records the row before and after in the
// ledger, as the database stored it. The statement must touch exactly that row:
// none is a NotFound problem.
func (w *Write) Do(about ref.Ref, query string, args Args) error {
	t, ok := w.s.tables[about.Kind]
	if !ok || !t.recorded {
		return fmt.Errorf("%s: %q is not a recorded table", w.verb, about.Kind)
	}
	if touched := target(query); touched != t.name {
		return fmt.Errorf("%s: the statement changes %q, not %q", w.verb, touched, t.name)
	}
	act := verb(query)
	var before map[string]any
	if act != "INSERT" {
		var err error
		if before, err = w.keep(t, about.ID); err != nil {
			return err
		}
	} else if strings.Contains(query, "DO UPDATE") {
		panic("store: " + w.verb + ": an upsert hides a change from history; read first, then insert or update")
	}
	after, err := w.one(query+` RETURNING `+t.columns, args, t)
	if err != nil {
		return w.s.dialect.explain(fmt.Errorf("%s %s: %w", w.verb, about, err))
	}
	if act == "DELETE" {
		after = nil
	} else if after["id"] != about.ID {
		return fmt.Errorf("%s: the statement changed %v, not %s", w.verb, after["id"], about)
	}
	return w.leaf(about, ledger.Change, changes(before, after), after)
}

// Unchanged says that all is so already as the change would make it: it may
// end without a leaf, and then keeps nothing.
func (w *Write) Unchanged() { w.ledger.still = true }

// changes leaves of the row before what the row after says otherwise.
func changes(before, after map[string]any) map[string]any {
	if before == nil || after == nil {
		return before
	}
	out := map[string]any{}
	for name, was := range before {
		if after[name] != was {
			out[name] = was
		}
	}
	return out
}

// keep copies the row that a change is about to replace into the history of
// its table: the table says what is so, the history what was so, and until when.
func (w *Write) keep(t *table, id string) (map[string]any, error) {
	before, err := w.one(`INSERT INTO `+t.name+`_history (`+t.columns+`, stood_from, stood_to)
		SELECT `+t.columns+`, updated_at, :now FROM `+t.name+` WHERE id = :id
		RETURNING `+t.columns, Args{"id": id}, t)
	if err != nil {
		return nil, fmt.Errorf("%s %s/%s: history: %w", w.verb, t.name, id, err)
	}
	return before, nil
}

// one runs a statement that returns exactly one row of t, and reads it.
func (w *Write) one(query string, args Args, t *table) (map[string]any, error) {
	q, list := w.bind(query, args)
	var row map[string]any
	err := w.each(q, list, func(scan Scan) (err error) {
		if row != nil {
			return fmt.Errorf("the statement changes more than one row: %s", query)
		}
		row, err = t.scan(scan)
		return err
	})
	if err != nil {
		return nil, err
	}
	if row == nil {
		return nil, problem.Missing()
	}
	return row, nil
}

// Also changes a table that is derived from recorded ones, such as an index,
// in the same transaction. It is no way to change a recorded table.
func (w *Write) Also(query string, args Args) error {
	t, ok := w.s.tables[target(query)]
	if !ok || t.recorded {
		return fmt.Errorf("%s: %q is not a derived table", w.verb, target(query))
	}
	if err := w.exec(query, args); err != nil {
		return w.s.dialect.explain(fmt.Errorf("%s: %w", w.verb, err))
	}
	return nil
}

func (w *Write) exec(query string, args Args) error {
	q, list := w.bind(query, args)
	return w.run(q, list)
}

// run runs a bound statement that answers nothing.
func (r *Read) run(query string, list []any) error {
	if r.unsent != nil {
		r.unsent.add(query, list)
		return nil
	}
	_, err := r.tx.ExecContext(r.ctx, query, list...)
	return err
}

// each runs a bound statement and hands each row that it returns to fn, which
// asks nothing.
func (r *Read) each(query string, list []any, fn func(Scan) error) error {
	if err := r.ask(query, list, fn); err != nil {
		return err
	}
	return r.unsent.send(r.ctx)
}

// ask is each without waiting for PostgreSQL: fn hears of the rows when it has
// answered, before it is sent anything else.
func (r *Read) ask(query string, list []any, fn func(Scan) error) error {
	if r.unsent != nil {
		r.unsent.add(query, list)
		return r.unsent.start(r.ctx, fn)
	}
	rows, err := r.tx.QueryContext(r.ctx, query, list...)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		if err := fn(rows.Scan); err != nil {
			return err
		}
	}
	return rows.Err()
}

// As returns the same unit of work with another verb: one act may consist of
// several that are recorded each by its own name.
func (w *Write) As(verb string) *Write {
	other := *w
	other.verb = verb
	return &other
}

// NewID returns a UUIDv7: ordered by the time of the change, to the microsecond.
func (w *Write) NewID() string {
	at, err := time.Parse(Time, w.Now)
	if err != nil {
		panic("store: " + err.Error())
	}
	var b [16]byte
	rand.Read(b[:])
	binary.BigEndian.PutUint64(b[:], uint64(at.UnixMilli())<<16|0x7000|uint64(at.Nanosecond()/1000%1000)<<2|uint64(b[7]&3))
	b[8] = b[8]&0x3f | 0x80
	x := hex.EncodeToString(b[:])
	return strings.Join([]string{x[:8], x[8:12], x[12:16], x[16:20], x[20:]}, "-")
}

// AsOf returns the FROM clause that reads a table as it was at the instant :at.
func AsOf(table, columns string) string {
	return `(SELECT ` + columns + ` FROM ` + table + ` WHERE updated_at <= :at
		UNION ALL SELECT ` + columns + ` FROM ` + table + `_history WHERE stood_from <= :at AND stood_to > :at) AS then_`
}

func instant(t time.Time) string { return t.UTC().Truncate(time.Microsecond).Format(Time) }

func today(t time.Time) string { return t.In(i18n.Zone).Format(time.DateOnly) }
