package moduletest

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io/fs"
	"mime/multipart"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"regexp"
	"strings"

	"vaern/internal/access"
	"vaern/internal/attach"
	"vaern/internal/comment"
	"vaern/internal/field"
	"vaern/internal/module"
	"vaern/internal/ref"
	"vaern/internal/store"
	"vaern/internal/task"
	"vaern/internal/web/kit"
)

// What hangs on every record: changes that meet, its past, links, files and
// comments.

// around mounts the pages about records; files are kept in a folder.
func (t *try) around() {
	t.folder = t.TempDir()
	(&kit.Around{
		Modules: append([]module.Module{t.m}, kit.Capabilities()...),
		Files:   attach.Store{Store: t.s, Shelf: attach.Folder(t.folder)},
		Board: comment.Board{Store: t.s, Sees: func(_ context.Context, person string, _ ref.Ref) (bool, error) {
			return person != about("person", "a", 1), nil
		}},
	}).Mount(t.site)
}

func (t *try) on(path string) string { return "/on" + t.page(path) + "/" }

// value is what a record's field is now, as a program reads it.
func (t *try) value(path, name string) string {
	var rec map[string]any
	if err := json.Unmarshal(t.want(t.get(path), 200).Body.Bytes(), &rec); err != nil {
		t.Fatal(err)
	}
	switch v := rec[name].(type) {
	case string:
		return v
	case float64:
		return fmt.Sprint(v)
	case bool:
		return map[bool]string{true: "1"}[v]
	}
	return ""
}

// called is the title of a record.
func (t *try) called(path string) string {
	f, _ := t.the(func(f field.Field) bool { return f.Title })
	return t.value(path, f.Name)
}

func changesMeet(t *try) {
	f := t.alterable()
	other, ok := t.otherThan(f.Name)
	if !ok || f.Kind == field.Bool {
		t.Skip("nothing in it can clash")
	}
	path := t.create(1, "a")
	page := t.page(path)
	edit := func(version string, change ...string) *httptest.ResponseRecorder {
		v := t.sample(1, "a")
		v.Set("version", version)
		for i := 0; i < len(change); i += 2 {
			v.Set(change[i], change[i+1])
		}
		return t.form(page, v)
	}
	one, second, third := t.valueOf(f, 2), t.valueOf(other, 2), t.valueOf(f, 3)
	t.want(edit("1", f.Name, one), 303)
	t.want(edit("1", other.Name, second), 303)
	if a, b := t.value(path, f.Name), t.value(path, other.Name); a != one || b != second {
		t.Errorf("two changes of different fields became %q and %q", a, b)
	}
	w := t.want(edit("1", f.Name, third, other.Name, t.sample(1, "a").Get(other.Name)), 412, `name="keep.`+f.Name+`"`, shown(f, one), shown(f, third))
	if strings.Contains(w.Body.String(), `name="keep.`+other.Name+`"`) {
		t.Error("a field that only one changed asks")
	}
	if heading := regexp.MustCompile(`<h1>(.*)</h1>`).FindStringSubmatch(w.Body.String()); f.Title && (heading == nil || !strings.Contains(heading[1], shown(f, one))) {
		t.Errorf("a clash is headed %q, want what the record is called: %s", heading, one)
	}
	for _, keep := range []string{"theirs", "mine"} {
		before := t.value(path, f.Name)
		now := version(w.Body.String())
		if code := edit(now, f.Name, third, other.Name, second, "clash", f.Name).Code; code != 412 {
			t.Errorf("without a choice: %d, want 412", code)
		}
		want := map[string]string{"theirs": before, "mine": third}[keep]
		code := edit(now, f.Name, third, other.Name, second, "clash", f.Name, "keep."+f.Name, keep).Code
		if got := t.value(path, f.Name); code != 303 || got != want {
			t.Errorf("keep %s: %d %q, want 303 %q", keep, code, got, want)
		}
	}
}

var formVersion = regexp.MustCompile(`name="version" value="(\d+)"`)

func version(page string) string {
	if m := formVersion.FindStringSubmatch(page); m != nil {
		return m[1]
	}
	return ""
}

