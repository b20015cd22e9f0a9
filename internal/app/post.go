package app

import (
	"context"
	"errors"
	"fmt"
	netmail "net/mail"
	"strings"
	"sync"
	"time"

	"vaern/internal/mail"
	"vaern/internal/notify"
	"vaern/internal/people"
	"vaern/internal/readers"
	"vaern/internal/register/attention"
	"vaern/internal/schedule"
)

// post says how mail is sent. Without a server none is.
type post struct {
	SMTP     string `name:"smtp" env:"VAERN_SMTP" help:"The mail server; smtps:// for TLS from the start. Without it no mail is sent." placeholder:"smtp://user:password@host:587"`
	MailFrom string `env:"VAERN_MAIL_FROM" help:"The address that mail comes from." placeholder:"MAIL"`
	MailHour int    `help:"The hour from which the day's mail is sent, where the municipality is." default:"7"`
}

// ready makes the town ready to send mail, if a server was named; base is the
// public address.
func (p post) ready(t *town, base string) error {
	if p.SMTP == "" {
		return nil
	}
	server, err := mail.ParseServer(p.SMTP)
	if err != nil {
		return err
	}
	if from, err := netmail.ParseAddress(p.MailFrom); err != nil || from.Name != "" || from.Address != p.MailFrom {
		return errors.New("--mail-from must be the one address that mail comes from, such as vaern@x.dk")
	}
	if base == "" {
		return errors.New("--smtp needs --url as well: a mail leads to the public address")
	}
	if p.MailHour < 0 || p.MailHour > 23 {
		return errors.New("--mail-hour is an hour from 0 to 23")
	}
	base = strings.TrimRight(base, "/")
	t.digest = &notify.Digest{Tasks: t.engine.Tasks, Roles: people.Table(t.roles), Base: base, Hour: p.MailHour, Door: readers.Desk.Door}
	t.sender = &mail.Sender{Store: t.Store, Server: server, From: p.MailFrom, Name: t.name, Base: base, Writers: t.digest.Writers()}
	t.days = append(t.days, t.digest.Job())
	return nil
}

// way is how this node sends mail, for the page that says how mail goes.
func (t *town) way() attention.Way {
	if t.sender == nil {
		return attention.Way{}
	}
	return attention.Way{On: true, Server: fmt.Sprintf("%s:%d", t.sender.Server.Host, t.sender.Server.Port), From: t.sender.From}
}

// errands are what is done again and again beside serving: each day's work,
// the outbox, and clearing away what has ended.
func (t *town) errands(ctx context.Context, jobs *sync.WaitGroup) {
	days := t.meters.days(t.days)
	jobs.Go(func() {
		for {
			t.attempt(ctx, "day", func(ctx context.Context) error { return schedule.Pass(ctx, t.Store, days) })
			if !sleep(ctx, time.Minute) {
				return
			}
		}
	})
	jobs.Go(func() {
		for {
			t.attempt(ctx, "sweep mail", func(ctx context.Context) error {
				return errors.Join(mail.Sweep(ctx, t.Store), notify.Sweep(ctx, t.Store))
			})
			if !sleep(ctx, 6*time.Hour) {
				return
			}
		}
	})
	if t.sender != nil {
		jobs.Go(func() { t.send(ctx) })
	}
}

// send empties the outbox every few seconds; a server that takes nothing is
// asked ever more seldom.
func (t *town) send(ctx context.Context) {
	const soon, seldom = 5 * time.Second, 5 * time.Minute
	for pause := soon; ; {
		failed := false
		t.attempt(ctx, "send mail", func(ctx context.Context) error {
			_, err := t.sender.Pass(ctx)
			failed = err != nil
			return err
		})
		if pause = min(2*pause, seldom); !failed {
			pause = soon
		}
		if !sleep(ctx, pause) {
			return
		}
	}
}
