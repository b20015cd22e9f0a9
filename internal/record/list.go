package record

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"vaern/internal/field"
	"vaern/internal/filter"
	"vaern/internal/problem"
	"vaern/internal/store"
)

// Query says which records, in which order. The zero Query is the first page
// of everything the actor reaches.
type Query struct {
	Filter filter.Filter
	Sort   string // a field that can be sorted by; "" is the first of them
	Desc   bool
	After  string // cursor of the page before
	Limit  int
	AsOf   string // an instant; "" is now
}

// Page is a part of a list. Next is "" on the last.
type Page[T any] struct {
	Items []T
	Next  string
}

// Get returns one record in the actor's scope.
func (r *Core) Get(q *store.Read, id string) (Rec, error) {
	return r.only(q, `SELECT `+r.columns+` FROM `+r.Name+` WHERE id = :id AND `+r.within, store.Args{"id": id})
}

// AsOf returns one record as it was at an instant.
func (r *Core) AsOf(q *store.Read, id, at string) (Rec, error) {
	return r.only(q, `SELECT `+r.columns+` FROM `+store.AsOf(r.Name, r.columns)+` WHERE id = :id AND `+r.within,
		store.Args{"id": id, "at": at})
}

// GetAll returns the records with these ids that are in the actor's scope, in
// the order of the ids; the others are left out.
func (r *Core) GetAll(q *store.Read, ids []string) (out []Rec, err error) {
	found := map[string]Rec{}
	for part := range slices.Chunk(ids, 200) {
		args := store.Args{}
		names := make([]string, len(part))
		for i, id := range part {
			names[i] = fmt.Sprintf(":id%d", i)
			args[names[i][1:]] = id
		}
		var some []Rec
		if err := q.Rows(`SELECT `+r.columns+` FROM `+r.Name+` WHERE id IN (`+strings.Join(names, ", ")+`) AND `+r.within, args, r.collect(&some)); err != nil {
			return nil, err
		}
		r.veilAll(q, some)
		for _, rec := range some {
			found[rec.Head().ID] = rec
		}
	}
	for _, id := range ids {
		if rec, ok := found[id]; ok {
			out = append(out, rec)
			delete(found, id)
		}
	}
	return out, nil
}

// only is the one record that a statement finds.
func (r *Core) only(q *store.Read, text string, args store.Args) (Rec, error) {
	var found []Rec
	err := q.Rows(text, args, r.collect(&found))
	if err == nil && len(found) == 0 {
		err = problem.Missing()
	}
	if err == nil {
		err = r.veil(q, found[0])
	}
	if err != nil {
		return Rec{}, err
	}
	return found[0], nil
}

// At returns one version of a record that the actor sees now.
func (r *Core) At(q *store.Read, id string, version int64) (rec Rec, err error) {
	now, err := r.Get(q, id)
	if err != nil || now.Head().Version == version {
		return now, err
	}
	var was []Rec
	err = q.Rows(`SELECT `+r.columns+` FROM `+r.Name+`_history WHERE id = :id AND version = :version`,
		store.Args{"id": id, "version": version}, r.collect(&was))
	if err == nil && len(was) == 0 {
		err = problem.Missing()
	}
	if err != nil {
		return rec, err
	}
	return was[0], r.veilLike(q, now, was[:1])
}

// Versions returns every version of a record, newest first. Who may see the
// record now may see what it was.
func (r *Core) Versions(q *store.Read, id string) (out []Rec, err error) {
	rec, err := r.Get(q, id)
	if err != nil {
		return nil, err
	}
	cols := r.columns
	err = q.Rows(`SELECT `+cols+` FROM `+r.Name+` WHERE id = :id
		UNION ALL SELECT `+cols+` FROM `+r.Name+`_history WHERE id = :id
		ORDER BY version DESC`, store.Args{"id": id}, r.collect(&out))
	if err == nil {
		err = r.veilLike(q, rec, out)
	}
	return out, err
}

// List returns a page in the order of one field, records without a value last.
func (r *Core) List(ctx context.Context, s *store.Store, query Query) (p Page[Rec], err error) {
	err = s.View(ctx, r.Can("see"), func(q *store.Read) error {
		p, err = r.Page(q, query)
		return err
	})
	return p, err
}

