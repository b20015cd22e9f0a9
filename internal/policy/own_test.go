package policy_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"vaern/internal/access"
	"vaern/internal/i18n"
	"vaern/internal/indicator"
	"vaern/internal/module"
	"vaern/internal/people"
	"vaern/internal/policy"
	"vaern/internal/problem"
	"vaern/internal/record"
	"vaern/internal/register/control"
	"vaern/internal/register/document"
	"vaern/internal/register/org"
	"vaern/internal/register/rule"
	"vaern/internal/store"
	"vaern/internal/store/storetest"
)

// town is a small municipality with every register, and an engine over it.
type town struct {
	*testing.T
	s      *store.Store
	engine *policy.Engine
	all    []access.Permission
}

func each(t *testing.T, fn func(*town)) {
	mods := append(org.Modules(), rule.Module(), control.Module())
	mods = append(mods, document.Modules()...)
	schemas := module.Schemas(policy.NewEngine(nil, mods).Modules)
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := &town{T: t, s: s, engine: policy.NewEngine(s, mods), all: []access.Permission{"test"}}
		for _, may := range module.Table(w.engine.Modules) {
			w.all = append(w.all, may...)
		}
		w.do(func(c *store.Write) error {
			if err := people.FoundTop(c); err != nil {
				return err
			}
			top := people.Unit{Head: record.Head{ID: people.Top, Unit: people.Top}, Number: "1", Name: "By", Kind: "municipality"}
			return people.Units.Add(c, &top)
		})
		fn(w)
	}, schemas...)
}

func (w *town) ctx() context.Context {
	return access.With(w.Context(), access.Machine("test", w.all...))
}

func (w *town) must(err error) {
	w.Helper()
	if err != nil {
		w.Fatal(err)
	}
}

func (w *town) do(fn func(*store.Write) error) {
	w.Helper()
	w.must(w.s.Change(w.ctx(), store.Intent{Verb: "test.do", Need: "test"}, fn))
}

func (w *town) control(number string, every control.Interval, due string) {
	w.Helper()
	w.do(func(c *store.Write) error {
		rec := control.Control{Head: record.Head{Unit: people.Top}, Number: number, Title: "Kontrol " + number, Every: every, Themes: "continuity"}
		rec.Due = dateOf(due)
		return control.Controls.Add(c, &rec)
	})
}

func (w *town) measured(key string) (m policy.Measured) {
	w.Helper()
	w.must(w.engine.Evaluate(w.ctx()))
	w.must(w.s.View(w.ctx(), "test", func(q *store.Read) error {
		all, err := policy.Measures(q)
		m = all[key]
		return err
	}))
	return m
}

func TestAMunicipalityCountsWhatItLikes(t *testing.T) {
	each(t, func(w *town) {
		w.control("K-1", "year", "2027-01-01")
		w.control("K-2", "year", "2026-01-01")
		w.control("K-3", "month", "2026-01-01")
		own, err := w.engine.Owns().Create(w.ctx(), w.s, policy.Own{Head: record.Head{Unit: people.Top}, Title: "Årlige kontroller i tide",
			Register: "control", Within: `every == "year"`, Good: "due >= today", Goal: 90, Warning: 40, Themes: "continuity"}, "")
		w.must(err)
		m := w.measured("own." + own.ID)
		if m.Met != 1 || m.Total != 2 || m.State != indicator.Partly {
			w.Errorf("measured %d of %d, %s; want 1 of 2, partly", m.Met, m.Total, m.State)
		}
		if m.Known == 0 {
			w.Error("nothing says how large the ledger was")
		}
	})
}

