package web

import (
	"bytes"
	"embed"
	"encoding/base64"
	"html/template"
	"io"
	"io/fs"
	"net/http"
	"regexp"
	"sync"

	"vaern/internal/access"
	"vaern/internal/i18n"
	assets "vaern/web"
)

//go:embed pages/*.html
var files embed.FS

var pages = Folder(files)

// Folder is the folder pages of embedded files.
func Folder(files embed.FS) fs.FS {
	sub, err := fs.Sub(files, "pages")
	if err != nil {
		panic(err) // the folder is embedded
	}
	return sub
}

// Head is what a page says about itself.
type Head struct {
	Title  i18n.Text
	Crumbs []Crumb
	Path   string         // the menu line that is current; "" is the page's own
	Known  map[string]int // numbers beside menu lines that the page has counted anyway, by their paths
	Bare   bool           // one thing, without menu, search or name: for who came by a link, and shared screens
}

// Crumb is a step back towards the front page.
type Crumb struct {
	Path  string
	Label i18n.Text
}

// Page is one page in both languages; V is what it shows.
type Page[V any] struct {
	name string
	in   [2]func() *template.Template
}

// NewPage is name.html of a folder, with the frame around it and the partials of
// both the frame and the folder (their names begin with _). It is read when it
// is first shown: few pages are, in both languages, by one node.
func NewPage[V any](folder fs.FS, name string) *Page[V] {
	p := &Page[V]{name: name}
	for _, l := range i18n.Langs {
		p.in[l] = sync.OnceValue(func() *template.Template { return framed(folder, name, l) })
		written = append(written, p.in[l])
	}
	return p
}

// written are all pages, which packages make when they are loaded.
var written []func() *template.Template

// ReadPages reads every page in both languages, and panics where one is written
// wrongly: for the test that keeps such a page from being built.
func ReadPages() int {
	for _, read := range written {
		read()
	}
	return len(written)
}

// framed is a page with all that stands around it.
func framed(folder fs.FS, name string, l i18n.Lang) *template.Template {
	t := template.New("").Funcs(words(l))
	template.Must(t.ParseFS(pages, "frame.html", "_*.html"))
	if own, _ := fs.Glob(folder, "_*.html"); len(own) > 0 {
		template.Must(t.ParseFS(folder, "_*.html"))
	}
	template.Must(t.ParseFS(folder, name+".html"))
	for _, part := range t.Templates() {
		if part.Tree != nil { // the nameless one around them says nothing
			settle(part.Tree.Root, l)
		}
	}
	return t
}

// Part is a piece of a page in both languages, for a page of another package.
type Part[V any] struct{ page *Page[V] }

// NewPart parses name.html of a folder, which defines the template name.
func NewPart[V any](folder fs.FS, name string) *Part[V] {
	return &Part[V]{NewPage[V](folder, name)}
}

// Write writes the part.
func (p *Part[V]) Write(out io.Writer, l i18n.Lang, view V) error {
	return p.page.in[l]().ExecuteTemplate(out, p.page.name, view)
}

// words are what a template can say in its language.
func words(l i18n.Lang) template.FuncMap {
	return template.FuncMap{
		"t":       func(da, en string) string { return i18n.Text{da, en}.In(l) },
		"in":      func(text i18n.Text) string { return text.In(l) },
		"heading": func(text i18n.Text) template.HTML { return heading(text.In(l)) },
		"lang":    func() i18n.Lang { return l },
		"date":    l.Date,
		"instant": l.Instant,
		"day":     func(at string) string { return l.Date(i18n.Day(at)) },
		"number":  func(n any) string { return l.Number(whole(n)) },
		"percent": func(met, total any) string { return l.Percent(whole(met), whole(total)) },
		"plural": func(n any, daOne, daMany, enOne, enMany string) string {
			return l.Plural(whole(n), i18n.Text{daOne, enOne}, i18n.Text{daMany, enMany})
		},
		"asset": assets.URL,
		"icon":  icon,
		"mark":  mark,
		"state": func(s standing) template.HTML { return State(s.Code(), s.Word().In(l)) },
		// the attributes of an input that a day is typed in; field.TypedDay reads it, and a script adds a calendar
		"typesday": func() template.HTMLAttr {
			return template.HTMLAttr(`type="text" data-date autocomplete="off" placeholder="` + i18n.Text{"31.12.2026", "2026-12-31"}.In(l) + `"`)
		},
		"list": func(v ...any) []any { return v },
	}
}

// standing is how something stands, in a word.
type standing interface {
	Code() string
	Word() i18n.Text
}

// State is how something stands: a word with its mark; a word alone without a code.
func State(code, word string) template.HTML {
	out := template.HTML(template.HTMLEscapeString(word))
	if code != "" {
		out = mark(code) + out
	}
	return template.HTML(`<span class="state `+template.HTMLEscapeString(code)+`">`) + out + `</span>`
}

