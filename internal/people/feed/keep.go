package feed

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"slices"
	"time"

	"vaern/internal/i18n"
	"vaern/internal/intake"
	"vaern/internal/problem"
	"vaern/internal/sheet"
	"vaern/internal/store"
)

// State is what became of a file that was handed in.
type State string

const (
	Handed  State = "handed"  // handed in, and not looked through yet
	Tried   State = "tried"   // looked through; somebody is to say that it counts
	Held    State = "held"    // came by itself, and more would leave than usual
	Taken   State = "taken"   // it counts
	Dropped State = "dropped" // nobody wanted it
	Undone  State = "undone"  // it counted, and was taken back
)

// Kept is a file that was handed in, and what it did or would do.
type Kept struct {
	ID, Person, At, Name string
	State                State
	Meant                Meant
	Report               Report
	HasText              bool   // what is still needed of the file is kept
	Lines                []Line // what rows did, the wrong ones first; no more than mostLines, none that changed nothing
}

// Meant is how a file is meant.
type Meant struct {
	Units  bool   `json:"units"`
	Full   bool   `json:"full"`
	Day    string `json:"day"`
	Reason string `json:"reason,omitempty"` // why more than usual may leave
}

// Sheet is a file that fits in memory, and what is wrong with its rows.
type Sheet struct {
	Head  []string          `json:"head"`
	No    []int             `json:"no"`
	Rows  [][]string        `json:"rows"`
	Wrong map[int]i18n.Text `json:"wrong,omitempty"` // by number

	Source sheet.Source `json:"source"`
}

// SheetOf is a spreadsheet that was read, without personal numbers.
func SheetOf(t *sheet.Table) *Sheet {
	s := &Sheet{Head: t.Headings, Source: t.Source}
	l := understand(t.Headings)
	for _, row := range t.Rows {
		for _, c := range []column{from, until} {
			if i := l.at[c]; i >= 0 {
				row.Cells[i] = t.Day(row.Cells[i])
			}
		}
		for i, heading := range t.Headings {
			if intake.Secret(heading) && i < len(row.Cells) {
				row.Cells[i] = ""
			}
		}
		s.No, s.Rows = append(s.No, row.Number), append(s.Rows, row.Cells)
	}
	return s
}

// Hear keeps in mind what is wrong with a row, or that nothing is any more.
func (s *Sheet) Hear(l Line) {
	switch {
	case l.Row == 0: // is not in the file
	case l.Did != Wrong:
		delete(s.Wrong, l.Row)
	case s.Wrong == nil:
		s.Wrong = map[int]i18n.Text{l.Row: l.Text}
	default:
		s.Wrong[l.Row] = l.Text
	}
}

// OnlyWrong is the sheet with no rows but the wrong ones: to be corrected.
func (s *Sheet) OnlyWrong() *Sheet {
	if s == nil {
		return nil
	}
	out := &Sheet{Head: s.Head, Wrong: s.Wrong}
	for i, row := range s.Rows {
		if _, wrong := s.Wrong[s.No[i]]; wrong {
			out.No, out.Rows = append(out.No, s.No[i]), append(out.Rows, row)
		}
	}
	return out
}