func TestAnExpressionIsCheckedBeforeItIsKept(t *testing.T) {
	each(t, func(w *town) {
		for _, c := range []struct{ register, good string }{
			{"control", "duue >= today"},                             // no such field
			{"control", "due"},                                       // neither yes nor no
			{"control", "due >= 7"},                                  // another type
			{"control", "len(title) > 3"},                            // no functions
			{"nothing", "true"},                                      // no such register
			{"control", strings.Repeat("!", 300) + "(due == today)"}, // too long
		} {
			_, err := w.engine.Owns().Create(w.ctx(), w.s, policy.Own{Head: record.Head{Unit: people.Top}, Title: "X", Register: c.register, Good: c.good}, "")
			if problem.Of(err) != problem.Invalid {
				w.Errorf("%s %q: %v, want invalid", c.register, c.good, err)
			}
		}
	})
}

func TestAGoalIsChangedForAReason(t *testing.T) {
	each(t, func(w *town) {
		w.control("K-1", "year", "2027-01-01")
		w.control("K-2", "year", "2026-01-01")
		const key = "control.on_time"
		if m := w.measured(key); m.State != indicator.Unmet {
			w.Fatalf("1 of 2 is %s with the usual goal", m.State)
		}
		lower := policy.Target{Limits: indicator.Limits{Goal: 50, Warning: 20}}
		if err := w.engine.Aim(w.ctx(), key, lower, ""); problem.Of(err) != problem.Invalid {
			w.Errorf("without a reason: %v", err)
		}
		if err := w.engine.Aim(w.ctx(), key, policy.Target{Limits: indicator.Limits{Goal: 50, Warning: 60}}, "x"); problem.Of(err) != problem.Invalid {
			w.Errorf("a limit above the goal: %v", err)
		}
		w.must(w.engine.Aim(w.ctx(), key, lower, "vi begynder forsigtigt"))
		if m := w.measured(key); m.State != indicator.Met {
			w.Errorf("1 of 2 is %s with a goal of 50", m.State)
		}
		if err := w.engine.Aim(w.ctx(), key, lower, "igen"); problem.Of(err) != problem.Stale {
			w.Errorf("a change to an older goal: %v, want stale", err)
		}
	})
}

func TestAnAnswerIsRecordedOnlyWhenItChanges(t *testing.T) {
	each(t, func(w *town) {
		w.control("K-1", "year", "2027-01-01")
		size := func() (n int64) {
			w.must(w.s.View(w.ctx(), "test", func(q *store.Read) error {
				h, err := q.Head()
				n = h.Size
				return err
			}))
			return n
		}
		w.must(w.engine.Evaluate(w.ctx()))
		before := size()
		w.must(w.engine.Evaluate(w.ctx()))
		if size() != before {
			w.Errorf("asking again left %d leaves", size()-before)
		}
		w.control("K-2", "year", "2026-01-01")
		w.must(w.engine.Evaluate(w.ctx()))
		if size() == before+1 {
			w.Error("a changed answer left no leaf")
		}
	})
}

func TestAnExpressionIsShownInTheReadersWords(t *testing.T) {
	each(t, func(w *town) {
		w.control("K-1", "year", "2027-01-01")
		own, err := w.engine.Owns().Create(w.ctx(), w.s, policy.Own{Head: record.Head{Unit: people.Top}, Title: "Årlige", Register: "control",
			Within: `every == "year"`, Good: "due >= today", Goal: 90, Warning: 70}, "")
		w.must(err)
		var m indicator.Indicator
		w.must(w.s.View(w.ctx(), "test", func(q *store.Read) (err error) { m, err = w.engine.Find(q, "own."+own.ID); return err }))
		if m.Counts.In(i18n.Da) != "Næste frist ≥ i dag" || m.OutOf.In(i18n.Da) != "Kontroller: Hvor tit = Hvert år" || m.Counts.In(i18n.En) != "Next due ≥ today" {
			w.Errorf("counts %v of %v", m.Counts, m.OutOf)
		}
		f, _ := w.engine.Owns().Field("register")
		if f.Show("control", i18n.Da) != "Kontroller" {
			w.Errorf("the register is shown as %q", f.Show("control", i18n.Da))
		}
	})
}

