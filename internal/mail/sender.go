package mail

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"vaern/internal/i18n"
	"vaern/internal/store"

	"github.com/wneessen/go-mail"
)

// Sender sends what is due in the outbox. Several may, on several nodes: each
// mail is claimed by one, for a while.
type Sender struct {
	Store   *store.Store
	Server  Server
	From    string // address
	Name    string // the municipality's
	Base    string // the public address, for links
	Writers map[string]Writer
}

// Writer writes a mail when it is about to be sent; about is what follows the
// writer's name and a slash in the outbox.
type Writer func(ctx context.Context, s *store.Store, person, about string) (Content, error)

// Content is what a writer wrote.
type Content struct {
	Lang          i18n.Lang
	Subject, Text string // no text: there is nothing to say any more
	Path, Why     string
	Sent          func(*store.Work) error // what must be remembered when it was sent
}

const (
	atOnce = 50               // mails that are claimed together
	lease  = 10 * time.Minute // how long a claim lasts after its owner was heard of last
	skew   = 5 * time.Minute  // how far the clocks of two nodes may be apart
)

// ready says of a mail that it is due and nobody's. The first try waits for
// nothing, and a time that lies further ahead than anything waits was written
// before the clock was set back.
const ready = `state = :waiting AND (due <= :now OR tries = 0 OR due > :never) AND (lease <= :now OR lease > :dead)`

func (s *Sender) times(args store.Args) store.Args {
	args["waiting"], args["never"], args["dead"] = waiting, s.from(pauses[len(pauses)-1]+skew), s.from(lease+skew)
	return args
}

// pauses are how long to wait after each try that failed; after the last the
// mail is given up.
var pauses = []time.Duration{time.Minute, 5 * time.Minute, 15 * time.Minute, time.Hour, 3 * time.Hour, 8 * time.Hour, 24 * time.Hour, 24 * time.Hour}

// claimed is a mail that this sender has taken upon itself.
type claimed struct {
	id, person, address, lang, subject, text, why, path, writer string
	tries                                                       int
}

// Pass sends what is due, and returns how many mails were sent. A server that
// cannot be reached, or takes none, is an error; the mails wait.
func (s *Sender) Pass(ctx context.Context) (n int, err error) {
	for {
		taken, sent, err := s.round(ctx)
		if n += sent; err != nil || taken < atOnce {
			return n, err
		}
	}
}

func (s *Sender) round(ctx context.Context) (taken, sent int, err error) {
	if due, err := s.due(ctx); err != nil || !due {
		return 0, 0, err
	}
	claim := rand.Text()
	mails, err := s.claim(ctx, claim)
	if err != nil || len(mails) == 0 { // another sender was faster, or they are about to be withdrawn
		return 0, 0, err
	}
	defer func() { // whatever happened, others need not wait for the lease
		err = errors.Join(err, s.release(context.WithoutCancel(ctx), claim))
	}()
	client, err := s.Server.client()
	if err != nil {
		return 0, 0, s.trouble(ctx, err)
	}
	if err := client.DialWithContext(ctx); err != nil {
		return 0, 0, s.trouble(ctx, err)
	}
	defer client.Close()
	for _, m := range mails {
		if err := ctx.Err(); err != nil {
			return len(mails), sent, err
		}
		done, err := s.send(ctx, client, claim, m)
		if err != nil {
			return len(mails), sent, s.trouble(ctx, err)
		}
		if done {
			sent++
		}
	}
	return len(mails), sent, nil
}

func (s *Sender) due(ctx context.Context) (bool, error) {
	n := 0
	err := s.Store.Peek(ctx, func(q *store.Read) error {
		return q.Row(`SELECT count(*) FROM (SELECT 1 FROM work_mail WHERE `+ready+` LIMIT 1) AS one`, s.times(store.Args{}), &n)
	})
	return n > 0, err
}

// claim takes the mails that are due and nobody's, the longest due first, and
// leaves those that a change is about to withdraw: two that wait for each
// other's rows would both be lost.
func (s *Sender) claim(ctx context.Context, claim string) (out []claimed, err error) {
	err = s.Store.Work(ctx, func(w *store.Work) error {
		args := s.times(store.Args{"claim": claim, "lease": s.from(lease), "most": atOnce})
		if err := w.Do(`
			UPDATE work_mail SET claim = :claim, lease = :lease WHERE id IN (
				SELECT id FROM work_mail WHERE `+ready+` ORDER BY due, id LIMIT :most :unheld)`, args); err != nil {
			return err
		}
		return w.Rows(`SELECT id, person, address, lang, subject, text, why, path, writer, tries FROM work_mail WHERE claim = :claim ORDER BY due, id`, args,
			func(scan store.Scan) error {
				var m claimed
				err := scan(&m.id, &m.person, &m.address, &m.lang, &m.subject, &m.text, &m.why, &m.path, &m.writer, &m.tries)
				out = append(out, m)
				return err
			})
	})
	return out, err
}

// release gives back what was claimed and not dealt with.
func (s *Sender) release(ctx context.Context, claim string) error {
	return s.mark(ctx, `UPDATE work_mail SET claim = '', lease = '' WHERE claim = :claim AND state = :waiting`, store.Args{"claim": claim, "waiting": waiting}, nil)
}

