package web

import (
	"context"
	"encoding/json"
	"errors"
	"maps"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"vaern/internal/i18n"
	"vaern/internal/problem"
)

var status = map[problem.Kind]int{
	problem.NotFound:     http.StatusNotFound,
	problem.Unknown:      http.StatusUnauthorized,
	problem.Forbidden:    http.StatusForbidden,
	problem.Invalid:      http.StatusUnprocessableEntity,
	problem.Conflict:     http.StatusConflict,
	problem.Stale:        http.StatusPreconditionFailed,
	problem.NoVersion:    http.StatusPreconditionRequired,
	problem.Busy:         http.StatusTooManyRequests,
	problem.Precondition: http.StatusConflict,
	problem.Unreadable:   http.StatusBadRequest,
	problem.TooLarge:     http.StatusRequestEntityTooLarge,
	problem.WrongFormat:  http.StatusUnsupportedMediaType,
	problem.WrongMethod:  http.StatusMethodNotAllowed,
	problem.Unavailable:  http.StatusServiceUnavailable,
	problem.Unsure:       http.StatusServiceUnavailable,
}

// gone is the status of what nobody waits for any more: who typed on, or went
// elsewhere. It is no fault of ours, and those who count ours must not see it as one.
const gone = 499

// Status is the status of an error.
func Status(err error) int {
	if errors.Is(err, context.Canceled) {
		return gone
	}
	if code, ok := status[problem.Of(err)]; ok {
		return code
	}
	return http.StatusInternalServerError
}

// explain returns the error in words; what is not ours to explain is logged
// with the number that the person can quote.
func explain(ctx context.Context, err error) *problem.Error {
	if p := problem.As(err); p != nil {
		if p.Outage() {
			logged(ctx, err)
		}
		return p
	}
	if Status(err) != gone {
		logged(ctx, err)
	}
	return problem.New(problem.Internal, "Noget gik galt hos os. Intet er gemt, og intet er gået tabt.",
		"Something went wrong on our side. Nothing was saved, and nothing was lost.")
}

// Fault is an error as programs get it: problem+json (RFC 9457).
type Fault struct {
	Title    string          `json:"title" doc:"The status in words" example:"Unprocessable Entity"`
	Status   int             `json:"status" example:"422"`
	Detail   string          `json:"detail" doc:"What happened and what to do, in the language asked for" example:"Correct the marked fields. Nothing was lost."`
	Instance string          `json:"instance" doc:"The number of the request, to quote when you ask" example:"urn:vaern:request:4f0c2a91be"`
	Errors   []Flaw          `json:"errors,omitempty" nullable:"false" doc:"What is wrong, one by one"`
	Current  json.RawMessage `json:"current,omitempty" doc:"The record as it is now, when somebody else changed it meanwhile"`
	Items    json.RawMessage `json:"items,omitempty" doc:"What each item of an all-or-nothing request would have been answered"`
}

// Flaw is one thing that is wrong, and where.
type Flaw struct {
	Location string `json:"location" doc:"body.field, query.parameter or header.name" example:"body.title"`
	Message  string `json:"message" doc:"In the language asked for" example:"Is required."`
}

// Explained is an error with more for a program than its words.
type Explained struct {
	error
	Current, Items []byte // JSON
}

// Explain adds the present state of what an error is about.
func Explain(err error, current []byte) error { return &Explained{error: err, Current: current} }

// ExplainItems adds what each of many would have been answered.
func ExplainItems(err error, items []byte) error { return &Explained{error: err, Items: items} }

// Unwrap makes it the error that it explains.
func (e *Explained) Unwrap() error { return e.error }

// FaultOf is an error for a program; at says where a marked field stands in
// what it sent.
func FaultOf(ctx context.Context, err error, at func(field string) string) *Fault {
	lang, p := i18n.Of(ctx), explain(ctx, err)
	out := &Fault{Title: http.StatusText(Status(err)), Status: Status(err), Detail: p.Text.In(lang), Instance: "urn:vaern:request:" + requestOf(ctx).number}
	for _, name := range slices.Sorted(maps.Keys(p.Fields)) {
		out.Errors = append(out.Errors, Flaw{at(name), p.Fields[name].In(lang)})
	}
	var more *Explained
	if errors.As(err, &more) {
		out.Current, out.Items = more.Current, more.Items
	}
	return out
}

// InBody places a field in the body.
func InBody(field string) string { return "body." + field }

