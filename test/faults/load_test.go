package faults

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"mime/multipart"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"
)

// kept is a rule as the program has acknowledged it, and an edit whose answer
// never came.
type kept struct {
	rule
	wish string
}

// wish is something new whose answer never came: it is asked for again, in the
// same words under the same key.
type wish struct{ path, body, key string }

// load is people and programs at work, and what they were told.
type load struct {
	t *testing.T

	mu      sync.Mutex
	n       int
	rules   map[string]*kept // by number
	wishes  []wish
	forms   []string        // numbers that a form was sent with, without an answer
	text    string          // that is to be read
	asked   []person        // who has a text to confirm
	signed  map[string]bool // whose receipt was acknowledged
	unsure  map[string]bool // whose receipt was sent without an answer
	never   []string        // numbers of which it was said that nothing was saved
	over    bool            // nobody begins anything more
	refused int             // answers that told of an outage
	imports []string        // beginnings of the numbers in files whose import was acknowledged
	mails   int             // test mails that were acknowledged
	told    int             // answers that were acknowledged, of all kinds
}

func newLoad(t *testing.T) *load {
	return &load{t: t, rules: map[string]*kept{}, signed: map[string]bool{}, unsure: map[string]bool{}}
}

func (l *load) number(of string) string {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.n++
	return fmt.Sprintf("X-%s%05d", of, l.n)
}

// worker does one kind of thing until an answer does not come.
type worker func(r *rand.Rand) error

// work lets all of them work until the program is gone.
func (l *load) work(seed uint64, workers ...worker) *sync.WaitGroup {
	var all sync.WaitGroup
	l.over = false
	for i, w := range workers {
		r := rand.New(rand.NewPCG(seed, uint64(i)))
		all.Go(func() {
			for n := 0; n < 100_000 && !l.ended(); n++ {
				if err := w(r); err == errGone {
					time.Sleep(20 * time.Millisecond) // who is told to try again later does not hammer
				} else if err != nil {
					return
				}
			}
		})
	}
	return &all
}

func (l *load) end() {
	l.mu.Lock()
	l.over = true
	l.mu.Unlock()
}

func (l *load) ended() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.over
}

// outage reports whether an answer tells of one, and whether it says that
// nothing was saved; l.mu is held.
func (l *load) outage(a answer) (yes, nothing bool) {
	if a.status != http.StatusServiceUnavailable {
		return false, false
	}
	l.refused++
	nothing = strings.Contains(a.body, "Intet er gemt") || strings.Contains(a.body, "Nothing was saved")
	if !nothing && !strings.Contains(a.body, "e efter, om det blev gemt") {
		l.wrong("an outage", a)
	}
	return true, nothing
}

func (l *load) wrong(what string, a answer) {
	l.t.Errorf("%s: %d %.300s", what, a.status, a.body)
}

// editor creates rules by REST and changes its own.
func (l *load) editor(p *program, name string) worker {
	var mine []*kept
	return func(r *rand.Rand) error {
		if len(mine) > 0 && r.IntN(3) > 0 {
			return l.edit(p, mine[r.IntN(len(mine))])
		}
		number := l.number(name)
		w := wish{"/api/v1/rules", ruleBody(number, "Første "+number), "key-" + number}
		a, err := p.ask("POST", w.path, w.body, "Idempotency-Key", w.key)
		l.mu.Lock()
		defer l.mu.Unlock()
		if err != nil {
			l.wishes = append(l.wishes, w)
			return err
		}
		if out, nothing := l.outage(a); out {
			l.missed(number, nothing, w)
			return errGone
		}
		if a.status != http.StatusCreated {
			l.wrong("a rule", a)
			return errWrong
		}
		k := l.keep(a)
		mine = append(mine, k)
		return nil
	}
}

var errWrong, errGone, errEnough = fmt.Errorf("another answer than expected"), fmt.Errorf("an outage was told"), fmt.Errorf("that is enough for now")