func TestAnExpressionIsWrittenInTheReadersWords(t *testing.T) {
	each(t, func(w *town) {
		for i, c := range []struct{ within, good, stored, kept string }{
			{`Hvor tit = "Hvert år"`, "Næste frist ≥ i dag", `every == "year"`, "due >= today"},
			{`how often is "every year"`, "next due >= today and not (title == \"og\")", `every == "year"`, "due >= today and not (title == \"og\")"},
			{`every == "year"`, "due >= today", `every == "year"`, "due >= today"},
			{`Hvor tit er ikke "Hvert år" eller Næste frist < 1.3.2027`, "ja", `every != "year" or due < "2027-03-01"`, "true"},
		} {
			own, err := w.engine.Owns().Create(w.ctx(), w.s, policy.Own{Head: record.Head{Unit: people.Top}, Title: fmt.Sprint("Nr. ", i), Register: "control",
				Within: c.within, Good: c.good, Goal: 90, Warning: 70}, "")
			w.must(err)
			if own.Within != c.stored || own.Good != c.kept {
				w.Errorf("%s and %s are kept as %s and %s", c.within, c.good, own.Within, own.Good)
			}
			for _, l := range i18n.Langs { // what the form shows means the same when it is sent back
				again := own
				again.Head, again.Title = record.Head{Unit: people.Top}, fmt.Sprint("Igen ", i, l)
				for name, text := range map[string]*string{"within": &again.Within, "good": &again.Good} {
					f, _ := w.engine.Owns().Field(name)
					*text = w.engine.Owns().Said(f, record.Of(&own), l)
				}
				if strings.Contains(again.Within, "every") && l == i18n.Da {
					w.Errorf("the form says %s", again.Within)
				}
				back, err := w.engine.Owns().Create(w.ctx(), w.s, again, "")
				w.must(err)
				if back.Within != own.Within || back.Good != own.Good {
					w.Errorf("%s: %s became %s, %s became %s", l, own.Within, back.Within, own.Good, back.Good)
				}
			}
		}
		_, err := w.engine.Owns().Create(w.ctx(), w.s, policy.Own{Head: record.Head{Unit: people.Top}, Title: "X", Register: "control", Good: "Næste frisst ≥ i dag"}, "")
		if p := problem.As(err); p == nil || !strings.Contains(p.Fields["good"].In(i18n.Da), "»Næste«") || !strings.Contains(p.Fields["good"].In(i18n.Da), "Næste frist") {
			w.Errorf("a word that is no field: %v", err)
		}
	})
}

func TestHistoryTellsAnExpressionInTheReadersWords(t *testing.T) {
	each(t, func(w *town) {
		own, err := w.engine.Owns().Create(w.ctx(), w.s, policy.Own{Head: record.Head{Unit: people.Top}, Title: "Årlige", Register: "control",
			Within: `every == "year"`, Good: "due >= today", Goal: 90, Warning: 70}, "")
		w.must(err)
		own.Within = `every == "month"`
		own, err = w.engine.Owns().Update(w.ctx(), w.s, own, "")
		w.must(err)
		w.must(w.s.View(w.ctx(), "test", func(q *store.Read) error {
			leaves, err := q.LeavesAbout(w.engine.Owns().Ref(&own), 10)
			if err != nil {
				return err
			}
			for l, want := range map[i18n.Lang][2]string{i18n.Da: {`Hvor tit = "Hvert år"`, `Hvor tit = "Hver måned"`}, i18n.En: {`How often = "Every year"`, `How often = "Every month"`}} {
				lines, err := module.Told(w.engine.Modules).Tell(q, leaves, l)
				if err != nil {
					return err
				}
				if c := lines[0].Changes; len(c) != 1 || c[0].Was != want[0] || c[0].Is != want[1] {
					w.Errorf("%s: %+v, want %q", l, c, want)
				}
			}
			return nil
		}))
	})
}
