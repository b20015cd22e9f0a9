package app

import (
	"context"
	"regexp"
	"strings"

	"vaern/internal/problem"
	"vaern/internal/store"
)

// addresses finds a real record for each place in a pattern: "/rule/{id}"
// becomes the address of a rule that is there.
type addresses struct {
	t    *town
	kind map[string]string // the name in the addresses of programs → the register
	ids  map[string]string // register → a record; "" is none
}

func (t *town) addresses() *addresses {
	a := &addresses{t: t, kind: map[string]string{}, ids: map[string]string{}}
	for _, m := range t.engine.Modules {
		a.kind[m.Plural] = m.Name
	}
	return a
}

// nothing stands where there is no record: a token, or what has not happened.
const nothing = "findes-ikke"

var places = regexp.MustCompile(`[^/]+/\{[a-z]+\}|\{[a-z]+\}`)

// of is an address that fits a pattern; real reports whether each of its
// records is there.
func (a *addresses) of(ctx context.Context, pattern string) (path string, real bool, err error) {
	real = true
	path = strings.Replace(pattern, "/{kind}/{id}", "/rule/{id}", 1)
	path = places.ReplaceAllStringFunc(strings.TrimSuffix(path, "{$}"), func(place string) string {
		before, name, _ := strings.Cut(place, "/")
		if name == "" {
			before, name = "", place
		}
		value, failed := a.value(ctx, before, strings.Trim(name, "{}"))
		if failed != nil {
			err = failed
		}
		if value == "" {
			value, real = nothing, false
		}
		if before == "" {
			return value
		}
		return before + "/" + value
	})
	return path, real, err
}

// value is what stands after a word of an address.
func (a *addresses) value(ctx context.Context, before, name string) (string, error) {
	switch name {
	case "key":
		for _, m := range a.t.engine.Modules {
			if len(m.Indicators) > 0 {
				return m.Indicators[0].Key, nil
			}
		}
	case "kind":
		return "rule", nil
	case "field":
		return "unit", nil
	case "id", "document", "edition":
		if register, ok := a.kind[before]; ok && register != "" {
			before = register
		}
		return a.record(ctx, before)
	}
	return "", nil
}

// record is the oldest record of a kind.
func (a *addresses) record(ctx context.Context, kind string) (id string, err error) {
	if id, known := a.ids[kind]; known {
		return id, nil
	}
	if len(a.t.Missing(kind, []string{"id", "unit"})) == 0 {
		err = a.t.Peek(ctx, func(q *store.Read) error {
			return q.Row(`SELECT id FROM `+kind+` WHERE unit <> 'far' ORDER BY id LIMIT 1`, nil, &id)
		})
	}
	if problem.Of(err) == problem.NotFound && err != nil {
		err = nil
	}
	a.ids[kind] = id
	return id, err
}
