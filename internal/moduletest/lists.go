package moduletest

import (
	"encoding/base64"
	"encoding/json"
	"html"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"vaern/internal/field"
	"vaern/internal/filter"
)

// found are the ids that a list of programs holds.
func (t *try) found(query url.Values) (ids []string) {
	t.Helper()
	var page struct{ Items []struct{ ID string } }
	w := t.want(t.get(t.api()+"?"+query.Encode()), 200)
	if err := json.Unmarshal(w.Body.Bytes(), &page); err != nil {
		t.Fatal(err)
	}
	for _, item := range page.Items {
		ids = append(ids, item.ID)
	}
	return ids
}

func idOf(path string) string { return path[strings.LastIndex(path, "/")+1:] }

// asked is a filter that says of a field what a sample has.
func asked(f field.Field, value string) string {
	switch {
	case value == "":
		return f.Name + " missing"
	case f.Kind == field.Bool:
		return f.Name + " is yes"
	}
	return f.Name + " is " + filter.Quote(value)
}

// filters: what a record has finds it, in the filter's words, in its canonical
// form, turned round and as a link says it, and never outside one's reach.
func filters(t *try) {
	var mine []string
	for i := range 4 {
		mine = append(mine, idOf(t.create(i, "a")))
	}
	n := len(t.found(url.Values{"limit": {"500"}})) // what the test stands on may be of the register too
	t.as("bo")
	other := idOf(t.create(2*5*7*4*60+1, "b")) // as the second in all but its number
	t.as("anna")
	for _, f := range t.m.Fields {
		value := t.sample(1, "a").Get(f.Name)
		if f.Set || f.Sensitive || f.Kind == field.Bool && value == "" {
			continue
		}
		text := asked(f, value)
		has := t.found(url.Values{"filter": {text}, "limit": {"500"}})
		not := t.found(url.Values{"filter": {"not (" + text + ")"}, "limit": {"500"}})
		if !slices.Contains(has, mine[1]) || slices.Contains(has, other) || slices.Contains(not, other) {
			t.Errorf("%s finds %v, want %s among them and never %s", text, has, mine[1], other)
		}
		if len(has)+len(not) != n {
			t.Errorf("%s finds %d and its opposite %d of %d", text, len(has), len(not), n)
		}
		t.want(t.get(t.at()+"?"+url.Values{"q": {text}}.Encode()), 200, `class="chip on"`)
	}
	t.want(t.get(t.at()+"?"+url.Values{"filter": {strings.Repeat("(", 50)}}.Encode()), 200, `id="q-error"`)
	t.want(t.get(t.api()+"?"+url.Values{"filter": {strings.Repeat("(", 50)}}.Encode()), 422, "filter")
}

// picked: a field that points at a record takes its number, whatever the case of
// its letters and with its end left out, and never offers what is out of reach.
func picked(t *try) {
	key, ok := t.the(func(f field.Field) bool { return f.Key })
	if !ok {
		t.Skip("it has no number")
	}
	path, number := t.create(1, "a"), t.sample(1, "a").Get(key.Name)
	title := t.called(path)
	offers := func(words string) string {
		return html.UnescapeString(t.want(t.get("/pick"+t.at()+"?field="+url.QueryEscape(words)), 200).Body.String())
	}
	ways := []string{number, strings.ToLower(number), strings.ToUpper(number), number[:len(number)-1]}
	for _, way := range ways {
		if got := offers(way); !strings.Contains(got, title) || !strings.Contains(got, number) {
			t.Errorf("%q offers %s, want %s with %s", way, got, title, number)
		}
	}
	if got := offers(number + "~"); strings.Contains(got, title) {
		t.Errorf("what is no number of its offers it: %s", got)
	}
	t.as("bo")
	for _, way := range ways {
		if got := offers(way); strings.Contains(got, title) {
			t.Errorf("%q offers what is out of reach: %s", way, got)
		}
	}
}

var (
	addLink = regexp.MustCompile(`<li><a class="chip" href="([^"]+)">`)
	addForm = regexp.MustCompile(`(?s)<form class="asks".*?</form>`)
)

