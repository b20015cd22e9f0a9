package feed

import (
	"context"
	"slices"

	"vaern/internal/problem"
	"vaern/internal/store"
)

// Step tells how far the work on a kept file has come, and may end it.
type Step func(done, total int) error

// understood refuses a file that lacks a column, or whose day is none, before
// anybody waits for it.
func (m Meant) understood(head []string) error {
	if _, ok := date(m.Day); !ok {
		return noDay()
	}
	l := understand(head)
	if m.Units {
		return l.forUnits(head)
	}
	return l.forPeople(head)
}

// Hand keeps a file that somebody handed in, to be looked through.
func Hand(ctx context.Context, s *store.Store, name string, m Meant, data *Sheet) (id string, err error) {
	if err := m.understood(data.Head); err != nil {
		return "", err
	}
	k := &Kept{Name: name, State: Handed, Meant: m}
	err = Keep(ctx, s, k, data)
	return k.ID, err
}

// Because says why more than usual may leave by a kept file.
func (k *Kept) Because(ctx context.Context, s *store.Store, reason string) error {
	k.Meant.Reason = reason
	args, err := k.args()
	if err != nil {
		return err
	}
	return s.Work(ctx, func(w *store.Work) error { return w.Do(`UPDATE work_feed SET meant = :meant WHERE id = :id`, args) })
}

// Begun reports whether some of it was taken in and the rest is still to be.
func (k *Kept) Begun() bool { return k.Waits() && len(k.Report.Changes) > 0 }

// Waits reports whether somebody is still to say that the file counts.
func (k *Kept) Waits() bool { return k.State == Tried || k.State == Held }

func open(ctx context.Context, s *store.Store, id string) (k Kept, data *Sheet, err error) {
	err = s.View(ctx, Need, func(q *store.Read) error {
		if k, err = Find(q, id); err != nil {
			return err
		}
		if k.HasText {
			data, err = Data(q, id)
		} else if k.State != Taken { // a file too long to keep
			err = problem.Missing()
		}
		return err
	})
	return k, data, err
}

// Look finds what a kept file would do. It may be begun again.
func Look(ctx context.Context, s *store.Store, id string, step Step) error {
	k, data, err := open(ctx, s, id)
	if err != nil || k.State != Handed {
		return err
	}
	did, err := Run(ctx, s, data.Table(), k.Meant, Options{Try: true, Tell: data.Hear, Step: data.stepping(step)})
	if err != nil {
		return err
	}
	k.Report, k.Lines = did.Report, did.Lines
	return k.Settle(ctx, s, Tried, data)
}

func (s *Sheet) stepping(step Step) func(int) error {
	return func(rows int) error { return step(min(rows, len(s.Rows)), len(s.Rows)) }
}

// Take lets a kept file count. Each change that it makes also says how far the
// file is done, so that work that was cut off goes on where it was.
func Take(ctx context.Context, s *store.Store, id string, step Step) error {
	k, data, err := open(ctx, s, id)
	if err != nil || k.State != Tried && k.State != Held {
		return err
	}
	o := Options{Step: data.stepping(step)}
	if o.Before = &k.Report; k.Report.Tried || k.Report.Changes == nil {
		o.Before, k.Lines = nil, nil
	}
	o.Tell = k.hearing(data.Hear)
	o.Each = func(w *store.Write, lines []Line, all *Report) error { return k.tell(w, lines, all) }
	r, err := take(ctx, s, data.Table(), k.Meant, o)
	if err != nil {
		return err
	}
	k.Report = *r
	if r.Held {
		if err := k.Settle(ctx, s, k.State, data); err != nil {
			return err
		}
		return problem.New(problem.Invalid, "Skriv, hvorfor så mange mister deres adgang. Intet er ændret endnu.", "Say why so many lose their access. Nothing was changed yet.")
	}
	return k.Settle(ctx, s, Taken, data.OnlyWrong())
}

// tell says within a change what a kept file did up to the end of it.
func (k *Kept) tell(w *store.Write, lines []Line, all *Report) error {
	now := *k
	now.Report, now.Lines = *all, slices.Clone(k.Lines)
	for _, l := range lines {
		now.Lines = gathered(now.Lines, l)
	}
	args, err := now.args()
	if err != nil {
		return err
	}
	return w.Also(`UPDATE work_feed SET report = :report WHERE id = :id`, args)
}

// File is one that came by itself, from a program or a command.
type File struct {
	Name  string
	Meant Meant
	Table Table
	Data  *Sheet // the same, where it is short enough to keep; nil
}

// Receive takes in a file that came by itself. It is listed from the first
// change that it makes, so that it can be taken back where it was cut off. One
// that waits for a reason is kept until somebody says it.
func Receive(ctx context.Context, s *store.Store, f File, o Options) (*Kept, error) {
	k := &Kept{Name: f.Name, Meant: f.Meant, State: Taken}
	o.Tell = k.hearing(o.Tell)
	o.Each = func(w *store.Write, lines []Line, all *Report) error {
		if k.ID == "" {
			if err := k.add(&w.Read, w.Also, ""); err != nil {
				return err
			}
		}
		sofar := *all
		sofar.CutOff = true
		return k.tell(w, lines, &sofar)
	}
	r, err := take(ctx, s, f.Table, f.Meant, o)
	if err != nil {
		return k, err
	}
	switch k.Report = *r; {
	case r.Held:
		k.State = Held
		return k, Keep(ctx, s, k, f.Data)
	case k.ID == "": // it changed nothing
		return k, Keep(ctx, s, k, f.Data.OnlyWrong())
	}
	return k, k.Settle(ctx, s, Taken, f.Data.OnlyWrong())
}
