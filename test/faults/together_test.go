package faults

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"
)

// TestTwoPeopleOnOneRecord lets a person by page and programs by REST change the
// same record at the same time, each as the forms and versions ask: every
// change that was acknowledged is in the record or its history, none was made
// over another that was not seen.
func TestTwoPeopleOnOneRecord(t *testing.T) {
	t.Parallel()
	const each = 15
	homes(t, func(t *testing.T, h *home) {
		s := h.settle()
		p := s.n.program(s.token)
		made := p.add(t, "X-1", "Begyndelsen")
		var all sync.WaitGroup
		var mu sync.Mutex
		acknowledged, clashes := map[string]bool{}, 0
		keep := func(title string, ok bool) {
			mu.Lock()
			defer mu.Unlock()
			if ok {
				acknowledged[title] = true
			} else {
				clashes++
			}
		}
		for who := range 3 {
			all.Go(func() {
				for n := range each {
					title := fmt.Sprintf("Program %d, %d", who, n)
					for range 200 {
						is := p.get(t, made.ID)
						a, err := p.ask("PATCH", "/api/v1/rules/"+made.ID, fmt.Sprintf(`{"title":%q}`, title), "If-Match", fmt.Sprintf(`"%d"`, is.Version))
						if err != nil || a.status != http.StatusOK && a.status != http.StatusPreconditionFailed {
							t.Errorf("%d %v %s", a.status, err, a.body)
						}
						if keep(title, a.status == http.StatusOK); a.status == http.StatusOK {
							break
						}
					}
				}
			})
		}
		all.Go(func() { // the page: another field, so that both belong together
			for n := range each {
				is := p.get(t, made.ID)
				chapter := fmt.Sprintf("Kapitel %d", n)
				a, at, err := s.b.post("/rule/"+made.ID, url.Values{"version": {fmt.Sprint(is.Version)}, "unit": {"top"}, "number": {"X-1"},
					"title": {is.Title}, "chapter": {chapter}, "text": {"Den, der prøver, skriver ned, hvad der skete."}, "themes": {"awareness"}})
				if err != nil || a.status != http.StatusOK && a.status != http.StatusPreconditionFailed {
					t.Errorf("the page: %d at %s %v", a.status, at, err)
				}
				keep(chapter, a.status == http.StatusOK)
			}
		})
		all.Wait()
		db := h.db()
		stood := map[string]bool{}
		rows, err := db.Query(`SELECT title, chapter FROM rule WHERE number = 'X-1' UNION ALL SELECT title, chapter FROM rule_history WHERE number = 'X-1'`)
		must(t, err)
		defer rows.Close()
		for rows.Next() {
			var title, chapter string
			must(t, rows.Scan(&title, &chapter))
			stood[title], stood[chapter] = true, true
		}
		must(t, rows.Err())
		for what := range acknowledged {
			if !stood[what] {
				t.Errorf("%q was acknowledged, and never stood there", what)
			}
		}
		pages, programs := 0, 0
		for what := range acknowledged {
			if strings.HasPrefix(what, "Kapitel") {
				pages++
			} else {
				programs++
			}
		}
		if is := p.get(t, made.ID); is.Version != 1+pages+programs || programs != 3*each {
			t.Errorf("%d changes by page and %d by program were acknowledged, and the record is in version %d", pages, programs, is.Version)
		}
		t.Logf("%d changes by page, %d by program, %d clashes told", pages, programs, clashes)
		s.n.stop()
		h.verify()
	})
}