// clicks: every filter that one can click narrows the list by it, and keeps what is searched for.
func clicks(t *try) {
	t.create(1, "a")
	page := t.want(t.get(t.at()+"?q=ordet"), 200).Body.String()
	for _, link := range addLink.FindAllStringSubmatch(page, -1) {
		if got := t.want(t.get(html.UnescapeString(link[1])), 200).Body.String(); !strings.Contains(got, `class="chip on"`) || !strings.Contains(got, ` value="ordet" `) {
			t.Errorf("%s narrows nothing, or loses what is searched for", link[1])
		}
	}
	for _, form := range addForm.FindAllString(page, -1) {
		if !strings.Contains(form, `name="q" value="ordet"`) {
			t.Errorf("a filter that is written loses what is searched for: %s", form)
		}
	}
	t.want(t.get(t.at()+"?q="+url.QueryEscape("enhed er xyzzy")), 200, "kender ikke »xyzzy« som »Enhed«")
	t.want(t.get(t.at()+"?q="+url.QueryEscape("enhed snarest")), 200, "ledte efter ordene »enhed snarest«")
}

// cursors: a page belongs to its list.
func cursors(t *try) {
	for n := range 3 {
		t.create(n, "a")
	}
	var page struct{ Next string }
	if err := json.Unmarshal(t.want(t.get(t.api()+"?limit=1"), 200).Body.Bytes(), &page); err != nil || page.Next == "" {
		t.Fatalf("no next page: %v", err)
	}
	t.want(t.get(t.api()+"?limit=1&cursor="+url.QueryEscape(page.Next)), 200)
	t.want(t.get(t.api()+"?limit=1&q=x&cursor="+url.QueryEscape(page.Next)), 422, "cursor")
	t.want(t.get(t.at()+"?cursor="+url.QueryEscape(page.Next[:4]+"0000"+page.Next[8:])), 422)
	of, text := page.Next[:8], page.Next[8:]
	for at := range text {
		if w := t.get(t.api() + "?limit=1&cursor=" + of + text[:at]); w.Code != 422 && w.Code != 200 { // cut in its value, it is a place as well
			t.Errorf("cut at %d: %d", at, w.Code)
		}
	}
	place, err := base64.RawURLEncoding.DecodeString(text)
	if err != nil {
		t.Fatal(err)
	}
	id, value, _ := strings.Cut(string(place), "\n")
	for _, forged := range []string{"\xff\n" + value, "\x00\n" + value, id + "\n" + value + "\x00", id + "\n\xc3\x28", id, ""} {
		t.want(t.get(t.api()+"?limit=1&cursor="+of+base64.RawURLEncoding.EncodeToString([]byte(forged))), 422, "cursor")
	}
	long := of + base64.RawURLEncoding.EncodeToString([]byte(strings.Repeat("x", 100_000)+"\n"+value))
	t.want(t.get(t.api()+"?limit=1&cursor="+long), 200)
}

// columns: those that were asked for are shown, in their order, and a
// sensitive or unknown one never.
func columns(t *try) {
	t.create(1, "a")
	if t.m.Sensitive {
		return
	}
	fields := slices.DeleteFunc(slices.Clone(t.m.Fields), func(f field.Field) bool { return f.Title || f.Sensitive })
	names := make([]string, len(fields))
	for i, f := range fields {
		names[len(fields)-1-i] = f.Name
	}
	page := t.want(t.get(t.at()+"?columns=no_such,"+strings.Join(names, ",")), 200).Body.String()
	head := page[strings.Index(page, "<thead"):strings.Index(page, "</thead>")]
	at := -1
	for _, name := range names {
		f := fields[slices.IndexFunc(fields, func(f field.Field) bool { return f.Name == name })]
		next := strings.Index(head[at+1:], ">"+f.Label[0])
		if next < 0 {
			t.Errorf("the column %s is not shown after those before it", name)
			continue
		}
		at += next + 1
	}
	for _, offered := range offeredColumn.FindAllStringSubmatch(page, -1) { // how it stands is no field
		alone := t.want(t.get(t.at()+"?columns="+offered[1]), 200).Body.String()
		if !slices.Contains(headings(alone), plain(offered[2])) {
			t.Errorf("the column %s is offered, and not shown when it is chosen", offered[1])
		}
		if slices.ContainsFunc(t.m.Fields, func(f field.Field) bool { return f.Name == offered[1] }) {
			continue
		}
		if strings.Contains(alone, "sort="+offered[1]) {
			t.Errorf("the list offers to be ordered by %s, which is no field", offered[1])
		}
		for _, form := range []string{"csv", "xlsx"} {
			t.asShown(form, url.Values{"columns": {offered[1]}})
		}
	}
}

// offeredColumn is a column that one may choose, by its name and its label.
var offeredColumn = regexp.MustCompile(`name="col" value="([^"]+)"[^>]*>([^<]*)<`)

