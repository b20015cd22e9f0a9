package store

import (
	"regexp"
	"strconv"
	"strings"
	"sync"

	"vaern/internal/access"
)

// plan is a statement with its parameters found, for one dialect and one
// shape of reach.
type plan struct {
	text  string
	names []string
}

type planKey struct {
	dialect     dialect
	whole, wide bool
	tops        int
	query       string
}

var plans sync.Map // planKey -> plan

var (
	scope     = regexp.MustCompile(`:scope(?:\(([a-z_.]+)\))?`)
	foundMark = regexp.MustCompile(`:found\(([a-z_0-9]+)\)`)
	amongMark = regexp.MustCompile(`:among\(([a-z_0-9]+)\)`)
	limitMark = regexp.MustCompile(`LIMIT :[a-z_0-9]+`)
)

// bind turns :name into the dialect's placeholder and :scope, or
// :scope(column), into the actor's scope for the permission of the view.
// :among(name), :found(name) and :unheld are words of the dialect.
// :actor, :now and :today are always there, so a query cannot use another
// clock, another actor or another scope by mistake.
func (r *Read) bind(query string, args Args) (string, []any) {
	r.s.statements.Add(1)
	reach := r.Actor.May[r.Need]
	key := planKey{r.s.dialect, reach.Whole, reach.Wide, len(reach.Tops), query}
	found, ok := plans.Load(key)
	if !ok {
		found = parse(key.dialect, key.dialect.unheld(key.dialect.limited(key.dialect.among(key.dialect.searching(scoped(query, reach))))))
		plans.Store(key, found)
	}
	p := found.(plan)
	list := make([]any, len(p.names))
	for i, name := range p.names {
		list[i] = r.value(name, args, reach, query)
	}
	if r.s.Hear != nil {
		r.s.Hear(p.text, list)
	}
	return p.text, list
}

func (r *Read) value(name string, args Args, reach access.Reach, query string) any {
	if v, ok := args[name]; ok {
		return r.s.dialect.argument(v)
	}
	switch name {
	case "actor":
		return r.Actor.ID
	case "now":
		return r.Now
	case "today":
		return r.Today
	}
	if n, ok := strings.CutPrefix(name, "top"); ok {
		if i, err := strconv.Atoi(n); err == nil && i < len(reach.Tops) {
			return reach.Tops[i]
		}
	}
	panic("store: no argument :" + name + " for " + query)
}

func scoped(query string, reach access.Reach) string {
	return scope.ReplaceAllStringFunc(query, func(m string) string {
		column := scope.FindStringSubmatch(m)[1]
		if column == "" {
			column = "unit"
		}
		return reach.Scope(column)
	})
}

func parse(d dialect, query string) plan {
	var b strings.Builder
	var names []string
	for i := 0; i < len(query); i++ {
		if query[i] != ':' || i+1 == len(query) || !letter(query[i+1]) {
			b.WriteByte(query[i])
			continue
		}
		j := i + 1
		for j < len(query) && (letter(query[j]) || query[j] == '_' || '0' <= query[j] && query[j] <= '9') {
			j++
		}
		names = append(names, query[i+1:j])
		b.WriteString(d.placeholder(len(names)))
		i = j - 1
	}
	return plan{b.String(), names}
}

func letter(c byte) bool { return 'a' <= c && c <= 'z' }

var (
	firstWord = regexp.MustCompile(`^\s*([A-Z]+)`)
	touches   = regexp.MustCompile(`^\s*(?:INSERT\s+INTO|UPDATE|DELETE\s+FROM)\s+([a-z_]+)`)
)

// verb is INSERT, UPDATE or DELETE.
func verb(query string) string {
	if m := firstWord.FindStringSubmatch(query); m != nil {
		return m[1]
	}
	return ""
}

// target is the table that a statement changes.
func target(query string) string {
	if m := touches.FindStringSubmatch(query); m != nil {
		return m[1]
	}
	return ""
}
