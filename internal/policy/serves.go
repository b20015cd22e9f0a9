package policy

import (
	"bytes"
	"html/template"
	"slices"
	"strings"

	"vaern/internal/clause"
	"vaern/internal/field"
	"vaern/internal/i18n"
	"vaern/internal/indicator"
	"vaern/internal/module"
	"vaern/internal/ref"
	"vaern/internal/register/document"
	"vaern/internal/store"
	"vaern/internal/themed"
	"vaern/internal/web"
)

var servesPart = web.NewPart[servesView](folder, "serves")

// How many sentences stand open on a record's page, and how much of each.
const (
	mostServed = 5
	mostWords  = 140
)

// servesView is the sentences of the policy that a record serves.
type servesView struct {
	Open, Folded []served
	Standing     bool // the person sees how they stand
}

type served struct {
	ID, Text string
	State    indicator.State
}

// serves is the part of a record's page that says which sentences of the policy
// it serves, and how they stand: one statement, none for a kind without themes.
func (e *Engine) serves(q *store.Read, l i18n.Lang, about ref.Ref) (template.HTML, error) {
	if !e.themed(about.Kind) || !q.Actor.Can(SeePolicy) {
		return "", nil
	}
	near, err := q.With(SeePolicy)
	if err != nil {
		return "", err
	}
	var clauses []clause.Clause
	asks, states, own := map[string]themed.Themes{}, map[string]indicator.State{}, map[string]themed.Themes{}
	err = near.Rows(document.Serving+`
		UNION ALL SELECT 'state', m.id, CASE WHEN a.failed <> '' THEN 'none' ELSE m.state END FROM measure m LEFT JOIN work_asked a ON a.id = m.id
		UNION ALL SELECT 'own', 'own.' || o.id, o.themes FROM own_indicator o`, store.Args{"kind": about.Kind, "id": about.ID}, func(scan store.Scan) (err error) {
		var part, id, text string
		if err = scan(&part, &id, &text); err != nil {
			return err
		}
		switch part {
		case "outline":
			clauses, err = document.Outlined(text)
		case "clause":
			asks[id] = themed.Themes(text)
		case "state":
			states[id] = indicator.State(text)
		case "own":
			own[id] = themed.Themes(text)
		}
		return err
	})
	if err != nil {
		return "", err
	}
	facts := e.stated(states, own)
	v := servesView{Standing: q.Actor.Can(SeeStanding)}
	for _, c := range clauses {
		if themes, ok := asks[c.ID]; ok {
			var st Standing
			st.measure(themes, facts)
			v.Open = append(v.Open, served{c.ID, shortened(c.Text), st.State})
		}
	}
	if len(v.Open) == 0 {
		return "", nil
	}
	if len(v.Open) > mostServed+1 { // one more is shown rather than folded
		v.Open, v.Folded = v.Open[:mostServed], v.Open[mostServed:]
	}
	var b bytes.Buffer
	err = servesPart.Write(&b, l, v)
	return template.HTML(b.String()), err
}

// themed reports whether records of a kind say which themes they serve.
func (e *Engine) themed(kind string) bool {
	return slices.ContainsFunc(e.Modules, func(m module.Module) bool {
		return m.Name == kind && slices.ContainsFunc(m.Fields, func(f field.Field) bool { return f.Name == "themes" && f.Kind == field.Several })
	})
}

// stated are facts of which nothing but the themes and the state is known.
func (e *Engine) stated(states map[string]indicator.State, own map[string]themed.Themes) (facts []Fact) {
	add := func(key string, themes []string) {
		f := Fact{Indicator: indicator.Indicator{Key: key, Themes: themes}}
		if f.State = states[key]; f.State == "" {
			f.State = indicator.NotMeasured
		}
		facts = append(facts, f)
	}
	for _, in := range e.declared {
		add(in.Key, in.Themes)
	}
	for key, themes := range own {
		add(key, themes.Keys())
	}
	return facts
}

// shortened is a sentence, or as much of it as a line holds.
func shortened(text string) string {
	if len([]rune(text)) <= mostWords {
		return text
	}
	cut := string([]rune(text)[:mostWords])
	if at := strings.LastIndex(cut, " "); at > 0 {
		cut = cut[:at]
	}
	return strings.TrimRight(cut, " ,;:.") + " …"
}