// headings are those of the columns that a list shows.
func headings(page string) (out []string) {
	for _, m := range shownColumn.FindAllStringSubmatch(page, -1) {
		if label := plain(m[1]); label != "Vælg" { // the tick of what is done with many
			out = append(out, label)
		}
	}
	return out
}

var viewID = regexp.MustCompile(`/[a-z_]+\?view=([0-9a-f-]+)`)

// savedViews: a list is kept under a name, for oneself or for all who see the register.
func savedViews(t *try) {
	t.create(1, "a")
	t.create(2, "a")
	f := t.alterable()
	list := url.Values{"filter": {asked(f, t.sample(1, "a").Get(f.Name))}}.Encode()
	w := t.want(t.form(t.at()+"/view", url.Values{"name": {"Mine egne"}, "list": {list}}), 303)
	at := w.Header().Get("Location")
	t.want(t.get(at), 200, "Mine egne", `class="chip on"`)
	if got := t.found(url.Values{"view": {viewID.FindStringSubmatch(at)[1]}}); len(got) != 1 {
		t.Errorf("the view holds %d records, want 1", len(got))
	}
	t.want(t.form(t.at()+"/view", url.Values{"name": {""}, "list": {list}}), 422)
	t.want(t.form(t.at()+"/view/usual", url.Values{"id": {viewID.FindStringSubmatch(at)[1]}}), 303)
	t.want(t.get(t.at()), 303)
	t.as("bo")
	t.want(t.get(at), 404)
	t.want(t.form(at[:strings.Index(at, "?")]+"/view/"+viewID.FindStringSubmatch(at)[1]+"/delete", nil), 404)
	t.as("anna")
	shared := t.want(t.form(t.at()+"/view", url.Values{"name": {"Alles"}, "list": {list}, "shared": {"1"}}), 303).Header().Get("Location")
	t.as("bo", "see")
	t.want(t.get(shared), 200, "Alles")
	t.want(t.form(t.at()+"/view", url.Values{"name": {"Bos"}, "list": {list}, "shared": {"1"}}), 422)
}

// severalChanged: what would happen is shown before it happens, what is out of
// reach is not touched, and what somebody else changed meanwhile stays.
func severalChanged(t *try) {
	if t.m.Sensitive {
		return
	}
	differs := func(f field.Field) bool {
		return !f.Set && !f.Key && !f.Title && !f.IsUnit() && !f.Sensitive && f.Kind != field.Several && t.differs(f)
	}
	f, ok := t.the(func(f field.Field) bool { return differs(f) && f.Kind != field.Text })
	if !ok {
		f, ok = t.the(func(f field.Field) bool { return differs(f) && t.said[f.Name] == nil })
	}
	if !ok {
		t.Skip("no field differs between the samples")
	}
	a, b := t.create(1, "a"), t.create(2, "a")
	t.as("bo")
	out := t.create(2*5*7*4*60+1, "b")
	t.as("anna")
	v := url.Values{"id": {idOf(a), idOf(b), idOf(out)}, "field": {f.Name}, f.Name: {t.example(f, 2, "a")}, "list": {""}}
	before := t.leaves()
	t.want(t.form(t.at()+"/bulk", v), 200, `name="`+f.Name+`"`)
	v.Set("step", "preview")
	page := t.want(t.form(t.at()+"/bulk", v), 200).Body.String()
	if n := t.leaves(); n != before {
		t.Errorf("a preview left %d leaves", n-before)
	}
	if strings.Contains(page, idOf(out)) {
		t.Error("a preview tells of what is out of reach")
	}
	v["seen"], v["version"] = []string{idOf(b)}, []string{"7"}
	if page := t.want(t.form(t.at()+"/bulk", v), 200).Body.String(); strings.LastIndex(page, idOf(b)) > strings.LastIndex(page, idOf(a)) {
		t.Error("what cannot be changed does not stand first")
	}
	v.Set("step", "save")
	v.Set("reason", "flere på én gang")
	v["seen"], v["version"] = []string{idOf(a)}, []string{"7"}
	t.want(t.form(t.at()+"/bulk", v), 200, "En anden har rettet den imens")
	v["version"] = []string{"1"}
	t.want(t.form(t.at()+"/bulk", v), 200)
	t.want(t.get(a), 200, `"version":2`)
	t.want(t.get(b), 200, `"version":1`)
	t.as("bo")
	t.want(t.get(out), 200, `"version":1`)
	t.as("anna", "see")
	t.want(t.form(t.at()+"/bulk", v), 403)
}
