package moduletest

import (
	"encoding/json"
	"net/url"
	"slices"
	"strings"

	"vaern/internal/field"
)

func createAndFind(t *try) {
	w := t.send("POST", t.api(), "application/json", t.body(t.sample(1, "a")))
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
	title := t.title()
	t.want(t.get(t.at()+"?q="+url.QueryEscape(t.sample(2, "a").Get(title.Name))), 200, t.sample(2, "a").Get(title.Name))
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
	w := t.want(t.form(t.at(), v), 422, `id="`+f.Name+`-error"`)
	if found && !strings.Contains(w.Body.String(), v.Get(other.Name)) {
		t.Errorf("what was typed in %s is lost", other.Name)
	}
	t.want(t.send("POST", t.api(), "application/json", t.body(v)), 422, "body."+f.Name)
	t.want(t.send("POST", t.api(), "application/json", `{"no_such_field":"x"}`), 422)
	before := t.leaves()
	if t.leaves() != before {
		t.Error("a refused record left a leaf")
	}
}

func staleVersions(t *try) {
	title := t.title()
	path := t.create(1, "a")
	patch := func(text, version string) int {
		body, _ := json.Marshal(map[string]string{title.Name: text})
		head := []string{}
		if version != "" {
			head = []string{"If-Match", version}
		}
		return t.send("PATCH", path, "application/json", string(body), head...).Code
	}
	for _, c := range []struct {
		text, version string
		want          int
	}{{"Første", `"1"`, 200}, {"Anden", `"1"`, 412}, {"Tredje", "", 428}, {"Fjerde", `"2"`, 200}} {
		if got := patch(c.text, c.version); got != c.want {
			t.Errorf("PATCH %s with %s: %d, want %d", c.text, c.version, got, c.want)
		}
	}
	v := t.sample(1, "a")
	v.Set("version", "1")
	v.Set(title.Name, "Min egen tekst")
	w := t.want(t.form(t.page(path), v), 412, "Min egen tekst", "Fjerde")
	_ = w
}

func permissions(t *try) {
	path := t.create(1, "a")
	page := t.page(path)
	t.as("anna", "see")
	t.want(t.get(t.at()), 200)
	t.want(t.get(t.at()+"/new"), 403)
	t.want(t.form(t.at(), t.sample(2, "a")), 403)
	t.want(t.form(page, t.sample(1, "a")), 403)
	t.want(t.send("POST", t.api(), "application/json", t.body(t.sample(2, "a"))), 403)
	t.want(t.send("PATCH", path, "application/json", `{}`, "If-Match", `"1"`), 403)
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
	t.want(t.send("PATCH", path, "application/json", `{}`, "If-Match", `"1"`), 404)
	if strings.Contains(t.get(t.api()).Body.String(), id) || strings.Contains(t.get(t.at()).Body.String(), id) {
		t.Error("a list shows what is out of reach")
	}
	t.want(t.send("POST", t.api(), "application/json", t.body(t.sample(3, "a"))), 422, "body.unit")
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
	title := t.title()
	body, _ := json.Marshal(map[string]string{title.Name: "Ændret"})
	t.want(t.send("PATCH", path, "application/json", string(body), "If-Match", `"1"`), 200)
	if n := t.leaves(); n != before+1 {
		t.Errorf("a change left %d leaves, want 1", n-before)
	}
}

func history(t *try) {
	title := t.title()
	path := t.create(1, "a")
	was := t.sample(1, "a").Get(title.Name)
	v := t.sample(1, "a")
	v.Set("version", "1")
	v.Set(title.Name, "Et nyt navn")
	v.Set("reason", "det gamle var forkert")
	page := t.page(path)
	t.want(t.form(page, v), 303)
	t.want(t.get(page), 200, "<del>"+was+"</del>", "<ins>Et nyt navn</ins>", "fordi det gamle var forkert", "ændrede")
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