// tell writes an error for a program.
func tell(w http.ResponseWriter, r *http.Request, err error, at func(string) string) {
	fault := FaultOf(r.Context(), err, at)
	switch fault.Status {
	case http.StatusUnauthorized:
		w.Header().Set("WWW-Authenticate", `Bearer realm="vaern"`)
	case http.StatusTooManyRequests:
		w.Header().Set("Retry-After", "1")
	case http.StatusServiceUnavailable:
		w.Header().Set("Retry-After", "5")
	}
	w.Header().Set("Content-Type", "application/problem+json")
	w.Header().Set("Content-Language", i18n.Of(r.Context()).String())
	w.WriteHeader(fault.Status)
	body, _ := json.Marshal(fault) // strings, numbers, and JSON of our own
	w.Write(body)
}

// bounded is the error of a body that is larger than what is taken, in words.
func bounded(err error) error {
	var large *http.MaxBytesError
	if !errors.As(err, &large) || problem.As(err) != nil {
		return err
	}
	e := problem.New(problem.TooLarge, "Det er for meget på én gang. Send højst %d %s. Intet er gemt; gå tilbage, så står det, du skrev, der stadig.",
		"That is too much at a time. Send at most %d %s. Nothing was saved; go back, and what you wrote is still there.")
	if large.Limit < 1<<20 {
		e.Text = e.Text.With(large.Limit>>10, "kB")
	} else {
		e.Text = e.Text.With(large.Limit>>20, "MB")
	}
	return e
}

type failView struct {
	Text   i18n.Text
	Fields []i18n.Text
	Number string
	Ours   bool   // nothing the person can do about
	Unsure bool   // whether it was saved is not known
	Back   string // the page that the person came from, "" is not known
}

var failPage = NewPage[failView](pages, "fail")

// keepView is what somebody sent after the session ended: it stays in the page
// until it can be sent again, so that no script is needed to lose nothing.
type keepView struct {
	At     string
	Values []kept
}

type kept struct{ Name, Value string }

// Words are what is worth reading again: sentences, not choices and numbers.
func (v keepView) Words() (out []string) {
	for _, k := range v.Values {
		if strings.Contains(strings.TrimSpace(k.Value), " ") {
			out = append(out, k.Value)
		}
	}
	return out
}

var keepPage = NewPage[keepView](pages, "keep")

// mostKept is how much of a form a page carries.
const mostKept = 1 << 20

// keep answers a form that came after the session ended with a page that holds
// it. What is secret is not echoed, and files are not: the person chooses again.
func (s *Site) keep(w http.ResponseWriter, r *http.Request) bool {
	if r.Method != http.MethodPost || strings.HasPrefix(r.URL.Path, "/api/") || r.ParseForm() != nil || len(r.PostForm) == 0 {
		return false
	}
	v := keepView{At: r.URL.RequestURI()}
	size := 0
	for _, name := range slices.Sorted(maps.Keys(r.PostForm)) {
		if secret.MatchString(name) {
			return false
		}
		for _, value := range r.PostForm[name] {
			v.Values = append(v.Values, kept{name, value})
			size += len(value)
		}
	}
	if size > mostKept {
		return false
	}
	head := Head{Title: i18n.Text{"Du er blevet logget ud", "You have been signed out"}}
	if err := keepPage.Show(s, w, r, http.StatusUnauthorized, head, v); err != nil {
		logged(r.Context(), err)
	}
	return true
}

// secret are the names of fields that no page echoes.
var secret = regexp.MustCompile(`password|secret|code|present|token`)

// cameFrom is the page here that a request came from, "" where it says none.
func cameFrom(r *http.Request) string {
	from, err := url.Parse(r.Referer())
	if err != nil || from.Host != r.Host || !strings.HasPrefix(from.Path, "/") || strings.HasPrefix(from.Path, "//") {
		return ""
	}
	return from.RequestURI()
}

// fail shows what went wrong, that nothing was lost, and a number to quote.
func (s *Site) fail(w http.ResponseWriter, r *http.Request, err error) {
	p := explain(r.Context(), err)
	v := failView{Text: p.Text, Number: requestOf(r.Context()).number, Ours: p.Kind == problem.Internal || p.Outage(), Unsure: p.Kind == problem.Unsure}
	for _, name := range slices.Sorted(maps.Keys(p.Fields)) {
		v.Fields = append(v.Fields, p.Fields[name])
	}
	if len(v.Fields) > 0 { // here are no fields that could be marked
		v.Text = i18n.Text{"Noget passer ikke. Gå tilbage, og ret det. Intet er ændret.", "Something does not fit. Go back and correct it. Nothing was changed."}
	}
	if v.Back = cameFrom(r); v.Back == r.URL.RequestURI() {
		v.Back = ""
	}
	head := Head{Title: i18n.Text{"Det lykkedes ikke", "It did not work"}}
	if p.Kind == problem.NotFound && p.Text == problem.Missing().Text { // a link that is over was a page, and says so itself
		head.Title = i18n.Text{"Siden findes ikke", "Page not found"}
	}
	if err := failPage.Show(s, w, r, Status(err), head, v); err != nil {
		logged(r.Context(), err)
	}
}