// Table is the sheet as rows.
func (s *Sheet) Table() Table {
	return Table{Head: s.Head, Source: s.Source, Rows: func(yield func(int, []string) bool) {
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
	k := &Kept{Meant: m}
	o.Tell = k.hearing(o.Tell)
	r, err := take(ctx, s, t, m, o)
	if err != nil {
		return nil, err
	}
	k.Report = *r
	return k, nil
}

// hearing gathers what rows did, and lets somebody else hear of it, too; nil is
// nobody.
func (k *Kept) hearing(tell func(Line)) func(Line) {
	return func(l Line) {
		k.Lines = gathered(k.Lines, l)
		if tell != nil {
			tell(l)
		}
	}
}

func take(ctx context.Context, s *store.Store, t Table, m Meant, o Options) (*Report, error) {
	if o.Full, o.Day = m.Full, m.Day; o.Reason == "" {
		o.Reason = m.Reason
	}
	if m.Units {
		return Units(ctx, s, t, o)
	}
	return People(ctx, s, t, o)
}

// gathered is the lines with one more, while there is room; a wrong one takes
// the place of one that is not, and stands before it.
func gathered(lines []Line, l Line) []Line {
	if l.Did == Unchanged || l.Did != Wrong && len(lines) >= mostLines {
		return lines
	}
	if l.Did != Wrong {
		return append(lines, l)
	}
	at, _ := slices.BinarySearchFunc(lines, true, func(l Line, _ bool) int {
		if l.Did == Wrong {
			return -1
		}
		return 1
	})
	if at == mostLines {
		return lines
	}
	return slices.Insert(lines[:min(len(lines), mostLines-1)], at, l)
}

// outcome is what is kept of what a file did.
type outcome struct {
	Report Report `json:"report"`
	Lines  []Line `json:"lines"`
}

// Keep keeps a file that somebody is to say more of. What is older than
// anybody asks for goes.
func Keep(ctx context.Context, s *store.Store, k *Kept, data *Sheet) error {
	text, err := data.text()
	if err != nil {
		return err
	}
	return s.Work(ctx, func(w *store.Work) error { return k.add(&w.Read, w.Do, text) })
}

// add adds the file to those that are kept, by whatever writes.
func (k *Kept) add(q *store.Read, write func(query string, args store.Args) error, text string) error {
	k.ID, k.At, k.Person = rand.Text(), q.Now, q.Actor.ID
	args, err := k.args()
	if err != nil {
		return err
	}
	args["data"] = text
	if err := write(`INSERT INTO work_feed (id, person, at, name, state, meant, report, data) VALUES (:id, :actor, :now, :name, :state, :meant, :report, :data)`, args); err != nil {
		return err
	}
	now, err := time.Parse(store.Time, q.Now)
	if err != nil {
		return err
	}
	return write(`DELETE FROM work_feed WHERE at < :old`, store.Args{"old": now.AddDate(0, 0, -keptDays).Format(store.Time)})
}

func (k *Kept) args() (store.Args, error) {
	meant, err := json.Marshal(k.Meant)
	if err != nil {
		return nil, err
	}
	report, err := json.Marshal(outcome{k.Report, k.Lines})
	return store.Args{"id": k.ID, "name": k.Name, "state": string(k.State), "meant": string(meant), "report": string(report)}, err
}

// Settle says what became of a kept file, and keeps of its text no more than
// data.
func (k *Kept) Settle(ctx context.Context, s *store.Store, state State, data *Sheet) error {
	k.State = state
	args, err := k.args()
	if err != nil {
		return err
	}
	if args["data"], err = data.text(); err != nil {
		return err
	}
	return s.Work(ctx, func(w *store.Work) error {
		return w.Do(`UPDATE work_feed SET state = :state, meant = :meant, report = :report, data = :data WHERE id = :id`, args)
	})
}

// text is the sheet as it is kept; "" is none.
func (s *Sheet) text() (string, error) {
	if s == nil || len(s.Rows) == 0 {
		return "", nil
	}
	b, err := json.Marshal(s)
	return string(b), err
}

const columnsKept = `SELECT id, person, at, name, state, meant, report, CASE WHEN data <> '' THEN 1 ELSE 0 END FROM work_feed `

func (k *Kept) scan(scan store.Scan) error {
	var meant, report string
	if err := scan(&k.ID, &k.Person, &k.At, &k.Name, &k.State, &meant, &report, &k.HasText); err != nil {
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

// Data is what is still kept of the text of a file.
func Data(q *store.Read, id string) (*Sheet, error) {
	var text string
	if err := q.Row(`SELECT data FROM work_feed WHERE id = :id`, store.Args{"id": id}, &text); err != nil {
		return nil, err
	}
	if text == "" {
		return nil, problem.Missing()
	}
	var s Sheet
	return &s, json.Unmarshal([]byte(text), &s)
}
