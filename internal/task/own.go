package task

import (
	"context"
	"embed"
	"reflect"
	"strings"

	"vaern/internal/access"
	"vaern/internal/field"
	"vaern/internal/i18n"
	"vaern/internal/problem"
	"vaern/internal/ref"
	"vaern/internal/store"
)

//go:embed schema/*.sql
var files embed.FS

// Schema is the table of own tasks.
func Schema() store.Schema {
	return store.Schema{Name: "task", Files: store.Folder(files)}
}

// Kind is what an own task is called in addresses and in the ledger.
const Kind = "task"

// What one may do with own tasks: everybody, with those that one has, gave, or
// finds on a record that one sees.
const (
	See  access.Permission = "task.see"
	Edit access.Permission = "task.edit"
)

// Own is a task that a person gave somebody, about a record or about nothing.
type Own struct {
	ID       string
	Version  int64
	Title    string
	About    ref.Ref // zero for none
	Position string  // whoever holds it has the task, or
	Person   string  // this person
	Due      string  // a day, "" for none
	Rests    string  // put aside until this day
	Done     string  // the day it was finished
	MadeBy   string
	Mine     bool // the person who looks has it, or gave it
}

// Told are the columns of an own task that history tells of.
var Told = field.Of(reflect.TypeFor[struct {
	Title    string     `da:"Opgave" en:"Task"`
	Position string     `da:"Stilling" en:"Position" is:"ref:position"`
	Person   string     `da:"Person" en:"Person" is:"ref:person"`
	Due      field.Date `da:"Frist" en:"Due"`
	Rests    field.Date `da:"Lagt til side til" en:"Put aside until"`
	Done     field.Date `da:"Udført" en:"Done"`
}]())

// Verbs are how history tells of own tasks.
var Verbs = map[string]i18n.Text{
	"task.hand_on": {"gav opgaven videre:", "handed on the task"},
	"task.rest":    {"lagde opgaven til side:", "put aside the task"},
	"task.finish":  {"udførte opgaven", "finished the task"},
	"task.reopen":  {"åbnede opgaven igen:", "reopened the task"},
}

const mine = `(person = :actor OR position IN ` + Positions + `)`

// own is the source of own tasks.
var own = Source{
	Key:     "task.own",
	Act:     i18n.Text{"Se opgaven", "See the task"},
	Why:     i18n.Text{"Den er givet til dig eller din stilling.", "It was given to you or your position."},
	Minutes: 5, Weight: 3,
	Query: `SELECT 'task', id, title, '/task/' || id, due FROM task WHERE done = '' AND rests <= :today AND ` + mine,
}

const columns = `id, version, title, kind, record, position, person, due, rests, done, made_by`

func read(q *store.Read, where string, args store.Args) (out []Own, err error) {
	err = q.Rows(`SELECT `+columns+`, CASE WHEN made_by = :actor OR `+mine+` THEN 1 ELSE 0 END FROM task WHERE `+where, args, func(scan store.Scan) error {
		var t Own
		err := scan(&t.ID, &t.Version, &t.Title, &t.About.Kind, &t.About.ID, &t.Position, &t.Person, &t.Due, &t.Rests, &t.Done, &t.MadeBy, &t.Mine)
		out = append(out, t)
		return err
	})
	return out, err
}

// About are the tasks about a record, open ones first. Who may see the record
// may see them.
func About(q *store.Read, about ref.Ref) ([]Own, error) {
	return read(q, `kind = :kind AND record = :id ORDER BY done <> '', done DESC, due = '', due, id LIMIT 100`, store.Args{"kind": about.Kind, "id": about.ID})
}

// Given are the open tasks that the person who looks gave others.
func Given(q *store.Read) ([]Own, error) {
	return read(q, `made_by = :actor AND done = '' AND NOT `+mine+` ORDER BY due = '', due, id LIMIT 100`, nil)
}

// Resting are the person's tasks that are put aside, the first to wake first.
func Resting(q *store.Read) ([]Own, error) {
	return read(q, mine+` AND done = '' AND rests > :today ORDER BY rests, id LIMIT 100`, nil)
}

// Get returns an own task that the person has or gave; to others it is not there.
func Get(q *store.Read, id string) (Own, error) {
	found, err := read(q, `id = :id AND (made_by = :actor OR `+mine+`)`, store.Args{"id": id})
	if err == nil && len(found) == 0 {
		err = problem.Missing()
	}
	if err != nil {
		return Own{}, err
	}
	return found[0], nil
}

// check is what must be right about every own task.
func (t *Own) check(today string) error {
	bad := problem.Fields{}
	t.Title = strings.TrimSpace(t.Title)
	if t.Title == "" {
		bad["title"] = i18n.Text{"Skriv, hvad der skal gøres.", "Say what is to be done."}
	}
	if len([]rune(t.Title)) > 200 {
		bad["title"] = i18n.Text{"Skriv det kortere, højst 200 tegn.", "Make it shorter, at most 200 characters."}
	}
	for name, day := range map[string]*string{"due": &t.Due, "rests": &t.Rests} {
		read, ok := field.ReadDay(*day)
		if !ok {
			bad[name] = field.NoDate
			continue
		}
		*day = read
	}
	if (t.Position == "") == (t.Person == "") {
		bad["who"] = i18n.Text{"Vælg den person eller stilling, der skal gøre det.", "Choose the person or position who is to do it."}
	}
	if len(bad) == 0 && t.Rests != "" && t.Done == "" && t.Rests <= today {
		bad["rests"] = i18n.Text{"Vælg en dag efter i dag.", "Choose a day after today."}
	}
	return problem.Check(bad)
}

// Give stores a new task within a change.
func Give(w *store.Write, t *Own) error {
	if err := t.check(w.Today); err != nil {
		return err
	}
	t.ID, t.Version, t.MadeBy = w.NewID(), 1, w.Actor.ID
	return w.Do(ref.Ref{Kind: Kind, ID: t.ID}, `
		INSERT INTO task (id, version, updated_at, updated_by, title, kind, record, position, person, due, rests, done, made_by)
		VALUES (:id, 1, :now, :actor, :title, :kind, :record, :position, :person, :due, :rests, :done, :actor)`, t.args())
}

// Change changes a task that the person has or gave: the version that was
// seen, and no other.
func Change(ctx context.Context, s *store.Store, in store.Intent, seen Own, fn func(q *store.Read, t *Own) error) (t Own, err error) {
	in.Need = Edit
	err = s.Change(ctx, in, func(w *store.Write) error {
		if t, err = Get(&w.Read, seen.ID); err != nil {
			return err
		}
		if t.Version != seen.Version {
			return problem.New(problem.Stale, "En anden har ændret opgaven imens. Se den her, og prøv igen.", "Somebody else changed the task meanwhile. See it here, and try again.")
		}
		if t.Rests <= w.Today { // it has woken
			t.Rests = ""
		}
		if err := fn(&w.Read, &t); err != nil {
			return err
		}
		if err := t.check(w.Today); err != nil {
			return err
		}
		return w.Do(ref.Ref{Kind: Kind, ID: t.ID}, `
			UPDATE task SET version = version + 1, updated_at = :now, updated_by = :actor, title = :title, position = :position, person = :person,
				due = :due, rests = :rests, done = :done WHERE id = :id`, t.args())
	})
	return t, err
}

func (t *Own) args() store.Args {
	return store.Args{"id": t.ID, "title": t.Title, "kind": t.About.Kind, "record": t.About.ID, "position": t.Position, "person": t.Person,
		"due": t.Due, "rests": t.Rests, "done": t.Done}
}
