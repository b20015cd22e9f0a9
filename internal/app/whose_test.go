package app

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"vaern/internal/access"
	"vaern/internal/field"
	"vaern/internal/people"
	"vaern/internal/problem"
	"vaern/internal/register/document"
	"vaern/internal/store"
	"vaern/internal/web"
)

// whoseHead says how the second table is read.
const whoseHead = `
# Whose it is: the ways in on which that counts. Three people have a record each in view that is the first one's. The first two may
# do the same, and everywhere; the third may do all that there is. What is told of one that is not there is told of a refused one too.
#   its  whose it is    other  somebody else, with the same rights    all  somebody else, with every right
#   yes  may     .  is told that it is not theirs to do     -  it looks as if nothing were there: compared with what is not there
                                                           its  oth. all   whose
`

// claim is a record that is somebody's: on which ways in, why, and how one is made
// by whoever acts.
type claim struct {
	ways  *regexp.Regexp
	whose string
	make  func(*heirs, web.Route) (made, bool)
	more  access.Permission // what it takes besides, to see that it is there
}

// made is an address with a record that is somebody's, the same with none, and what is sent.
type made struct {
	path, absent string
	form         url.Values
	gone         func() bool // whether what was asked came about, where the answer is always the same
	took         func() bool // the same, where a refusal is told as a mistake in what was sent
}

var claims = []claim{
	{regexp.MustCompile(`/on/\{kind\}/\{id\}/comment/\{comment\}(/withdraw)?$`), "who wrote it", (*heirs).comment, ""},
	{regexp.MustCompile(`/task/\{id\}`), "who has it", (*heirs).task, ""},
	{regexp.MustCompile(`/me/token/\{id\}`), "whose programs use it", (*heirs).token, ""},
	{regexp.MustCompile(`/me/session$`), "who is signed in there", (*heirs).session, ""},
	{regexp.MustCompile(`/view/\{id\}/delete$`), "who saved it", (*heirs).view, ""},
	{regexp.MustCompile(`/import/file/\{id\}`), "who handed it in", (*heirs).sheet, ""},
	{regexp.MustCompile(`/policy/import/\{id\}`), "who handed it in", (*heirs).policy, ""},
	{regexp.MustCompile(`/reading/\{id\}/(read|say)$`), "who is asked to read", (*heirs).reading, ""},
	{regexp.MustCompile(`^POST /[a-z_]+/\{id\}/undo$`), "who changed it last", (*heirs).change, ""},
	{regexp.MustCompile(`^POST (/api/v1)?/editions?/\{id\}/decide$`), "who wrote it", (*heirs).version, document.SeeDrafts},
	{regexp.MustCompile(`^POST /(approval|api/v1/approvals)$`), "who wrote the version, with a seat in the body", (*heirs).approval, document.SeeDrafts},
	{regexp.MustCompile(`/edition/\{id\}/remark/\{remark\}/resolve$`), "who wrote it, or edits the version", (*heirs).remark, document.SeeDrafts},
	{regexp.MustCompile(`^POST /person/\{id\}/code$`), "whose code it is", (*heirs).ownCode, ""},
	{regexp.MustCompile(`^POST /person/\{id\}/code$`), "who asked for it, when another must agree", (*heirs).vouched, ""},
	{regexp.MustCompile(`^POST /code_demand$`), "who proposed to ease a demand, when another must agree", (*heirs).eased, ""},
}

const notThere = "01900000-0000-7000-8000-000000000000"

// heirs try ways in on which it counts whose a record is.
type heirs struct {
	*burglar
	its, other, all access.Actor
	asked           string // a reading that its is asked for, and nobody else of them
	body            string // one in which all three have a seat, "" until there is one
}

// row is a way in, what the three get there, and why.
type row struct{ way, cells, whose string }

