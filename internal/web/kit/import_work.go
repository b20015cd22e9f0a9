package kit

import (
	"context"
	"errors"
	"slices"

	"vaern/internal/access"
	"vaern/internal/i18n"
	"vaern/internal/intake"
	"vaern/internal/ledger"
	"vaern/internal/progress"
	"vaern/internal/record"
	"vaern/internal/ref"
	"vaern/internal/store"
)

// The kinds of work that an import is, after the register's name.
const (
	trying = ".import.try"
	saving = ".import.save"
	taking = ".import.undo"
)

// importing says how the work of imports is done.
func (f *face) importing() {
	f.site.Work.Does(f.Name+trying, f.try)
	f.site.Work.Does(f.Name+saving, f.take)
	f.site.Work.Does(f.Name+taking, f.takeBack)
}

func (f *face) intake(ctx context.Context, id string) (in intake.Intake, err error) {
	err = f.s.View(ctx, f.Can("create"), func(q *store.Read) error {
		in, err = intake.Of(q, f.Name, id)
		return err
	})
	return in, err
}

// try finds what every row would do, and stores nothing of it.
func (f *face) try(ctx context.Context, id string, step progress.Step) error {
	in, err := f.intake(ctx, id)
	if err != nil || in.Step != intake.Columns && in.Step != intake.Tried {
		return err
	}
	r := f.reading(&in, access.Of(ctx))
	twice, err := f.survey(ctx, r)
	if err != nil {
		return err
	}
	if !twice {
		in.Twice = ""
	} else if in.Twice == "" {
		in.Twice = intake.Ask
	}
	for n := range in.Parts() {
		var lines []*line
		err := f.s.View(ctx, f.Can("create"), func(q *store.Read) error {
			p, err := in.Part(q, n)
			if err == nil {
				lines, err = r.judge(q, p.Rows)
			}
			return err
		})
		if err == nil {
			err = f.s.Work(ctx, func(w *store.Work) error { return in.Judge(w.Do, n, intake.Tried, verdicts(lines)) })
		}
		if err == nil {
			err = step(min((n+1)*store.BatchRows, in.Lines), in.Lines)
		}
		if err != nil {
			return err
		}
	}
	return f.s.Work(ctx, func(w *store.Work) error { return in.Move(w.Do, intake.Tried) })
}

// survey is reading.survey in a view of its own.
func (f *face) survey(ctx context.Context, r *reading) (twice bool, err error) {
	err = f.s.View(ctx, f.Can("create"), func(q *store.Read) error {
		twice, err = r.survey(q)
		return err
	})
	return twice, err
}

func verdicts(lines []*line) []intake.Verdict {
	out := make([]intake.Verdict, len(lines))
	for i, l := range lines {
		out[i] = l.verdict
	}
	return out
}

var errNothingStored = errors.New("no row of the part can be stored")

// take stores what was confirmed: each part is one change, which also says that
// the part is done, so that work that was cut off goes on where it was.
func (f *face) take(ctx context.Context, id string, step progress.Step) error {
	in, err := f.intake(ctx, id)
	if err != nil || in.Step != intake.Tried {
		return err
	}
	r := f.reading(&in, access.Of(ctx))
	if _, err := f.survey(ctx, r); err != nil {
		return err
	}
	for n := range in.Parts() {
		if err := f.takePart(ctx, r, n); err != nil {
			return err
		}
		if err := step(min((n+1)*store.BatchRows, in.Lines), in.Lines); err != nil {
			return err
		}
	}
	return f.s.Work(ctx, func(w *store.Work) error { return in.Move(w.Do, intake.Saved) })
}

func (f *face) takePart(ctx context.Context, r *reading, n int) error {
	var found []intake.Verdict
	err := f.s.Change(ctx, store.Intent{Verb: f.Name + ".import", Need: f.Can("create"), Reason: r.in.File}, func(w *store.Write) error {
		p, err := r.in.Part(&w.Read, n)
		if err != nil {
			return err
		}
		if p.State == string(intake.Saved) {
			return errNothingStored
		}
		lines, err := r.judge(&w.Read, p.Rows)
		if err != nil {
			return err
		}
		if r.in.Batch == "" {
			r.in.Batch = w.NewID()
			if err := r.in.Move(w.Also, intake.Tried); err != nil {
				return err
			}
		}
		found, err = r.store(w, lines, p.Verdicts)
		if err != nil {
			return err
		}
		if !slices.ContainsFunc(found, func(v intake.Verdict) bool { return v.Is == intake.New || v.Is == intake.Changed }) {
			return errNothingStored
		}
		return r.in.Judge(w.Also, n, intake.Saved, found)
	})
	if errors.Is(err, errNothingStored) {
		if err = nil; found != nil {
			err = f.s.Work(ctx, func(w *store.Work) error { return r.in.Judge(w.Do, n, intake.Saved, found) })
		}
	}
	return err
}

