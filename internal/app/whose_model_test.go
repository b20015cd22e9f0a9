package app

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"path/filepath"
	"slices"
	"strings"
	"testing/fstest"

	"vaern/internal/access"
	"vaern/internal/attach"
	"vaern/internal/comment"
	"vaern/internal/i18n"
	"vaern/internal/module"
	"vaern/internal/people"
	"vaern/internal/record"
	"vaern/internal/ref"
	"vaern/internal/store"
	"vaern/internal/store/storetest"
	"vaern/internal/task"
	"vaern/internal/web"
	"vaern/internal/web/kit"
)

// modelHead says how the third table is read.
const modelHead = `
# The same for what a register may declare and none does yet: matter is of a register whose records their owner reaches (ByOwner),
# case of one whose records are closed to all but their members (ByMember). its and oth. have no role anywhere; all has every right.
                                                           its  oth. all   whose
`

// Matter is what the model registers hold.
type Matter struct {
	record.Head
	Title string `da:"Titel" en:"Title" is:"title sort"`
	Owner string `da:"Ejer" en:"Owner" is:"ref:position filter"`
}

func model(name string, rows record.Rows) module.Module {
	return kit.Module(kit.Register[Matter]{
		See: []access.Role{access.Manager}, Edit: []access.Role{access.Manager},
		Register: record.New(record.Register[Matter]{
			Name: name, One: i18n.Text{"Sag", "Matter"}, Many: i18n.Text{"Sager", "Matters"}, About: i18n.Text{"Sager.", "Matters."}, Rows: rows,
			Schema: fstest.MapFS{"0001.sql": {Data: []byte(`
				CREATE TABLE ` + name + ` (
					id TEXT PRIMARY KEY, version BIGINT NOT NULL, unit TEXT NOT NULL, updated_at TEXT NOT NULL, updated_by TEXT NOT NULL,
					search TEXT NOT NULL, title TEXT NOT NULL, title_sort TEXT NOT NULL, owner TEXT NOT NULL)`)}},
		}),
	})
}

// modelTable tries every way into records of the two models.
func (b *bench) modelTable() string {
	mods := []module.Module{model("matter", record.ByOwner), model("case_file", record.ByMember)}
	s := storetest.Open(b.T, filepath.Join(b.TempDir(), "t.db"), module.Schemas(mods)...)
	h := &heirs{burglar: &burglar{bench: &bench{T: b.T}}}
	h.site = web.New(s, h.who)
	for _, m := range mods {
		m.Mount(h.site)
	}
	(&kit.Around{
		Modules: append(slices.Clone(mods), kit.Capabilities()...), Files: attach.Store{Store: s, Shelf: attach.Folder(b.TempDir())},
		Board: comment.Board{Store: s, Sees: func(context.Context, string, ref.Ref) (bool, error) { return true, nil }},
	}).Mount(h.site)
	ids := h.found(s, mods)
	var out strings.Builder
	for i, m := range mods {
		whose := []string{"whose position owns it", "who is a member"}[i]
		for _, r := range h.site.Routes() {
			method, pattern, _ := strings.Cut(r.Pattern, " ")
			pattern = strings.Replace(pattern, "{kind}", m.Name, 1)
			path := strings.Replace(pattern, "{id}", ids[m.Name], 1)
			if path == pattern || strings.Contains(path, "{") && !strings.Contains(path, "{field}") || strings.HasSuffix(path, "/undo") || strings.Contains(path, "/view/") || strings.Contains(path, "/import/") ||
				!strings.HasPrefix(pattern, "/"+m.Name+"/") && !strings.HasPrefix(pattern, "/api/v1/"+m.Plural+"/") && !strings.HasPrefix(pattern, "/on/"+m.Name+"/") && !strings.HasPrefix(pattern, "/history/"+m.Name+"/") {
				continue
			}
			path = strings.Replace(path, "{field}", "title", 1)
			one := made{path: path, absent: strings.Replace(path, ids[m.Name], notThere, 1), form: url.Values{"version": {"1"}, "unit": {"a"}, "title": {"Fald"}, "owner": {"chief"}, "text": {"Hej"}}}
			var cells []string
			for _, who := range []access.Actor{h.its, h.other, h.all} {
				h.Actor = who
				cells = append(cells, h.answer(r, method, one))
			}
			fmt.Fprintf(&out, "%-58s %-4s %-4s %-4s  %s\n", method+" "+pattern, cells[0], cells[1], cells[2], whose)
		}
	}
	return out.String()
}

// found makes the people, and of each model a record that is the first one's.
func (h *heirs) found(s *store.Store, mods []module.Module) map[string]string {
	must := func(err error) {
		if err != nil {
			h.Fatal(err)
		}
	}
	machine := access.With(h.Context(), access.Machine("test", "test", "holding.edit"))
	must(s.Change(machine, store.Intent{Verb: "test.do", Need: "test"}, func(w *store.Write) error {
		must(people.FoundTop(w))
		for _, u := range [][2]string{{people.Top, people.Top}, {"a", people.Top}} {
			must(people.Units.Add(w, &people.Unit{Head: record.Head{ID: u[0], Unit: u[1]}, Number: u[0], Name: "Enhed " + u[0], Kind: "department"}))
		}
		must(people.Positions.Add(w, &people.Position{Head: record.Head{ID: "chief", Unit: "a"}, Title: "Chef"}))
		must(people.Persons.Add(w, &people.Person{Head: record.Head{ID: "its", Unit: "a"}, Number: "1", Name: "Anna", Category: "employee"}))
		return people.Holdings.Add(w, &people.Holding{Head: record.Head{Unit: "a"}, Person: "its", Position: "chief", Starts: "2026-01-01"})
	}))
	few, every := map[access.Permission]access.Reach{task.See: {}}, map[access.Permission]access.Reach{task.See: {Whole: true}}
	for _, m := range append(slices.Clone(mods), kit.Capabilities()...) {
		for role, may := range m.Roles {
			for _, p := range may {
				every[p] = access.Reach{Whole: true}
				if role == access.Holder {
					few[p] = access.Reach{}
				}
			}
		}
	}
	h.its, h.other, h.all = access.Actor{ID: "its", May: every}, access.Actor{ID: "other", May: few}, access.Actor{ID: "all", May: every}
	ids := map[string]string{}
	for _, m := range mods {
		h.Actor = h.its // who makes a case is its first member
		w := h.ask(http.MethodPost, "/api/v1/"+m.Plural, `{"title":"Fald","unit":"a","owner":"chief"}`)
		at := w.Header().Get("Location")
		if at == "" {
			h.Fatalf("no %s is made: %d %s", m.Name, w.Code, w.Body)
		}
		ids[m.Name] = at[strings.LastIndex(at, "/")+1:]
	}
	h.its.May = few
	return ids
}
