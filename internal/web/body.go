package web

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"unicode/utf8"

	"vaern/internal/problem"
)

// largestBody is how much a program may send unless its operation says more.
const largestBody = 2 << 20

var (
	notJSON = problem.New(problem.WrongFormat, "Send indholdet som JSON: Content-Type: application/json.", "Send the body as JSON: Content-Type: application/json.")
	broken  = problem.New(problem.Unreadable, "Indholdet er ikke ét gyldigt JSON-objekt i UTF-8.", "The body is not one valid JSON object in UTF-8.")
)

// read reads what a program sends: JSON in UTF-8, and no more than most bytes.
func read(w http.ResponseWriter, r *http.Request, most int64) ([]byte, error) {
	if most == 0 {
		most = largestBody
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, most))
	var tooLarge *http.MaxBytesError
	if errors.As(err, &tooLarge) {
		return nil, problem.New(problem.TooLarge, fmt.Sprintf("Send højst %d kB ad gangen.", tooLarge.Limit>>10), fmt.Sprintf("Send at most %d kB at a time.", tooLarge.Limit>>10))
	}
	if err != nil {
		return nil, broken // it was cut off
	}
	kind, more, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	switch {
	case len(body) == 0 && r.Header.Get("Content-Type") == "":
		return nil, nil
	case err != nil, kind != "application/json" && kind != "application/merge-patch+json", more["charset"] != "" && !bytes.EqualFold([]byte(more["charset"]), []byte("utf-8")),
		r.Header.Get("Content-Encoding") != "":
		return nil, notJSON
	case !utf8.Valid(body):
		return nil, broken
	}
	return body, nil
}

// Member is one member of a JSON object.
type Member struct {
	Name  string
	Value json.RawMessage
}

// Members are the members of a JSON object, in its order. What is no object,
// has a name twice, or goes on after its end, is refused.
func Members(body []byte) (out []Member, err error) {
	d := json.NewDecoder(bytes.NewReader(body))
	if t, err := d.Token(); err != nil || t != json.Delim('{') {
		return nil, broken
	}
	seen := map[string]bool{}
	for d.More() {
		name, err := d.Token()
		if err != nil {
			return nil, broken
		}
		m := Member{Name: name.(string)} // what stands before a colon is text
		if err := d.Decode(&m.Value); err != nil {
			return nil, broken
		}
		if seen[m.Name] {
			return nil, problem.New(problem.Unreadable, fmt.Sprintf("%q står to gange i indholdet.", m.Name), fmt.Sprintf("%q stands twice in the body.", m.Name))
		}
		seen[m.Name] = true
		out = append(out, m)
	}
	if _, err := d.Token(); err != nil {
		return nil, broken
	}
	if _, err := d.Token(); err != io.EOF {
		return nil, broken
	}
	return out, nil
}

// List are the values of a JSON array.
func List(raw json.RawMessage) (out []json.RawMessage, err error) {
	if err := json.Unmarshal(raw, &out); err != nil || out == nil {
		return nil, broken
	}
	return out, nil
}