func takenBack(t *try) {
	f, wrong := t.altered(2)
	path := t.create(1, "a")
	page := t.page(path)
	was := t.value(path, f.Name)
	v := t.sample(1, "a")
	v.Set("version", "1")
	v.Set(f.Name, wrong)
	to := t.want(t.form(page, v), 303).Header().Get("Location")
	if strings.Contains(to, "saved=") { // a record with a page of its own offers it there
		t.want(t.get(to), 200, page+"/undo")
	}
	t.want(t.form(page+"/undo", url.Values{"version": {"1"}}), 409)
	t.actor.ID = "another"
	t.want(t.form(page+"/undo", url.Values{"version": {"2"}}), 409)
	t.as("anna")
	t.want(t.form(page+"/undo", url.Values{"version": {"2"}}), 303)
	if got := t.value(path, f.Name); got != was {
		t.Errorf("taken back it is %q, want %q", got, was)
	}
	t.want(t.get(path), 200, `"version":3`)
}

func itsPast(t *try) {
	f, value := t.altered(2)
	now := shown(f, value)
	path := t.create(1, "a")
	page := t.page(path)
	was := shown(f, t.value(path, f.Name))
	compare := `href="` + page + `/versions"`
	if strings.Contains(t.want(t.get(t.on(path)+"history"), 200).Body.String(), compare) {
		t.Error("two versions of what has one are to be compared")
	}
	t.want(t.send("PATCH", path, asJSON, t.alteration(2), "If-Match", `"1"`), 200)
	t.want(t.get(page+"/field/"+f.Name), 200, was, "<strong>"+now)
	t.want(t.get(page+"/versions"), 200, "<del>"+was, "<ins>"+now)
	t.want(t.get(page+"/versions?from=2&to=2"), 200, "ens")
	t.want(t.get(page+"/versions?from=1&to=9"), 404)
	t.want(t.get(page+"/field/findesikke"), 404)
	t.want(t.get(page+"?as_of=1.3.2026"), 404, now, "fandtes ikke endnu 1.3.2026")
	t.want(t.get(page+"?as_of=2.3.2026"), 200, now, "som den var")
	t.want(t.get(t.at()+"?as_of=2.3.2026"), 200, "Du ser listen, som den var")
	t.want(t.get(t.at()+"?as_of=1.3.2026"), 200, "Her er intet")
	t.want(t.get(t.at()+"?as_of=vrøvl"), 200, "»vrøvl« er ingen dato")
	t.want(t.get(page+"?as_of=vrøvl"), 422, now, "»vrøvl« er ingen dato")
	t.want(t.get(t.on(path)+"history"), 200, "<ins>"+now, compare)
	t.as("bo")
	for _, p := range []string{page + "/field/" + f.Name, page + "/versions", t.on(path) + "history"} {
		t.want(t.get(p), 404)
	}
}

func links(t *try) {
	one, two := t.create(1, "a"), t.create(2, "a")
	far := t.faraway()
	name := t.called(two)
	tie := func(to, reason string) int {
		return t.form(t.on(one)+"link", url.Values{"kind": {t.m.Name}, "to": {to}, "reason": {reason}}).Code
	}
	id := func(path string) string { return path[strings.LastIndex(path, "/")+1:] }
	t.as("anna", "see")
	if code := tie(id(two), ""); code != 404 {
		t.Errorf("who only looks ties: %d, want 404", code)
	}
	t.as("anna")
	for _, c := range []struct {
		to   string
		want int
	}{{id(two), 303}, {id(two), 422}, {id(one), 422}, {id(far), 422}, {"findesikke", 422}, {"", 422}} {
		if got := tie(c.to, "de handler om det samme"); got != c.want {
			t.Errorf("tie to %q: %d, want %d", c.to, got, c.want)
		}
	}
	t.want(t.get(t.on(one)+"link"), 200, name, "de handler om det samme")
	page := t.want(t.get(t.on(two)+"link"), 200, t.called(one)).Body.String()
	t.want(t.get(t.page(one)), 200, "Hænger sammen med")
	t.as("bo")
	t.want(t.get(t.on(one)+"link"), 404)
	t.want(t.form(t.on(one)+"link", url.Values{"kind": {t.m.Name}, "to": {id(far)}}), 404)
	t.as("anna")
	remove := regexp.MustCompile(t.on(two) + `link/[^/"]+/remove`).FindString(page)
	t.want(t.form(remove, nil), 303)
	if strings.Contains(t.get(t.on(one)+"link").Body.String(), "de handler om det samme") {
		t.Error("a link that was removed at one end stands at the other")
	}
}

