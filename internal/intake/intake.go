// Package intake keeps spreadsheets on their way into a register: what was in
// the file, which column is which field, what each row would do and did. It is
// the person's own until it is stored, and waits while the person is away.
package intake

import (
	"cmp"
	"crypto/rand"
	"embed"
	"encoding/hex"
	"encoding/json"
	"slices"
	"strings"

	"vaern/internal/i18n"
	"vaern/internal/problem"
	"vaern/internal/sheet"
	"vaern/internal/store"
)

//go:embed schema/*.sql
var files embed.FS

// Schema is the tables of intakes.
func Schema() store.Schema {
	return store.Schema{Name: "intake", Files: store.Folder(files)}
}

// Step is how far an intake has come.
type Step string

// The steps, in their order. What is being done has a row in package progress.
const (
	Columns Step = "columns" // the person says which column is which field
	Tried   Step = "tried"   // each row was tried, and nothing stored
	Saved   Step = "saved"   // the person confirmed
	Undone  Step = "undone"  // and took it back
)

// Intake is one spreadsheet on its way.
type Intake struct {
	ID, Register, Person, File string
	Headings                   []string
	Mapping                    []string // the field of each column; "" is left out
	Source                     sheet.Source
	Step                       Step
	Lines                      int
	Twice                      Twice  // which of several rows of one key counts
	Batch                      string // what it is called in the ledger, once stored
	Begun                      string
}

// Twice is which of several rows of one key counts.
type Twice string

// A person is asked before any of them counts.
const (
	Ask   Twice = "ask"
	First Twice = "first"
	Last  Twice = "last"
)

// Parts is how many parts the rows are cut into.
func (in *Intake) Parts() int { return (in.Lines + store.BatchRows - 1) / store.BatchRows }

// Column is the first column that is a field; -1 is none.
func (in *Intake) Column(field string) int { return slices.Index(in.Mapping, field) }

// What a row would do, or did.
const (
	New     = "new"
	Changed = "changed"
	Same    = "same"
	Wrong   = "wrong"
)

// Verdict is what one row would do, or did.
type Verdict struct {
	Is      string   `json:"is"`
	ID      string   `json:"id,omitempty"`
	Version int64    `json:"v,omitempty"` // that was looked at
	Title   string   `json:"t,omitempty"`
	Changes []Change `json:"c,omitempty"`
	Faults  []Fault  `json:"f,omitempty"`
}

// Change is what a field has and gets, as a form would write it.
type Change struct {
	Field string    `json:"n"`
	Was   i18n.Text `json:"a"`
	Is    i18n.Text `json:"b"`
}

// Fault is what is wrong with a row, and in which column; -1 is the whole row.
type Fault struct {
	Column int       `json:"c"`
	Text   i18n.Text `json:"t"`
}

// Count is how many rows would do what.
type Count struct{ New, Changed, Same, Wrong int }

// Good is how many rows something would be stored of.
func (c Count) Good() int { return c.New + c.Changed }

// Keep stores a spreadsheet that was read.
func Keep(w *store.Work, in *Intake, rows []sheet.Row) error {
	id := make([]byte, 16)
	rand.Read(id)
	in.ID, in.Person, in.Step, in.Lines, in.Begun = hex.EncodeToString(id), w.Actor.ID, Columns, len(rows), w.Now
	err := w.Do(`INSERT INTO intake (id, register, person, file, headings, mapping, source, step, lines, batch, begun, moved)
		VALUES (:id, :register, :actor, :file, :headings, :mapping, :source, :step, :lines, '', :now, :now)`,
		store.Args{"id": in.ID, "register": in.Register, "file": in.File, "headings": text(in.Headings), "mapping": text(in.Mapping),
			"source": text(in.Source), "step": string(in.Step), "lines": in.Lines})
	n := 0
	for part := range slices.Chunk(rows, store.BatchRows) {
		if err == nil {
			err = w.Do(`INSERT INTO intake_part (intake, part, content, verdict, state, new, changed, same, wrong) VALUES (:id, :n, :content, '', '', 0, 0, 0, 0)`,
				store.Args{"id": in.ID, "n": n, "content": text(part)})
		}
		n++
	}
	return err
}

