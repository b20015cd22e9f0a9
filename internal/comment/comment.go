// Package comment keeps what people say to each other about a record of any
// kind. Who is mentioned by name is told.
package comment

import (
	"context"
	"embed"
	"reflect"
	"slices"
	"strings"
	"unicode/utf8"

	"vaern/internal/access"
	"vaern/internal/field"
	"vaern/internal/i18n"
	"vaern/internal/problem"
	"vaern/internal/record"
	"vaern/internal/ref"
	"vaern/internal/store"
)

//go:embed schema/*.sql
var files embed.FS

// Schema is the table of comments.
func Schema() store.Schema {
	return store.Schema{Name: "comment", Files: store.Folder(files)}
}

// Kind is what a comment is called in addresses and in the ledger.
const Kind = "comment"

// See opens the pages of comments; which are there, the record decides.
const See access.Permission = "comment.see"

// Told are the columns of a comment that history tells of.
var Told = field.Of(reflect.TypeFor[struct {
	Text      string `da:"Kommentar" en:"Comment" is:"long"`
	Withdrawn bool   `da:"Trukket tilbage" en:"Withdrawn"`
}]())

// Verbs are how history tells of comments.
var Verbs = map[string]i18n.Text{
	"comment.create":   {"skrev en kommentar til", "commented on"},
	"comment.edit":     {"rettede sin kommentar til", "corrected a comment on"},
	"comment.withdraw": {"trak sin kommentar tilbage fra", "withdrew a comment on"},
}

// Comment is what one person said.
type Comment struct {
	ID        string
	Version   int64
	Person    string
	At        string
	Changed   string // when it was corrected, "" when it never was
	Text      string
	Withdrawn bool
	Mine      bool
	Waits     bool // mentions the person who looks, who has not answered
}

// Of are the comments about a record, the oldest first. q sees the record.
func Of(q *store.Read, about ref.Ref) (out []Comment, err error) {
	err = q.Rows(`SELECT id, version, person, at, updated_at, text, withdrawn, `+waits+` FROM comment c WHERE record = :record AND kind = :kind ORDER BY id`,
		store.Args{"kind": about.Kind, "record": about.ID}, func(scan store.Scan) error {
			var c Comment
			err := scan(&c.ID, &c.Version, &c.Person, &c.At, &c.Changed, &c.Text, &c.Withdrawn, &c.Waits)
			if c.Version == 1 {
				c.Changed = ""
			}
			c.Mine = c.Person == q.Actor.ID
			if c.Withdrawn {
				c.Text = ""
			}
			out = append(out, c)
			return err
		})
	return out, err
}

// Names finds what the people in some comments are called: one statement.
func Names(q *store.Read, said []Comment) (map[string]record.Called, error) {
	return record.Titles(q, func(yield func(string) bool) {
		for _, c := range said {
			for _, id := range append(Mentioned(c.Text), c.Person) {
				if !yield(id) {
					return
				}
			}
		}
	})
}

// Board is where comments are made.
type Board struct {
	*store.Store
	// Sees reports whether a person may see a record.
	Sees func(ctx context.Context, person string, about ref.Ref) (bool, error)
}

// Say adds a comment, and tells whom it mentions.
func (b Board) Say(ctx context.Context, about ref.Ref, text string) error {
	text, err := b.ready(ctx, about, text)
	if err != nil {
		return err
	}
	return b.Change(ctx, store.Intent{Verb: "comment.create", Need: see(about)}, func(w *store.Write) error {
		called, _, err := record.Reached(&w.Read, about)
		if err != nil {
			return err
		}
		id := w.NewID()
		if err := w.Do(ref.Ref{Kind: Kind, ID: id}, `
			INSERT INTO comment (id, version, updated_at, updated_by, kind, record, person, at, text, withdrawn)
			VALUES (:id, 1, :now, :actor, :kind, :record, :actor, :now, :text, 0)`,
			store.Args{"id": id, "kind": about.Kind, "record": about.ID, "text": text}); err != nil {
			return err
		}
		return tell(w, called, id, Mentioned(text))
	})
}

