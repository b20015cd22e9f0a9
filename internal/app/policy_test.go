package app

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"vaern/internal/clause"
	"vaern/internal/field"
	"vaern/internal/indicator"
	"vaern/internal/people"
	"vaern/internal/policy"
	"vaern/internal/record"
	"vaern/internal/ref"
	"vaern/internal/register/control"
	"vaern/internal/register/document"
	"vaern/internal/store"
	"vaern/internal/theme"
	"vaern/internal/themed"
)

// inForce imports a text as the policy and puts it in force, approved by every
// body that there is. It returns the version's id.
func inForce(t *testing.T, in *town, text string) string {
	t.Helper()
	ctx := in.all(t.Context())
	id, err := document.Store(ctx, in.Store, clause.Parse(clause.FromText(text), "2026-03-02"))
	if err != nil {
		t.Fatal(err)
	}
	for _, do := range []func() error{
		func() error { return document.Submit(ctx, in.Store, id) },
		func() error {
			return in.Change(ctx, store.Intent{Verb: "approval.create", Need: "approval.create"}, approve(id))
		},
		func() error { return document.Decide(ctx, in.Store, id) },
		func() error { return document.PutInForce(ctx, in.Store, id, "") },
	} {
		if err := do(); err != nil {
			t.Fatal(err)
		}
	}
	return id
}

// approve registers that every body approved a version today.
func approve(edition string) func(w *store.Write) error {
	return func(w *store.Write) error {
		var bodies []string
		err := w.Rows(`SELECT id FROM body ORDER BY id`, nil, func(scan store.Scan) error {
			var id string
			err := scan(&id)
			bodies = append(bodies, id)
			return err
		})
		for _, body := range bodies {
			if err != nil {
				break
			}
			err = document.Approve(w, &document.Approval{Head: record.Head{Unit: people.Top}, Edition: edition, Body: body,
				Decided: "2026-03-01", Way: document.Minutes, Meeting: "Punkt 1"})
		}
		return err
	}
}

// asked is an invented policy, and what a person says each sentence asks for.
var asked = []struct{ text, themes string }{
	{"Driften skal være stabil hele året.", "availability"},
	{"Der skal ligge planer for nedbrud.", "continuity"},
	{"Medarbejderne øver sig, og driften holdes stabil imens.", "awareness availability"},
	{"Lederne fører selv tilsyn med deres kontroller.", "manager-control"},
	{"Udstyr låses inde, når det ikke er i brug.", "equipment"},
	{"Her står, hvordan teksten læses.", ""},
}

// TestOneOverdueControlChangesExactlyItsSentences breaks one record and looks
// at every sentence of the policy.
func TestOneOverdueControlChangesExactlyItsSentences(t *testing.T) {
	each(t, func(t *testing.T, in *town) {
		var text strings.Builder
		text.WriteString("Prøve Kommune\n\nInformationssikkerhedspolitik\n\nVersion 1.0\n\n1. marts 2026\n\n1. Sikkerhed\n\n")
		for _, c := range asked {
			text.WriteString(c.text + "\n\n")
		}
		edition := inForce(t, in, text.String())
		bindAll(t, in, edition)
		pump := addControl(t, in, "availability")
		addControl(t, in, "continuity")
		addControl(t, in, "awareness")

		before := states(t, in)
		want := map[string]indicator.State{
			asked[0].text: indicator.Met,
			asked[1].text: indicator.Met,
			asked[2].text: indicator.Met,
			asked[3].text: indicator.Met,         // what is counted of all controls
			asked[4].text: indicator.NotMeasured, // nothing serves it: never met
			asked[5].text: "explains",            // asks for nothing: no state
		}
		if !maps.Equal(before, want) {
			t.Errorf("before: got %v, want %v", before, want)
		}

		late := carryOut(t, in, pump, "2025-01-15")
		if late.Due >= "2026-03-02" {
			t.Fatalf("the control is due %s: not overdue", late.Due)
		}
		for _, i := range []int{0, 2, 3} { // one of three is late
			want[asked[i].text] = indicator.Unmet
		}
		if after := states(t, in); !maps.Equal(after, want) {
			t.Errorf("overdue: got %v, want %v", after, want)
		}

		carryOut(t, in, late, "2026-03-01")
		if again := states(t, in); !maps.Equal(again, before) {
			t.Errorf("carried out: got %v, want %v", again, before)
		}
	})
}

// carryOut says that a control was carried out on a day.
func carryOut(t *testing.T, in *town, c control.Control, day field.Date) control.Control {
	t.Helper()
	old := c
	c.Done, c.Result = day, "Ingen bemærkninger."
	change(t, in, "control.edit", func(w *store.Write) error { return control.Controls.Replace(w, old, &c) })
	return c
}

// bindAll says for every sentence of asked what it asks for.
func bindAll(t *testing.T, in *town, edition string) {
	t.Helper()
	ctx := in.all(t.Context())
	var e document.Edition
	see(t, in, func(q *store.Read) (err error) {
		e, _, err = document.Current(q)
		return err
	})
	bound := 0
	for _, c := range e.Clauses() {
		for _, a := range asked {
			if a.text != c.Text {
				continue
			}
			bound++
			if err := document.Accept(ctx, in.Store, edition, c.ID, themed.Themes(a.themes)); err != nil {
				t.Fatal(err)
			}
		}
	}
	if bound != len(asked) {
		t.Fatalf("%d of %d sentences found among %v", bound, len(asked), e.Clauses())
	}
}

