package notify

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"vaern/internal/i18n"
	"vaern/internal/mail"
	"vaern/internal/people"
	"vaern/internal/problem"
	"vaern/internal/ref"
	"vaern/internal/schedule"
	"vaern/internal/store"
	"vaern/internal/task"
)

// Digest writes people's mail: what waits for them and what is new, as it is
// when the mail goes out.
type Digest struct {
	Tasks *task.List
	Roles people.Table
	Base  string // the public address, for links
	Hour  int    // from which it is sent, where the municipality is
	// Door opens a task without signing in, where there is such a way; "" is
	// none. One that is shown anyway has it each time, others when a reminder is
	// due. sent is what must be remembered once the mail has gone out.
	Door func(ctx context.Context, s *store.Store, person string, t task.Task, shown bool) (path string, sent func(*store.Work) error, err error)
}

// digest is the writer of the day's mail.
const digest = "digest"

// Writers are who writes mail from notices and tasks.
func (d *Digest) Writers() map[string]mail.Writer {
	return map[string]mail.Writer{digest: d.write, strings.TrimSuffix(urgently, "/"): d.writeOne}
}

// Job asks every working day, from an hour on, whom there is something to tell.
func (d *Digest) Job() schedule.Job {
	return schedule.Job{Name: digest, Hour: d.Hour, Do: d.day}
}

// atOnce is how many people one pass reads.
const atOnce = 200

// person is somebody who may get mail.
type person struct {
	id, to string
	pace   Pace
}

// day queues a mail for everybody for whom there is something new. It may be
// repeated: what is queued is queued once a day.
func (d *Digest) day(ctx context.Context, s *store.Store, day string) error {
	on, err := time.Parse(time.DateOnly, day)
	if err != nil {
		return err
	}
	if !workday(on) {
		return nil
	}
	for after := ""; ; {
		some, err := readers(ctx, s, after)
		if err != nil || len(some) == 0 {
			return err
		}
		after = some[len(some)-1].id
		some = slices.DeleteFunc(some, func(p person) bool {
			return p.pace == Urgent || p.pace == Weekly && on.Weekday() != time.Monday
		})
		if err := d.queue(ctx, s, some, day); err != nil {
			return err
		}
	}
}

// readers are the next people with a mail address that takes mail.
func readers(ctx context.Context, s *store.Store, after string) (out []person, err error) {
	err = s.Peek(ctx, func(q *store.Read) error {
		refusing, err := mail.Refusing(q)
		if err != nil {
			return err
		}
		return q.Rows(`
			SELECT p.id, p.mail, coalesce(c.pace, 'daily') FROM person p LEFT JOIN mail_choice c ON c.id = p.id
			WHERE p.id > :after AND p.mail <> '' AND (p.ends IS NULL OR p.ends >= :today) ORDER BY p.id LIMIT :most`,
			store.Args{"after": after, "most": atOnce}, func(scan store.Scan) error {
				var p person
				err := scan(&p.id, &p.to, &p.pace)
				if refusing[p.to] {
					p.pace = Urgent // an address that takes nothing is not tried every day
				}
				out = append(out, p)
				return err
			})
	})
	return out, err
}

// queue reminds people of what has come to a new stage, and queues the day's
// mail of those for whom there is anything new. All are looked at in one view,
// and told in one transaction, by few statements however many they are.
func (d *Digest) queue(ctx context.Context, s *store.Store, some []person, day string) error {
	var fresh []Notice
	var letters []mail.Message
	err := s.Peek(ctx, func(q *store.Read) error {
		all, err := d.seeAll(q, some)
		if err != nil {
			return err
		}
		for _, p := range some {
			now, ok := all[p.id]
			if !ok {
				continue
			}
			before := len(fresh)
			for _, t := range now.tasks {
				if n := reminder(p.id, t); !now.told[n.Key] {
					fresh = append(fresh, n)
				}
			}
			if len(fresh) > before || len(now.news()) > 0 {
				letters = append(letters, mail.Message{To: p.to, Person: p.id, Writer: digest, Key: digest + "/" + day})
			}
		}
		return nil
	})
	if err != nil || len(letters) == 0 {
		return err
	}
	return s.Work(ctx, func(w *store.Work) error {
		if err := Tell(w, fresh...); err != nil {
			return err
		}
		return mail.Queue(w, letters...)
	})
}

