// Package demo fills an empty database with the invented Nordkyst Kommune: its
// people and two years of work, done through the same code as real use.
package demo

import (
	"context"
	"fmt"
	"time"

	"vaern/internal/access"
	"vaern/internal/nordkyst"
	"vaern/internal/people"
	"vaern/internal/policy"
	"vaern/internal/register/control"
	"vaern/internal/signin"
	"vaern/internal/store"
)

// Password is what everybody in the demo signs in with.
const Password = "nordkyst-demo-2026"

// Clock is the clock of a demo's database: while it is filled it tells what it
// is set to, and the real time afterwards.
type Clock struct {
	real func() time.Time
	set  time.Time
}

// NewClock returns a clock that tells the real time.
func NewClock(real func() time.Time) *Clock { return &Clock{real: real} }

// Now tells the time. It moves on a little each time, as real ones do.
func (c *Clock) Now() time.Time {
	if c.set.IsZero() {
		return c.real()
	}
	c.set = c.set.Add(time.Millisecond)
	return c.set
}

// seeder fills one database.
type seeder struct {
	ctx     context.Context
	s       *store.Store
	engine  *policy.Engine
	clock   *Clock
	town    nordkyst.Municipality
	names   map[string]string // of units, by their keys there
	unit    map[string]string // keys of the invented municipality → ids here
	pos     map[string]string
	title   map[string]string // title of a position → id
	person  map[string]string
	body    map[string]string
	kinds   map[string]nordkyst.Person
	homes   map[string]string // position → unit
	leaving []people.Holding  // who has left by today, and when
	rules   map[string]string // numbers → ids
	done    []control.Control // in the order of the rules
	today   time.Time
	adopted string // the version of the policy that came meanwhile
	lost    string // id of the instruction about lost telephones
	coord   string // id of the coordinator, who does most of the work
}

// Seed fills the database. all are the permissions that there are: the founder
// of the demo has them.
func Seed(ctx context.Context, s *store.Store, engine *policy.Engine, clock *Clock, all []access.Permission) error {
	today := clock.real()
	d := &seeder{
		s: s, engine: engine, clock: clock, today: today, town: nordkyst.Make(today.Format(time.DateOnly)),
		names: map[string]string{}, unit: map[string]string{}, pos: map[string]string{}, title: map[string]string{}, person: map[string]string{}, body: map[string]string{},
	}
	founder := access.Machine("demo", all...)
	d.ctx = access.With(ctx, founder)
	defer func() { clock.set = time.Time{} }()
	d.at(today.AddDate(-2, 0, 0))
	for _, step := range []struct {
		name string
		do   func() error
	}{
		{"units", d.units}, {"positions", d.positions}, {"people", d.people}, {"bodies", d.bodies}, {"passwords", d.passwords},
		{"policy", d.policy}, {"rules", d.handbook}, {"controls", d.controls}, {"obligations", d.obligations}, {"areas", d.areas}, {"documents", d.documents}, {"years", d.years}, {"warts", d.warts},
	} {
		if err := step.do(); err != nil {
			return fmt.Errorf("demo: %s: %w", step.name, err)
		}
	}
	return nil
}

// at sets the clock, never back.
func (d *seeder) at(t time.Time) {
	if t.After(d.clock.set) {
		d.clock.set = t
	}
}

// as makes somebody of the municipality act from now on, with the founder's
// permissions.
func (d *seeder) as(person string) context.Context {
	a := access.Of(d.ctx)
	a.ID, a.Machine = person, false
	return access.With(d.ctx, a)
}

const chunk = 500 // records in one change

// each does something for many, a chunk in a transaction.
func each[T any](d *seeder, ctx context.Context, verb string, need access.Permission, all []T, fn func(*store.Write, T) error) error {
	for len(all) > 0 {
		part := all[:min(chunk, len(all))]
		all = all[len(part):]
		err := d.s.Change(ctx, store.Intent{Verb: verb, Need: need}, func(w *store.Write) error {
			for _, x := range part {
				if err := fn(w, x); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// Guests are those whom everybody may be in the demo.
func Guests(today string) (out []signin.Guest) {
	town := nordkyst.Make(today)
	mail := map[string]nordkyst.Person{}
	for _, p := range town.Persons {
		mail[p.Key] = p
	}
	for _, l := range town.Logins {
		p := mail[l.Person]
		out = append(out, signin.Guest{Name: p.Name, Mail: p.Mail, What: l.What, Password: Password})
	}
	return out
}