// Of returns an intake of the actor's; another's is not there.
func Of(q *store.Read, register, id string) (in Intake, err error) {
	var headings, mapping, source, step string
	err = q.Row(`SELECT id, register, person, file, headings, mapping, source, step, lines, twice, batch, begun FROM intake
		WHERE id = :id AND register = :register AND person = :actor`, store.Args{"id": id, "register": register},
		&in.ID, &in.Register, &in.Person, &in.File, &headings, &mapping, &source, &step, &in.Lines, &in.Twice, &in.Batch, &in.Begun)
	if err != nil {
		return in, err
	}
	in.Step = Step(step)
	for from, to := range map[string]any{headings: &in.Headings, mapping: &in.Mapping, source: &in.Source} {
		if err := json.Unmarshal([]byte(from), to); err != nil {
			return in, err
		}
	}
	return in, nil
}

// Mine are the actor's newest intakes of a register.
func Mine(q *store.Read, register string) (out []Intake, err error) {
	err = q.Rows(`SELECT id, file, step, lines, begun FROM intake WHERE person = :actor AND register = :register ORDER BY begun DESC LIMIT 10`,
		store.Args{"register": register}, func(scan store.Scan) error {
			var in Intake
			err := scan(&in.ID, &in.File, &in.Step, &in.Lines, &in.Begun)
			out = append(out, in)
			return err
		})
	return out, err
}

// Writing is how an intake's tables are written: store.Write.Also or store.Work.Do.
type Writing func(query string, args store.Args) error

// Move says how far an intake has come.
func (in *Intake) Move(write Writing, step Step) error {
	in.Step = step
	return write(`UPDATE intake SET step = :step, twice = :twice, batch = :batch, mapping = :mapping, moved = :now WHERE id = :id`,
		store.Args{"id": in.ID, "step": string(step), "twice": string(in.Twice), "batch": in.Batch, "mapping": text(in.Mapping)})
}

// Drop forgets an intake and all that was in the file.
func (in *Intake) Drop(w *store.Work) error {
	err := w.Do(`DELETE FROM intake_part WHERE intake = :id`, store.Args{"id": in.ID})
	if err == nil {
		err = w.Do(`DELETE FROM intake WHERE id = :id`, store.Args{"id": in.ID})
	}
	return err
}

// Sweep forgets what nobody has touched since an instant.
func Sweep(w *store.Work, since string) error {
	err := w.Do(`DELETE FROM intake_part WHERE intake IN (SELECT id FROM intake WHERE moved < :since)`, store.Args{"since": since})
	if err == nil {
		err = w.Do(`DELETE FROM intake WHERE moved < :since`, store.Args{"since": since})
	}
	return err
}

// Part is a part of the rows, and what was found of each; there are no
// verdicts before it was tried.
type Part struct {
	Rows     []sheet.Row
	Verdicts []Verdict
	State    string // "" or the step that was done with it
}

// Part returns the part with a number.
func (in *Intake) Part(q *store.Read, n int) (p Part, err error) {
	var content, verdict string
	if err := q.Row(`SELECT content, verdict, state FROM intake_part WHERE intake = :id AND part = :n`, store.Args{"id": in.ID, "n": n}, &content, &verdict, &p.State); err != nil {
		return p, err
	}
	if err := json.Unmarshal([]byte(content), &p.Rows); err != nil || verdict == "" {
		return p, err
	}
	return p, json.Unmarshal([]byte(verdict), &p.Verdicts)
}

// Judge keeps what was found of a part, and what was done with it.
func (in *Intake) Judge(write Writing, n int, state Step, verdicts []Verdict) error {
	var c Count
	for _, v := range verdicts {
		*map[string]*int{New: &c.New, Changed: &c.Changed, Same: &c.Same, Wrong: &c.Wrong}[v.Is]++
	}
	return write(`UPDATE intake_part SET verdict = :verdict, state = :state, new = :new, changed = :changed, same = :same, wrong = :wrong WHERE intake = :id AND part = :n`,
		store.Args{"id": in.ID, "n": n, "verdict": text(verdicts), "state": string(state), "new": c.New, "changed": c.Changed, "same": c.Same, "wrong": c.Wrong})
}

