package receipt

import (
	"context"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"vaern/internal/access"
	"vaern/internal/field"
	"vaern/internal/mail"
	"vaern/internal/notify"
	"vaern/internal/people"
	"vaern/internal/record"
	"vaern/internal/register/document"
	"vaern/internal/schedule"
	"vaern/internal/store"
	"vaern/internal/store/storetest"
	"vaern/internal/task"
	"vaern/internal/web"
)

var everything = []access.Permission{"unit.create", "unit.see", "unit_change.create", "position.create", "person.create", "person.edit", "person.see", "holding.create", "role_grant.create",
	"document.see", "document.create", "document.edit", document.SeeDrafts, document.Publish, Plans, Numbers, Names, Give, Gather, Screens}

// town has the units north and south, with a leader and people in each.
type town struct {
	*testing.T
	*store.Store
	*Desk
	coord, other context.Context
	person       map[string]string // names → ids
	leader       string            // the position of who leads north
}

func papers() Papers {
	paper := func(e document.Edition, d document.Document) Paper {
		return Paper{ID: e.ID, Document: d.ID, Unit: e.Unit, Title: d.Title, Label: e.Label,
			Decided: e.State == document.Decided, InForce: e.State == document.InForce, Starts: string(e.Starts), Sections: e.Sections}
	}
	return Papers{
		Edition: func(q *store.Read, id string) (Paper, error) {
			e, d, err := document.Open(q, id)
			return paper(e, d), err
		},
		Publish: document.PutInForce,
	}
}

func each(t *testing.T, fn func(t *town)) {
	t.Helper()
	d := New(papers())
	document.Published, people.Dissolved, people.Parted = d.Published, d.Dissolved, d.Parted
	schemas := []store.Schema{people.Schema(), mail.Schema(), notify.Schema(), task.Schema(), schedule.Schema()}
	for _, m := range append(document.Modules(), d.Modules()...) {
		if m.Schema.Files != nil {
			schemas = append(schemas, m.Schema)
		}
	}
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		tn := &town{T: t, Store: s, Desk: d, coord: storetest.As(t, "coord", everything...), other: storetest.As(t, "other", everything...), person: map[string]string{}}
		tn.settle()
		fn(tn)
	}, schemas...)
}