// send sends one mail and remembers how it went. An error is one of the way to
// the server, and no fault of the mail's.
func (s *Sender) send(ctx context.Context, client *mail.Client, claim string, m claimed) (sent bool, err error) {
	mine := store.Args{"id": m.id, "claim": claim, "lease": s.from(lease)}
	ours := 0
	err = s.mark(ctx, `UPDATE work_mail SET lease = :lease WHERE id = :id AND claim = :claim`, mine, func(w *store.Work) error {
		return w.Row(`SELECT count(*) FROM work_mail WHERE id = :id AND claim = :claim`, mine, &ours)
	})
	if err != nil || ours == 0 { // those before it took longer than the lease: another has it, or it was withdrawn
		return false, err
	}
	content, err := s.content(ctx, m)
	if err != nil {
		return false, s.later(ctx, claim, m, err.Error())
	}
	if content.Text == "" {
		return false, s.mark(ctx, `DELETE FROM work_mail WHERE id = :id AND claim = :claim`, mine, nil)
	}
	letter, err := s.letter(m, content)
	if err != nil {
		return false, s.refuse(ctx, claim, m, err.Error())
	}
	err = client.Send(letter)
	if letter.IsDelivered() { // what the server said afterwards is about the connection
		err = nil
	}
	switch verdict(err) {
	case fine:
		mine["sent"], mine["subject"] = gone, content.Subject
		return true, s.mark(ctx, `UPDATE work_mail SET state = :sent, ended = :now, subject = :subject, text = '', claim = '', lease = '', answer = '' WHERE id = :id AND claim = :claim`, mine, func(w *store.Work) error {
			if content.Sent == nil {
				return worked(w)
			}
			return errors.Join(content.Sent(w), worked(w))
		})
	case never:
		return false, s.refuse(ctx, claim, m, answer(err))
	case notNow:
		return false, s.later(ctx, claim, m, answer(err))
	}
	if m.tries > 2 { // perhaps it is this mail that breaks the connection
		err = errors.Join(err, s.later(ctx, claim, m, err.Error()))
	} else {
		err = errors.Join(err, s.mark(ctx, `UPDATE work_mail SET tries = tries + 1 WHERE id = :id AND claim = :claim`, mine, nil))
	}
	return false, err
}

func (s *Sender) content(ctx context.Context, m claimed) (Content, error) {
	if m.writer == "" {
		return Content{Lang: i18n.Parse(m.lang), Subject: m.subject, Text: m.text, Path: m.path, Why: m.why}, nil
	}
	name, about, _ := strings.Cut(m.writer, "/")
	write, ok := s.Writers[name]
	if !ok {
		return Content{}, fmt.Errorf("nobody writes %q", m.writer)
	}
	return write(ctx, s.Store, m.person, about)
}

// later lets a mail wait for its next try, or gives it up.
func (s *Sender) later(ctx context.Context, claim string, m claimed, why string) error {
	if m.tries >= len(pauses) {
		return s.refuse(ctx, claim, m, why)
	}
	return s.mark(ctx, `UPDATE work_mail SET tries = tries + 1, due = :due, answer = :answer, claim = '', lease = '' WHERE id = :id AND claim = :claim`,
		store.Args{"id": m.id, "claim": claim, "due": s.from(pauses[m.tries]), "answer": short(why)}, nil)
}

func (s *Sender) refuse(ctx context.Context, claim string, m claimed, why string) error {
	return s.mark(ctx, `UPDATE work_mail SET state = :refused, ended = :now, answer = :answer, claim = '', lease = '' WHERE id = :id AND claim = :claim`,
		store.Args{"id": m.id, "claim": claim, "refused": refused, "answer": short(why)}, nil)
}

// trouble remembers that the server could not be reached or takes no mail.
func (s *Sender) trouble(ctx context.Context, why error) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	return errors.Join(why, s.way(ctx, `UPDATE work_mail_way SET failed = :now, fault = :fault`, store.Args{"fault": short(why.Error())}))
}

// mark changes the outbox, and what follows from that.
func (s *Sender) mark(ctx context.Context, query string, args store.Args, also func(*store.Work) error) error {
	return s.Store.Work(context.WithoutCancel(ctx), func(w *store.Work) error { // what was sent was sent
		if err := w.Do(query, args); err != nil {
			return err
		}
		if also == nil {
			return nil
		}
		return also(w)
	})
}

func worked(w *store.Work) error {
	return way(w, `UPDATE work_mail_way SET worked = :now, fault = ''`, nil)
}

func (s *Sender) way(ctx context.Context, query string, args store.Args) error {
	return s.Store.Work(context.WithoutCancel(ctx), func(w *store.Work) error { return way(w, query, args) })
}

func way(w *store.Work, query string, args store.Args) error {
	if err := w.Do(`INSERT INTO work_mail_way (one, worked, failed, fault) VALUES (1, '', '', '') ON CONFLICT (one) DO NOTHING`, nil); err != nil {
		return err
	}
	return w.Do(query, args)
}

// from is an instant so long from now.
func (s *Sender) from(d time.Duration) string { return from(s.Store, d) }

func from(s *store.Store, d time.Duration) string {
	return s.Clock().Add(d).UTC().Truncate(time.Microsecond).Format(store.Time)
}

// short is an answer as it is kept: one line of text, and no more than says something.
func short(text string) string {
	text = strings.Map(func(r rune) rune {
		if !unicode.IsPrint(r) || r == utf8.RuneError { // nor what turns the line round
			return ' '
		}
		return r
	}, text)
	r := []rune(strings.Join(strings.Fields(text), " "))
	return string(r[:min(len(r), 300)])
}