// keep remembers a rule that was acknowledged; l.mu is held.
func (l *load) keep(a answer) *kept {
	made, err := a.rule()
	if err != nil {
		l.t.Error(err)
	}
	k := &kept{rule: made}
	l.rules[made.Number] = k
	l.told++
	return k
}

// missed remembers what was told to be not saved, or perhaps not; l.mu is held.
func (l *load) missed(number string, nothing bool, w wish) {
	if nothing {
		l.never = append(l.never, number)
	} else {
		l.wishes = append(l.wishes, w)
	}
}

func (l *load) edit(p *program, k *kept) error {
	if k.wish != "" {
		return nil // what became of the last is not known yet
	}
	title := fmt.Sprintf("Version %d af %s", k.Version+1, k.Number)
	a, err := p.ask("PATCH", "/api/v1/rules/"+k.ID, fmt.Sprintf(`{"title":%q}`, title), "If-Match", fmt.Sprintf(`"%d"`, k.Version))
	l.mu.Lock()
	defer l.mu.Unlock()
	if err != nil {
		k.wish = title
		return err
	}
	if out, nothing := l.outage(a); out {
		if !nothing {
			k.wish = title
		}
		return errGone
	}
	if a.status != http.StatusOK {
		l.wrong("a change of "+k.Number, a)
		return errWrong
	}
	k.Title, k.Version = title, k.Version+1
	l.told++
	return nil
}

// bulk creates rules by the dozen, all or none.
func (l *load) bulk(p *program) worker {
	return func(r *rand.Rand) error {
		var items []string
		first := ""
		for range 12 {
			number := l.number("b")
			first = cmp.Or(first, number)
			items = append(items, `{"create":`+ruleBody(number, "Mange "+number)+`}`)
		}
		w := wish{"/api/v1/rules/bulk", `{"atomic":true,"items":[` + strings.Join(items, ",") + `]}`, "key-" + l.number("k")}
		a, err := p.ask("POST", w.path, w.body, "Idempotency-Key", w.key)
		l.mu.Lock()
		defer l.mu.Unlock()
		if err != nil {
			l.wishes = append(l.wishes, w)
			return err
		}
		if out, nothing := l.outage(a); out {
			l.missed(first, nothing, w)
			return errGone
		}
		return l.keepAll(a)
	}
}

// keepAll remembers what a bulk request was told; l.mu is held.
func (l *load) keepAll(a answer) error {
	var all struct {
		Items []struct {
			Status int
			Record json.RawMessage
		}
	}
	if err := json.Unmarshal([]byte(a.body), &all); err != nil || a.status != http.StatusOK || len(all.Items) != 12 {
		l.wrong("many", a)
		return errWrong
	}
	for _, item := range all.Items {
		if item.Status != http.StatusCreated {
			l.wrong("one of many", a)
		}
		l.keep(answer{body: string(item.Record)})
	}
	return nil
}

// writer fills in the form of a new rule.
func (l *load) writer(b *browser) worker {
	return func(r *rand.Rand) error {
		number := l.number("f")
		a, at, err := b.post("/rule", url.Values{"unit": {"top"}, "number": {number}, "title": {"Skema " + number}, "text": {"Skriv ned, hvad der skete."}})
		l.mu.Lock()
		defer l.mu.Unlock()
		if err != nil {
			l.forms = append(l.forms, number)
			return err
		}
		if out, nothing := l.outage(a); out {
			if nothing {
				l.never = append(l.never, number)
			} else {
				l.forms = append(l.forms, number)
			}
			return errGone
		}
		id, ok := strings.CutPrefix(at, "/rule/")
		if a.status != http.StatusOK || !ok {
			l.wrong("a form that ends at "+at, a)
			return errWrong
		}
		l.rules[number] = &kept{rule: rule{ID: id, Number: number, Title: "Skema " + number, Version: 1}}
		l.told++
		return nil
	}
}