// Page is List inside a transaction. The order is one column and the id, so
// that one plain index serves it on both databases, forwards and backwards;
// records without a value come in a second statement when the first runs out.
func (r *Core) Page(q *store.Read, query Query) (p Page[Rec], err error) {
	f, err := r.sorter(query.Sort)
	if err != nil {
		return p, err
	}
	where, args, err := r.where(q, query)
	if err != nil {
		return p, err
	}
	at, err := r.cursor(f, query, args)
	if err != nil {
		return p, err
	}
	limit := query.Limit
	if limit < 1 || limit > 500 {
		limit = 100
	}
	from, more, dir := r.Name, " > ", ""
	if query.AsOf != "" {
		from, args["at"] = store.AsOf(r.Name, r.columns+r.sortColumns()), query.AsOf
	}
	if query.Desc {
		more, dir = " < ", " DESC"
	}
	col := f.Apart()
	if reach := q.Actor.May[q.Need]; reach.Whole || reach.Wide {
		col = f.Sorter()
	}
	text := `SELECT ` + r.columns + ` FROM ` + from + ` WHERE ` + where
	if at != onlyNulls {
		some := text
		if f.Null() {
			some += ` AND ` + col + ` IS NOT NULL`
		}
		if at == values {
			some += ` AND (` + col + `, id)` + more + `(:k, :i)`
		}
		args["n"] = int64(limit + 1)
		if err := q.Rows(some+` ORDER BY `+col+dir+`, id`+dir+` LIMIT :n`, args, r.collect(&p.Items)); err != nil {
			return p, err
		}
	}
	if f.Null() && len(p.Items) <= limit {
		none := text + ` AND ` + col + ` IS NULL`
		if at == onlyNulls {
			none += ` AND id` + more + `:i`
		}
		args["n"] = int64(limit + 1 - len(p.Items))
		if err := q.Rows(none+` ORDER BY id`+dir+` LIMIT :n`, args, r.collect(&p.Items)); err != nil {
			return p, err
		}
	}
	if len(p.Items) > limit {
		p.Items = p.Items[:limit]
		p.Next = query.hash(r.Name) + r.next(f, p.Items[limit-1])
	}
	r.veilAll(q, p.Items)
	return p, nil
}

// Count counts the matching records, but no further than most.
func (r *Core) Count(q *store.Read, query Query, most int) (n int, err error) {
	where, args, err := r.where(q, query)
	if err != nil {
		return 0, err
	}
	args["n"] = int64(most)
	err = q.Row(`SELECT count(*) FROM (SELECT 1 FROM `+r.Name+` WHERE `+where+` LIMIT :n) AS found`, args, &n)
	return n, err
}

// where is the condition of a list: the actor's reach, and the filter.
func (r *Core) where(q *store.Read, query Query) (string, store.Args, error) {
	c := &compiler{r: r, q: q, args: store.Args{}}
	text, err := c.compile(query.Filter)
	return r.within + " AND " + text, c.args, err
}

// hash tells lists apart: the next page of one is no page of another.
func (query Query) hash(register string) string {
	sum := sha256.Sum256(fmt.Appendf(nil, "%s\n%s\n%s\n%v\n%s", register, query.Filter, query.Sort, query.Desc, query.AsOf))
	return hex.EncodeToString(sum[:4])
}

func (r *Core) sorter(name string) (*field.Field, error) {
	for i := range r.fields {
		if f := &r.fields[i]; f.Sort && (name == "" || name == f.Name) {
			return f, nil
		}
	}
	return nil, problem.Field("sort", "Der kan ikke sorteres efter det felt.", "That field cannot be sorted by.")
}

func (r *Core) sortColumns() string {
	more := ", search"
	for _, f := range r.fields {
		if f.Sort && f.Sorter() != f.Name {
			more += ", " + f.Sorter()
		}
	}
	return more
}

func (r *Core) collect(out *[]Rec) func(store.Scan) error {
	return func(scan store.Scan) error {
		rec := r.none()
		err := r.scan(scan, rec)
		*out = append(*out, rec)
		return err
	}
}

// place is where in the order a page begins.
type place int

const (
	start place = iota
	values
	onlyNulls
)

// A cursor is the hash of its list, and the id and the raw value of the last
// record shown: id "\n" value.
func (r *Core) next(f *field.Field, rec Rec) string {
	return base64.RawURLEncoding.EncodeToString([]byte(rec.Head().ID + "\n" + f.Raw(rec.Value)))
}

func (r *Core) cursor(f *field.Field, query Query, args store.Args) (place, error) {
	if query.After == "" {
		return start, nil
	}
	of, rest := query.After[:min(8, len(query.After))], query.After[min(8, len(query.After)):]
	if of != query.hash(r.Name) {
		return start, problem.Field("cursor", "Linket til næste side hører til en anden liste. Begynd forfra.", "The link to the next page is another list's. Begin again.")
	}
	text, err := base64.RawURLEncoding.DecodeString(rest)
	id, raw, ok := strings.Cut(string(text), "\n")
	v := r.none().Value
	if err != nil || !ok || !isText(text) || f.Parse(v, raw) != field.Fine {
		return start, problem.Field("cursor", "Linket til næste side virker ikke længere.", "The link to the next page no longer works.")
	}
	args["i"] = id
	if f.Null() && raw == "" {
		return onlyNulls, nil
	}
	args["k"] = f.Arg(v)
	if f.Kind == field.Text {
		args["k"] = field.SortKey(raw)
	}
	return values, nil
}

// isText reports whether a database can hold it as text.
func isText(b []byte) bool { return utf8.Valid(b) && !bytes.ContainsRune(b, 0) }