// Forget takes back what was found of all parts: the mapping changed.
func (in *Intake) Forget(w *store.Work) error {
	return w.Do(`UPDATE intake_part SET verdict = '', state = '', new = 0, changed = 0, same = 0, wrong = 0 WHERE intake = :id`, store.Args{"id": in.ID})
}

// Count adds up what was found of all parts.
func (in *Intake) Count(q *store.Read) (c Count, err error) {
	err = q.Row(`SELECT coalesce(sum(new), 0), coalesce(sum(changed), 0), coalesce(sum(same), 0), coalesce(sum(wrong), 0) FROM intake_part WHERE intake = :id`,
		store.Args{"id": in.ID}, &c.New, &c.Changed, &c.Same, &c.Wrong)
	return c, err
}

// Remember keeps which column is which field for the next spreadsheet with
// these headings.
func (in *Intake) Remember(w *store.Work) error {
	return w.Do(`INSERT INTO intake_mapping (register, headings, mapping) VALUES (:register, :headings, :mapping)
		ON CONFLICT (register, headings) DO UPDATE SET mapping = excluded.mapping`,
		store.Args{"register": in.Register, "headings": text(in.Headings), "mapping": text(in.Mapping)})
}

// Remembered is which column was which field the last time, none if never.
func Remembered(q *store.Read, register string, headings []string) (mapping []string, err error) {
	var said string
	err = q.Row(`SELECT mapping FROM intake_mapping WHERE register = :register AND headings = :headings`,
		store.Args{"register": register, "headings": text(headings)}, &said)
	if err != nil && problem.Of(err) == problem.NotFound {
		return nil, nil
	}
	if err == nil {
		err = json.Unmarshal([]byte(said), &mapping)
	}
	return mapping, err
}

func text(v any) string {
	b, _ := json.Marshal(v) // strings and numbers
	return string(b)
}

// Shown is a row with what was found of it.
type Shown struct {
	sheet.Row
	Verdict
}

// At is a place among the rows: a part, and how many of its rows were shown.
type At struct{ Part, Row int }

// Rows returns at most limit rows of which something was found, from a place on,
// and the place of the next; its part is -1 when there are no more.
func (in *Intake) Rows(q *store.Read, is string, from At, limit int) (out []Shown, next At, err error) {
	if !slices.Contains([]string{New, Changed, Same, Wrong}, is) {
		return nil, At{-1, 0}, problem.Missing()
	}
	var parts []int
	err = q.Rows(`SELECT part FROM intake_part WHERE intake = :id AND part >= :from AND `+is+` > 0 ORDER BY part`, store.Args{"id": in.ID, "from": from.Part},
		func(scan store.Scan) error {
			var n int
			err := scan(&n)
			parts = append(parts, n)
			return err
		})
	for _, n := range parts {
		var p Part
		if err == nil {
			p, err = in.Part(q, n)
		}
		if err != nil {
			return nil, At{-1, 0}, err
		}
		for i := range p.Verdicts {
			if p.Verdicts[i].Is != is || n == from.Part && i < from.Row {
				continue
			}
			if len(out) == limit {
				return out, At{n, i}, nil
			}
			out = append(out, Shown{p.Rows[i], p.Verdicts[i]})
		}
	}
	return out, At{-1, 0}, err
}

// Alike is the same fault of several rows.
type Alike struct {
	Fault
	N int
}

// Alike counts what is wrong alike, the most frequent first, in as many parts
// as a page may read.
func (in *Intake) Alike(q *store.Read) (out []Alike, err error) {
	counts := map[Fault]int{}
	err = q.Rows(`SELECT verdict FROM intake_part WHERE intake = :id AND wrong > 0 ORDER BY part LIMIT 20`, store.Args{"id": in.ID},
		func(scan store.Scan) error {
			var verdict string
			var found []Verdict
			if err := scan(&verdict); err != nil {
				return err
			}
			err := json.Unmarshal([]byte(verdict), &found)
			for _, v := range found {
				for _, f := range v.Faults {
					counts[f]++
				}
			}
			return err
		})
	for f, n := range counts {
		out = append(out, Alike{f, n})
	}
	slices.SortFunc(out, func(a, b Alike) int {
		return cmp.Or(b.N-a.N, a.Column-b.Column, strings.Compare(a.Text[0], b.Text[0]))
	})
	return out, err
}