func (t *town) must(err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func (t *town) change(need access.Permission, fn func(w *store.Write) error) {
	t.Helper()
	t.must(t.Store.Change(t.coord, store.Intent{Verb: string(need), Need: need}, fn))
}

// settle: Lise leads north, where Anna (mail), Bo (a key and no mail) and Carl
// (council) are; Dorte is in south.
func (t *town) settle() {
	t.change("unit.create", func(w *store.Write) error {
		if err := people.FoundTop(w); err != nil {
			return err
		}
		for _, u := range [][3]string{{people.Top, people.Top, "Prøve Kommune"}, {"north", people.Top, "Nord"}, {"south", people.Top, "Syd"}} {
			rec := people.Unit{Head: record.Head{ID: u[0], Unit: u[1]}, Number: u[0], Name: u[2], Kind: "department"}
			if err := people.Units.Add(w, &rec); err != nil {
				return err
			}
		}
		return nil
	})
	for _, p := range []struct{ name, unit, mail, category, title, role string }{
		{"Lise Leder", "north", "lise@example.dk", "employee", "Leder i Nord", "manager"},
		{"Anna Åby Holm", "north", "anna@example.dk", "employee", "Pædagog", ""},
		{"Bo Nøgle", "north", "", "keys", "", ""},
		{"Carl Council", "north", "carl@example.dk", "council", "Medlem", "council"},
		{"Dorte Dam", "south", "dorte@example.dk", "employee", "Gartner", ""},
	} {
		t.join(p.name, p.unit, p.mail, people.Category(p.category))
		if p.title != "" {
			t.seat(p.name, p.unit, p.title, p.role)
		}
	}
}

// join adds a person without a position.
func (t *town) join(name, unit, mail string, c people.Category) {
	t.change("person.create", func(w *store.Write) error {
		rec := people.Person{Head: record.Head{Unit: unit}, Number: "M" + strings.ToUpper(name[:2]), Name: name, Mail: mail, Category: c}
		if c.External() {
			rec.Ends, rec.Sponsor = "2027-01-01", t.leader
		}
		err := people.Persons.Add(w, &rec)
		t.person[strings.Fields(name)[0]] = rec.ID
		return err
	})
}

func (t *town) seat(name, unit, title, role string) {
	t.change("position.create", func(w *store.Write) error {
		p := people.Position{Head: record.Head{Unit: unit}, Title: title}
		if err := people.Positions.Add(w, &p); err != nil {
			return err
		}
		if role == "manager" {
			t.leader = p.ID
		}
		if role != "" {
			if err := people.Grants.Add(w, &people.Grant{Head: record.Head{Unit: unit}, Position: p.ID, Role: people.Role(role)}); err != nil {
				return err
			}
		}
		return people.Holdings.Add(w, &people.Holding{Head: record.Head{Unit: unit}, Person: t.person[strings.Fields(name)[0]], Position: p.ID, Starts: "2026-01-01"})
	})
}

// decided is a version that only has to be put in force.
func (t *town) decided(doc, label, body string) string {
	t.Helper()
	id, err := document.Begin(t.coord, t.Store, doc, document.Text{Label: label, Body: body})
	t.must(err)
	t.must(document.Decide(t.other, t.Store, id))
	return id
}

func (t *town) document() string {
	t.Helper()
	d := document.Document{Head: record.Head{Unit: people.Top}, Number: "IN-1", Title: "Instruks", Level: document.Instruction}
	t.change("document.create", func(w *store.Write) error { return document.Add(w, &d) })
	return d.ID
}

// publish puts a version in force on a day, and people are asked.
func (t *town) publish(edition string, from field.Date) Reading {
	t.Helper()
	t.must(document.PutInForce(t.coord, t.Store, edition, from))
	t.ask()
	var r Reading
	t.view(func(q *store.Read) error {
		all, err := readings(q, `edition = :edition`, store.Args{"edition": edition})
		found, ok := story(all).of(edition)
		if r = found; err == nil && !ok {
			t.Fatal("nobody is asked about the version")
		}
		return err
	})
	return r
}

// ask brings readings in step, and reports whether there was anything to do.
func (t *town) ask() bool {
	t.Helper()
	did, err := t.Ask(t.Context(), t.Store)
	t.must(err)
	return did
}

func (t *town) view(fn func(q *store.Read) error) {
	t.Helper()
	t.must(t.View(t.coord, Numbers, fn))
}

// stand is how everybody stands in a reading, "Anna open" and so on.
func (t *town) stand(reading string) string {
	t.Helper()
	var out []string
	t.view(func(q *store.Read) error {
		return q.Rows(`SELECT p.name, a.state, a.here FROM asked a JOIN person p ON p.id = a.person WHERE a.reading = :r ORDER BY p.name`,
			store.Args{"r": reading}, func(scan store.Scan) error {
				var name, state string
				var here bool
				err := scan(&name, &state, &here)
				if !here {
					state = "gone"
				}
				out = append(out, strings.Fields(name)[0]+" "+state)
				return err
			})
	})
	return strings.Join(out, ", ")
}

func (t *town) stands(reading, want string) {
	t.Helper()
	if got := t.stand(reading); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

func (t *town) leaves() (n int64) {
	t.view(func(q *store.Read) error {
		h, err := q.Head()
		n = h.Size
		return err
	})
	return n
}

// signAll makes receipts of some for a reading.
func (t *town) signAll(reading string, names ...string) {
	t.Helper()
	for _, n := range names {
		t.must(t.Store.Change(storetest.As(t, t.person[n], Give), store.Intent{Verb: "receipt.give", Need: Give}, func(w *store.Write) error {
			return sign(w, act{reading: reading, person: w.Actor.ID, how: SignedIn})
		}))
	}
}

// site is the pages with somebody signed in; nobody is "".
func (t *town) site(id string, reach access.Reach, may ...access.Permission) http.Handler {
	who := access.Actor{}
	if id != "" {
		who = storetest.Actor(id, reach, may...)
		who.May["document.see"] = access.Reach{Whole: true} // as everybody does
	}
	site := web.New(t.Store, func(*http.Request) (access.Actor, error) { return who, nil })
	for _, m := range append(document.Modules(), t.Modules()...) {
		if m.Mount != nil {
			m.Mount(site)
		}
	}
	return site
}

func send(h http.Handler, method, path string, form url.Values, cookies ...*http.Cookie) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, path, strings.NewReader(form.Encode()))
	if form != nil {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	for _, c := range cookies {
		r.AddCookie(c)
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

// holds fails unless an answer has the code and the texts.
func holds(t *testing.T, w *httptest.ResponseRecorder, code int, texts ...string) {
	t.Helper()
	page := strings.ReplaceAll(w.Body.String(), "\u00a0", " ")
	if _, main, ok := strings.Cut(page, "<main"); ok {
		page = main
	}
	if w.Code != code {
		t.Fatalf("got %d, want %d: %.3000s", w.Code, code, page)
	}
	for _, text := range texts {
		if !strings.Contains(page, text) {
			t.Errorf("the page lacks %q: %.3000s", text, page)
		}
	}
}
