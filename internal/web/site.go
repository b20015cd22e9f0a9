// Package web serves pages and programs: the one place where an error becomes
// a status, a route gets its permission, and a page gets its frame.
package web

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"fmt"
	"html/template"
	"log/slog"
	"net/http"
	"net/url"
	"runtime/debug"
	"slices"
	"strings"
	"unicode/utf8"

	"vaern/internal/access"
	"vaern/internal/i18n"
	"vaern/internal/problem"
	"vaern/internal/progress"
	"vaern/internal/ref"
	"vaern/internal/store"

	"github.com/danielgtaylor/huma/v2"
)

// Public is the need of a route that everybody may use, signed in or not.
const Public access.Permission = "public"

// SignedIn is the need of a route that every person with an account may use.
const SignedIn access.Permission = "signed.in"

// Handler serves one route; what it returns as an error is shown as a page.
type Handler func(w http.ResponseWriter, r *http.Request) error

// Who says who is asking: a session, or a program's token. Nobody is the zero
// Actor.
type Who func(r *http.Request) (access.Actor, error)

// Route is one way into the program.
type Route struct {
	Pattern string // "GET /document/{id}"
	Need    access.Permission
}

// Item is a line of the menu; the frame shows it to those who may follow it.
type Item struct {
	Path  string
	Label i18n.Text
	Need  access.Permission
	Order int // its tens are the group that it stands in, see groups
	// Count is a number beside the line, for the person who asks; nil for none.
	Count func(*http.Request) (int, error)
}

// groups are the headings of the menu: a line stands under the last one whose
// number is not above its order.
var groups = []struct {
	From  int
	Label i18n.Text
}{
	{0, i18n.Text{}}, // what is the person's own has no heading
	{20, i18n.Text{"Regler og kontrol", "Rules and checks"}},
	{60, i18n.Text{"Hvem er hvem", "Who is who"}},
	{90, i18n.Text{"Bevis og drift", "Proof and operation"}},
}

// Site gathers routes and serves them.
type Site struct {
	Store  *store.Store
	API    *huma.OpenAPI // what programs can do, described
	Name   string        // the municipality
	Demo   bool
	Public string         // the public address, "" is not known
	Secure bool           // cookies over TLS only: the public address is https
	Work   *progress.Desk // what takes longer than a request
	mux    *http.ServeMux
	routes []Route
	menu   []Item
	kinds  []Kind
	panels []Panel
	who    Who
	calls  callers
	turns  chan struct{} // files that are read now
	makes  chan struct{} // files that are made now
	cross  *http.CrossOriginProtection
}

// New returns an empty site. who identifies people by cookie and programs by
// token; it is asked once a request.
func New(s *store.Store, who Who) *Site {
	mux := http.NewServeMux()
	site := &Site{Store: s, Work: progress.New(s, workFailed), mux: mux, API: newAPI(), who: who, turns: make(chan struct{}, readAtOnce), makes: make(chan struct{}, madeAtOnce), cross: http.NewCrossOriginProtection()}
	site.cross.SetDenyHandler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { site.refuse(w, r, problem.Refused()) }))
	site.offerDescription()
	mux.HandleFunc("/", site.lost)
	return site
}

// Handle adds a route. A route without a permission, or with a mistake in its
// pattern, stops the start.
func (s *Site) Handle(pattern string, need access.Permission, fn Handler) {
	s.receives(pattern, need, func(w http.ResponseWriter, r *http.Request) error {
		if err := entire(w, r, need); err != nil {
			return err
		}
		return fn(w, r)
	})
}

func (s *Site) receives(pattern string, need access.Permission, fn Handler) {
	if need == "" {
		panic("web: " + pattern + " has no permission")
	}
	s.routes = append(s.routes, Route{pattern, need})
	s.mux.HandleFunc(pattern, s.show(func(w http.ResponseWriter, r *http.Request) error {
		if err := s.admit(r.Context(), need); err != nil {
			return err
		}
		return bounded(fn(w, r))
	}))
}

func (s *Site) admit(ctx context.Context, need access.Permission) error {
	switch need {
	case Public:
		return nil
	case SignedIn:
		if access.Of(ctx).ID == "" {
			_, err := access.Require(ctx, need)
			return err
		}
		return nil
	}
	_, err := access.Require(ctx, need)
	return err
}

// Static serves a folder of files that everybody may have.
func (s *Site) Static(prefix string, h http.Handler) { s.mux.Handle("GET "+prefix, h) }

// Kind is what the pages about one kind of records need to know of another.
type Kind struct {
	Name   string
	Many   i18n.Text
	Points map[string]string // its fields that a list can be filtered by → the kind that they point at
}

// Know tells the site of a kind.
func (s *Site) Know(k Kind) { s.kinds = append(s.kinds, k) }

// Kinds are the kinds that the site knows.
func (s *Site) Kinds() []Kind { return s.kinds }

// Panel is a part of a record's page that what stands above all registers brings: "" is none.
type Panel func(q *store.Read, l i18n.Lang, about ref.Ref) (template.HTML, error)

// Panel adds a part to every record's page.
func (s *Site) Panel(p Panel) { s.panels = append(s.panels, p) }

// Panels are the parts of every record's page.
func (s *Site) Panels() []Panel { return s.panels }

// Menu adds a line to the menu.
func (s *Site) Menu(item Item) {
	s.menu = append(s.menu, item)
	slices.SortStableFunc(s.menu, func(a, b Item) int { return a.Order - b.Order })
}

// Routes are all routes, for the test that tries each with each role.
func (s *Site) Routes() []Route { return s.routes }

// request is what the program knows of a request besides its actor.
type request struct {
	number string // quoted by people, found in the log
	path   string
	query  url.Values
}

type requestKey struct{}

