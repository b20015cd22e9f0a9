package signin

import (
	"net/http"
	"strings"

	"vaern/internal/access"
	"vaern/internal/problem"
	"vaern/internal/store"
)

// byToken identifies a program by the token in its Authorization header. A
// wrong token is an error, so that nobody takes it for no token.
func (d *Door) byToken(r *http.Request) (actor access.Actor, err error) {
	text, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	if !ok {
		return actor, nil
	}
	err = d.Store.Peek(r.Context(), func(q *store.Read) error {
		var person string
		if err := q.Row(`SELECT person FROM token WHERE hash_secret = :hash AND expires >= :today`, store.Args{"hash": hashed(text)}, &person); err != nil {
			return err
		}
		actor, err = d.Roles.Actor(q, person)
		return err
	})
	if problem.Of(err) == problem.NotFound {
		return access.Actor{}, problem.New(problem.Unknown, "Adgangen er ukendt eller udløbet.", "The token is unknown or has expired.")
	}
	return actor, err
}
