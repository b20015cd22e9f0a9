package record

import (
	"fmt"
	"strconv"
	"strings"

	"vaern/internal/field"
	"vaern/internal/filter"
	"vaern/internal/problem"
	"vaern/internal/store"
)

// compiler turns a filter into a condition on declared columns: the only place
// where SQL is built, from names that the declaration holds and from nothing
// that anybody wrote.
type compiler struct {
	r    *Core
	q    *store.Read
	args store.Args
}

// arg adds a value and returns its place in the statement.
func (c *compiler) arg(v any) string {
	name := fmt.Sprintf("f%d", len(c.args))
	c.args[name] = v
	return ":" + name
}

func (c *compiler) compile(f filter.Filter) (string, error) {
	switch f.Kind {
	case filter.Words:
		return c.titled("search", f.Value), nil
	case filter.Not:
		inner, err := c.compile(f.Parts[0])
		return "NOT (" + inner + ")", err
	case filter.And, filter.Or:
		if len(f.Parts) == 0 {
			return "1 = 1", nil
		}
		word := " AND "
		if f.Kind == filter.Or {
			word = " OR "
		}
		parts := make([]string, len(f.Parts))
		for i, p := range f.Parts {
			text, err := c.compile(p)
			if err != nil {
				return "", err
			}
			parts[i] = text
		}
		return "(" + strings.Join(parts, word) + ")", nil
	}
	fd, ok := c.r.Field(f.Field)
	if !ok || fd.Sensitive {
		return "", problem.Field(f.Field, "Der kan ikke filtreres på det felt.", "That field cannot be filtered by.")
	}
	if f.Op == filter.Missing {
		return c.missing(fd), nil
	}
	return c.condition(fd, f)
}

func (c *compiler) missing(fd *field.Field) string {
	switch {
	case fd.Null():
		return fd.Name + " IS NULL"
	case fd.Kind == field.Int || fd.Kind == field.Bool:
		return fd.Name + " = 0"
	}
	return fd.Name + " = ''"
}

func (c *compiler) condition(fd *field.Field, f filter.Filter) (string, error) {
	switch fd.Kind {
	case field.Day:
		return c.day(fd, f), nil
	case field.Int:
		n, err := strconv.ParseInt(f.Value, 10, 64)
		if err != nil {
			return "", problem.Check(problem.Fields{fd.Name: field.NoNumber})
		}
		return fd.Name + compared[f.Op] + c.arg(n), nil
	case field.Bool:
		n := int64(0)
		if f.Value == "yes" {
			n = 1
		}
		return fd.Name + " = " + c.arg(n), nil
	case field.Choice:
		return fd.Name + " = " + c.arg(f.Value), nil
	case field.Several:
		return "' ' || " + fd.Name + " || ' ' LIKE " + c.arg("% "+f.Value+" %"), nil
	case field.Ref:
		return c.reference(fd, f), nil
	}
	return c.text(fd, f), nil
}

var compared = map[filter.Op]string{filter.Is: " = ", filter.Before: " < ", filter.After: " > ", filter.AtMost: " <= ", filter.AtLeast: " >= "}

// day compares with a day or with the whole of a period. A day that is not
// there is before and after nothing, also when the condition is turned round.
func (c *compiler) day(fd *field.Field, f filter.Filter) string {
	from, to := filter.Days(f.Value, c.q.Today)
	var text string
	switch f.Op {
	case filter.Before:
		text = fd.Name + " < " + c.arg(from)
	case filter.After:
		text = fd.Name + " > " + c.arg(to)
	case filter.AtMost:
		text = fd.Name + " <= " + c.arg(to)
	case filter.AtLeast:
		text = fd.Name + " >= " + c.arg(from)
	default:
		text = fd.Name + " >= " + c.arg(from) + " AND " + fd.Name + " <= " + c.arg(to)
	}
	if fd.Null() {
		text = fd.Name + " IS NOT NULL AND " + text
	}
	return "(" + text + ")"
}

