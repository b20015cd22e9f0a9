package app

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"vaern/internal/access"
	"vaern/internal/ledger"
	"vaern/internal/mail"
	"vaern/internal/module"
	"vaern/internal/notify"
	"vaern/internal/people"
	"vaern/internal/policy"
	"vaern/internal/problem"
	"vaern/internal/progress"
	"vaern/internal/schedule"
	"vaern/internal/search"
	"vaern/internal/signin"
	"vaern/internal/store"
)

// place says where a municipality is kept.
type place struct {
	Data     string `help:"Folder with the database, the files and the keys." default:"data" type:"path" placeholder:"DIR"`
	Database string `help:"A PostgreSQL database instead of the one in the folder." placeholder:"postgres://…"`
}

// acting is a place and who acts there.
type acting struct {
	place
	As string `help:"Mail address of the person who acts; the first administrator unless told otherwise." placeholder:"MAIL"`
}

// town is one opened municipality.
type town struct {
	*store.Store
	engine *policy.Engine
	search *search.Engine
	door   *signin.Door
	meters meters
	desk   *progress.Desk // what takes longer than a request, while it is served
	key    *ledger.Key
	data   string // the folder with the files
	roles  module.Roles
	sender *mail.Sender // nil where no mail is sent, as is the day's mail
	digest *notify.Digest
	days   []schedule.Job // what is done every day
	name   string
	demo   bool
}

func (p place) url() string {
	if p.Database != "" {
		return p.Database
	}
	return filepath.Join(p.Data, databaseFile)
}

// open opens a municipality that is there. Its clock is the real one.
func (p place) open(ctx context.Context) (*town, error) {
	if _, err := os.Stat(p.url()); p.Database == "" && errors.Is(err, os.ErrNotExist) {
		return nil, fmt.Errorf("there is no municipality in %s; make one with: vaern init --data %s --name NAME --admin MAIL", p.Data, p.Data)
	}
	t, err := p.prepare(ctx, now)
	if err != nil {
		return nil, err
	}
	_, head, err := t.ledger(ctx)
	if err == nil && head.Size == 0 {
		err = errors.New("the database is empty; make a municipality with: vaern init --name NAME --admin MAIL")
	}
	if err == nil {
		err = t.know(ctx, p.Data)
	}
	if err != nil {
		t.Close()
		return nil, err
	}
	return t, nil
}

// prepare opens the database and gathers the modules; there may be nothing in
// it yet.
func (p place) prepare(ctx context.Context, clock func() time.Time) (*town, error) {
	if err := os.MkdirAll(p.Data, 0o700); err != nil {
		return nil, fmt.Errorf("the data folder: %w", err)
	}
	engine := policy.NewEngine(nil, Modules())
	s, err := store.Open(ctx, p.url(), clock, module.Schemas(engine.Modules)...)
	if err != nil {
		return nil, err
	}
	engine.Store = s
	t := &town{data: p.Data, Store: s, engine: engine, search: search.NewEngine(s, engine.Modules), roles: module.Table(engine.Modules)}
	t.roles.Grant([]access.Role{access.Coordinator, access.Administrator}, signin.AllTokens).Grant([]access.Role{access.Employee}, signin.OwnTokens).Grant([]access.Role{access.Administrator}, signin.DemandNeed)
	for _, m := range engine.Modules {
		t.days = append(t.days, m.Days...)
	}
	t.meters = newMeters(t)
	t.door = &signin.Door{Store: s, Roles: people.Table(t.roles), Tried: t.meters.tried}
	return t, nil
}

// ledger is the ledger's name and how far it has come; an empty database has
// neither.
func (t *town) ledger(ctx context.Context) (origin string, head store.Head, err error) {
	if origin, err = t.Origin(ctx); err != nil || origin == "" {
		return "", head, err
	}
	err = t.Peek(ctx, func(q *store.Read) error {
		head, err = q.Head()
		return err
	})
	return origin, head, err
}

// know reads what the municipality is called, and its key.
func (t *town) know(ctx context.Context, data string) error {
	origin, err := t.Origin(ctx)
	if err != nil {
		return err
	}
	t.demo = ledger.Demo(origin)
	if t.key, err = ledger.LoadKey(data, ""); err != nil {
		return err
	}
	if t.key.Origin != origin {
		return fmt.Errorf("the key in %s is of the ledger %s, the database's is %s", data, t.key.Origin, origin)
	}
	return t.Peek(ctx, func(q *store.Read) error {
		return q.Row(`SELECT name FROM unit WHERE id = :top`, store.Args{"top": people.Top}, &t.name)
	})
}

// as returns a context in which a person acts: by mail address, or the first
// who was given the role of administrator.
func (t *town) as(ctx context.Context, mail string) (context.Context, error) {
	var actor access.Actor
	err := t.Peek(ctx, func(q *store.Read) (err error) {
		var id string
		if mail == "" {
			err = q.Row(`
				SELECT h.person FROM role_grant g JOIN holding h ON h.position = g.position
				WHERE g.role = 'administrator' AND h.starts <= :today AND (h.ends IS NULL OR h.ends >= :today)
				ORDER BY g.id, h.id LIMIT 1`, nil, &id)
		} else {
			id, err = people.ByMail(q, mail)
		}
		if err == nil {
			actor, err = t.door.Roles.Actor(q, id)
		}
		return err
	})
	if problem.Of(err) == problem.NotFound {
		return nil, fmt.Errorf("nobody with access has the mail address %q", mail)
	}
	return access.With(ctx, actor), err
}

// actor loads a person as one who acts today.
func (t *town) actor(ctx context.Context, person string) (a access.Actor, err error) {
	err = t.Peek(ctx, func(q *store.Read) error {
		a, err = t.door.Roles.Actor(q, person)
		return err
	})
	return a, err
}

// enter opens the municipality with the person in the context who acts there.
func (a acting) enter(ctx context.Context) (*town, context.Context, error) {
	t, err := a.open(ctx)
	if err != nil {
		return nil, nil, err
	}
	ctx, err = t.as(ctx, a.As)
	if err != nil {
		t.Close()
		return nil, nil, err
	}
	return t, ctx, nil
}

// everything is every permission that there is: what founding a municipality
// and filling a demo need.
func (t *town) everything() []access.Permission {
	all := []access.Permission{"measure.write", "credential.set"}
	for _, may := range t.roles {
		all = append(all, may...)
	}
	return all
}