// reminder is the notice of a task that has come so far: it waits, it is due
// soon, today, or has been for so many weeks. Each is told once.
func reminder(person string, t task.Task) Notice {
	stage := "waits"
	switch {
	case t.Due == "":
	case t.Late > 0:
		stage = fmt.Sprint("late", (t.Late-1)/7)
	case t.Late == 0:
		stage = "today"
	case t.Late >= -3:
		stage = "soon"
	}
	return Notice{Person: person, About: t.Ref, Path: t.Path, Task: t.Source.Key,
		Key: strings.Join([]string{"task", t.Source.Key, t.ID, t.Due, stage}, "/")}
}

// present is what there is to tell a person now.
type present struct {
	Choice
	name    string
	tasks   []task.Task
	unsent  []kept
	told    map[string]bool // keys of reminders
	waiting map[string]bool // what the tasks are: source and record
	doors   map[int]string  // of tasks that need no signing in: their addresses
}

// kept is a notice as it is stored.
type kept struct {
	Notice
	id string
}

// look is see in a view of its own.
func (d *Digest) look(ctx context.Context, s *store.Store, person string) (p present, err error) {
	err = s.Peek(ctx, func(q *store.Read) error {
		p, err = d.see(q, person)
		return err
	})
	return p, err
}

// see reads what waits for a person and what was not mailed yet, as the person
// sees it. Who has left has nothing.
func (d *Digest) see(q *store.Read, person string) (p present, err error) {
	actor, err := d.Roles.Actor(q, person)
	if problem.Of(err) == problem.NotFound && err != nil {
		return present{}, nil
	}
	if err != nil {
		return p, err
	}
	if p.Choice, err = Chosen(q, person); err != nil {
		return p, err
	}
	if err := read(q, map[string]*present{person: &p}); err != nil {
		return p, err
	}
	theirs, err := q.Seen(actor, task.See)
	if err != nil {
		return p, err
	}
	tasks, err := d.Tasks.Of(theirs)
	p.name = actor.Name
	p.hold(tasks)
	return p, err
}

// seeAll is see for many people at once, by id, but without what they chose and
// without the titles of tasks. Who has left is not among them.
func (d *Digest) seeAll(q *store.Read, some []person) (map[string]*present, error) {
	ids := make([]string, len(some))
	for i, p := range some {
		ids[i] = p.id
	}
	actors, err := d.Roles.Actors(q, ids)
	if err != nil {
		return nil, err
	}
	out := make(map[string]*present, len(actors))
	for id, a := range actors {
		out[id] = &present{name: a.Name}
	}
	if err := read(q, out); err != nil {
		return nil, err
	}
	tasks, err := d.Tasks.Waiting(q, slices.Collect(maps.Values(actors)))
	for id, p := range out {
		p.hold(tasks[id])
	}
	return out, err
}

// hold takes the tasks of the person.
func (p *present) hold(tasks []task.Task) {
	p.tasks, p.waiting = tasks, make(map[string]bool, len(tasks))
	for _, t := range tasks {
		p.waiting[t.Source.Key+" "+t.ID] = true
	}
}

// read reads what people, by id, were told and what was not mailed yet.
func read(q *store.Read, all map[string]*present) error {
	for _, p := range all {
		p.told = map[string]bool{}
	}
	return q.Rows(`
		SELECT id, once, person, kind, record, text_da, text_en, why_da, why_en, path, task, mailed FROM work_notice
		WHERE person :among(people) AND (mailed = '' AND at >= :fresh OR task <> '') ORDER BY id`,
		store.Args{"people": store.List(slices.Collect(maps.Keys(all))), "fresh": fresh(q)}, func(scan store.Scan) error {
			var n kept
			var once, mailed string
			err := scan(&n.id, &once, &n.Person, &n.About.Kind, &n.About.ID, &n.Text[0], &n.Text[1], &n.Why[0], &n.Why[1], &n.Path, &n.Task, &mailed)
			if p := all[n.Person]; p != nil {
				p.told[strings.TrimSuffix(once, " "+n.Person)] = true
				if mailed == "" {
					p.unsent = append(p.unsent, n)
				}
			}
			return err
		})
}

