package app

import (
	"context"
	"errors"
	"fmt"
	"net/mail"
	"strings"
	"time"

	"vaern/internal/access"
	"vaern/internal/field"
	"vaern/internal/ledger"
	"vaern/internal/people"
	"vaern/internal/problem"
	"vaern/internal/record"
	"vaern/internal/signin"
	"vaern/internal/store"
)

type initial struct {
	place
	Name  string `help:"What the municipality is called." required:"" placeholder:"\"X Kommune\""`
	Admin string `help:"Mail address of the first person: administrator and coordinator." required:"" placeholder:"MAIL"`
	URL   string `help:"The address people will use, for the link." default:"http://127.0.0.1:8080"`
}

// Run makes an empty municipality.
func (c *initial) Run(call *call) error {
	if a, err := mail.ParseAddress(c.Admin); err != nil || a.Address != c.Admin {
		return errors.New("--admin takes a mail address, as anna@example.dk")
	}
	t, err := c.prepare(call, now)
	if err != nil {
		return err
	}
	defer t.Close()
	person, err := t.unentered(call, c.place, c.Admin)
	if err != nil {
		return err
	}
	if person == "" {
		if err := t.begin(call, c.Data, false); err != nil {
			return err
		}
		if person, err = t.found(call, c.Name, c.Admin); err != nil {
			return err
		}
	}
	if err := t.sign(call); err != nil {
		return err
	}
	link, err := t.door.Link(call, person, signin.SignInLink, 7*24*time.Hour)
	if err != nil {
		return err
	}
	fmt.Fprintf(call.out, "%s is ready in %s.\nSign in once with this link, within seven days:\n%s%s\n", c.Name, c.Data, strings.TrimRight(c.URL, "/"), link)
	return nil
}

// unentered is the first person of a municipality that is there already but
// that nobody can enter yet: making it was cut short before the link was
// printed, or the link was lost.
func (t *town) unentered(ctx context.Context, p place, mail string) (person string, err error) {
	origin, head, err := t.ledger(ctx)
	if err != nil || head.Size == 0 || ledger.Demo(origin) {
		return "", err
	}
	err = t.Peek(ctx, func(q *store.Read) error {
		return q.Row(`SELECT id FROM person WHERE mail = :mail AND NOT EXISTS (SELECT 1 FROM credential)`, store.Args{"mail": mail}, &person)
	})
	if problem.Of(err) == problem.NotFound {
		return "", nil
	}
	if err == nil {
		err = t.know(ctx, p.Data)
	}
	return person, err
}

// begin names the ledger of an empty database and makes its key. A database
// that got its name but no municipality, since founding it was refused or cut
// short, is empty still.
func (t *town) begin(ctx context.Context, data string, demo bool) error {
	origin, head, err := t.ledger(ctx)
	if err != nil {
		return err
	}
	if head.Size > 0 || origin != "" && ledger.Demo(origin) != demo {
		return errors.New("there is a municipality here already; nothing was changed")
	}
	if other, err := ledger.LoadKey(data, ""); err == nil && other.Origin != origin { // two ledgers under one key could stand in for each other
		return fmt.Errorf("%s holds the key of another ledger, %s; choose an empty folder", data, other.Origin)
	}
	t.demo = demo
	if origin == "" {
		origin = ledger.NewOrigin(demo)
		if err := t.search.Begin(ctx); err != nil {
			return err
		}
		if err := t.Begin(ctx, origin); err != nil { // before the key: a key alone could not be told from another ledger's
			return err
		}
	}
	t.key, err = ledger.LoadKey(data, origin)
	return err
}

// found makes what every municipality has: itself, its three bodies, and the
// first person, who is administrator and coordinator until somebody else is.
func (t *town) found(ctx context.Context, name, mail string) (person string, err error) {
	founder := access.With(ctx, access.Machine("init", t.everything()...))
	head := record.Head{Unit: people.Top}
	err = t.Change(founder, store.Intent{Verb: "municipality.found", Need: "unit.create"}, func(w *store.Write) error {
		if err := people.FoundTop(w); err != nil {
			return err
		}
		top := people.Unit{Head: record.Head{ID: people.Top, Unit: people.Top}, Number: "1", Name: name, Kind: "municipality"}
		if err := people.Units.Add(w.As("unit.create"), &top); err != nil {
			return err
		}
		for _, b := range []people.Body{
			{Head: head, Name: "Kommunalbestyrelsen", Kind: people.Council},
			{Head: head, Name: "Direktionen", Kind: people.ExecutiveBoard},
			{Head: head, Name: "Informationssikkerhedsudvalget", Kind: people.Committee},
		} {
			if err := people.Bodies.Add(w.As("body.create"), &b); err != nil {
				return err
			}
		}
		position := people.Position{Head: head, Title: "Informationssikkerhedskoordinator"}
		if err := people.Positions.Add(w.As("position.create"), &position); err != nil {
			return err
		}
		p := people.Person{Head: head, Number: "1", Name: mail, Mail: mail, Category: "employee"}
		if err := people.Persons.Add(w.As("person.create"), &p); err != nil {
			return err
		}
		person = p.ID
		holding := people.Holding{Head: head, Person: p.ID, Position: position.ID, Starts: field.Date(w.Today)}
		if err := people.Holdings.Add(w.As("holding.create"), &holding); err != nil {
			return err
		}
		for _, role := range []access.Role{access.Administrator, access.Coordinator} {
			g := people.Grant{Head: head, Position: position.ID, Role: people.Role(role)}
			if err := people.Grants.Add(w.As("role_grant.create"), &g); err != nil {
				return err
			}
		}
		return nil
	})
	return person, err
}