// store saves the rows that still do what the person confirmed.
func (r *reading) store(w *store.Write, lines []*line, confirmed []intake.Verdict) ([]intake.Verdict, error) {
	var saves []record.Saving
	var of []*line
	for i, l := range lines {
		if l.verdict.Is != intake.New && l.verdict.Is != intake.Changed {
			continue
		}
		if c := confirmed[i]; c.Is != l.verdict.Is || c.Version != l.verdict.Version {
			l.wrong(-1, i18n.Text{"En anden har rettet den, siden du så listen. Indlæs rækken igen.", "Somebody else changed it since you saw the list. Import the row again."})
			continue
		}
		saves, of = append(saves, l.save), append(of, l)
	}
	if len(saves) == 0 {
		return verdicts(lines), nil
	}
	wrong, err := r.SaveMany(w, r.in.Batch, saves)
	for i, l := range of {
		if wrong != nil && wrong[i] != nil {
			r.blame(l, wrong[i])
		} else {
			l.verdict.ID = l.save.New.Head().ID
		}
	}
	return verdicts(lines), err
}

// takeBack undoes an import, the newest part first; first it looks whether
// anything stands in the way.
func (f *face) takeBack(ctx context.Context, id string, step progress.Step) error {
	in, err := f.intake(ctx, id)
	if err != nil || in.Step != intake.Saved {
		return err
	}
	parts, leaves, err := f.written(ctx, &in)
	if err != nil {
		return err
	}
	if err := f.clear(ctx, parts, leaves); err != nil {
		return err
	}
	undo := ""
	for i, n := range parts {
		if leaves[i] == nil {
			continue
		}
		err := f.s.Change(ctx, store.Intent{Verb: f.Name + ".undo", Need: f.Can("create"), Reason: in.File}, func(w *store.Write) error {
			if undo == "" {
				undo = w.NewID()
			}
			p, err := in.Part(&w.Read, n)
			if err != nil {
				return err
			}
			if err := f.Undo(w, undo, leaves[i]); err != nil {
				return err
			}
			return in.Judge(w.Also, n, intake.Undone, p.Verdicts)
		})
		if err == nil {
			err = step(i+1, len(parts))
		}
		if err != nil {
			return err
		}
	}
	return f.s.Work(ctx, func(w *store.Work) error { return in.Move(w.Do, intake.Undone) })
}

// written are the parts that stored something, the newest first, each with its
// leaf; one that is undone already has none.
func (f *face) written(ctx context.Context, in *intake.Intake) (parts []int, leaves []*ledger.Leaf, err error) {
	err = f.s.View(ctx, f.Can("create"), func(q *store.Read) error {
		all, err := q.LeavesAbout(ref.Ref{Kind: f.Name, ID: in.Batch}, in.Parts()+1)
		if err != nil {
			return err
		}
		for n := in.Parts() - 1; n >= 0 && len(all) > 0; n-- {
			p, err := in.Part(q, n)
			if err != nil {
				return err
			}
			if !slices.ContainsFunc(p.Verdicts, func(v intake.Verdict) bool { return v.Is == intake.New || v.Is == intake.Changed }) {
				continue
			}
			leaf := &all[0]
			if all = all[1:]; p.State == string(intake.Undone) {
				leaf = nil
			}
			parts, leaves = append(parts, n), append(leaves, leaf)
		}
		return nil
	})
	return parts, leaves, err
}

// clear refuses to undo what something builds on, and names it.
func (f *face) clear(ctx context.Context, parts []int, leaves []*ledger.Leaf) error {
	with, in := &record.Together{}, record.Standing{}
	for _, leaf := range leaves {
		if leaf == nil {
			continue
		}
		if err := with.Include(leaf); err != nil {
			return err
		}
	}
	for i := range parts {
		if leaves[i] == nil {
			continue
		}
		err := f.s.View(ctx, f.Can("create"), func(q *store.Read) error {
			grown, err := f.Grown(q, leaves[i], with)
			in.Add(grown)
			return err
		})
		if err != nil {
			return err
		}
	}
	return in.Problem()
}