// fresh is since when a notice is still news: who has long had no mail is not
// told everything that happened.
func fresh(q *store.Read) string {
	now, err := time.Parse(store.Time, q.Now)
	if err != nil {
		panic("notify: " + err.Error()) // the store wrote it
	}
	return now.AddDate(0, 0, -30).Format(store.Time)
}

// news are the notices that still hold: what is done needs no reminder.
func (p *present) news() (out []kept) {
	for _, n := range p.unsent {
		if n.holds(p) {
			out = append(out, n)
		}
	}
	return out
}

func (n kept) holds(p *present) bool { return n.Task == "" || p.waiting[n.Task+" "+n.About.ID] }

// write writes the day's mail, if there is still anything to say.
func (d *Digest) write(ctx context.Context, s *store.Store, person, _ string) (mail.Content, error) {
	p, err := d.look(ctx, s, person)
	if err != nil {
		return mail.Content{}, err
	}
	sent := func(w *store.Work) error { return p.mailed(w) }
	if len(p.news()) == 0 {
		return mail.Content{}, s.Work(ctx, sent)
	}
	opened, err := d.open(ctx, s, person, &p)
	if err != nil {
		return mail.Content{}, err
	}
	all := func(w *store.Work) error {
		for _, done := range append(opened, sent) {
			if err := done(w); err != nil {
				return err
			}
		}
		return nil
	}
	return mail.Content{Lang: p.Lang, Subject: p.subject(), Text: d.text(&p), Why: p.why(), Sent: all}, nil
}

// open finds the doors of the tasks.
func (d *Digest) open(ctx context.Context, s *store.Store, person string, p *present) (sent []func(*store.Work) error, err error) {
	p.doors = map[int]string{}
	for i, t := range p.tasks {
		if d.Door == nil {
			break
		}
		path, remember, err := d.Door(ctx, s, person, t, i < task.Few)
		if err != nil {
			return nil, err
		}
		if path != "" {
			p.doors[i] = path
			sent = append(sent, remember)
		}
	}
	return sent, nil
}

// mailed remembers that the notices were told, or had no more to tell.
func (p *present) mailed(w *store.Work) error {
	for _, n := range p.unsent {
		if err := w.Do(`UPDATE work_notice SET mailed = :now WHERE id = :id`, store.Args{"id": n.id}); err != nil {
			return err
		}
	}
	return nil
}

// writeOne writes the mail about one urgent notice, if it still holds.
func (d *Digest) writeOne(ctx context.Context, s *store.Store, person, id string) (mail.Content, error) {
	p, err := d.look(ctx, s, person)
	if err != nil {
		return mail.Content{}, err
	}
	for _, n := range p.unsent {
		if n.id != id || !n.holds(&p) {
			continue
		}
		p.unsent = []kept{n}
		return mail.Content{Lang: p.Lang, Subject: n.Text.In(p.Lang), Text: n.Text.In(p.Lang), Path: n.Path, Why: n.Why.In(p.Lang),
			Sent: func(w *store.Work) error { return p.mailed(w) }}, nil
	}
	return mail.Content{}, nil
}

// Sweep forgets notices that are more than a year old.
func Sweep(ctx context.Context, s *store.Store) error {
	return s.Work(ctx, func(w *store.Work) error {
		return w.Do(`DELETE FROM work_notice WHERE at < :old`, store.Args{"old": s.Clock().UTC().AddDate(-1, 0, 0).Format(store.Time)})
	})
}

// Newest are the last notices to the person who looks, for a page: those of a
// month that are of no task, which stands among the tasks as long as it waits.
func Newest(q *store.Read, most int) (out []Notice, err error) {
	err = q.Rows(`SELECT kind, record, text_da, text_en, why_da, why_en, path, task FROM work_notice
		WHERE person = :actor AND task = '' AND at >= :fresh ORDER BY at DESC, id LIMIT :most`,
		store.Args{"most": most, "fresh": fresh(q)}, func(scan store.Scan) error {
			n := Notice{About: ref.Ref{}}
			err := scan(&n.About.Kind, &n.About.ID, &n.Text[i18n.Da], &n.Text[i18n.En], &n.Why[i18n.Da], &n.Why[i18n.En], &n.Path, &n.Task)
			out = append(out, n)
			return err
		})
	return out, err
}