func addControl(t *testing.T, in *town, key string) control.Control {
	t.Helper()
	c := control.Control{Head: record.Head{Unit: people.Top}, Number: "K-" + key, Title: "Prøv " + key, Every: "year", Themes: themed.Of(key)}
	see(t, in, func(q *store.Read) error { return q.Row(`SELECT position FROM holding`, nil, &c.Owner) })
	change(t, in, "control.create", func(w *store.Write) error { return control.Controls.Add(w, &c) })
	return c
}

func change(t *testing.T, in *town, verb string, fn func(*store.Write) error) {
	t.Helper()
	if err := in.Change(in.all(t.Context()), store.Intent{Verb: verb, Need: "test"}, fn); err != nil {
		t.Fatal(err)
	}
}

func see(t *testing.T, in *town, fn func(*store.Read) error) {
	t.Helper()
	if err := in.View(in.all(t.Context()), "test", fn); err != nil {
		t.Fatal(err)
	}
}

// states evaluates, and says how every sentence stands.
func states(t *testing.T, in *town) map[string]indicator.State {
	t.Helper()
	if err := in.engine.Evaluate(t.Context()); err != nil {
		t.Fatal(err)
	}
	out := map[string]indicator.State{}
	see(t, in, func(q *store.Read) error {
		e, _, err := document.Current(q)
		if err != nil {
			return err
		}
		sections, err := in.engine.Stand(q, e, "")
		for _, s := range sections {
			for _, c := range s.Clauses {
				switch {
				case c.Kind == clause.Heading:
				case c.Explains:
					out[c.Text] = "explains"
				default:
					out[c.Text] = c.State
				}
			}
		}
		if n := policy.Count(sections)[indicator.Met]; n != count(out, indicator.Met) {
			t.Errorf("the bar counts %d met, the sentences are %v", n, out)
		}
		return err
	})
	return out
}

func count(all map[string]indicator.State, s indicator.State) (n int) {
	for _, x := range all {
		if x == s {
			n++
		}
	}
	return n
}

// declared are the indicators of all modules.
func declared(in *town) (out []indicator.Indicator) {
	for _, m := range in.engine.Modules {
		out = append(out, m.Indicators...)
	}
	return out
}

func TestEveryIndicatorServesThemesThatExist(t *testing.T) {
	all := declared(&town{engine: policy.NewEngine(nil, Modules())})
	if len(all) < 15 {
		t.Errorf("only %d indicators", len(all))
	}
	for _, in := range all {
		if len(in.Themes) == 0 {
			t.Errorf("%s serves no theme, so no sentence meets it", in.Key)
		}
		for _, key := range in.Themes {
			if _, ok := theme.Get(key); !ok {
				t.Errorf("%s serves %q, which is no theme in content/themes.yaml", in.Key, key)
			}
		}
		if !in.Name.Whole() || !in.Counts.Whole() || !in.OutOf.Whole() {
			t.Errorf("%s lacks its words in a language", in.Key)
		}
		if in.Warning > in.Goal || in.Goal < 1 || in.Goal > 100 {
			t.Errorf("%s is met from %d and partly from %d per cent", in.Key, in.Goal, in.Warning)
		}
	}
}

// TestAnEmptyMunicipalityMeetsNothing asks every indicator where there is
// nothing but the founder.
func TestAnEmptyMunicipalityMeetsNothing(t *testing.T) {
	each(t, func(t *testing.T, in *town) {
		listsExplainNumbers(t, in)
		if err := in.engine.Evaluate(t.Context()); err != nil {
			t.Fatal(err)
		}
		see(t, in, func(q *store.Read) error {
			return q.Rows(`SELECT id, met, total, state FROM measure`, nil, func(scan store.Scan) error {
				var key, state string
				var met, total int
				err := scan(&key, &met, &total, &state)
				if total == 0 && state != string(indicator.NotMeasured) {
					t.Errorf("%s has nothing to count and is %q", key, state)
				}
				return err
			})
		})
	})
}

// listsExplainNumbers compares every indicator's number with the list behind it.
func listsExplainNumbers(t *testing.T, in *town) {
	see(t, in, func(q *store.Read) error {
		for _, x := range declared(in) {
			m, missing, err := answer(q, x)
			if err != nil {
				return fmt.Errorf("%s: %w", x.Key, err)
			}
			if m.Met < 0 || m.Met > m.Total || int(m.Total-m.Met) != len(missing) {
				t.Errorf("%s says %d of %d, and its list has %d", x.Key, m.Met, m.Total, len(missing))
			}
			slices.SortFunc(missing, func(a, b ref.Ref) int { return strings.Compare(a.String(), b.String()) })
			if n := len(slices.Compact(missing)); n != len(missing) {
				t.Errorf("%s lists %d records, only %d of them different", x.Key, len(missing), n)
			}
		}
		return nil
	})
}

// answer is an indicator's number and the list behind it.
func answer(q *store.Read, x indicator.Indicator) (m indicator.Measure, missing []ref.Ref, err error) {
	if x.Ask != nil {
		return x.Ask(q)
	}
	if err := q.Row(x.Query, nil, &m.Met, &m.Total); err != nil {
		return m, nil, err
	}
	err = q.Rows(x.Missing, nil, func(scan store.Scan) error {
		var r ref.Ref
		err := scan(&r.Kind, &r.ID)
		missing = append(missing, r)
		return err
	})
	return m, missing, err
}
