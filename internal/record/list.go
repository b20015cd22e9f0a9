package record

import (
	"context"
	"encoding/base64"
	"strings"

	"vaern/internal/field"
	"vaern/internal/problem"
	"vaern/internal/store"
)

// Query says which records, in which order. The zero Query is the first page
// of everything the actor reaches.
type Query struct {
	Search string
	Where  []Match
	Sort   string // a field that can be sorted by; "" is the first of them
	Desc   bool
	After  string // cursor of the page before
	Limit  int
	AsOf   string // an instant; "" is now
}

// Match keeps records whose field has the value.
type Match struct{ Field, Value string }

// Page is a part of a list. Next is "" on the last.
type Page[T any] struct {
	Items []T
	Next  string
}

// Get returns one record in the actor's scope.
func (r *Register[T]) Get(q *store.Read, id string) (rec T, err error) {
	err = r.one(q, `SELECT `+r.columns+` FROM `+r.Name+` WHERE id = :id AND `+r.within, store.Args{"id": id}, &rec)
	return rec, err
}

// AsOf returns one record as it was at an instant.
func (r *Register[T]) AsOf(q *store.Read, id, at string) (rec T, err error) {
	err = r.one(q, `SELECT `+r.columns+` FROM `+store.AsOf(r.Name, r.columns)+` WHERE id = :id AND `+r.within,
		store.Args{"id": id, "at": at}, &rec)
	return rec, err
}

func (r *Register[T]) one(q *store.Read, text string, args store.Args, rec *T) error {
	found := false
	err := q.Rows(text, args, func(scan store.Scan) error {
		found = true
		return r.scan(scan, rec)
	})
	if err == nil && !found {
		return problem.Missing()
	}
	if err != nil {
		return err
	}
	return r.veil(q, rec)
}

// Versions returns every version of a record, newest first. Who may see the
// record now may see what it was.
func (r *Register[T]) Versions(q *store.Read, id string) (out []T, err error) {
	rec, err := r.Get(q, id)
	if err != nil {
		return nil, err
	}
	cols := r.columns
	err = q.Rows(`SELECT `+cols+` FROM `+r.Name+` WHERE id = :id
		UNION ALL SELECT `+cols+` FROM `+r.Name+`_history WHERE id = :id
		ORDER BY version DESC`, store.Args{"id": id}, r.collect(&out))
	if err == nil {
		err = r.veilLike(q, &rec, out)
	}
	return out, err
}

// List returns a page in the order of one field, records without a value last.
func (r *Register[T]) List(ctx context.Context, s *store.Store, query Query) (p Page[T], err error) {
	err = s.View(ctx, r.Can("see"), func(q *store.Read) error {
		p, err = r.Page(q, query)
		return err
	})
	return p, err
}

// Page is List inside a transaction. The order is one column and the id, so
// that one plain index serves it on both databases, forwards and backwards;
// records without a value come in a second statement when the first runs out.
func (r *Register[T]) Page(q *store.Read, query Query) (p Page[T], err error) {
	f, err := r.sorter(query.Sort)
	if err != nil {
		return p, err
	}
	where, args, err := r.where(query)
	if err != nil {
		return p, err
	}
	at, err := r.cursor(f, query.After, args)
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
		p.Next = r.next(f, &p.Items[limit-1])
	}
	r.veilAll(q, p.Items)
	return p, nil
}

// Count counts the matching records, but no further than most.
func (r *Register[T]) Count(q *store.Read, query Query, most int) (n int, err error) {
	where, args, err := r.where(query)
	if err != nil {
		return 0, err
	}
	args["n"] = int64(most)
	err = q.Row(`SELECT count(*) FROM (SELECT 1 FROM `+r.Name+` WHERE `+where+` LIMIT :n) AS found`, args, &n)
	return n, err
}

func (r *Register[T]) where(query Query) (string, store.Args, error) {
	words, args := Matching("search", query.Search)
	parts := []string{r.within, words}
	for _, m := range query.Where {
		f, ok := r.Field(m.Field)
		if !ok || !f.Filter {
			return "", nil, problem.Field(m.Field, "Der kan ikke filtreres på det felt.", "That field cannot be filtered by.")
		}
		var one T
		v := Value(&one)
		if wrong := f.Parse(v, m.Value); wrong != field.Fine {
			return "", nil, problem.Check(problem.Fields{m.Field: wrong})
		}
		parts = append(parts, f.Name+` = :is_`+f.Name)
		args["is_"+f.Name] = f.Arg(v)
	}
	return strings.Join(parts, " AND "), args, nil
}

func (r *Register[T]) sorter(name string) (*field.Field, error) {
	for i := range r.fields {
		if f := &r.fields[i]; f.Sort && (name == "" || name == f.Name) {
			return f, nil
		}
	}
	return nil, problem.Field("sort", "Der kan ikke sorteres efter det felt.", "That field cannot be sorted by.")
}

func (r *Register[T]) sortColumns() string {
	more := ", search"
	for _, f := range r.fields {
		if f.Sort && f.Sorter() != f.Name {
			more += ", " + f.Sorter()
		}
	}
	return more
}

func (r *Register[T]) collect(out *[]T) func(store.Scan) error {
	return func(scan store.Scan) error {
		var rec T
		err := r.scan(scan, &rec)
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

// A cursor is the id and the raw value of the last record shown: id "\n" value.
func (r *Register[T]) next(f *field.Field, rec *T) string {
	return base64.RawURLEncoding.EncodeToString([]byte(HeadOf(rec).ID + "\n" + f.Raw(Value(rec))))
}

func (r *Register[T]) cursor(f *field.Field, after string, args store.Args) (place, error) {
	if after == "" {
		return start, nil
	}
	text, err := base64.RawURLEncoding.DecodeString(after)
	id, raw, ok := strings.Cut(string(text), "\n")
	var one T
	v := Value(&one)
	if err != nil || !ok || f.Parse(v, raw) != field.Fine {
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
