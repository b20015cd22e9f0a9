package feed

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"time"

	"vaern/internal/problem"
	"vaern/internal/sheet"
	"vaern/internal/store"
)

// State is what became of a file that was handed in.
type State string

const (
	Tried   State = "tried"   // looked through; somebody is to say that it counts
	Held    State = "held"    // came by itself, and more would leave than usual
	Taken   State = "taken"   // it counts
	Dropped State = "dropped" // nobody wanted it
)

// Kept is a file that was handed in, and what it did or would do.
type Kept struct {
	ID, Person, At, Name string
	State                State
	Meant                Meant
	Report               Report
	Lines                []Line // what rows did, the wrong ones first; no more than mostLines, none that changed nothing
}

// Meant is how a file is meant.
type Meant struct {
	Units bool   `json:"units"`
	Full  bool   `json:"full"`
	Day   string `json:"day"`
}

// Sheet is a file that fits in memory.
type Sheet struct {
	Head []string   `json:"head"`
	No   []int      `json:"no"`
	Rows [][]string `json:"rows"`
}

// SheetOf is a spreadsheet that was read.
func SheetOf(t *sheet.Table) *Sheet {
	s := &Sheet{Head: t.Headings}
	for _, row := range t.Rows {
		s.No, s.Rows = append(s.No, row.Number), append(s.Rows, row.Cells)
	}
	return s
}

// Table is the sheet as rows.
func (s *Sheet) Table() Table {
	return Table{Head: s.Head, Rows: func(yield func(int, []string) bool) {
		for i, row := range s.Rows {
			if !yield(s.No[i], row) {
				return
			}
		}
	}}
}

const (
	mostLines = 1000
	keptDays  = 90 // how long what a file did is told
)

// Run takes a file in as it is meant, and gathers what its rows did.
func Run(ctx context.Context, s *store.Store, t Table, m Meant, o Options) (*Kept, error) {
	var wrong, did []Line
	tell := o.Tell
	o.Full, o.Day = m.Full, m.Day
	o.Tell = func(l Line) {
		switch {
		case l.Did == Wrong && len(wrong) < mostLines:
			wrong = append(wrong, l)
		case l.Did != Wrong && l.Did != Unchanged && len(did) < mostLines:
			did = append(did, l)
		}
		if tell != nil {
			tell(l)
		}
	}
	take := People
	if m.Units {
		take = Units
	}
	r, err := take(ctx, s, t, o)
	if err != nil {
		return nil, err
	}
	lines := append(wrong, did...)
	return &Kept{Meant: m, Report: *r, Lines: lines[:min(len(lines), mostLines)]}, nil
}

// outcome is what is kept of what a file did.
type outcome struct {
	Report Report `json:"report"`
	Lines  []Line `json:"lines"`
}

// Keep keeps a file that somebody is to say more of. What is older than
// anybody asks for goes.
func Keep(ctx context.Context, s *store.Store, k *Kept, data *Sheet) error {
	text := ""
	if data != nil {
		b, err := json.Marshal(data)
		if err != nil {
			return err
		}
		text = string(b)
	}
	return s.Work(ctx, func(w *store.Work) error {
		k.ID, k.At, k.Person = rand.Text(), w.Now, w.Actor.ID
		args, err := k.args()
		if err != nil {
			return err
		}
		args["data"] = text
		if err := w.Do(`INSERT INTO work_feed (id, person, at, name, state, meant, report, data) VALUES (:id, :actor, :now, :name, :state, :meant, :report, :data)`, args); err != nil {
			return err
		}
		now, err := time.Parse(store.Time, w.Now)
		if err != nil {
			return err
		}
		return w.Do(`DELETE FROM work_feed WHERE at < :old`, store.Args{"old": now.AddDate(0, 0, -keptDays).Format(store.Time)})
	})
}

func (k *Kept) args() (store.Args, error) {
	meant, err := json.Marshal(k.Meant)
	if err != nil {
		return nil, err
	}
	report, err := json.Marshal(outcome{k.Report, k.Lines})
	return store.Args{"id": k.ID, "name": k.Name, "state": string(k.State), "meant": string(meant), "report": string(report)}, err
}

// Settle says what became of a kept file. Its text is needed no longer.
func (k *Kept) Settle(ctx context.Context, s *store.Store, state State) error {
	k.State = state
	args, err := k.args()
	if err != nil {
		return err
	}
	return s.Work(ctx, func(w *store.Work) error {
		return w.Do(`UPDATE work_feed SET state = :state, report = :report, data = '' WHERE id = :id`, args)
	})
}

const columnsKept = `SELECT id, person, at, name, state, meant, report FROM work_feed `

func (k *Kept) scan(scan store.Scan) error {
	var meant, report string
	if err := scan(&k.ID, &k.Person, &k.At, &k.Name, &k.State, &meant, &report); err != nil {
		return err
	}
	if err := json.Unmarshal([]byte(meant), &k.Meant); err != nil {
		return err
	}
	var t outcome
	err := json.Unmarshal([]byte(report), &t)
	k.Report, k.Lines = t.Report, t.Lines
	return err
}

// Find returns a kept file.
func Find(q *store.Read, id string) (k Kept, err error) {
	found := false
	err = q.Rows(columnsKept+`WHERE id = :id`, store.Args{"id": id}, func(scan store.Scan) error {
		found = true
		return k.scan(scan)
	})
	if err == nil && !found {
		err = problem.Missing()
	}
	return k, err
}

// Latest are the files that were handed in last, the newest first.
func Latest(q *store.Read, most int) (out []Kept, err error) {
	err = q.Rows(columnsKept+`ORDER BY at DESC, id DESC LIMIT :most`, store.Args{"most": most}, func(scan store.Scan) error {
		var k Kept
		err := k.scan(scan)
		out = append(out, k)
		return err
	})
	return out, err
}

// Data is the text of a kept file that waits.
func Data(q *store.Read, id string) (*Sheet, error) {
	var text string
	if err := q.Row(`SELECT data FROM work_feed WHERE id = :id AND state IN ('tried', 'held')`, store.Args{"id": id}, &text); err != nil {
		return nil, err
	}
	if text == "" {
		return nil, problem.Missing()
	}
	var s Sheet
	return &s, json.Unmarshal([]byte(text), &s)
}
