package moduletest

import (
	"encoding/json"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"vaern/internal/field"
)

func createAndFind(t *try) {
	w := t.send("POST", t.api(), asJSON, t.body(t.sample(1, "a")))
	path := t.want(w, 201).Header().Get("Location")
	if w.Header().Get("ETag") != `"1"` {
		t.Errorf("ETag %q, want \"1\"", w.Header().Get("ETag"))
	}
	t.want(t.get(path), 200, `"version":1`)
	t.want(t.get(t.api()), 200, path[strings.LastIndex(path, "/")+1:])
	t.want(t.get(t.at()), 200)
	page := t.page(path)
	t.want(t.get(page), 200, "<h1>")
	t.want(t.get(page+"/edit"), 200, "<form")
	t.want(t.form(t.at(), t.sample(2, "a")), 303)
	if title, ok := t.the(func(f field.Field) bool { return f.Title && !f.Set }); ok {
		t.want(t.get(t.at()+"?q="+url.QueryEscape(t.sample(2, "a").Get(title.Name))), 200, t.sample(2, "a").Get(title.Name))
	}
	t.want(t.get(t.at()+"?q=findesikke"), 200, "Intet passer")
}

func requiredFields(t *try) {
	f, ok := t.the(func(f field.Field) bool { return f.Required && !f.Set && !f.IsUnit() && f.Kind == field.Text })
	if !ok {
		t.Skip("nothing is required")
	}
	v := t.sample(1, "a")
	v.Set(f.Name, "")
	other, found := t.the(func(o field.Field) bool { return o.Kind == field.Text && o.Name != f.Name && !o.Set })
	before := t.leaves()
	w := t.want(t.form(t.at(), v), 422, `id="`+f.Name+`-error"`)
	if found && !strings.Contains(w.Body.String(), v.Get(other.Name)) {
		t.Errorf("what was typed in %s is lost", other.Name)
	}
	t.announced(w.Body.String())
	if day, ok := t.the(func(o field.Field) bool { return o.Kind == field.Day && !o.Set && !o.Sensitive }); ok { // all that is wrong is told at once
		wrong := t.sample(1, "a")
		wrong.Set(f.Name, "")
		wrong.Set(day.Name, "snart")
		t.want(t.form(t.at(), wrong), 422, `id="`+f.Name+`-error"`, `id="`+day.Name+`-error"`)
	}
	t.want(t.send("POST", t.api(), asJSON, t.body(v)), 422, "body."+f.Name)
	v.Set(f.Name, " \t\u00a0 ")
	t.want(t.send("POST", t.api(), asJSON, t.body(v)), 422, "body."+f.Name)
	t.want(t.send("POST", t.api(), asJSON, `{"no_such_field":"x"}`), 422)
	if t.leaves() != before {
		t.Error("a refused record left a leaf")
	}
}

var helping, described = regexp.MustCompile(`id="([^"]+-(?:help|error))"`), regexp.MustCompile(`aria-describedby="([^"]+)"`)

// announced says that each help and each mistake on a page is read aloud with its field, also where a field has both.
func (t *try) announced(page string) {
	var said []string
	for _, d := range described.FindAllStringSubmatch(page, -1) {
		said = append(said, strings.Fields(d[1])...)
	}
	for _, m := range helping.FindAllStringSubmatch(page, -1) {
		if !slices.Contains(said, m[1]) {
			t.Errorf("no field is described by %s", m[1])
		}
	}
}

func staleVersions(t *try) {
	path := t.create(1, "a")
	for i, c := range []struct {
		version string
		want    int
	}{{`"1"`, 200}, {`"1"`, 412}, {"", 428}, {`"2"`, 200}} {
		head := []string{"If-Match", c.version}
		if c.version == "" {
			head = nil
		}
		if got := t.send("PATCH", path, asJSON, t.alteration(2+i), head...).Code; got != c.want {
			t.Errorf("PATCH %d with the version %s: %d, want %d", i, c.version, got, c.want)
		}
	}
	v := t.sample(1, "a")
	v.Set("version", "1")
	f, now := t.altered(5)
	_, mine := t.altered(3)
	v.Set(f.Name, mine)
	if f.Kind == field.Bool {
		return // yes or no: who is late says what stood before or what stands now
	}
	w := t.want(t.form(t.page(path), v), 412, `name="keep.`+f.Name+`"`)
	if t.free(f) {
		t.want(w, 412, mine, now)
	}
}

func permissions(t *try) {
	path := t.create(1, "a")
	page := t.page(path)
	t.as("anna", "see")
	t.want(t.get(t.at()), 200)
	t.want(t.get(t.at()+"/new"), 403)
	t.want(t.form(t.at(), t.sample(2, "a")), 403)
	t.want(t.form(page, t.sample(1, "a")), 403)
	t.want(t.send("POST", t.api(), asJSON, t.body(t.sample(2, "a"))), 403)
	t.want(t.send("PATCH", path, asJSON, `{}`, "If-Match", `"1"`), 403)
	t.as("anna", "create")
	t.want(t.get(t.at()), 403)
	t.want(t.get(path), 403)
	t.actor.ID = ""
	t.want(t.get(t.api()), 401)
	t.want(t.get(t.at()), 303)
}

