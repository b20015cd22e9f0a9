package policy

import (
	"vaern/internal/access"
	"vaern/internal/field"
	"vaern/internal/i18n"
	"vaern/internal/indicator"
	"vaern/internal/module"
	"vaern/internal/problem"
	"vaern/internal/record"
	"vaern/internal/ref"
	"vaern/internal/store"
	"vaern/internal/themed"
	"vaern/internal/web/kit"

	"github.com/expr-lang/expr"
	"github.com/expr-lang/expr/vm"
)

// Own is an indicator that a municipality makes itself: an expression over a
// register's declared fields.
type Own struct {
	record.Head
	Title    string        `da:"Navn" en:"Name" is:"title sort"`
	Register string        `da:"Register" en:"Register" eg:"control" is:"required" helpda:"Det register, der tælles i." helpen:"The register that is counted."`
	Within   string        `da:"Tæl kun" en:"Count only" eg:"every == \"year\"" is:"long" helpda:"Skriv med registrets felter, som de hedder på siden. Er det tomt, tælles alle. Eksempel for kontroller: Hvor tit = \"Hvert år\"" helpen:"Write with the register's fields as the pages call them. If it is empty, all are counted. Example for controls: How often = \"Every year\""`
	Good     string        `da:"Er i orden, når" en:"Is as it should be when" eg:"due >= today" is:"required long" helpda:"Hvad der skal gælde for det, der er i orden. Eksempel for kontroller: Næste frist ≥ i dag" helpen:"What holds for what is as it should be. Example for controls: Next due ≥ today"`
	Goal     int64         `da:"Mål i procent" en:"Goal in per cent"`
	Warning  int64         `da:"Grænse for delvist i procent" en:"Limit for partly in per cent"`
	Themes   themed.Themes `da:"Temaer" en:"Themes" is:"several long"`
	Owner    string        `da:"Ejer" en:"Owner" is:"ref:position filter"`
}

// ownRegister keeps them; it needs the engine to know which registers and fields there are.
func (e *Engine) ownRegister() *record.Records[Own] {
	return record.New(record.Register[Own]{
		Name: "own_indicator", One: i18n.Text{"Eget målepunkt", "Own indicator"}, Many: i18n.Text{"Egne målepunkter", "Own indicators"},
		About:    i18n.Text{"Målepunkter, som kommunen selv har lavet ud fra et registers felter.", "Indicators that the municipality made itself from a register's fields."},
		Blank:    Own{Goal: 90, Warning: 70},
		Wordings: map[string]record.Wording[Own]{"within": e.wording(), "good": e.wording()},
		Check:    e.checkOwn, Choices: map[string]field.Choices{"register": e.countable()},
	})
}

// countable are the registers that an own indicator can count in.
func (e *Engine) countable() (out field.Choices) {
	for _, m := range e.Modules {
		if m.Rows != nil {
			out = append(out, [3]string{m.Name, m.Many[i18n.Da], m.Many[i18n.En]})
		}
	}
	return out
}

// ownModule declares the register of the municipality's own indicators.
func (e *Engine) ownModule() module.Module {
	return kit.Module(kit.Register[Own]{Register: e.ownRegister(), See: module.Readers, Edit: []access.Role{access.Coordinator}, Above: &indicatorCrumb})
}

func (e *Engine) checkOwn(o Own) problem.Fields {
	bad := problem.Fields{}
	m, ok := e.register(o.Register)
	if !ok {
		return problem.Fields{"register": {"Der er ikke noget register med det navn.", "There is no register of that name."}}
	}
	for name, text := range map[string]string{"within": o.Within, "good": o.Good} {
		if text == "" {
			continue
		}
		if _, err := compile(m, text); err != nil {
			bad[name] = misunderstood(m, text)
		}
	}
	if o.Goal < 0 || o.Goal > 100 || o.Warning < 0 || o.Warning > o.Goal {
		bad["goal"] = i18n.Text{"Målet skal ligge mellem 0 og 100 og ikke under grænsen for delvist.", "The goal must be between 0 and 100 and not below the limit for partly."}
	}
	return bad
}

func (e *Engine) register(name string) (module.Module, bool) {
	for _, m := range e.Modules {
		if m.Name == name && m.Rows != nil {
			return m, true
		}
	}
	return module.Module{}, false
}

// mostNodes bounds an expression; without loops it is also what it may cost.
const mostNodes = 100

// compile checks an expression against the fields of a register: names, types,
// and that it says yes or no. It has no functions, so no loops.
func compile(m module.Module, text string) (*vm.Program, error) {
	env := map[string]any{"today": ""}
	for _, f := range m.Fields {
		switch f.Kind {
		case field.Int:
			env[f.Name] = 0
		case field.Bool:
			env[f.Name] = false
		default:
			env[f.Name] = ""
		}
	}
	return expr.Compile(text, expr.Env(env), expr.AsBool(), expr.MaxNodes(mostNodes), expr.DisableAllBuiltins())
}

// own are the municipality's own indicators as any other.
func (e *Engine) own(q *store.Read) (out []indicator.Indicator, err error) {
	err = q.Rows(`SELECT id, title, register, within, good, goal, warning, themes FROM own_indicator ORDER BY title_sort, id`, nil,
		func(scan store.Scan) error {
			var o Own
			if err := scan(&o.ID, &o.Title, &o.Register, &o.Within, &o.Good, &o.Goal, &o.Warning, &o.Themes); err != nil {
				return err
			}
			m, ok := e.register(o.Register)
			if !ok {
				return nil // a register that is no more
			}
			out = append(out, indicator.Indicator{
				Key: "own." + o.ID, Name: i18n.Same(o.Title), Themes: o.Themes.Keys(), Goal: o.Goal, Warning: o.Warning,
				Counts: inWords(m, o.Good), OutOf: outOf(m, o.Within),
				Ask: func(q *store.Read) (indicator.Measure, []ref.Ref, error) { return tally(q, m, o) },
			})
			return nil
		})
	return out, err
}

// outOf says of which records of a register an indicator counts.
func outOf(m module.Module, within string) i18n.Text {
	if within == "" {
		return i18n.Text{"Alle i registret %s", "All in the register %s"}.Naming(m.Many)
	}
	return m.Many.And(i18n.Same(": ")).And(inWords(m, within))
}

// tally runs the expressions over every record of the register.
func tally(q *store.Read, m module.Module, o Own) (out indicator.Measure, missing []ref.Ref, err error) {
	good, err := compile(m, o.Good)
	if err != nil {
		return out, nil, err
	}
	within := good
	if o.Within != "" {
		if within, err = compile(m, o.Within); err != nil {
			return out, nil, err
		}
	}
	var machine vm.VM
	err = m.Rows(q, func(id string, row map[string]any) error {
		row["today"] = q.Today
		if o.Within != "" {
			counts, err := machine.Run(within, row)
			if err != nil || counts != true {
				return err
			}
		}
		out.Total++
		ok, err := machine.Run(good, row)
		if err != nil {
			return err
		}
		if ok == true {
			out.Met++
		} else {
			missing = append(missing, ref.Ref{Kind: m.Name, ID: id})
		}
		return nil
	})
	return out, missing, err
}