// reference finds what is meant by me, by an id, by a number, or by words of a title, its own or one that it is meant through.
func (c *compiler) reference(fd *field.Field, f filter.Filter) string {
	if f.Value == "me" {
		if fd.To == "position" {
			return Held(fd.Name)
		}
		return fd.Name + " = :actor"
	}
	meant := ` IN (` + c.meant(fd.To, f.Value) + `) AND NOT EXISTS (SELECT 1 FROM record_title e WHERE e.kind = ` + c.arg(fd.To) + ` AND e.id = ` + c.arg(f.Value) + `)` // an id is no word of a title
	if f.Op == filter.Under {
		return fd.Name + ` IN (SELECT u.unit FROM unit_under u WHERE u.top = ` + c.arg(f.Value) + ` OR u.top` + meant + `)`
	}
	return `(` + fd.Name + ` = ` + c.arg(f.Value) + ` OR ` + fd.Name + meant + `)`
}

// meant is a query of the records that words mean, as Means has it: what has them as its number goes before what only has them
// in its title, and other titles are looked through only where nothing is called so itself.
func (c *compiler) meant(kind, words string) string {
	titled := `SELECT t.id FROM record_title t WHERE t.kind = ` + c.arg(kind) + ` AND ` + c.titled("t.search", words)
	meant := titled
	numbered := c.numbered(kind, words)
	if numbered != "" {
		meant += ` AND (t.search = ` + c.arg(field.Fold(words)) + ` OR NOT EXISTS (` + numbered + `)) UNION ALL ` + numbered
	}
	if through := declarationOf(kind).through.Query; through != "" {
		meant += ` UNION ALL SELECT x.id FROM (` + through + `) x JOIN record_title t ON t.id = x.other WHERE NOT EXISTS (` + titled + `) AND ` + c.titled("t.search", words)
	}
	return meant
}

// titled is the condition that a title has all words, each under a name of its own.
func (c *compiler) titled(column, words string) string {
	parts := []string{"1 = 1"}
	for _, w := range strings.Fields(field.Fold(words)) {
		parts = append(parts, column+` LIKE `+c.arg("%"+escaped(w)+"%")+` ESCAPE '\'`)
	}
	return strings.Join(parts, " AND ")
}

// text compares without regard to the case of letters.
func (c *compiler) text(fd *field.Field, f filter.Filter) string {
	if f.Op != filter.Has {
		return c.same(fd.Name, f.Value)
	}
	return inAnyCase(f.Value, func(v string) string {
		return `lower(` + fd.Name + `) LIKE ` + c.arg("%"+escaped(v)+"%") + ` ESCAPE '\'`
	})
}

// same is the condition that a column has a text, whatever the case of its letters.
func (c *compiler) same(column, text string) string {
	return inAnyCase(text, func(v string) string { return `lower(` + column + `) = ` + c.arg(v) })
}

// inAnyCase is a condition on lower(…) for the ways to write a text: the databases agree about the case of a to z only, so other
// letters are tried in both.
func inAnyCase(text string, condition func(string) string) string {
	ways := map[string]bool{}
	var parts []string
	for _, v := range []string{text, strings.ToLower(text), strings.ToUpper(text), firstUpper(text)} {
		if v = plainLower(v); !ways[v] {
			ways[v] = true
			parts = append(parts, condition(v))
		}
	}
	return "(" + strings.Join(parts, " OR ") + ")"
}

func firstUpper(s string) string {
	r := []rune(strings.ToLower(s))
	if len(r) == 0 {
		return s
	}
	return strings.ToUpper(string(r[:1])) + string(r[1:])
}

// plainLower is lower(…) as both databases agree on it: a to z.
func plainLower(s string) string {
	return strings.Map(func(r rune) rune {
		if 'A' <= r && r <= 'Z' {
			return r + 'a' - 'A'
		}
		return r
	}, s)
}
