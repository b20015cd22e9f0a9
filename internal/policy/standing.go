package policy

import (
	"fmt"
	"html/template"
	"slices"
	"strings"

	"vaern/internal/clause"
	"vaern/internal/i18n"
	"vaern/internal/indicator"
	"vaern/internal/register/document"
	"vaern/internal/store"
	"vaern/internal/themed"
)

// Standing is how one sentence of the policy stands, and why.
type Standing struct {
	clause.Clause
	Head     bool   // it says what the columns of a table are
	Basis    string // what it is about, and whether a person said so: what is behind it is alike for all that have the same
	Themes   []i18n.Text
	Accepted bool // a person said what the sentence asks for
	Explains bool // a person said that it asks for nothing: it has no state
	State    indicator.State
	Since    string  // the day it came to stand so
	Asked    string  // the oldest data behind it
	Facts    []*Fact // the measures behind the state, the deciding one first
	Below    []Below
	Owner    string // what the position is called that answers for it
	OwnerID  string
}

// Fact is one measure of a sentence.
type Fact struct {
	Measured
	Indicator indicator.Indicator
}

// Below are the records of one kind that serve a sentence.
type Below struct {
	Kind      string
	One, Many i18n.Text
	Items     []Item
}

// Item is a record that serves a sentence.
type Item struct{ Path, Title string }

// Served says how many records of each kind serve the sentence.
func (st *Standing) Served(l i18n.Lang) string {
	var out []string
	for _, b := range st.Below {
		out = append(out, l.Plural(int64(len(b.Items)), b.One, b.Many))
	}
	return strings.Join(out, " · ")
}

// Links are the records as lines of a list. A policy has hundreds, and a template
// takes ten times as long for each.
func (b *Below) Links() template.HTML {
	var out strings.Builder
	for _, i := range b.Items {
		out.WriteString(`<li><a href="` + template.HTMLEscapeString(i.Path) + `">` + template.HTMLEscapeString(i.Title) + `</a></li>`)
	}
	return template.HTML(out.String())
}

// link is what theme_link says: a record serves themes.
type link struct{ kind, id, title, owner, ownerTitle string }

// links are the records that serve each theme.
func links(q *store.Read) (map[string][]link, error) {
	out := map[string][]link{}
	err := q.Rows(`
		SELECT t.themes, t.kind, t.id, r.title, r.owner, coalesce(o.title, '')
		FROM (SELECT kind, id, string_agg(theme, ' ') AS themes FROM theme_link GROUP BY kind, id) t
		JOIN record_title r ON r.id = t.id LEFT JOIN record_title o ON o.id = r.owner
		ORDER BY t.kind, r.title, t.id`, nil, func(scan store.Scan) error {
		var themes string
		var l link
		err := scan(&themes, &l.kind, &l.id, &l.title, &l.owner, &l.ownerTitle)
		for theme := range strings.FieldsSeq(themes) {
			out[theme] = append(out[theme], l)
		}
		return err
	})
	return out, err
}

// Section is a part of the policy with its sentences.
type Section struct {
	Number, Title string
	Clauses       []Standing
}

// Stand says how every sentence of a version stands: at an instant, "" for now.
func (e *Engine) Stand(q *store.Read, ed document.Edition, at string) ([]Section, error) {
	facts, err := e.facts(q, at)
	if err != nil {
		return nil, err
	}
	return e.stand(q, ed, facts)
}

// stand is Stand with the facts at hand.
func (e *Engine) stand(q *store.Read, ed document.Edition, facts []Fact) ([]Section, error) {
	bindings, err := document.Bindings(q, ed.Document)
	if err != nil {
		return nil, err
	}
	serving, err := links(q)
	if err != nil {
		return nil, err
	}
	alike := map[string]Standing{} // by basis
	out := make([]Section, 0, len(ed.Sections))
	for _, s := range ed.Sections {
		part := Section{Number: s.Number, Title: s.Title}
		heads := s.Heads()
		for _, c := range s.Clauses {
			b, bound := bindings[c.ID]
			basis := fmt.Sprint(b.Accepted, " ", b.Themes)
			st, known := alike[basis]
			if !known {
				st = Standing{Basis: basis, State: indicator.NotMeasured, Accepted: b.Accepted}
				st.measure(b.Themes, facts)
				e.below(&st, b.Themes, serving)
				alike[basis] = st
			}
			st.Clause, st.Head = c, heads[c.ID]
			st.Explains = c.Kind == "heading" || bound && b.Accepted && b.Themes == ""
			part.Clauses = append(part.Clauses, st)
		}
		out = append(out, part)
	}
	return out, nil
}

