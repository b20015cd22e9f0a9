package app

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"mime/multipart"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"vaern/internal/access"
	"vaern/internal/demo"
	"vaern/internal/field"
	"vaern/internal/module"
	"vaern/internal/people"
	"vaern/internal/signin"
)

type gallery struct {
	Listen string `help:"Address to listen on." default:"127.0.0.1:8081"`
}

// opening is the moment at which the gallery stands still.
var opening = time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)

// still returns a clock that moves a millisecond whenever it is read.
func still() func() time.Time {
	var n atomic.Int64
	return func() time.Time { return opening.Add(time.Duration(n.Add(1)) * time.Millisecond) }
}

// rooms are what the gallery shows: a municipality at work, and an empty one.
type rooms struct {
	full, empty *room
}

// room is one municipality and its site, on which whoever is chosen acts.
type room struct {
	*town
	site   http.Handler
	routes []string // of pages
	guests []signin.Guest
	actors map[string]access.Actor // by mail address
	files  map[string]string       // register → a spreadsheet on its way into it
}

// Run shows the gallery until it is told to stop.
func (c *gallery) Run(call *call) error {
	slog.SetDefault(slog.New(slog.NewJSONHandler(call.err, &slog.HandlerOptions{Level: slog.LevelError})))
	data, err := os.MkdirTemp("", "vaern-gallery-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(data)
	all, err := furnish(call, data)
	if err != nil {
		return err
	}
	defer all.close()
	listener, err := net.Listen("tcp", c.Listen)
	if err != nil {
		return fmt.Errorf("cannot listen on %s: %w", c.Listen, err)
	}
	server := &http.Server{Handler: all, ReadHeaderTimeout: 10 * time.Second}
	failed := make(chan error, 1)
	go func() { failed <- server.Serve(listener) }()
	fmt.Fprintf(call.out, "Every page in every state: http://%s/gallery\n", listener.Addr())
	select {
	case err = <-failed:
	case <-call.Done():
		err = server.Close()
	}
	if errors.Is(err, http.ErrServerClosed) {
		err = nil
	}
	return err
}

// furnish fills both municipalities, as they are on the opening day.
func furnish(ctx context.Context, data string) (all *rooms, err error) {
	all = &rooms{}
	defer func() {
		if err != nil {
			all.close()
		}
	}()
	clock := demo.NewClock(still())
	in := place{Data: filepath.Join(data, "full")}
	full, err := in.prepare(ctx, clock.Now)
	if err != nil {
		return all, err
	}
	all.full = &room{town: full}
	if err := full.fill(ctx, in.Data, clock); err != nil {
		return all, err
	}
	if err := full.know(ctx, in.Data); err != nil {
		return all, err
	}
	in.Data = filepath.Join(data, "empty")
	empty, err := in.prepare(ctx, still())
	if err != nil {
		return all, err
	}
	all.empty = &room{town: empty}
	if err := empty.begin(ctx, in.Data, false); err != nil {
		return all, err
	}
	if _, err := empty.found(ctx, "Tomby Kommune", "anna@tomby.example"); err != nil {
		return all, err
	}
	if err := empty.know(ctx, in.Data); err != nil {
		return all, err
	}
	if err := errors.Join(all.full.hang(ctx, demo.Guests(opening.Format(time.DateOnly))), all.empty.hang(ctx, []signin.Guest{{Mail: "anna@tomby.example", What: "alt"}})); err != nil {
		return all, err
	}
	return all, all.full.furnish(ctx)
}

// furnish adds what the demo lacks one of, through the forms that people use.
func (r *room) furnish(ctx context.Context) error {
	at := r.addresses()
	rule, err := at.record(ctx, "rule")
	if err != nil {
		return err
	}
	for _, f := range []struct {
		path string
		form url.Values
	}{
		{"/unit_change", url.Values{"act": {"rename"}, "subject": {people.Top}, "name": {"Nordkyst og Omegn Kommune"}, "effective": {"2026-09-01"}}},
		{"/own_indicator", url.Values{"title": {"Kontroller, der er udført til tiden"}, "register": {"control"}, "good": {"due >= today"}, "goal": {"90"}, "warning": {"70"}, "unit": {people.Top}}},
		{"/webhook", url.Values{"title": {"Kommunens sagssystem"}, "url": {"https://sager.nordkyst.example/vaern"}, "events": {"rule.* document.publish"}, "active": {""}, "unit": {people.Top}}},
		{"/tasks", url.Values{"title": {"Ring til leverandøren om logningen"}, "due": {"2026-03-09"}, "who": {r.guests[0].Name}}},
		{"/on/rule/" + rule + "/comment", url.Values{"text": {"Skal den også gælde vikarer? De får adgang samme dag."}}},
	} {
		i := slices.IndexFunc(r.guests, func(g signin.Guest) bool { return r.ask(g.Mail, "da", f.path, f.form).Code == http.StatusSeeOther })
		if i < 0 {
			return fmt.Errorf("the gallery is not furnished: nobody may send %v to %s", f.form, f.path)
		}
	}
	r.files = map[string]string{}
	for _, m := range r.engine.Modules {
		r.handIn(m)
	}
	return nil
}

// handIn hands in a spreadsheet of one row, where a register takes any.
func (r *room) handIn(m module.Module) {
	first := slices.IndexFunc(m.Fields, func(f field.Field) bool { return !f.Set })
	if first < 0 {
		return
	}
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	file, _ := form.CreateFormFile("file", "fra regneark.csv") // a buffer takes all
	fmt.Fprintf(file, "%s\nFra et regneark\n", m.Fields[first].Label[0])
	_ = form.Close()
	for _, g := range r.guests {
		q := httptest.NewRequest(http.MethodPost, "/"+m.Name+"/import", bytes.NewReader(body.Bytes()))
		q.Header.Set("Content-Type", form.FormDataContentType())
		q.AddCookie(&http.Cookie{Name: chosen, Value: url.QueryEscape(g.Mail)})
		w := httptest.NewRecorder()
		r.site.ServeHTTP(w, q)
		if _, id, ok := strings.Cut(w.Header().Get("Location"), "/import/file/"); ok {
			r.files[m.Name] = id
			return
		}
	}
}

func (r *rooms) close() {
	for _, x := range []*room{r.full, r.empty} {
		if x != nil {
			x.Close()
		}
	}
}

// chosen is who looks, until somebody else is chosen.
const chosen = "gallery"

// hang hangs the site of a room, on which its guests act.
func (r *room) hang(ctx context.Context, guests []signin.Guest) error {
	r.guests, r.actors = guests, map[string]access.Actor{}
	for _, g := range guests {
		as, err := r.as(ctx, g.Mail)
		if err != nil {
			return err
		}
		r.actors[g.Mail] = access.Of(as)
	}
	site, _ := new(serve).hang(r.town, r.who)
	r.site = site
	for _, route := range site.Routes() {
		if path, ok := strings.CutPrefix(route.Pattern, "GET "); ok {
			r.routes = append(r.routes, path)
		}
	}
	return nil
}

// who is whoever was chosen: nobody, where it is nobody of this room.
func (r *room) who(q *http.Request) (access.Actor, error) {
	c, err := q.Cookie(chosen)
	if err != nil {
		return r.actors[r.guests[0].Mail], nil
	}
	mail, err := url.QueryUnescape(c.Value)
	return r.actors[mail], err
}

// ask asks for a page as somebody; with a form it is sent.
func (r *room) ask(as, lang, path string, form url.Values) *httptest.ResponseRecorder {
	q := httptest.NewRequest(http.MethodGet, path, nil)
	if form != nil {
		q = httptest.NewRequest(http.MethodPost, path, strings.NewReader(form.Encode()))
		q.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	q.AddCookie(&http.Cookie{Name: chosen, Value: url.QueryEscape(as)})
	q.AddCookie(&http.Cookie{Name: "lang", Value: lang})
	w := httptest.NewRecorder()
	r.site.ServeHTTP(w, q)
	return w
}

// ServeHTTP serves the list of what there is to see, what was chosen there,
// and everything else as whoever was chosen sees it.
func (r *rooms) ServeHTTP(w http.ResponseWriter, q *http.Request) {
	switch q.URL.Path {
	case "/gallery":
		r.list(w, q)
	case "/gallery/show":
		r.show(w, q)
	default:
		r.roomOf(q).site.ServeHTTP(w, q)
	}
}

func (r *rooms) roomOf(q *http.Request) *room {
	if c, err := q.Cookie(chosen); err == nil {
		if mail, _ := url.QueryUnescape(c.Value); r.empty.actors[mail].ID != "" {
			return r.empty
		}
	}
	return r.full
}

// show goes to a page as somebody, or shows what answers a form.
func (r *rooms) show(w http.ResponseWriter, q *http.Request) {
	v := q.URL.Query()
	as, lang, path := v.Get("as"), v.Get("lang"), v.Get("path")
	if !strings.HasPrefix(path, "/") || strings.HasPrefix(path, "//") {
		http.NotFound(w, q)
		return
	}
	http.SetCookie(w, &http.Cookie{Name: chosen, Value: url.QueryEscape(as), Path: "/", HttpOnly: true, SameSite: http.SameSiteLaxMode})
	http.SetCookie(w, &http.Cookie{Name: "lang", Value: lang, Path: "/", HttpOnly: true, SameSite: http.SameSiteLaxMode})
	if !v.Has("form") {
		http.Redirect(w, q, path, http.StatusSeeOther)
		return
	}
	form, err := url.ParseQuery(v.Get("form"))
	if err != nil {
		http.NotFound(w, q)
		return
	}
	at := r.full
	if r.empty.actors[as].ID != "" {
		at = r.empty
	}
	answer := at.ask(as, lang, path, form)
	for name, values := range answer.Header() {
		w.Header()[name] = append(w.Header()[name], values...)
	}
	w.WriteHeader(answer.Code)
	w.Write(answer.Body.Bytes())
}
