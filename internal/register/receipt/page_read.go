package receipt

import (
	"net/http"

	"vaern/internal/access"
	"vaern/internal/i18n"
	"vaern/internal/store"
	"vaern/internal/web"
)

var (
	readPage = web.NewPage[*readView](folder, "read")
	minePage = web.NewPage[*mineView](folder, "mine")
)

// readView is one text and how it is confirmed: signed in, by link or on a
// shared screen.
type readView struct {
	text
	How      How
	Post     string // where the button goes
	Say      string // where a question goes; "" where none can be put
	Number   string // on a shared screen: what the person typed
	Check    bool   // initials are asked for
	Typed    string
	Works    string // the day the link works until
	Errors   []mistake
	Thanks   bool
	Next     string // what to read then
	Progress i18n.Text
}

// own shows the text to whoever is signed in.
func (p *pages) own(w http.ResponseWriter, r *http.Request) error { return p.showOwn(w, r, nil) }

func (p *pages) showOwn(w http.ResponseWriter, r *http.Request, failed error) error {
	v := &readView{How: SignedIn, Post: "/reading/" + r.PathValue("id") + "/read", Say: "/reading/" + r.PathValue("id") + "/say", Errors: mistakes(failed, i18n.Of(r.Context()))}
	err := p.s.View(r.Context(), Give, func(q *store.Read) (err error) {
		v.text, err = p.textFor(q, r.PathValue("id"), q.Actor.ID)
		return err
	})
	if err != nil {
		return err
	}
	head := web.Head{Title: i18n.Same(v.Paper.Title), Crumbs: []web.Crumb{{Path: "/read", Label: mineTitle}}, Path: "/read"}
	return readPage.Show(p.site, w, r, status(failed), head, v)
}

func (p *pages) signOwn(w http.ResponseWriter, r *http.Request) error {
	id := r.PathValue("id")
	err := p.s.Change(r.Context(), store.Intent{Verb: "receipt.give", Need: Give}, func(w *store.Write) error {
		return sign(w, act{reading: id, person: w.Actor.ID, how: SignedIn})
	})
	if askAgain(err) {
		return p.showOwn(w, r, err)
	}
	if err != nil {
		return err
	}
	return p.site.Done(w, r, "/read", i18n.Text{"Tak. Din kvittering er gemt.", "Thank you. Your receipt is saved."})
}

var mineTitle = i18n.Text{"Læs og kvittér", "Read and confirm"}

// mineView is what waits for whoever is signed in, and what they have read.
type mineView struct {
	Waiting []Mine
	Read    []Mine
}

// Mine is a text of one's own: one that waits, or one that was read.
type Mine struct {
	Reading, Title string
	Minutes        int64
	Due            string
	Late           bool
	ReadOn         string
	How            How
}

// Waiting are the texts that wait for the actor, the most urgent first.
func Waiting(q *store.Read) (out []Mine, err error) {
	err = q.Rows(`
		SELECT r.id, r.title, a.minutes, a.due, CASE WHEN a.due < :today THEN 1 ELSE 0 END FROM asked a JOIN reading r ON r.id = a.reading
		WHERE a.person = :actor AND a.state = 'open' AND a.here + 0 = 1 AND r.state = 'open' ORDER BY a.due, r.id`, nil, func(scan store.Scan) error {
		var m Mine
		err := scan(&m.Reading, &m.Title, &m.Minutes, &m.Due, &m.Late)
		out = append(out, m)
		return err
	})
	return out, err
}

// Given are the actor's own receipts, newest first.
func Given(q *store.Read, most int) (out []Mine, err error) {
	err = q.Rows(`
		SELECT r.id, r.title, c.read_on, c.how FROM receipt c JOIN reading r ON r.id = c.reading
		WHERE c.person = :actor AND c.takes_back = '' AND NOT EXISTS (SELECT 1 FROM receipt b WHERE b.takes_back = c.id)
		ORDER BY c.id DESC LIMIT :most`, store.Args{"most": most}, func(scan store.Scan) error {
		var m Mine
		err := scan(&m.Reading, &m.Title, &m.ReadOn, &m.How)
		out = append(out, m)
		return err
	})
	return out, err
}

func (p *pages) mine(w http.ResponseWriter, r *http.Request) error {
	v := &mineView{}
	err := p.s.View(r.Context(), Give, func(q *store.Read) (err error) {
		if v.Waiting, err = Waiting(q); err != nil {
			return err
		}
		v.Read, err = Given(q, 100)
		return err
	})
	if err != nil {
		return err
	}
	return minePage.Show(p.site, w, r, http.StatusOK, web.Head{Title: mineTitle}, v)
}

// machine is the site's request as the program itself makes it.
func (p *pages) machineView(r *http.Request, who access.Actor, fn func(*store.Read) error) error {
	return p.s.View(access.With(r.Context(), who), Give, fn)
}