// measure finds the measures whose themes the sentence asks for. The worst
// decides; the sentence stands so since that one does.
func (st *Standing) measure(themes themed.Themes, facts []Fact) {
	keys := themes.Keys()
	for _, key := range keys {
		st.Themes = append(st.Themes, themed.Label(key))
	}
	var states []indicator.State
	for i := range facts {
		f := &facts[i]
		if slices.ContainsFunc(f.Indicator.Themes, func(t string) bool { return slices.Contains(keys, t) }) {
			st.Facts = append(st.Facts, f)
			states = append(states, f.State)
		}
	}
	st.State = indicator.Worst(states)
	slices.SortStableFunc(st.Facts, func(a, b *Fact) int { return decides(b, st.State) - decides(a, st.State) })
	for _, f := range st.Facts {
		if f.State == st.State && f.State != indicator.NotMeasured && f.Since > st.Since {
			st.Since = f.Since
		}
		if f.At != "" && (st.Asked == "" || f.At < st.Asked) {
			st.Asked = f.At
		}
	}
}

// decides orders facts: first those that make the state what it is, those
// about fewest themes before the general ones.
func decides(f *Fact, state indicator.State) int {
	n := 0
	if f.State == state {
		n += 10
	}
	if f.State != indicator.NotMeasured {
		n += 5
	}
	return n - len(f.Indicator.Themes)
}

// below gathers the records that serve the sentence, by kind, and its owner:
// the position that owns most of them.
func (e *Engine) below(st *Standing, themes themed.Themes, serving map[string][]link) {
	seen := map[string]bool{}
	owners := map[string]int{}
	for _, key := range themes.Keys() {
		for _, l := range serving[key] {
			if seen[l.id] {
				continue
			}
			seen[l.id] = true
			i := slices.IndexFunc(st.Below, func(b Below) bool { return b.Kind == l.kind })
			if i < 0 {
				i = len(st.Below)
				st.Below = append(st.Below, Below{Kind: l.kind, One: e.singular[l.kind].Lower(), Many: e.kinds[l.kind].Lower()})
			}
			st.Below[i].Items = append(st.Below[i].Items, Item{"/" + l.kind + "/" + l.id, l.title})
			if l.ownerTitle == "" {
				continue
			}
			owners[l.owner]++
			if n := owners[l.owner]; n > owners[st.OwnerID] || st.OwnerID == "" {
				st.OwnerID, st.Owner = l.owner, l.ownerTitle
			}
		}
	}
	slices.SortStableFunc(st.Below, func(a, b Below) int { return e.place(a.Kind) - e.place(b.Kind) })
}

// place orders kinds as the modules stand.
func (e *Engine) place(kind string) int {
	for i, m := range e.Modules {
		if m.Name == kind {
			return i
		}
	}
	return len(e.Modules)
}

// Lacks says what a sentence is without.
func (st *Standing) Lacks(what string) bool {
	if st.Explains {
		return false
	}
	switch what {
	case "rule":
		return !slices.ContainsFunc(st.Below, func(b Below) bool { return b.Kind == "rule" })
	case "measure":
		return !slices.ContainsFunc(st.Facts, func(f *Fact) bool { return f.State != indicator.NotMeasured })
	case "owner":
		return st.OwnerID == ""
	}
	return st.State == indicator.State(what)
}

// Count counts the sentences that stand in each state; those that only explain
// are in none.
func Count(sections []Section) map[indicator.State]int {
	out := map[indicator.State]int{}
	for _, s := range sections {
		for i := range s.Clauses {
			if !s.Clauses[i].Explains {
				out[s.Clauses[i].State]++
			}
		}
	}
	return out
}
