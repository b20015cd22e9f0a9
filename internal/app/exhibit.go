package app

import (
	"cmp"
	"context"
	"embed"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"vaern/internal/field"
	"vaern/internal/i18n"
	"vaern/internal/module"
	"vaern/internal/signin"
	"vaern/internal/web"
)

//go:embed pages/*.html
var pageFiles embed.FS

var galleryPage = web.NewPage[galleryView](web.Folder(pageFiles), "gallery")

// exhibit is one page in one state, as somebody sees it.
type exhibit struct {
	Pattern string // of its route
	State   string // filled, empty, error, clash
	As      string // mail address
	Path    string
	Form    url.Values // that was sent; nil is none
}

// Link leads to it in a language.
func (e exhibit) Link(lang string) string {
	v := url.Values{"as": {e.As}, "lang": {lang}, "path": {e.Path}}
	if e.Form != nil {
		v.Set("form", e.Form.Encode())
	}
	return "/gallery/show?" + v.Encode()
}

type galleryView struct {
	All    []exhibit
	Closed []string // pages that nobody in the room can open
}

// list lists every page in every state.
func (r *rooms) list(w http.ResponseWriter, q *http.Request) {
	all, closed, err := r.exhibits(q.Context())
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	site := web.New(r.full.Store, r.full.who)
	site.Name, site.Demo = r.full.name, true
	site.Handle("GET /gallery", web.Public, func(w http.ResponseWriter, q *http.Request) error {
		return galleryPage.Show(site, w, q, http.StatusOK, web.Head{Title: i18n.Text{"Alle sider i alle tilstande", "Every page in every state"}, Bare: true}, galleryView{all, closed})
	})
	site.ServeHTTP(w, q)
}

// exhibits are all pages: as the first guest who may open them sees them,
// filled and empty; and what answers wrong and late forms.
func (r *rooms) exhibits(ctx context.Context) (all []exhibit, closed []string, err error) {
	filled, closed, err := r.full.open(ctx, "filled")
	if err != nil {
		return nil, nil, err
	}
	empty, _, err := r.empty.open(ctx, "empty")
	if err != nil {
		return nil, nil, err
	}
	empty = slices.DeleteFunc(empty, func(e exhibit) bool { return strings.Contains(e.Pattern, "{") && e.Pattern != "/{$}" })
	all = append(filled, empty...)
	coordinator := r.full.guests[0].Mail
	for _, m := range r.full.engine.Modules {
		if m.Plural == "" || m.Kept {
			continue
		}
		all = append(all, r.full.mistaken(m)...)
		late, err := r.full.late(ctx, m)
		if err != nil {
			return nil, nil, err
		}
		all = append(all, late...)
	}
	all = append(all,
		exhibit{"/rule", "no hits", coordinator, "/rule?q=" + nothing, nil},
		exhibit{"/rule", "not understood", coordinator, "/rule?filter=" + strings.Repeat("(", 50), nil},
		exhibit{"/search", "filled", coordinator, "/search?q=adgang", nil},
		exhibit{"/rule/{id}", "not found", coordinator, "/rule/" + nothing, nil},
		exhibit{"/sign-in", "error", "", "/sign-in", url.Values{"mail": {"ingen@example.dk"}, "password": {"forkert"}}},
		exhibit{"/sign-in", "filled", "", "/sign-in", nil})
	slices.SortStableFunc(all, func(a, b exhibit) int { return cmp.Compare(a.Pattern, b.Pattern) })
	return all, closed, nil
}

// apart are addresses that answer with no page.
var apart = []string{"/api/", "/pick/", "/search/suggest", "/healthz", "/readyz", "/metrics", "/sign-in"}

// ofFile is the address of a spreadsheet on its way into a register.
func (r *room) ofFile(pattern string) (path string, ok bool) {
	register, rest, ok := strings.Cut(strings.TrimPrefix(pattern, "/"), "/import/file/{id}")
	return "/" + register + "/import/file/" + r.files[register] + rest, ok && r.files[register] != ""
}

// open finds for each page a guest who may open it, and those that nobody may.
func (r *room) open(ctx context.Context, state string) (all []exhibit, closed []string, err error) {
	at := r.addresses()
	for _, pattern := range r.routes {
		if slices.ContainsFunc(apart, func(prefix string) bool { return strings.HasPrefix(pattern, prefix) }) || strings.HasSuffix(pattern, "/import/file/{id}/wrong") {
			continue
		}
		path, real, err := at.of(ctx, pattern)
		if err != nil {
			return nil, nil, err
		}
		if file, ok := r.ofFile(pattern); ok {
			path, real = file, true
		}
		code := 0
		i := slices.IndexFunc(r.guests, func(g signin.Guest) bool {
			w := r.ask(g.Mail, "da", path, nil)
			code = w.Code
			return real && w.Code == http.StatusOK
		})
		switch {
		case i < 0:
			closed = append(closed, fmt.Sprintf("%s (%d)", pattern, code))
		case strings.HasPrefix(r.ask(r.guests[i].Mail, "da", path, nil).Header().Get("Content-Type"), "text/html"):
			all = append(all, exhibit{pattern, state, r.guests[i].Mail, path, nil})
		}
	}
	return all, closed, nil
}

// mistaken is the form of a register sent without a word in it.
func (r *room) mistaken(m module.Module) []exhibit {
	for _, g := range r.guests {
		if r.ask(g.Mail, "da", "/"+m.Name, url.Values{}).Code == http.StatusUnprocessableEntity {
			return []exhibit{{"/" + m.Name + "/new", "error", g.Mail, "/" + m.Name, url.Values{}}}
		}
	}
	return nil
}

// theirs is what somebody else adds to a title.
const theirs = " (rettet)"

// late is the form of a record that somebody else has changed meanwhile.
func (r *room) late(ctx context.Context, m module.Module) ([]exhibit, error) {
	title := slices.IndexFunc(m.Fields, func(f field.Field) bool { return f.Title && !f.Set })
	id, err := r.addresses().record(ctx, m.Name)
	if err != nil || title < 0 || id == "" {
		return nil, err
	}
	for _, g := range r.guests {
		var rec map[string]any
		w := r.ask(g.Mail, "da", "/api/v1/"+m.Plural+"/"+id, nil)
		if w.Code != http.StatusOK || json.Unmarshal(w.Body.Bytes(), &rec) != nil {
			continue
		}
		form := url.Values{}
		for _, f := range m.Fields {
			if !f.Set {
				form[f.Name] = written(rec[f.Name])
			}
		}
		now, _ := rec["version"].(float64)
		name, path := m.Fields[title].Name, "/"+m.Name+"/"+id
		if strings.HasSuffix(form.Get(name), theirs) {
			now-- // somebody has changed it already
		} else {
			form.Set("version", fmt.Sprint(now))
			form.Set(name, form.Get(name)+theirs)
			if r.ask(g.Mail, "da", path, form).Code != http.StatusSeeOther {
				continue
			}
		}
		form.Set("version", fmt.Sprint(now))
		form.Set(name, "Min egen tekst")
		if r.ask(g.Mail, "da", path, form).Code == http.StatusPreconditionFailed {
			return []exhibit{{"/" + m.Name + "/{id}/edit", "clash", g.Mail, path, form}}, nil
		}
	}
	return nil, nil
}

// written is a value of a program as a form writes it.
func written(v any) (out []string) {
	switch v := v.(type) {
	case nil, bool:
		if v == true {
			return []string{"1"}
		}
		return []string{""}
	case []any:
		for _, x := range v {
			out = append(out, fmt.Sprint(x))
		}
		return out
	}
	return []string{fmt.Sprint(v)}
}