func requestOf(ctx context.Context) *request {
	r, _ := ctx.Value(requestKey{}).(*request)
	if r == nil {
		return &request{}
	}
	return r
}

const policy = "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; frame-ancestors 'none'; form-action 'self'"

// ServeHTTP identifies the actor and the language, and hands the request on.
func (s *Site) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	h.Set("Content-Security-Policy", policy)
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Referrer-Policy", "same-origin")
	h.Set("Cross-Origin-Opener-Policy", "same-origin")
	if !strings.HasPrefix(r.URL.Path, "/assets/") {
		h.Set("Cache-Control", "no-store")
	}
	if s.Secure {
		h.Set("Strict-Transport-Security", "max-age=31536000; includeSubDomains")
	}
	number := make([]byte, 5)
	rand.Read(number)
	req := &request{number: hex.EncodeToString(number), path: r.URL.Path, query: r.URL.Query()}
	h.Set("X-Request-Id", req.number)
	ctx := context.WithValue(r.Context(), requestKey{}, req)
	if !clean(r.URL.Path) || !clean(r.URL.RawQuery) || !cleanQuery(r.URL) {
		if strings.HasPrefix(r.URL.Path, "/api/") {
			tell(w, r.WithContext(ctx), problem.New(problem.Unreadable, "Adressen er ikke tekst.", "The address is not text."), InBody)
			return
		}
		http.Error(w, "400: the address is not text", http.StatusBadRequest)
		return
	}
	asked := r
	if s.Secure {
		r = ours(r)
	}
	ctx = i18n.With(ctx, s.language(w, r))
	if !strings.HasPrefix(r.URL.Path, "/assets/") && r.URL.Path != descriptionPath {
		actor, err := s.who(r)
		if err != nil {
			s.refuse(w, r.WithContext(ctx), err)
			return
		}
		ctx = access.With(ctx, actor)
	}
	inner := r.WithContext(ctx)
	defer func() {
		asked.Pattern = inner.Pattern // for whoever counts requests by route
		if fault := recover(); fault != nil {
			if fault == http.ErrAbortHandler { //nolint:errorlint // thrown as it is, never wrapped
				panic(fault)
			}
			s.refuse(w, inner, fmt.Errorf("panic: %v\n%s", fault, debug.Stack()))
		}
	}()
	s.cross.Handler(s.mux).ServeHTTP(w, inner)
}

// language is what the person chose, or else what the browser asks for.
func (s *Site) language(w http.ResponseWriter, r *http.Request) i18n.Lang {
	if chosen := r.URL.Query().Get("lang"); chosen != "" {
		l := i18n.Parse(chosen)
		http.SetCookie(w, s.Cookie("lang", l.String(), 400*24*3600))
		return l
	}
	if c, err := r.Cookie("lang"); err == nil {
		return i18n.Parse(c.Value)
	}
	return i18n.Parse(r.Header.Get("Accept-Language"))
}

// host begins the names of cookies that no neighbour under the same domain can
// set; browsers see to it, over TLS.
const host = "__Host-"

// ours returns the request with the cookies alone that this site has set, by
// the names that it knows them by.
func ours(r *http.Request) *http.Request {
	mine := r.WithContext(r.Context())
	mine.Header = r.Header.Clone()
	mine.Header.Del("Cookie")
	for _, c := range r.Cookies() {
		if name, ok := strings.CutPrefix(c.Name, host); ok {
			mine.AddCookie(&http.Cookie{Name: name, Value: c.Value})
		}
	}
	return mine
}

// Whole is the address of a page as one gives it to somebody else: the public one, or else the one by which this was reached.
func (s *Site) Whole(r *http.Request, path string) string {
	if s.Public != "" {
		return strings.TrimRight(s.Public, "/") + path
	}
	if s.Secure {
		return "https://" + r.Host + path
	}
	return "http://" + r.Host + path
}

// Cookie returns a cookie that only this site reads; seconds below zero remove it.
func (s *Site) Cookie(name, value string, seconds int) *http.Cookie {
	if s.Secure {
		name = host + name
	}
	return &http.Cookie{Name: name, Value: value, Path: "/", MaxAge: seconds, HttpOnly: true, Secure: s.Secure, SameSite: http.SameSiteLaxMode}
}

// show turns a handler that may fail into one that explains itself. Who is not
// signed in is asked to, and comes back.
func (s *Site) show(fn Handler) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		err := fn(w, r)
		if err == nil {
			return
		}
		if problem.Of(err) == problem.Unknown && r.Method == http.MethodGet {
			http.Redirect(w, r, "/sign-in?next="+url.QueryEscape(r.URL.RequestURI()), http.StatusSeeOther)
			return
		}
		if problem.Of(err) == problem.Unknown && s.keep(w, r) {
			return
		}
		s.fail(w, r, err)
	}
}

// refuse answers a request that reaches no route: programs get problem+json,
// people a page.
func (s *Site) refuse(w http.ResponseWriter, r *http.Request, err error) {
	if !strings.HasPrefix(r.URL.Path, "/api/") {
		s.fail(w, r, err)
		return
	}
	tell(w, r, err, InBody)
}

func logged(ctx context.Context, err error) {
	slog.Error("internal error", "request", requestOf(ctx).number, "err", err)
}

// clean reports whether text is such as every database keeps.
func clean(text string) bool { return utf8.ValidString(text) && !strings.ContainsRune(text, 0) }

func cleanQuery(u *url.URL) bool {
	for name, values := range u.Query() {
		if !clean(name) || slices.ContainsFunc(values, func(v string) bool { return !clean(v) }) {
			return false
		}
	}
	return true
}

func workFailed(kind, about string, err error) {
	slog.Error("work failed", "kind", kind, "about", about, "err", err)
}
