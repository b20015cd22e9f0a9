package kit_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/fstest"

	"vaern/internal/access"
	"vaern/internal/i18n"
	"vaern/internal/ledger"
	"vaern/internal/module"
	"vaern/internal/people"
	"vaern/internal/record"
	"vaern/internal/store"
	"vaern/internal/store/storetest"
	"vaern/internal/web"
	"vaern/internal/web/kit"
)

// Secret is a record of a sensitive kind.
type Secret struct {
	record.Head
	Title string `da:"Titel" en:"Title" is:"title sort"`
}

func secrets() (module.Module, *record.Records[Secret]) {
	r := record.New(record.Register[Secret]{
		Name: "secret", One: i18n.Text{"Hemmelighed", "Secret"}, Many: i18n.Text{"Hemmeligheder", "Secrets"}, About: i18n.Text{"a", "a"}, Sensitive: true,
		Schema: fstest.MapFS{"0001.sql": {Data: []byte(`
			CREATE TABLE secret (
				id TEXT PRIMARY KEY, version BIGINT NOT NULL, unit TEXT NOT NULL, updated_at TEXT NOT NULL, updated_by TEXT NOT NULL,
				search TEXT NOT NULL, title TEXT NOT NULL, title_sort TEXT NOT NULL); CREATE INDEX secret_title ON secret (title_sort, id)`)}},
	})
	return kit.Module(kit.Register[Secret]{Register: r}), r
}

func TestWhoOpensASensitiveRecordIsRecordedAndNobodyElse(t *testing.T) {
	m, _ := secrets()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		ctx := access.With(t.Context(), access.Machine("test", "test", "secret.create"))
		var id string
		err := s.Change(ctx, store.Intent{Verb: "test.do", Need: "secret.create"}, func(w *store.Write) error {
			if err := people.FoundTop(w); err != nil {
				return err
			}
			top := people.Unit{Head: record.Head{ID: people.Top, Unit: people.Top}, Number: "1", Name: "By", Kind: "municipality"}
			if err := people.Units.Add(w, &top); err != nil {
				return err
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		reach := access.Reach{Whole: true}
		site := web.New(s, func(r *http.Request) (access.Actor, error) {
			if r.Header.Get("Who") == "bo" {
				return storetest.Actor("bo", access.Reach{Tops: []string{"elsewhere"}}, "secret.see"), nil
			}
			return storetest.Actor("anna", reach, "secret.see", "secret.create"), nil
		})
		m.Mount(site)
		get := func(who, path string) int {
			r := httptest.NewRequest("GET", path, nil)
			r.Header.Set("Who", who)
			w := httptest.NewRecorder()
			site.ServeHTTP(w, r)
			return w.Code
		}
		r := httptest.NewRequest("POST", "/secret", strings.NewReader("unit=top&title=Noget"))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		w := httptest.NewRecorder()
		site.ServeHTTP(w, r)
		id = strings.TrimPrefix(w.Header().Get("Location"), "/secret/")
		if w.Code != 303 || id == "" {
			t.Fatalf("create: %d %s", w.Code, w.Body)
		}
		if code := get("anna", "/secret/"+id); code != 200 {
			t.Fatalf("open: %d", code)
		}
		if code := get("bo", "/secret/"+id); code != 404 {
			t.Fatalf("out of reach: %d, want 404", code)
		}
		var opened []string
		err = s.View(access.With(t.Context(), access.Machine("test", "test")), "test", func(q *store.Read) error {
			return q.Leaves(func(l *ledger.Leaf) error {
				if l.Type == ledger.Reveal {
					opened = append(opened, l.Actor+" "+l.About)
				}
				return nil
			})
		})
		if err != nil || len(opened) != 1 || opened[0] != "anna secret/"+id {
			t.Errorf("recorded %v, %v; want anna once", opened, err)
		}
	}, module.Schemas([]module.Module{m})...)
}
