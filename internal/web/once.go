package web

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"strings"
	"time"

	"vaern/internal/problem"
	"vaern/internal/store"

	"github.com/danielgtaylor/huma/v2"
)

const (
	onceHeader = "Idempotency-Key"
	onceFor    = 24 * time.Hour
)

// OnceParam describes the header that makes it safe to send a request again.
func OnceParam() *huma.Param {
	most := 255
	return &huma.Param{Name: onceHeader, In: "header", Schema: &huma.Schema{Type: "string", MaxLength: &most}, Example: "6f1c1f0e-2f7a-4a57-9a0a-6d6f3b8a2f11",
		Description: "A text of your own, new for every act. The same key and body within 24 hours gives the first answer again and makes nothing twice; the same key with another body is answered 422."}
}

// replay is an answer that was given before: the change it comes out of is not
// made again.
type replay struct{ *Answer }

func (replay) Error() string { return "answered before" }

// Once makes a change that a program may ask for again: within the change it
// looks for the answer that the key was given, and keeps the new one. So a
// crash leaves both the change and its answer, or neither.
func (c *Call) Once(w *store.Write, fn func() (*Answer, error)) (*Answer, error) {
	key := c.Header.Get(onceHeader)
	if key == "" {
		return fn()
	}
	if len(key) > 255 || strings.ContainsFunc(key, func(r rune) bool { return r < ' ' || r > '~' }) {
		return nil, problem.Field(onceHeader, "Nøglen skal være 1 til 255 almindelige tegn.", "The key must be 1 to 255 plain characters.")
	}
	sum := sha256.Sum256([]byte(c.Method + " " + c.URL.Path + "\n" + string(c.Body)))
	now, err := time.Parse(store.Time, w.Now)
	if err != nil {
		return nil, err
	}
	args := store.Args{"owner": c.owner(), "name": key, "request": hex.EncodeToString(sum[:]), "since": now.Add(-onceFor).Format(store.Time)}
	if err := earlier(w, args); err != nil {
		return nil, err
	}
	a, err := fn()
	if err != nil {
		return nil, err
	}
	if err := w.Also(`DELETE FROM work_answer WHERE owner = :owner AND name = :name`, args); err != nil {
		return nil, err // one that is too old
	}
	args["status"], args["tag"], args["location"], args["body"] = a.Status, a.Tag, a.Location, string(a.Body)
	return a, w.Also(`
		INSERT INTO work_answer (owner, name, request, status, tag, location, body, at)
		VALUES (:owner, :name, :request, :status, :tag, :location, :body, :now)`, args)
}

// owner is whose keys they are: a token's, or a person's who has none.
func (c *Call) owner() string {
	if c.Actor.Token != "" {
		return c.Actor.Token
	}
	return c.Actor.ID
}

// earlier returns the answer that the key was given, as an error.
func earlier(w *store.Write, args store.Args) error {
	var request string
	var a Answer
	var body string
	err := w.Row(`SELECT request, status, tag, location, body FROM work_answer WHERE owner = :owner AND name = :name AND at > :since`, args,
		&request, &a.Status, &a.Tag, &a.Location, &body)
	switch {
	case problem.Of(err) == problem.NotFound && err != nil:
		return nil
	case err != nil:
		return err
	case request != args["request"]:
		return problem.Field(onceHeader, "Nøglen er brugt til noget andet. Brug en ny til hver handling.", "The key was used for something else. Use a new one for every act.")
	}
	a.Body = []byte(body)
	return replay{&a}
}

// again turns an answer that was given before back into an answer.
func again(a *Answer, err error) (*Answer, error) {
	var before replay
	if errors.As(err, &before) {
		before.Replayed = true
		return before.Answer, nil
	}
	return a, err
}

// Forget removes the answers that are kept no longer.
func Forget(ctx context.Context, s *store.Store) error {
	return s.Work(ctx, func(w *store.Work) error {
		now, err := time.Parse(store.Time, w.Now)
		if err != nil {
			return err
		}
		return w.Do(`DELETE FROM work_answer WHERE at < :since`, store.Args{"since": now.Add(-onceFor).Format(store.Time)})
	})
}
