package kit

import (
	"encoding/json"
	"errors"
	"net/http"
	"strconv"
	"strings"
	"time"

	"vaern/internal/access"
	"vaern/internal/field"
	"vaern/internal/i18n"
	"vaern/internal/problem"
	"vaern/internal/record"
	"vaern/internal/store"
	"vaern/internal/web"
)

func (f *face) rest() {
	d := f.described()
	f.site.Tag(f.Plural, f.About)
	f.site.Offer(d.list(), f.restList)
	f.site.Offer(d.get(), f.restGet)
	if f.Kept {
		return
	}
	f.site.Offer(d.create(), f.restCreate)
	f.site.Offer(d.patch(), f.restPatch)
	f.site.Offer(d.bulk(), f.restBulk)
}

// limit reads how many records a page holds; 0 is the usual number.
func limit(text string) (int, error) {
	if text == "" {
		return 0, nil
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 1 || n > mostListed {
		return 0, problem.Check(problem.Fields{"limit": i18n.Text{"Skriv et tal fra %d til %d.", "Write a number from %d to %d."}.With(1, mostListed)})
	}
	return n, nil
}

func (f *face) restList(c *web.Call) (*web.Answer, error) {
	var p record.Page[record.Rec]
	err := f.s.View(c.Context(), f.Can("see"), func(q *store.Read) error {
		lang := f.language(q)
		lang.Strict = true
		asked, err := f.listing(q, c.URL.Query(), lang)
		if err == nil && asked.wrong.Whole() {
			err = problem.Check(problem.Fields{"filter": asked.wrong})
		}
		if err == nil {
			err = instant(asked.AsOf)
		}
		if err == nil {
			asked.Limit, err = limit(c.URL.Query().Get("limit"))
		}
		if err != nil {
			return err
		}
		p, err = f.Page(q, asked.Query)
		return err
	})
	if err != nil {
		return nil, err
	}
	b := []byte(`{"items":[`)
	for i, rec := range p.Items {
		if i > 0 {
			b = append(b, ',')
		}
		if f.Sensitive {
			b = append(b, called(rec.Head().ID, f.Title(rec))...)
			continue
		}
		b = f.JSON(b, rec)
	}
	b = append(append(append(b, `],"next":"`...), p.Next...), `"}`...)
	return &web.Answer{Status: http.StatusOK, Body: b}, nil
}

const mostListed = 500 // records that a list gives at a time

// called is all that a list tells of a record of a sensitive kind.
func called(id, title string) []byte {
	b, _ := json.Marshal(map[string]string{"id": id, "title": title}) // strings cannot fail
	return b
}

// instant refuses what is no instant, "" being now.
func instant(at string) error {
	if _, err := time.Parse(store.Time, at); at != "" && err != nil {
		return problem.Field("as_of", "Skriv et tidspunkt som 2026-03-02T09:00:00.000000Z.", "Write an instant as 2026-03-02T09:00:00.000000Z.")
	}
	return nil
}

func (f *face) restGet(c *web.Call) (*web.Answer, error) {
	id, at := c.PathValue("id"), c.URL.Query().Get("as_of")
	if err := instant(at); err != nil {
		return nil, err
	}
	var rec record.Rec
	err := f.open(c.Context(), "see", id, func(q *store.Read) (err error) {
		if at != "" {
			rec, err = f.AsOf(q, id, at)
			return err
		}
		rec, err = f.Get(q, id)
		return err
	})
	if err != nil {
		return nil, err
	}
	return f.answer(http.StatusOK, rec), nil
}

func (f *face) restCreate(c *web.Call) (a *web.Answer, err error) {
	rec, err := f.fresh(c.Actor, c.Body)
	if err != nil {
		return nil, err
	}
	err = f.s.Change(c.Context(), store.Intent{Verb: f.Name + ".create", Need: f.Can("create")}, func(w *store.Write) (err error) {
		a, err = c.Once(w, func() (*web.Answer, error) {
			if err := f.Add(w, rec); err != nil {
				return nil, err
			}
			return f.answer(http.StatusCreated, rec), nil
		})
		return err
	})
	return a, err
}

// fresh is a new record as a program describes it. What it leaves out is as a
// form would propose it.
func (f *face) fresh(actor access.Actor, body []byte) (record.Rec, error) {
	rec := f.Blank()
	rec.Head().Unit = home(actor.May[f.Can("create")])
	return rec, f.members(rec, body)
}

// restPatch sets the members that are there and leaves the others alone.
func (f *face) restPatch(c *web.Call) (*web.Answer, error) {
	tags := c.Header.Values("If-Match")
	if len(tags) == 0 || strings.TrimSpace(tags[0]) == "*" {
		return nil, problem.New(problem.NoVersion, "Skriv i If-Match, hvilken udgave du ændrer.", "Say in If-Match which version you change.")
	}
	var rec record.Rec
	err := f.s.View(c.Context(), f.Can("edit"), func(q *store.Read) (err error) {
		rec, err = f.Get(q, c.PathValue("id"))
		return err
	})
	if err != nil {
		return nil, err
	}
	if !web.Holds(tags, tag(rec), false) {
		return nil, f.told(&record.Stale[record.Rec]{Theirs: rec})
	}
	if err := f.members(rec, c.Body); err != nil {
		return nil, err
	}
	if err := f.Update(c.Context(), f.s, rec, ""); err != nil {
		return nil, f.told(err)
	}
	return f.answer(http.StatusOK, rec), nil
}

// told adds the present state to the error of a stale change. A record of a
// sensitive kind is told by its version alone: who saw it would leave no trace.
func (f *face) told(err error) error {
	var stale *record.Stale[record.Rec]
	if !errors.As(err, &stale) {
		return err
	}
	now := f.JSON(nil, stale.Theirs)
	if f.Sensitive {
		h := stale.Theirs.Head()
		now, _ = json.Marshal(map[string]any{"id": h.ID, "version": h.Version}) // a text and a number
	}
	return web.Explain(err, now)
}

// tag is the ETag of a record: its version.
func tag(rec record.Rec) string { return `"` + strconv.FormatInt(rec.Head().Version, 10) + `"` }

func (f *face) answer(code int, rec record.Rec) *web.Answer {
	a := &web.Answer{Status: code, Tag: tag(rec), Body: f.JSON(nil, rec)}
	if code == http.StatusCreated {
		a.Location = f.api() + "/" + rec.Head().ID
	}
	return a
}

// members sets the record to what the JSON object says.
func (f *face) members(rec record.Rec, body []byte) error {
	return web.Read(f.Fields(), body, func(fd *field.Field, raw []byte) i18n.Text { return fd.SetJSON(rec.Value, raw) })
}