// icon is a picture of ours, beside words that say the same.
func icon(id string) template.HTML { return picture("icon", id) }

// mark is the picture of how something stands.
func mark(code string) template.HTML { return picture("mark", "m-"+code) }

func picture(class, id string) template.HTML {
	return template.HTML(`<svg class="` + class + `" aria-hidden="true" focusable="false"><use href="` + assets.URL("sprite.svg") + "#" + template.HTMLEscapeString(id) + `"></use></svg>`)
}

// number is one by which people know a record, such as R-12.
var number = regexp.MustCompile(`\p{L}+-\d+`)

// heading keeps the numbers in a title from being broken at their hyphens.
func heading(title string) template.HTML {
	return template.HTML(number.ReplaceAllString(template.HTMLEscapeString(title), `<span class="whole">$0</span>`))
}

func whole(n any) int64 {
	switch n := n.(type) {
	case int:
		return int64(n)
	case int64:
		return n
	}
	panic("web: not a whole number")
}

// frame is what every page has around its content.
type frame struct {
	Head
	Site     *Site
	Person   string
	PersonID string
	Menu     []section
	Flash    string
	Other    string // the same page in the other language
	View     any
	Lang     i18n.Lang
	Request  string
}

// section is a group of the menu's lines under a heading.
type section struct {
	Label i18n.Text
	Lines []line
}

type line struct {
	Item
	Current bool
	N       int
}

var buffers = sync.Pool{New: func() any { return new(bytes.Buffer) }}

// Show writes the page: all of it, or an error.
func (p *Page[V]) Show(s *Site, w http.ResponseWriter, r *http.Request, code int, head Head, view V) error {
	l := i18n.Of(r.Context())
	f := frame{Head: head, Site: s, View: view, Lang: l, Flash: s.flash(w, r), Request: requestOf(r.Context()).number}
	f.fill(s, r, code < http.StatusInternalServerError)
	b := buffers.Get().(*bytes.Buffer)
	defer buffers.Put(b)
	b.Reset()
	if err := p.in[l]().ExecuteTemplate(b, "frame", f); err != nil {
		return err
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Content-Language", l.String())
	w.WriteHeader(code)
	_, err := w.Write(b.Bytes())
	return err
}

// fill gathers what stands around the content. A page that tells of an outage
// counts nothing: it must be shown even when the database is gone.
func (f *frame) fill(s *Site, r *http.Request, counts bool) {
	actor := access.Of(r.Context())
	if f.Bare {
		actor = access.Actor{}
	}
	f.Person, f.PersonID = actor.Name, actor.ID
	current := f.Path
	if current == "" {
		current = r.URL.Path
	}
	if actor.ID != "" {
		for _, item := range s.menu {
			if s.admit(r.Context(), item.Need) != nil {
				continue
			}
			l := line{Item: item, Current: item.Path == current}
			known := false
			if l.N, known = f.Known[item.Path]; !known && counts && item.Count != nil {
				var err error
				if l.N, err = item.Count(r); err != nil {
					logged(r.Context(), err) // the page is worth more than the number
				}
			}
			f.offer(l)
		}
	}
	address := *r.URL
	q := address.Query()
	q.Set("lang", f.Lang.Other().String())
	address.RawQuery = q.Encode()
	f.Other = address.RequestURI()
}

// offer adds a line to the menu, under its heading.
func (f *frame) offer(l line) {
	var label i18n.Text
	for _, g := range groups {
		if g.From <= l.Order {
			label = g.Label
		}
	}
	if n := len(f.Menu); n == 0 || f.Menu[n-1].Label != label {
		f.Menu = append(f.Menu, section{Label: label})
	}
	last := &f.Menu[len(f.Menu)-1]
	last.Lines = append(last.Lines, l)
}

// Done goes on to another page and says there what was done.
func (s *Site) Done(w http.ResponseWriter, r *http.Request, path string, said i18n.Text) error {
	text := said.In(i18n.Of(r.Context()))
	http.SetCookie(w, s.Cookie("done", base64.RawURLEncoding.EncodeToString([]byte(text)), 60))
	http.Redirect(w, r, path, http.StatusSeeOther)
	return nil
}

func (s *Site) flash(w http.ResponseWriter, r *http.Request) string {
	c, err := r.Cookie("done")
	if err != nil {
		return ""
	}
	http.SetCookie(w, s.Cookie("done", "", -1))
	text, err := base64.RawURLEncoding.DecodeString(c.Value)
	if err != nil {
		return ""
	}
	return string(text)
}

// May reports whether the person may do something; it only hides links.
func (s *Site) May(r *http.Request, p access.Permission) bool {
	return s.admit(r.Context(), p) == nil
}
