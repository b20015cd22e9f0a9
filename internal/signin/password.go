package signin

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"fmt"
	"strings"

	"vaern/internal/access"
	"vaern/internal/people"
	"vaern/internal/problem"
	"vaern/internal/ref"
	"vaern/internal/store"

	"golang.org/x/crypto/argon2"
)

// What a password costs to try: 19 MiB, two passes (OWASP's least for argon2id).
const (
	memory  = 19 * 1024
	passes  = 2
	keySize = 32
)

// turns bounds how many passwords are tried at once, and so the memory.
var turns = make(chan struct{}, 4)

// Hash returns a password as it is kept.
func Hash(password string) string {
	salt := make([]byte, 16)
	rand.Read(salt)
	return "argon2id$" + base64.RawStdEncoding.EncodeToString(salt) + "$" + base64.RawStdEncoding.EncodeToString(derive(password, salt))
}

// derive does the costly work; whoever tries passwords side by side waits.
func derive(password string, salt []byte) []byte {
	turns <- struct{}{}
	defer func() { <-turns }()
	return argon2.IDKey([]byte(password), salt, passes, memory, 1, keySize)
}

// nobody is tried when there is no such account, so that the answer takes as
// long and user names cannot be listed. No password is known that fits it.
var nobody = "argon2id$" + base64.RawStdEncoding.EncodeToString(make([]byte, 16)) + "$" + base64.RawStdEncoding.EncodeToString(make([]byte, keySize))

func fits(kept, password string) bool {
	if kept == "" {
		kept = nobody
	}
	parts := strings.Split(kept, "$")
	if len(parts) != 3 {
		return false
	}
	salt, err1 := base64.RawStdEncoding.DecodeString(parts[1])
	want, err2 := base64.RawStdEncoding.DecodeString(parts[2])
	return err1 == nil && err2 == nil && subtle.ConstantTimeCompare(derive(password, salt), want) == 1
}

// SetPassword gives the person who acts a password, and ends the person's
// sessions elsewhere.
func (d *Door) SetPassword(ctx context.Context, person, password string) error {
	if err := d.choosable(ctx, person, password); err != nil {
		return err
	}
	kept := Hash(password)
	return d.Store.Change(as(ctx, person, "credential.set"), store.Intent{Verb: "credential.password", Need: "credential.set"}, func(w *store.Write) error {
		return PutPassword(w, person, kept)
	})
}

// PutPassword stores a password that Hash made.
func PutPassword(w *store.Write, person, kept string) error {
	args := store.Args{"id": person, "password": kept}
	about := ref.Ref{Kind: "credential", ID: person}
	var n int
	if err := w.Row(`SELECT count(*) FROM credential WHERE id = :id`, args, &n); err != nil {
		return err
	}
	for _, q := range []string{`DELETE FROM work_session WHERE person = :id`, `DELETE FROM work_link WHERE person = :id`} {
		if err := w.Also(q, args); err != nil {
			return err
		}
	}
	if n == 0 {
		return w.Do(about, `INSERT INTO credential (id, version, updated_at, updated_by, password_secret, totp_secret, totp)
			VALUES (:id, 1, :now, :actor, :password, '', 0)`, args)
	}
	return w.Do(about, `UPDATE credential SET version = version + 1, updated_at = :now, updated_by = :actor, password_secret = :password
		WHERE id = :id`, args)
}

// try checks mail and password against throttle and store, and returns the
// person and whether a code is still to be asked for.
func (d *Door) try(ctx context.Context, mail, password, address string) (person string, code bool, err error) {
	mail = strings.ToLower(strings.TrimSpace(mail))
	buckets := []string{"mail " + access.Hashed(mail), addressBucket + address}
	// One try at a time for each account: a burst would otherwise pass before
	// the first failure counts.
	lock := d.gate(buckets[0])
	lock.Lock()
	defer lock.Unlock()
	if err := d.throttled(ctx, buckets); err != nil {
		return "", false, err
	}
	var kept string
	err = d.Store.Peek(ctx, func(q *store.Read) error {
		var totp int
		err := q.Row(`
			SELECT p.id, c.password_secret, c.totp FROM person p JOIN credential c ON c.id = p.id
			WHERE p.mail = :mail AND `+people.Here, store.Args{"mail": mail}, &person, &kept, &totp)
		code = totp == 1
		return err
	})
	if err != nil && problem.Of(err) != problem.NotFound {
		return "", false, err
	}
	if !fits(kept, password) {
		return "", false, d.failed(ctx, person, buckets, problem.New(problem.Invalid,
			"Mail eller adgangskode passer ikke. Prøv igen, eller bed koordinatoren om et link til at logge ind.",
			"Mail or password does not fit. Try again, or ask the coordinator for a sign-in link."))
	}
	return person, code, d.forget(ctx, buckets[:1])
}

// presents checks the password of somebody who is signed in already, and
// counts tries as at the door: a session left open opens nothing more.
func (d *Door) presents(ctx context.Context, person, kept, password string, wrong error) error {
	buckets := []string{"own " + person}
	lock := d.gate(buckets[0])
	lock.Lock()
	defer lock.Unlock()
	if err := d.throttled(ctx, buckets); err != nil {
		return err
	}
	if !fits(kept, password) {
		return d.failed(ctx, person, buckets, wrong)
	}
	return d.forget(ctx, buckets)
}

func (d *Door) kept(ctx context.Context, person string) (password, totp string, on bool, err error) {
	var flag int
	err = d.Store.Peek(ctx, func(q *store.Read) error {
		return q.Row(`SELECT password_secret, totp_secret, totp FROM credential WHERE id = :id`, store.Args{"id": person}, &password, &totp, &flag)
	})
	if problem.Of(err) == problem.NotFound {
		err = nil
	}
	if err != nil {
		err = fmt.Errorf("credential: %w", err)
	}
	return password, totp, flag == 1, err
}