// person is somebody who was asked to read a text.
type person struct{ id, name, reading string }

var readLink = regexp.MustCompile(`/read/[A-Za-z0-9_-]{40,}`)

// reader confirms what people were asked to read, each by a new link.
func (l *load) reader(b *browser) worker {
	return func(r *rand.Rand) error {
		l.mu.Lock()
		if len(l.asked) == 0 {
			l.t.Error("nobody is left who could read")
			l.mu.Unlock()
			return errWrong
		}
		p := l.asked[0]
		l.asked = l.asked[1:]
		l.mu.Unlock()
		a, _, err := b.post("/reading/"+p.reading+"/link", url.Values{"person": {p.id}, "name": {p.name}})
		if err != nil {
			return err
		}
		path := readLink.FindString(a.body)
		if a.status == http.StatusOK && path != "" {
			a, _, err = b.post(path, url.Values{"initials": {p.name}})
		}
		l.mu.Lock()
		defer l.mu.Unlock()
		if err != nil {
			l.unsure[p.id] = true
			return err
		}
		if a.status != http.StatusOK || path == "" {
			l.wrong("a receipt", a)
			return errWrong
		}
		l.signed[p.id] = true
		l.told++
		return nil
	}
}

// tester sends test mails to oneself.
func (l *load) tester(b *browser) worker {
	return func(r *rand.Rand) error {
		a, _, err := b.post("/mail/try", url.Values{})
		if err != nil {
			return err
		}
		l.mu.Lock()
		defer l.mu.Unlock()
		if a.status != http.StatusOK {
			l.wrong("a test mail", a)
			return errWrong
		}
		l.mails++
		l.told++
		return nil
	}
}

func (l *load) imported() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return len(l.imports)
}

const rowsOfFile = 700 // more than one part

// importer imports a spreadsheet, once.
func (l *load) importer(b *browser) worker {
	return func(r *rand.Rand) error {
		begins := "I-" + l.number("i") + "-"
		path, err := l.handIn(b, begins)
		if err != nil {
			return err
		}
		for begun := time.Now(); time.Since(begun) < time.Minute; time.Sleep(20 * time.Millisecond) { // the rows are tried beside everything else
			a, err := b.get(path)
			if err != nil {
				return err
			}
			if strings.Contains(a.body, path+"/save") {
				break
			}
		}
		a, _, err := b.post(path+"/save", url.Values{})
		if err != nil {
			return err
		}
		l.mu.Lock()
		defer l.mu.Unlock()
		if a.status != http.StatusOK {
			l.wrong("an import", a)
		}
		l.imports = append(l.imports, begins)
		l.told++
		return errEnough
	}
}

// handIn uploads a file and says what its columns are.
func (l *load) handIn(b *browser, begins string) (path string, err error) {
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	file, _ := form.CreateFormFile("file", "regler.csv")
	fmt.Fprintln(file, "Nr.;Regel;Sådan gør vi")
	for i := range rowsOfFile {
		fmt.Fprintf(file, "%s%03d;Fra en fil;Skriv ned, hvad der skete.\n", begins, i)
	}
	form.Close()
	res, err := b.client.Post(b.url+"/rule/import", form.FormDataContentType(), &body)
	a, err := read(res, err)
	if err != nil {
		return "", err
	}
	path = res.Request.URL.Path
	if a.status != http.StatusOK || !strings.HasPrefix(path, "/rule/import/file/") {
		l.t.Errorf("a file: %d at %s %.300s", a.status, path, a.body)
		return "", errWrong
	}
	a, _, err = b.post(path+"/columns", url.Values{"column-A": {"number"}, "column-B": {"title"}, "column-C": {"text"}})
	if err == nil && a.status != http.StatusOK {
		l.t.Errorf("its columns: %d %.300s", a.status, a.body)
		return "", errWrong
	}
	return path, err
}