// faraway is a record that anna does not reach.
func (t *try) faraway() string {
	t.as("bo")
	defer t.as("anna")
	return t.create(3, "b")
}

func (t *try) upload(path, name string, content []byte) *httptest.ResponseRecorder {
	var b bytes.Buffer
	m := multipart.NewWriter(&b)
	part, err := m.CreateFormFile("file", name)
	if err == nil {
		_, err = part.Write(content)
	}
	if err == nil {
		err = m.WriteField("starts", "1.1.2026")
	}
	if err == nil {
		err = m.Close()
	}
	if err != nil {
		t.Fatal(err)
	}
	return t.send("POST", t.on(path)+"file", m.FormDataContentType(), b.String())
}

// kept is how many contents are on the shelf.
func (t *try) kept() (n int) {
	err := filepath.WalkDir(t.folder, func(_ string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			n++
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func attached(t *try) {
	one, two := t.create(1, "a"), t.create(2, "a")
	content := []byte("%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n")
	sum := sha256.Sum256(content)
	t.as("anna", "see")
	t.want(t.upload(one, "bevis.pdf", content), 404)
	t.as("bo")
	t.want(t.upload(one, "bevis.pdf", content), 404)
	t.as("anna")
	for name, c := range map[string][]byte{"side.html": []byte("<html>"), "bevis.pdf": []byte("<html><script>alert(1)</script>"), "tom.pdf": nil,
		"aktiv.pdf": append(content, "/JavaScript"...), "uden": content} {
		if code := t.upload(one, name, c).Code; code != 422 {
			t.Errorf("%s: %d, want 422", name, code)
		}
	}
	if t.kept() != 0 {
		t.Error("a file that was refused is kept")
	}
	t.want(t.upload(one, "årets bevis.pdf", content), 303)
	t.want(t.upload(two, "bevis.pdf", content), 303)
	if t.kept() != 1 {
		t.Errorf("the same content is kept %d times", t.kept())
	}
	page := t.want(t.get(t.on(one)+"file"), 200, hex.EncodeToString(sum[:]), "årets bevis").Body.String()
	file := regexp.MustCompile(t.on(one) + `file/[0-9a-f-]{36}`).FindString(page)
	before := t.leaves()
	w := t.want(t.get(file), 200)
	h := w.Header()
	if !bytes.Equal(w.Body.Bytes(), content) || h.Get("X-Content-Type-Options") != "nosniff" || !strings.Contains(h.Get("Content-Security-Policy"), "sandbox") ||
		!strings.HasPrefix(h.Get("Content-Disposition"), "attachment; filename*=utf-8''%C3%A5rets") || h.Get("Content-Type") != "application/pdf" {
		t.Errorf("a file comes down with %v", h)
	}
	if !t.m.Sensitive && t.leaves() != before {
		t.Error("a download left a leaf")
	}
	t.as("bo")
	t.want(t.get(file), 404)
	t.want(t.get(t.on(one)+"file"), 404)
	t.want(t.form(file+"/remove", url.Values{"version": {"1"}}), 404)
	t.as("anna")
	t.want(t.form(file+"/remove", url.Values{"version": {"9"}}), 412)
	t.want(t.form(file+"/remove", url.Values{"version": {"1"}, "reason": {"den forkerte"}}), 303)
	t.want(t.get(file), 404)
	if t.kept() != 1 {
		t.Error("content that another file holds is gone")
	}
	other := regexp.MustCompile(t.on(two) + `file/[0-9a-f-]{36}`).FindString(t.get(t.on(two) + "file").Body.String())
	t.want(t.form(other+"/remove", url.Values{"version": {"1"}}), 303)
	if t.kept() != 0 {
		t.Error("content that no file holds is kept")
	}
}

func comments(t *try) {
	path := t.create(1, "a")
	on := t.on(path) + "comment"
	t.as("anna", "see")
	t.actor.May["person.see"] = access.Reach{Whole: true}
	say := func(text string) *httptest.ResponseRecorder { return t.form(on, url.Values{"text": {text}}) }
	for _, text := range []string{"", "@Ingen Sådan", "@Fremmed Person ser det ikke"} {
		t.want(say(text), 422, `id="text-error"`)
	}
	t.want(say("Se lige her, @Test Person, og skriv til x@y.dk"), 303)
	t.want(t.get(on), 200, `<a href="/person/`+About("person", "a")+`">Test Person</a>, og skriv til x@y.dk`)
	if n := t.told(About("person", "a")); n != 1 {
		t.Errorf("who is mentioned is told %d times", n)
	}
	mentioned := About("person", "a")
	t.waiting(mentioned, 1)
	t.waiting("anna", 0)
	one := regexp.MustCompile(`id="comment-([0-9a-f-]{36})"`).FindStringSubmatch(t.get(on).Body.String())
	if one == nil {
		t.Fatal("the comment has no address")
	}
	correct := url.Values{"version": {"1"}, "text": {"Se her, @Test Person"}}
	t.actor.ID = "another"
	t.want(t.form(on+"/"+one[1], correct), 404)
	t.want(t.form(on+"/"+one[1]+"/withdraw", url.Values{"version": {"1"}}), 404)
	t.actor.ID = "anna"
	t.want(t.form(on+"/"+one[1], correct), 303)
	t.want(t.form(on+"/"+one[1], correct), 412)
	if n := t.told(About("person", "a")); n != 1 {
		t.Errorf("after a correction who is mentioned is told %d times", n)
	}
	mentionsWait(t, on, mentioned, one[1])
	t.want(t.form(on+"/"+one[1]+"/withdraw", url.Values{"version": {"2"}}), 303)
	if w := t.want(t.get(on), 200, "trukket tilbage"); strings.Contains(w.Body.String(), "Se her") {
		t.Error("a withdrawn comment is still read")
	}
	t.as("bo")
	t.want(t.get(on), 404)
	t.want(say("Hej"), 404)
	t.actor.ID = ""
	t.want(t.get(on), 303)
}

// mentionsWait tries that a comment waits for whom it mentions, until that
// person answers, has seen it, or it is withdrawn.
func mentionsWait(t *try, on, mentioned, first string) {
	say := func(text string) { t.want(t.form(on, url.Values{"text": {text}}), 303) }
	t.waiting(mentioned, 1)
	t.want(t.form(on+"/"+first+"/seen", nil), 303) // not anna's to say
	t.waiting(mentioned, 1)
	t.actor.ID = mentioned
	t.want(t.get(on), 200, first+`/seen"`)
	say("Ja, det har jeg")
	t.waiting(mentioned, 0)
	t.actor.ID = "anna"
	say("Og det her, @Test Person?")
	t.waiting(mentioned, 1)
	t.actor.ID = mentioned
	for _, id := range regexp.MustCompile(`/([0-9a-f-]{36})/seen"`).FindAllStringSubmatch(t.get(on).Body.String(), -1) {
		t.want(t.form(on+"/"+id[1]+"/seen", nil), 303)
	}
	t.waiting(mentioned, 0)
	t.actor.ID = "anna"
	say("Sidste gang, @Test Person")
	t.waiting(mentioned, 1)
	last := regexp.MustCompile(`id="comment-([0-9a-f-]{36})"`).FindAllStringSubmatch(t.get(on).Body.String(), -1)
	t.want(t.form(on+"/"+last[len(last)-1][1]+"/withdraw", url.Values{"version": {"1"}}), 303)
	t.waiting(mentioned, 0)
}

// waiting fails unless so many comments wait for a person.
func (t *try) waiting(person string, want int) {
	t.Helper()
	err := t.s.View(access.With(t.Context(), access.Actor{ID: person, May: map[access.Permission]access.Reach{task.See: {Whole: true}}}), task.See, func(q *store.Read) error {
		found, err := task.NewList(comment.Tasks...).Of(q)
		if len(found) != want {
			t.Errorf("%d comments wait for %s, want %d", len(found), person, want)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// told is how often a person was told something.
func (t *try) told(person string) (n int) {
	err := t.s.Peek(t.Context(), func(q *store.Read) error {
		return q.Row(`SELECT count(*) FROM work_notice WHERE person = :person`, store.Args{"person": person}, &n)
	})
	if err != nil {
		t.Fatal(err)
	}
	return n
}