// whoseTable tries them, in the order of the first table. Ways that many
// registers have alike are one line.
func (b *bench) whoseTable(routes []web.Route) string {
	h := &heirs{burglar: &burglar{bench: b}}
	h.introduce()
	var rows []row
	registers := map[row][]string{}
	for _, r := range routes {
		for _, c := range claims {
			if !c.ways.MatchString(r.Pattern) {
				continue
			}
			line, register := h.line(r, c)
			if register == "" {
				continue
			}
			if registers[line] == nil {
				rows = append(rows, line)
			}
			registers[line] = append(registers[line], register)
		}
	}
	var out strings.Builder
	for _, line := range rows {
		of, also := registers[line], ""
		if len(of) > 1 {
			also = fmt.Sprintf(", in %d registers", len(of))
		} else {
			line.way = strings.Replace(line.way, "{register}", of[0], 1)
		}
		fmt.Fprintf(&out, "%-58s %s  %s%s\n", line.way, line.cells, line.whose, also)
	}
	return out.String()
}

// introduce finds three people of whom one is asked to read something.
func (h *heirs) introduce() {
	err := h.in.Peek(h.Context(), func(q *store.Read) error {
		err := q.Row(`SELECT a.reading, a.person FROM asked a JOIN reading r ON r.id = a.reading
			WHERE a.state = 'open' AND a.here = 1 AND r.state = 'open' AND a.person NOT IN (SELECT id FROM credential) ORDER BY a.reading, a.person LIMIT 1`, nil, &h.asked, &h.its.ID)
		if err != nil {
			return err
		}
		for _, who := range []*access.Actor{&h.other, &h.all} {
			err := q.Row(`SELECT p.id FROM person p WHERE `+people.Here+` AND p.id NOT IN (SELECT id FROM credential) AND p.id <> :not
				AND p.id NOT IN (SELECT person FROM asked WHERE reading = :reading) ORDER BY p.id LIMIT 1`, store.Args{"not": h.other.ID, "reading": h.asked}, &who.ID)
			if err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		h.Fatal(err)
	}
}

// line is what the three get on a way in, of no register where no such record can be made.
func (h *heirs) line(r web.Route, c claim) (line row, register string) {
	h.may(r, c.more)
	h.Actor = h.its
	one, ok := c.make(h, r)
	if !ok {
		return row{}, ""
	}
	method, pattern, _ := strings.Cut(r.Pattern, " ")
	register, _, _ = strings.Cut(strings.TrimPrefix(pattern, "/"), "/")
	if h.in.kinds()[register] {
		pattern = strings.Replace(pattern, "/"+register+"/", "/{register}/", 1)
	}
	cells, used := map[string]string{}, false
	for _, who := range []string{"other", "all", "its"} {
		if used { // each finds it as it was
			h.Actor = h.its
			if one, ok = c.make(h, r); !ok {
				return row{}, ""
			}
		}
		h.Actor = map[string]access.Actor{"its": h.its, "other": h.other, "all": h.all}[who]
		cells[who] = h.answer(r, method, one)
		used = cells[who] == "yes"
	}
	return row{method + " " + pattern, fmt.Sprintf("%-4s %-4s %-4s", cells["its"], cells["other"], cells["all"]), c.whose}, register
}

// answer asks as whoever acts, for the record and for none.
func (h *heirs) answer(r web.Route, method string, one made) string {
	w := h.sends(method, one.path, one.form)
	there := one.gone == nil && w.Code != http.StatusNotFound || one.gone != nil && one.gone()
	switch {
	case one.took != nil && one.took():
		return "yes"
	case one.took != nil && w.Code == http.StatusUnprocessableEntity:
		return "."
	case there && slices.Contains([]int{http.StatusForbidden, http.StatusUnauthorized, http.StatusConflict}, w.Code):
		return "."
	case there && w.Code < 500:
		return "yes"
	}
	absent := h.sends(method, one.absent, one.form)
	if is, none := alike(w, last(one.path)), alike(absent, last(one.absent)); absent.Code != w.Code || is != none {
		i := 0
		for i < min(len(is), len(none)) && is[i] == none[i] {
			i++
		}
		h.Errorf("%s: what is another's answers %d, what is not there %d; then in other words: …%.100q and …%.100q", r.Pattern, w.Code, absent.Code, is[i:], none[i:])
	}
	return "-"
}

// last is the last id in an address.
func last(path string) string {
	all := idInPath.FindAllString(path, -1)
	if len(all) == 0 {
		return notThere
	}
	return all[len(all)-1]
}

var idInPath = regexp.MustCompile(`[0-9a-f-]{32,36}`)

func (h *heirs) sends(method, path string, form url.Values) *httptest.ResponseRecorder {
	switch {
	case method == http.MethodGet:
		return h.ask(method, path, "")
	case strings.HasPrefix(path, "/api/"):
		body := map[string]string{}
		for name := range form {
			body[name] = form.Get(name)
		}
		text, err := json.Marshal(body)
		if err != nil {
			h.Fatal(err)
		}
		return h.ask(method, path, string(text))
	}
	return h.ask(method, path, form.Encode())
}

// may gives the first two what the way in takes, and what its register takes,
// everywhere; the third has it all.
func (h *heirs) may(r web.Route, more access.Permission) {
	_, pattern, _ := strings.Cut(r.Pattern, " ")
	register, _, _ := strings.Cut(strings.TrimPrefix(pattern, "/"), "/")
	rights := map[access.Permission]access.Reach{}
	for _, p := range h.in.roles[access.Holder] {
		rights[p] = access.Reach{}
	}
	need := append(slices.Clone(h.in.roles[access.Employee]), r.Need, more)
	for _, verb := range []string{"see", "create", "edit"} {
		if h.in.kinds()[register] {
			need = append(need, access.Permission(register+"."+verb))
		}
	}
	for _, p := range need {
		rights[p] = access.Reach{Whole: true}
	}
	every := map[access.Permission]access.Reach{}
	for _, p := range h.in.everything() {
		every[p] = access.Reach{Whole: true}
	}
	h.its.May, h.other.May, h.all.May = rights, rights, every
}

// kinds are the registers.
func (t *town) kinds() map[string]bool {
	out := map[string]bool{}
	for _, m := range t.engine.Modules {
		out[m.Name] = m.Plural != ""
	}
	return out
}

// newest is the id of the newest record of a kind.
func (h *heirs) newest(kind string) (id string) {
	err := h.in.Peek(h.Context(), func(q *store.Read) error { return q.Row(`SELECT id FROM `+kind+` ORDER BY id DESC LIMIT 1`, nil, &id) })
	if err != nil && problem.Of(err) != problem.NotFound {
		h.Fatal(err)
	}
	return id
}

// at puts a record and none in the place of the last {…} of a way in.
func at(r web.Route, id string, form url.Values) made {
	_, pattern, _ := strings.Cut(r.Pattern, " ")
	i, j := strings.LastIndex(pattern, "{"), strings.LastIndex(pattern, "}")
	return made{path: pattern[:i] + id + pattern[j+1:], absent: pattern[:i] + notThere + pattern[j+1:], form: form}
}

func (h *heirs) posts(path string, form url.Values) string {
	w := h.ask(http.MethodPost, path, form.Encode())
	if w.Code != http.StatusSeeOther && w.Code != http.StatusOK {
		h.Fatalf("%s with %v: %d", path, form, w.Code)
	}
	return w.Header().Get("Location")
}

func (h *heirs) comment(r web.Route) (made, bool) {
	rule, err := h.at.record(h.Context(), "rule")
	if err != nil {
		h.Fatal(err)
	}
	h.posts("/on/rule/"+rule+"/comment", url.Values{"text": {"Skal den også gælde vikarer?"}})
	r.Pattern = strings.Replace(r.Pattern, "{kind}/{id}", "rule/"+rule, 1)
	return at(r, h.newest("comment"), url.Values{"version": {"1"}, "text": {"Den skal også gælde vikarer."}}), true
}

func (h *heirs) task(r web.Route) (made, bool) {
	h.posts("/tasks", url.Values{"title": {"Ring til leverandøren"}, "who": {h.its.ID}})
	return at(r, h.newest("task"), url.Values{"version": {"1"}, "rests": {"2026-05-01"}, "who": {h.its.ID}}), true
}

func (h *heirs) token(r web.Route) (made, bool) {
	h.posts("/me/token", url.Values{"name": {"Regneark"}})
	return at(r, h.newest("token"), nil), true
}

func (h *heirs) session(r web.Route) (made, bool) {
	const hash = "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff"
	err := h.in.Work(h.Context(), func(w *store.Work) error {
		return w.Do(`INSERT INTO work_session (hash, person, begun, seen, passed, browser) VALUES (:hash, :person, :now, :now, 2, 'Firefox')`, store.Args{"hash": hash, "person": h.its.ID})
	})
	if err != nil {
		h.Fatal(err)
	}
	_, path, _ := strings.Cut(r.Pattern, " ")
	return made{path: path, absent: path, form: url.Values{"which": {hash}}, gone: func() bool {
		n := 0
		if err := h.in.Peek(h.Context(), func(q *store.Read) error {
			return q.Row(`SELECT count(*) FROM work_session WHERE hash = :hash`, store.Args{"hash": hash}, &n)
		}); err != nil {
			h.Fatal(err)
		}
		return n == 0
	}}, true
}

func (h *heirs) view(r web.Route) (made, bool) {
	_, pattern, _ := strings.Cut(r.Pattern, " ")
	to := h.posts(strings.TrimSuffix(pattern, "/{id}/delete"), url.Values{"name": {"Mine"}, "list": {""}})
	_, id, _ := strings.Cut(to, "?view=")
	id, _, _ = strings.Cut(id, "&")
	return at(r, id, nil), true
}

// handsIn hands in a file and returns what stands after a part of the address
// that it leads to.
func (h *heirs) handsIn(path, name, content, after string) string {
	kind, body := uploaded(name, []byte(content))
	w := h.ask(http.MethodPost, path, string(body), "Content-Type", kind)
	_, id, _ := strings.Cut(w.Header().Get("Location"), after)
	return id
}

func (h *heirs) sheet(r web.Route) (made, bool) {
	_, pattern, _ := strings.Cut(r.Pattern, " ")
	before, _, _ := strings.Cut(pattern, "/file/{id}")
	register := strings.TrimSuffix(strings.TrimPrefix(before, "/"), "/import")
	for _, m := range h.in.engine.Modules {
		if i := slices.IndexFunc(m.Fields, func(f field.Field) bool { return !f.Set }); m.Name == register && i >= 0 {
			id := h.handsIn(before, "fra regneark.csv", m.Fields[i].Label[0]+"\nFra et regneark\n", "/import/file/")
			return at(r, id, nil), id != ""
		}
	}
	return made{}, false
}

func (h *heirs) policy(r web.Route) (made, bool) {
	id := h.handsIn("/policy/import", "politik.txt", "Informationssikkerhedspolitik\n\n1. Formål\n\n1.1 Kommunen skal beskytte sine oplysninger.\n", "/policy/import/")
	return at(r, id, nil), id != ""
}

func (h *heirs) reading(r web.Route) (made, bool) {
	return at(r, h.asked, url.Values{"kind": {"question"}, "text": {"Hvad betyder afsnit 2 for mig?"}}), true
}

// change changes a free text of the oldest record of a register.
func (h *heirs) change(r web.Route) (made, bool) {
	_, pattern, _ := strings.Cut(r.Pattern, " ")
	register, _, _ := strings.Cut(strings.TrimPrefix(pattern, "/"), "/")
	for _, m := range h.in.engine.Modules {
		i := slices.IndexFunc(m.Fields, func(f field.Field) bool { return f.Title && !f.Set })
		if m.Name != register || m.Plural == "" || i < 0 {
			continue
		}
		id, err := h.at.record(h.Context(), register)
		if err != nil || id == "" {
			return made{}, false
		}
		path := "/api/v1/" + m.Plural + "/" + id
		var rec map[string]any
		if err := json.Unmarshal(h.ask(http.MethodGet, path, "").Body.Bytes(), &rec); err != nil {
			h.Fatal(err)
		}
		text, _ := rec[m.Fields[i].Name].(string)
		body, _ := json.Marshal(map[string]string{m.Fields[i].Name: text + " igen"})
		version, _ := rec["version"].(float64)
		w := h.ask(http.MethodPatch, path, string(body), "If-Match", fmt.Sprintf(`"%v"`, version))
		return at(r, id, url.Values{"version": {fmt.Sprint(version + 1)}}), w.Code == http.StatusOK
	}
	return made{}, false
}