// Correct changes one's own comment; what it said before stays in the history.
// Who was not mentioned before is told.
func (b Board) Correct(ctx context.Context, about ref.Ref, seen Comment, text string) error {
	text, err := b.ready(ctx, about, text)
	if err != nil {
		return err
	}
	return b.Change(ctx, store.Intent{Verb: "comment.edit", Need: see(about)}, func(w *store.Write) error {
		called, was, err := own(w, about, seen)
		if err != nil {
			return err
		}
		if err := w.Do(ref.Ref{Kind: Kind, ID: was.ID}, `UPDATE comment SET version = version + 1, updated_at = :now, updated_by = :actor, text = :text WHERE id = :id`,
			store.Args{"id": was.ID, "text": text}); err != nil {
			return err
		}
		if err := forget(w, was.ID, Mentioned(text)); err != nil {
			return err
		}
		before := Mentioned(was.Text)
		return tell(w, called, was.ID, slices.DeleteFunc(Mentioned(text), func(id string) bool { return slices.Contains(before, id) }))
	})
}

// Withdraw takes back one's own comment. That it was there stays.
func (b Board) Withdraw(ctx context.Context, about ref.Ref, seen Comment) error {
	return b.Change(ctx, store.Intent{Verb: "comment.withdraw", Need: see(about)}, func(w *store.Write) error {
		_, was, err := own(w, about, seen)
		if err != nil {
			return err
		}
		if err := w.Do(ref.Ref{Kind: Kind, ID: was.ID}, `UPDATE comment SET version = version + 1, updated_at = :now, updated_by = :actor, withdrawn = 1 WHERE id = :id`,
			store.Args{"id": was.ID}); err != nil {
			return err
		}
		return forget(w, was.ID, nil)
	})
}

func see(about ref.Ref) access.Permission { return access.Permission(about.Kind + ".see") }

// own is the actor's own comment on a record, in the version that was seen.
func own(w *store.Write, about ref.Ref, seen Comment) (called record.Called, was Comment, err error) {
	if called, _, err = record.Reached(&w.Read, about); err != nil {
		return called, was, err
	}
	all, err := Of(&w.Read, about)
	if err != nil {
		return called, was, err
	}
	i := slices.IndexFunc(all, func(c Comment) bool { return c.ID == seen.ID && c.Mine && !c.Withdrawn })
	if i < 0 {
		return called, was, problem.Missing()
	}
	if all[i].Version != seen.Version {
		return called, was, problem.New(problem.Stale, "Kommentaren er rettet et andet sted imens. Se den her, og prøv igen.", "The comment was corrected elsewhere meanwhile. See it here, and try again.")
	}
	return called, all[i], nil
}

// longest is how long a comment may be.
const longest = 10_000

// ready is a text as it is stored: with ids for names. Who cannot open the
// record cannot be mentioned: a notice would lead to a refusal.
func (b Board) ready(ctx context.Context, about ref.Ref, text string) (string, error) {
	text = strings.TrimSpace(strings.ReplaceAll(text, "\r\n", "\n"))
	switch {
	case text == "":
		return "", problem.Field("text", "Skriv en kommentar.", "Write a comment.")
	case utf8.RuneCountInString(text) > longest:
		return "", problem.Field("text", "Skriv det kortere.", "Make it shorter.")
	case !utf8.ValidString(text) || strings.ContainsRune(text, 0):
		return "", problem.Check(problem.Fields{"text": field.NoText})
	}
	var names map[string]record.Called
	err := b.View(ctx, see(about), func(q *store.Read) (err error) {
		if _, _, err = record.Reached(q, about); err != nil {
			return err
		}
		if text, err = resolve(q, text); err != nil {
			return err
		}
		names, err = record.Titles(q, slices.Values(Mentioned(text)))
		return err
	})
	if err != nil {
		return "", err
	}
	for _, id := range Mentioned(text) {
		ok, err := b.Sees(ctx, id, about)
		if err != nil {
			return "", err
		}
		if !ok {
			return "", wrong(i18n.Text{"%s har ikke adgang til siden her og kan derfor ikke nævnes.", "%s has no access to this page and cannot be mentioned."}.With(names[id].Title))
		}
	}
	return text, nil
}

// Count is how many comments a record (:kind, :id) has, as part of a statement.
const Count = `(SELECT count(*) FROM comment WHERE record = :id AND kind = :kind AND withdrawn = 0)`