func scope(t *try) {
	path := t.create(1, "a")
	page := t.page(path)
	id := path[strings.LastIndex(path, "/")+1:]
	t.as("bo")
	t.want(t.get(path), 404)
	t.want(t.get(page), 404)
	t.want(t.get(page+"/edit"), 404)
	t.want(t.form(page, t.sample(1, "b")), 404)
	t.want(t.send("PATCH", path, asJSON, `{}`, "If-Match", `"1"`), 404)
	if strings.Contains(t.get(t.api()).Body.String(), id) || strings.Contains(t.get(t.at()).Body.String(), id) {
		t.Error("a list shows what is out of reach")
	}
	t.want(t.send("POST", t.api(), asJSON, t.body(t.sample(3, "a"))), 422, `"location":"body.`) // the unit, or what lies in it
}

// readOnly tries a register whose records are made by acts of their own.
func readOnly(t *try) {
	if !t.m.Kept {
		t.Skip("its records are made by forms")
	}
	path := t.create(1, "a")
	t.as("bo")
	other := t.create(2, "b")
	t.as("anna")
	before := t.leaves()
	for _, p := range []string{path, t.api(), t.page(path), t.at()} {
		t.want(t.get(p), 200)
	}
	for _, p := range []string{other, t.page(other), t.at() + "/new", t.page(path) + "/edit"} {
		t.want(t.get(p), 404)
	}
	if ids := t.found(url.Values{"limit": {"500"}}); len(ids) != 1 {
		t.Errorf("the list holds %v, want the one in reach", ids)
	}
	for _, p := range []string{t.at(), t.page(path), t.api(), path} {
		if code := t.form(p, t.sample(1, "a")).Code; code < 404 || code > 405 {
			t.Errorf("POST %s answers %d", p, code)
		}
	}
	if code := t.send("PATCH", path, asJSON, `{}`, "If-Match", `"1"`).Code; code < 404 || code > 405 {
		t.Errorf("PATCH answers %d", code)
	}
	if n := t.leaves(); n != before {
		t.Errorf("looking left %d leaves", n-before)
	}
}

func paging(t *try) {
	const records = 7
	for n := range records {
		t.create(n, "a")
	}
	for _, f := range t.m.Fields {
		if !f.Sort {
			continue
		}
		for _, order := range []string{f.Name, "-" + f.Name} {
			seen := map[string]bool{}
			cursor := ""
			for range records + 1 {
				var page struct {
					Items []struct{ ID string }
					Next  string
				}
				w := t.want(t.get(t.api()+"?limit=2&sort="+order+"&cursor="+url.QueryEscape(cursor)), 200)
				if err := json.Unmarshal(w.Body.Bytes(), &page); err != nil {
					t.Fatal(err)
				}
				for _, item := range page.Items {
					if seen[item.ID] {
						t.Errorf("%s: %s comes twice", order, item.ID)
					}
					seen[item.ID] = true
				}
				if cursor = page.Next; cursor == "" {
					break
				}
			}
			if len(seen) < records {
				t.Errorf("%s: %d of %d records", order, len(seen), records)
			}
		}
	}
	t.want(t.get(t.api()+"?sort=no_such_field"), 422)
	t.want(t.get(t.api()+"?cursor=rubbish"), 422)
}

func traces(t *try) {
	path := t.create(1, "a")
	page := t.page(path)
	before := t.leaves()
	for _, p := range []string{path, t.api(), page, t.at(), page + "/edit", t.at() + "/new"} {
		t.want(t.get(p), 200)
	}
	if n := t.leaves(); n != before {
		t.Errorf("looking left %d leaves", n-before)
	}
	t.want(t.send("PATCH", path, asJSON, t.alteration(2), "If-Match", `"1"`), 200)
	if n := t.leaves(); n != before+1 {
		t.Errorf("a change left %d leaves, want 1", n-before)
	}
	w := t.want(t.send("PATCH", path, asJSON, `{}`, "If-Match", `"2"`), 200, `"version":2`)
	if tag := w.Header().Get("ETag"); tag != `"2"` {
		t.Errorf("a change of nothing made the version %s, want 2", tag)
	}
	same := t.sample(1, "a")
	f, now := t.altered(2)
	same.Set(f.Name, now)
	same.Set("version", "2")
	t.want(t.form(t.page(path), same), 303)
	if n := t.leaves(); n != before+1 {
		t.Errorf("changes of nothing left %d leaves, want none", n-before-1)
	}
}

func history(t *try) {
	path := t.create(1, "a")
	v := t.sample(1, "a")
	f, now := t.altered(2)
	was := v.Get(f.Name)
	v.Set("version", "1")
	v.Set(f.Name, now)
	v.Set("reason", "det gamle var forkert")
	page := t.page(path)
	t.want(t.form(page, v), 303)
	t.want(t.get(page), 200, "fordi det gamle var forkert", "ændrede")
	t.want(t.get(page), 200, "<del>"+shown(f, was), "<ins>"+shown(f, now))
}

func statements(t *try) {
	count := func(path string) int64 {
		before := t.s.Statements()
		t.want(t.get(path), 200)
		return t.s.Statements() - before
	}
	t.create(0, "a")
	pages := []string{t.at(), t.api()}
	var few []int64
	for _, p := range pages {
		few = append(few, count(p))
	}
	for n := 1; n < 20; n++ {
		t.create(n, "a")
	}
	for i, p := range pages {
		// A list that reaches records without a value asks once more.
		if many := count(p); many > few[i]+1 || many > 10 {
			t.Errorf("%s sends %d statements for 1 record and %d for 20", p, few[i], many)
		}
	}
	if !slices.ContainsFunc(t.m.Fields, func(f field.Field) bool { return f.Sort }) {
		t.Error("nothing to sort by")
	}
}
