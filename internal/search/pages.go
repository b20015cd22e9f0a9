package search

import (
	"cmp"
	"embed"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"vaern/internal/i18n"
	"vaern/internal/module"
	"vaern/internal/term"
	"vaern/internal/web"
)

//go:embed pages/*.html
var pageFiles embed.FS

var (
	folder      = web.Folder(pageFiles)
	searchPage  = web.NewPage[*view](folder, "search")
	suggestPart = web.NewPart[*view](folder, "suggest")
)

// How many hits stand where.
const (
	ofEachKind = 5
	ofOneKind  = 50
	suggested  = 8
)

// Mount hangs the search page, the suggestions and the endpoint on the site.
func (e *Engine) Mount(site *web.Site) {
	d := &desk{e, site}
	site.Handle("GET /search", web.SignedIn, d.page)
	site.Handle("GET /search/suggest", web.SignedIn, d.suggest)
	d.rest()
}

type desk struct {
	*Engine
	site *web.Site
}

// view is what was asked and what was found.
type view struct {
	Answer
	Words  string
	Kind   *module.Found // the only kind shown; nil is all
	All    string        // address of the hits of all kinds
	Parts  []part
	Best   []hit  // of all kinds together
	More   string // address of the next page
	Meant  string // address of what was perhaps meant
	N      int
	Beyond bool // there are more than counted
}

// part are the hits of one kind.
type part struct {
	Found
	Path string
	Hits []hit
}

// hit is a hit as it is shown.
type hit struct {
	Path  string
	Title []Piece
	Body  []Piece
	Where string
	Kind  i18n.Text
	rank  int
}

func (d *desk) page(w http.ResponseWriter, r *http.Request) error {
	get := r.URL.Query()
	ask := Ask{Words: strings.TrimSpace(get.Get("q")), Kind: get.Get("kind"), Most: ofEachKind, After: get.Get("cursor")}
	if ask.Kind != "" {
		ask.Most = ofOneKind
	}
	v, err := d.look(r, ask)
	if err != nil {
		return err
	}
	return searchPage.Show(d.site, w, r, http.StatusOK, web.Head{Title: i18n.Text{"Søg", "Search"}, Path: "/search"}, v)
}

func (d *desk) suggest(w http.ResponseWriter, r *http.Request) error {
	v, err := d.look(r, Ask{Words: strings.TrimSpace(r.URL.Query().Get("q")), Most: ofEachKind})
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	return suggestPart.Write(w, i18n.Of(r.Context()), v)
}

func (d *desk) look(r *http.Request, ask Ask) (*view, error) {
	v := &view{Words: ask.Words, All: address(ask.Words, "", "")}
	v.Kind, _ = d.Engine.Kind(ask.Kind)
	answer, err := d.Search(r.Context(), ask)
	if err != nil {
		return nil, err
	}
	v.Answer = answer
	v.N, v.Beyond = answer.Total()
	if answer.Slip != "" {
		v.Meant = address(answer.Slip, "", "")
	}
	if answer.Next != "" {
		v.More = address(ask.Words, ask.Kind, answer.Next)
	}
	query := term.Ask(ask.Words)
	for _, f := range answer.Kinds {
		p := part{Found: f, Path: address(ask.Words, f.Kind.Kind, "")}
		for i := range f.Hits[:min(len(f.Hits), ask.Most)] {
			h := &f.Hits[i]
			p.Hits = append(p.Hits, hit{h.Path(), marked(query, h.Title), snippet(query, h.Body), h.Where, f.Kind.Many, h.rank})
		}
		v.Parts = append(v.Parts, p)
		if !f.Kind.Ties {
			v.Best = append(v.Best, p.Hits...)
		}
	}
	slices.SortStableFunc(v.Best, func(a, b hit) int { return cmp.Compare(a.rank, b.rank) })
	v.Best = v.Best[:min(len(v.Best), suggested)]
	return v, nil
}

// Rest reports whether there are more hits of a kind than the page shows.
func (p *part) Rest() bool { return p.Count > len(p.Hits) }

func address(words, kind, after string) string {
	q := url.Values{"q": {words}}
	if kind != "" {
		q.Set("kind", kind)
	}
	if after != "" {
		q.Set("cursor", after)
	}
	return "/search?" + q.Encode()
}
