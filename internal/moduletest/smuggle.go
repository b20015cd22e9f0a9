package moduletest

import (
	"bytes"
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strings"

	"vaern/internal/access"
	"vaern/internal/field"
)

// What somebody sends besides what a form has: nothing of it may be stored.

const (
	smuggled       = "smuglet-ind" // a text that no record may hold
	smuggledNumber = "4711"
)

// others are names that no register has and that other programs would believe.
var others = []string{"created_at", "created_by", "deleted", "password_secret", "totp_secret", "key_secret", "token_secret", "role", "roles", "scope",
	"reach", "tops", "actor", "kind", "admin", "salt", "_method", "Version", "ID", "__proto__", "constructor"}

// stored are the columns of the register's table and its rows, by id, as the
// database has them.
func (t *try) stored() (columns []string, rows map[string]map[string]any) {
	t.Helper()
	rows = map[string]map[string]any{}
	here := false
	ctx := access.With(t.Context(), access.Machine("test", "test"))
	err := t.s.Dump(ctx, "test", func(name string, has []string) error {
		if here = name == t.m.Name; here {
			columns = slices.Clone(has)
		}
		return nil
	}, func(values []any) error {
		if !here {
			return nil
		}
		row := map[string]any{}
		for i, v := range values {
			if b, ok := v.([]byte); ok {
				v = string(bytes.Clone(b))
			}
			row[columns[i]] = v
		}
		rows[fmt.Sprint(row["id"])] = row
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return columns, rows
}

// beyond are the names that no form of the register has.
func (t *try) beyond() (out []string) {
	columns, _ := t.stored()
	for _, name := range append(columns, others...) {
		_, form := t.the(func(f field.Field) bool { return f.Name == name && !f.Set })
		if !form && name != "reason" { // a form of any register has a reason
			out = append(out, name)
		}
	}
	return out
}

// unmoved fails where a row that was there is another now, or one has come.
func (t *try) unmoved(was map[string]map[string]any, what string) {
	t.Helper()
	_, now := t.stored()
	for id, row := range now {
		if !maps.Equal(row, was[id]) {
			t.Errorf("%s: %v became %v", what, was[id], row)
		}
	}
}

// smuggling sends what is not the person's to set: the system's columns, fields
// that follow from others, secrets, another unit, another kind's id.
func smuggling(t *try) {
	path, other := t.create(1, "a"), t.create(2, "a")
	_, was := t.stored()
	for _, name := range t.beyond() {
		for _, value := range []any{smuggled, 4711, true, nil} {
			whole := strings.TrimSuffix(t.body(t.sample(3, "a")), "}") + `,` + strings.TrimPrefix(t.json(map[string]any{name: value}), "{")
			only := t.json(map[string]any{name: value})
			t.fault(t.send("POST", t.api(), asJSON, whole), 422, "body."+name)
			t.fault(t.send("PATCH", path, asJSON, only, "If-Match", `"1"`), 422, "body."+name)
			id := path[strings.LastIndex(path, "/")+1:]
			t.fault(t.send("POST", t.api()+"/bulk", asJSON, fmt.Sprintf(`{"atomic":true,"items":[{"create":%s},{"id":%q,"version":1,"patch":%s}]}`, whole, id, only)), 422)
		}
	}
	t.unmoved(was, "what no program may set")
	t.smuggleByForm(path, other)
	t.smuggleAway(path)
	t.smuggleKinds(path)
	t.smuggleUnseen(path)
}

// smuggleByForm sends forms with fields that they do not have: what they have is
// saved, and nothing else.
func (t *try) smuggleByForm(path, other string) {
	id, otherID := path[strings.LastIndex(path, "/")+1:], other[strings.LastIndex(other, "/")+1:]
	f := t.alterable()
	for n, value := range []string{smuggled, smuggledNumber} {
		_, was := t.stored()
		made, edit := t.sample(5+n, "a"), t.sample(1, "a")
		for _, name := range t.beyond() {
			made.Set(name, value)
			edit.Set(name, value)
		}
		made.Set("id", otherID)
		edit.Set("id", otherID)
		edit.Set("version", fmt.Sprint(n+1))
		now := t.another(f, t.value(path, f.Name))
		edit.Set(f.Name, now)
		t.want(t.form(t.at(), made), 303)
		t.want(t.form(t.page(path), edit), 303)
		_, is := t.stored()
		if len(is) != len(was)+1 {
			t.Errorf("a form made %d records", len(is)-len(was))
		}
		if !maps.Equal(was[otherID], is[otherID]) {
			t.Errorf("a form with another's id made it %v", is[otherID])
		}
		for at, row := range is {
			for name, v := range row {
				if text := fmt.Sprint(v); strings.Contains(text, smuggled) || text == smuggledNumber {
					t.Errorf("%s of %s was set to %v by a form that does not have it", name, at, v)
				}
			}
			if maps.Equal(row, was[at]) {
				continue
			}
			want := int64(1)
			if at == id {
				want = int64(n + 2)
			}
			if row["version"] != want || row["updated_by"] != "anna" || fmt.Sprint(row["updated_at"]) < "2026" {
				t.Errorf("%s is of version %v, by %v at %v", at, row["version"], row["updated_by"], row["updated_at"])
			}
		}
		if got := t.value(path, f.Name); got != now {
			t.Errorf("%s is %q, want %q: the form was sent in vain", f.Name, got, now)
		}
	}
}

// another is a value that a test gives a field, other than the one it has.
func (t *try) another(f field.Field, than string) string {
	for n := 2; ; n++ {
		if v := t.valueOf(f, n); v != than {
			return v
		}
	}
}

// smuggleAway puts records where the person may not: anna does not reach b. It is
// refused, or the record's place follows from others and what was said is nothing.
func (t *try) smuggleAway(path string) {
	if _, ok := t.the(func(f field.Field) bool { return f.IsUnit() && !f.Set }); !ok {
		return
	}
	for _, unit := range []string{"b", "top", "findes-ikke", ""} {
		_, was := t.stored()
		made, edit := t.sample(8, "a"), t.sample(1, "a")
		made.Set("unit", unit)
		edit.Set("unit", unit)
		edit.Set("version", t.newest(path))
		t.form(t.at(), made)
		t.form(t.page(path), edit)
		t.send("POST", t.api(), asJSON, t.body(made))
		t.send("PATCH", path, asJSON, t.json(map[string]string{"unit": unit}), "If-Match", `"`+t.newest(path)+`"`)
		_, is := t.stored()
		for id, row := range is {
			if !maps.Equal(row, was[id]) && row["unit"] != "a" {
				t.Errorf("put in unit %q, %s is %v", unit, id, row)
			}
		}
	}
}

// newest is the version that a record has now.
func (t *try) newest(path string) string {
	return strings.Trim(t.want(t.get(path), 200).Header().Get("ETag"), `"`)
}

// smuggleKinds points with each field at a record of another kind, and at none.
func (t *try) smuggleKinds(path string) {
	_, was := t.stored()
	for _, f := range t.m.Fields {
		if f.Kind != field.Ref || f.Set || f.IsUnit() || !f.When.For(t.sample(9, "a").Get(f.When.Choice)) {
			continue // or it says nothing here, and is left out
		}
		wrong := about("person", "a", 0)
		if f.To == "person" {
			wrong = about("position", "a", 0)
		}
		for _, id := range []string{wrong, "01900000-0000-7000-8000-000000000000"} {
			v := t.sample(9, "a")
			v.Set(f.Name, id)
			t.want(t.form(t.at(), v), 422, `id="`+f.Name+`-error"`)
			t.fault(t.send("POST", t.api(), asJSON, t.body(v)), 422, "body."+f.Name)
			t.fault(t.send("PATCH", path, asJSON, t.json(map[string]string{f.Name: id}), "If-Match", `"`+t.newest(path)+`"`), 422, "body."+f.Name)
		}
	}
	t.unmoved(was, "what points at another kind")
}

// smuggleUnseen sends what is sensitive as somebody who does not see it.
func (t *try) smuggleUnseen(path string) {
	t.as("anna", "see", "create", "edit")
	made, edit := t.sample(10, "a"), url.Values{}
	unseen := false
	for _, f := range t.m.Fields {
		if f.Sensitive && !f.Set {
			made.Set(f.Name, smuggled)
			edit.Set(f.Name, smuggled)
			unseen = true
		}
	}
	if !unseen {
		return
	}
	for name, values := range t.unveiled(1) {
		edit[name] = values
	}
	edit.Set("version", t.newest(path))
	t.form(t.at(), made)
	t.form(t.page(path), edit)
	_, is := t.stored()
	for id, row := range is {
		for name, v := range row {
			if strings.Contains(fmt.Sprint(v), smuggled) {
				t.Errorf("%s of %s was set by somebody who does not see it", name, id)
			}
		}
	}
}
