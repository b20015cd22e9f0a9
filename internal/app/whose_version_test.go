package app

import (
	"fmt"
	"net/url"
	"strings"

	"vaern/internal/access"
	"vaern/internal/people"
	"vaern/internal/record"
	"vaern/internal/ref"
	"vaern/internal/register/document"
	"vaern/internal/store"
	"vaern/internal/web"
)

// Where it counts against somebody that it is theirs: who wrote a version does not
// decide it, and who lost a code, vouched for whoever did, or proposed to ease a demand
// for codes, does not agree.

// asIts lets the first of the three do something that takes more rights than the
// way in that is tried.
func (h *heirs) asIts(do func()) {
	was := h.Actor
	h.Actor = access.Actor{ID: h.its.ID, Name: h.its.Name, May: h.all.May}
	defer func() { h.Actor = was }()
	do()
}

// written is a version that the first wrote, of a document that no body must approve.
func (h *heirs) written() (id string) {
	h.asIts(func() {
		var document string
		var n int
		err := h.in.Peek(h.Context(), func(q *store.Read) error {
			return q.Row(`SELECT min(id), (SELECT count(*) FROM edition) FROM document WHERE level IN ('procedure', 'instruction')`, nil, &document, &n)
		})
		if err != nil {
			h.Fatal(err)
		}
		to := h.posts("/document/"+document+"/edition", url.Values{"label": {fmt.Sprintf("9.%d", n)}, "body": {"# Formål\n\nVi låser døren, når vi går.\n"}})
		id = strings.TrimPrefix(to, "/edition/")
		id, _, _ = strings.Cut(id, "?")
	})
	return id
}

func (h *heirs) version(r web.Route) (made, bool) {
	return at(r, h.written(), nil), true
}

// approval is by a body in which all three have a seat: who wrote the version has one too.
func (h *heirs) approval(r web.Route) (made, bool) {
	h.sit()
	id := h.written()
	_, path, _ := strings.Cut(r.Pattern, " ")
	form := url.Values{"unit": {people.Top}, "edition": {id}, "body": {h.body}, "decided": {"2026-01-05"}, "way": {string(document.Here)}}
	return made{path: path, absent: path, form: form, took: func() bool {
		n := 0
		if err := h.in.Peek(h.Context(), func(q *store.Read) error {
			return q.Row(`SELECT count(*) FROM approval WHERE edition = :id`, store.Args{"id": id}, &n)
		}); err != nil {
			h.Fatal(err)
		}
		return n > 0
	}}, true
}

// sit gives the three a seat in a body.
func (h *heirs) sit() {
	if h.body != "" {
		return
	}
	err := h.in.Change(h.in.all(h.Context()), store.Intent{Verb: "test.sit", Need: "test"}, func(w *store.Write) error {
		var body string
		if err := w.Row(`SELECT min(id) FROM body`, nil, &body); err != nil {
			return err
		}
		seat := people.Position{Head: record.Head{Unit: people.Top}, Title: "Plads i udvalget"}
		if err := people.Positions.Add(w, &seat); err != nil {
			return err
		}
		for _, who := range []access.Actor{h.its, h.other, h.all} {
			if err := people.Holdings.Add(w, &people.Holding{Head: record.Head{Unit: people.Top}, Person: who.ID, Position: seat.ID, Starts: "2026-01-01"}); err != nil {
				return err
			}
		}
		h.body = body
		return people.Offices.Add(w, &people.Office{Head: record.Head{Unit: people.Top}, Body: body, Position: seat.ID})
	})
	if err != nil {
		h.Fatal(err)
	}
}

func (h *heirs) remark(r web.Route) (made, bool) {
	id := h.written()
	h.asIts(func() {
		h.posts("/edition/"+id+"/submit", nil)
		h.posts("/edition/"+id+"/remark", url.Values{"text": {"Gælder det også vinduerne?"}})
	})
	r.Pattern = strings.Replace(r.Pattern, "{id}", id, 1)
	return at(r, h.newest("remark"), nil), true
}

// lost is the account of somebody who had a code and asks that it is turned off.
func (h *heirs) lost(person string) {
	err := h.in.Change(h.in.all(h.Context()), store.Intent{Verb: "credential.code", Need: "test"}, func(w *store.Write) error {
		var n int
		if err := w.Row(`SELECT count(*) FROM credential WHERE id = :id`, store.Args{"id": person}, &n); err != nil {
			return err
		}
		query := `INSERT INTO credential (id, version, updated_at, updated_by, password_secret, totp_secret, totp) VALUES (:id, 1, :now, :actor, '', 'x', 1)`
		if n > 0 {
			query = `UPDATE credential SET version = version + 1, updated_at = :now, updated_by = :actor, totp = 1 WHERE id = :id`
		}
		return w.Do(ref.Ref{Kind: "credential", ID: person}, query, store.Args{"id": person})
	})
	if err != nil {
		h.Fatal(err)
	}
}

var asking = url.Values{"act": {"ask"}, "reason": {"Jeg har set personens kørekort i dag."}}

func (h *heirs) ownCode(r web.Route) (made, bool) {
	h.lost(h.its.ID)
	return at(r, h.its.ID, asking), true
}

func (h *heirs) vouched(r web.Route) (made, bool) {
	var person string
	err := h.in.Peek(h.Context(), func(q *store.Read) error {
		return q.Row(`SELECT min(p.id) FROM person p WHERE `+people.Here+` AND p.id NOT IN (:its, :other, :all)`,
			store.Args{"its": h.its.ID, "other": h.other.ID, "all": h.all.ID}, &person)
	})
	if err != nil {
		h.Fatal(err)
	}
	h.lost(person)
	h.asIts(func() { h.posts("/person/"+person+"/code", asking) })
	return at(r, person, url.Values{"act": {"grant"}}), true
}

// eased is a demand in force that the first proposes to take away.
func (h *heirs) eased(r web.Route) (made, bool) {
	const demand = "council" // a role that none of the three has
	err := h.in.Change(h.in.all(h.Context()), store.Intent{Verb: "code_demand.set", Need: "test"}, func(w *store.Write) error {
		var n int
		if err := w.Row(`SELECT count(*) FROM code_demand WHERE id = :id`, store.Args{"id": demand}, &n); err != nil || n > 0 {
			return err
		}
		return w.Do(ref.Ref{Kind: "code_demand", ID: demand}, `INSERT INTO code_demand (id, version, updated_at, updated_by, starts) VALUES (:id, 1, :now, :actor, '2026-01-01')`, store.Args{"id": demand})
	})
	if err != nil {
		h.Fatal(err)
	}
	h.asIts(func() { h.posts("/code_demand", nil) })
	_, path, _ := strings.Cut(r.Pattern, " ")
	return made{path: path, absent: path, form: url.Values{"agree": {demand}, "version": {"1"}}, took: func() bool {
		n := 0
		if err := h.in.Peek(h.Context(), func(q *store.Read) error { return q.Row(`SELECT count(*) FROM code_demand`, nil, &n) }); err != nil {
			h.Fatal(err)
		}
		return n == 0
	}}, true
}
