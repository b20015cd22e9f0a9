package moduletest

import (
	"maps"
	"net/http/httptest"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"vaern/internal/access"
	"vaern/internal/field"
	"vaern/internal/module"
)

// way is one way into a register, and the verb that it takes.
type way struct {
	verb string
	name string
	ask  func(*try) *httptest.ResponseRecorder
	code int // of who may
}

// ways are the ways to a record, and those that make one.
func ways(path string, number *int) (to, make []way) {
	page := func(t *try) string { return t.page(path) }
	to = []way{
		{"see", "page", func(t *try) *httptest.ResponseRecorder { return t.get(page(t)) }, 200},
		{"see", "program", func(t *try) *httptest.ResponseRecorder { return t.get(path) }, 200},
		{"see", "versions", func(t *try) *httptest.ResponseRecorder { return t.get(page(t) + "/versions") }, 200},
		{"edit", "form", func(t *try) *httptest.ResponseRecorder { return t.get(page(t) + "/edit") }, 200},
		{"edit", "patch", func(t *try) *httptest.ResponseRecorder {
			return t.send("PATCH", path, asJSON, `{}`, "If-Match", `"7"`)
		}, 412}, // let in, and told that it is late
	}
	next := func() int { *number++; return *number }
	make = []way{
		{"see", "list", func(t *try) *httptest.ResponseRecorder { return t.get(t.at()) }, 200},
		{"see", "list for programs", func(t *try) *httptest.ResponseRecorder { return t.get(t.api()) }, 200},
		{"create", "new", func(t *try) *httptest.ResponseRecorder { return t.get(t.at() + "/new") }, 200},
		{"create", "create", func(t *try) *httptest.ResponseRecorder { return t.form(t.at(), t.unveiled(next())) }, 303},
		{"create", "create by program", func(t *try) *httptest.ResponseRecorder {
			return t.send("POST", t.api(), asJSON, t.body(t.unveiled(next())))
		}, 201},
	}
	return to, make
}

// roles takes the register's own table of roles and tries each way as each of
// them, on one's own records, those of another unit and one that is not there.
func roles(t *try) {
	mine := t.create(1, "a")
	t.as("bo")
	far := t.create(2, "b")
	number := 10
	to, make := ways(mine, &number)
	toFar, _ := ways(far, &number)
	toNone, _ := ways(mine[:strings.LastIndex(mine, "/")]+"/findes-ikke", &number)
	everybody := append(slices.Clone(module.Everyone), access.Holder, "nobody's")
	for _, role := range everybody {
		may := t.m.Roles[role]
		t.carrying(may)
		for i, w := range append(slices.Clone(to), make...) {
			if t.m.Kept && w.verb != "see" {
				continue
			}
			has := slices.Contains(may, access.Permission(t.m.Name+"."+w.verb))
			if has && (role == access.Holder || t.m.Closed) {
				continue // what one owns or is named in is tried where that is declared
			}
			mine, elsewhere := w.code, 404
			if !has {
				mine, elsewhere = 403, 403
			}
			if got := w.ask(t).Code; got != mine {
				t.Errorf("%s: %s of one's own: %d, want %d", role, w.name, got, mine)
			}
			if i >= len(to) {
				continue
			}
			a, b := toFar[i].ask(t), toNone[i].ask(t)
			if a.Code != elsewhere || b.Code != elsewhere {
				t.Errorf("%s: %s of another unit: %d, of nothing: %d, want %d", role, w.name, a.Code, b.Code, elsewhere)
			}
			if faceless(a) != faceless(b) {
				t.Errorf("%s: %s of another unit is told apart from one that is not there: %s and %s", role, w.name, a.Body, b.Body)
			}
		}
	}
	for _, role := range slices.Sorted(maps.Keys(t.m.Roles)) {
		if !slices.Contains(everybody, role) {
			t.Errorf("%s is granted something and is no role", role)
		}
	}
}

// offers looks at what stands on the page of a record for somebody who sees all
// and may change what is in unit a.
func offers(t *try) {
	if t.m.Closed {
		t.Skip("who sees a record is named in it")
	}
	mine := t.create(1, "a")
	t.as("bo")
	far := t.create(2, "b")
	t.as("anna")
	t.actor.May[access.Permission(t.m.Name+".see")] = access.Reach{Whole: true}
	for path, code := range map[string]int{mine: 200, far: 404} {
		edit := t.page(path) + "/edit"
		offered := strings.Contains(t.want(t.get(t.page(path)), 200).Body.String(), `href="`+edit+`"`)
		t.want(t.get(edit), code)
		if offered != (code == 200) {
			t.Errorf("%s is offered: %v, and answers %d", edit, offered, code)
		}
	}
}

// number of a request, or an address.
var face = regexp.MustCompile(`[0-9a-f]{10}|/[^ "]*|urn:[^ "]*`)

// faceless is an answer without what differs from one request to the next.
func faceless(w *httptest.ResponseRecorder) string { return face.ReplaceAllString(w.Body.String(), "") }

// carrying makes somebody act with these permissions in unit a.
func (t *try) carrying(may []access.Permission) {
	t.as("anna", "none")
	for _, p := range may {
		t.actor.May[p] = access.Reach{Tops: []string{"a"}, Wide: t.wide}
	}
}

// unveiled is a sample without what is sensitive.
func (t *try) unveiled(n int) url.Values {
	v := t.sample(n, "a")
	for _, f := range t.m.Fields {
		if f.Sensitive {
			v.Del(f.Name)
		}
	}
	return v
}

// sensitive looks for a sensitive value in every face of a record.
func sensitive(t *try) {
	f, ok := t.the(func(f field.Field) bool { return f.Sensitive && f.Kind == field.Text && !f.Set })
	if !ok {
		t.Skip("nothing in it is sensitive")
	}
	path := t.create(1, "a")
	page := t.page(path)
	const value = "noget om hjertet"
	t.want(t.send("PATCH", path, asJSON, t.json(map[string]string{f.Name: value}), "If-Match", `"1"`), 200)
	t.want(t.send("PATCH", path, asJSON, t.json(map[string]string{f.Name: ""}), "If-Match", `"2"`), 200)
	t.want(t.send("PATCH", path, asJSON, t.json(map[string]string{f.Name: value}), "If-Match", `"3"`), 200)
	for _, p := range []string{path, page, page + "/edit"} {
		t.want(t.get(p), 200, value)
	}
	t.as("anna", "see", "edit", "create")
	for _, p := range []string{path, page, page + "/edit", page + "/versions", page + "/field/" + f.Name, t.on(path) + "history",
		t.api(), t.at(), t.at() + "?columns=" + f.Name} {
		if body := t.get(p).Body.String(); strings.Contains(body, value) {
			t.Errorf("%s shows what is sensitive", p)
		}
	}
	t.want(t.send("PATCH", path, asJSON, t.json(map[string]string{f.Name: "x"}), "If-Match", `"4"`), 422, "body."+f.Name)
}
