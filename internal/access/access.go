// Package access says who may do what, and where.
package access

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"vaern/internal/problem"
)

// Permission is a verb in a register, for example "document.edit".
type Permission string

// Role is a bundle of permissions, attached to a position.
type Role string

const (
	Administrator Role = "administrator" // configures; no content rights
	Coordinator   Role = "coordinator"   // runs the management system
	Director      Role = "director"      // municipal director, chairs the committee
	Executive     Role = "executive"     // a director's own area
	Manager       Role = "manager"       // a level-2 manager's area
	Owner         Role = "owner"         // owns systems, processes, data
	Committee     Role = "committee"     // decides as a member
	Council       Role = "council"       // elected
	DPO           Role = "dpo"           // reads all, advises, decides nothing
	Auditor       Role = "auditor"       // reads all, changes nothing
	Employee      Role = "employee"      // everybody

	// Holder is nobody's to give: everybody has it, and it reaches no unit. It
	// carries what one may do with records that one owns or is named in.
	Holder Role = "holder"
)

// Reach is where a permission holds: under some units, or everywhere.
type Reach struct {
	Whole bool     // the whole municipality
	Wide  bool     // a large part of it: a hint that changes speed, never rows
	Tops  []string // the units whose subtrees are reached: by seats of one's own before those one stands in for
}

// Actor is a person or a machine that acts, with what it may do and where.
type Actor struct {
	ID      string // person's id, or the name of a machine
	Name    string
	Machine bool
	May     map[Permission]Reach

	Token string // the token by which a program acts for the person; "" on a page
	Reads bool   // may look and change nothing, whatever else it may
}

// Can reports whether the actor may do p at all, somewhere.
func (a Actor) Can(p Permission) bool {
	_, ok := a.May[p]
	return ok && a.ID != "" && p != ""
}

// CanAt reports whether the actor may do p in a unit; above are the units over
// it, itself first. It is the predicate of Reach.Scope for one record.
func (a Actor) CanAt(p Permission, above []string) bool {
	r, ok := a.May[p]
	if !ok || a.ID == "" {
		return false
	}
	return r.Whole || slices.ContainsFunc(above, func(u string) bool { return slices.Contains(r.Tops, u) })
}

// Key is the same of reaches that reach alike: what is asked within them can be
// asked once.
func (r Reach) Key() string { return fmt.Sprint(r.Whole, r.Wide, r.Tops) }

// Scope is the one predicate that says which rows a reach admits; column holds
// the row's unit. The units stand as :top0, :top1 … A database that guesses the
// reach wrong is a hundred times slower, so for a wide reach an expression
// keeps it from starting at the index on the unit.
func (r Reach) Scope(column string) string {
	switch {
	case r.Whole:
		return `1 = 1`
	case len(r.Tops) == 0:
		return `1 = 0`
	}
	names := make([]string, len(r.Tops))
	for i := range r.Tops {
		names[i] = ":top" + strconv.Itoa(i)
	}
	if r.Wide {
		column += ` || ''`
	}
	return column + ` IN (SELECT unit FROM unit_under WHERE top IN (` + strings.Join(names, ", ") + `))`
}

// Machine returns what the program does by itself as a named actor with its
// own permissions, everywhere.
func Machine(name string, may ...Permission) Actor {
	a := Actor{ID: "machine:" + name, Name: name, Machine: true, May: map[Permission]Reach{}}
	for _, p := range may {
		a.May[p] = Reach{Whole: true}
	}
	return a
}

type key struct{}

// With returns a context that carries the actor.
func With(ctx context.Context, a Actor) context.Context { return context.WithValue(ctx, key{}, a) }

// Of returns the actor of the context; nobody, if there is none.
func Of(ctx context.Context) Actor {
	a, _ := ctx.Value(key{}).(Actor)
	return a
}

// Changes refuses an actor that may only look.
func (a Actor) Changes() error {
	if a.Reads {
		return problem.New(problem.Forbidden, "Adgangen giver kun lov til at læse. Lav en ny, hvis programmet også skal kunne ændre.",
			"The token may only read. Make another one if the program is to change things too.")
	}
	return nil
}

// Require returns the actor, or a problem: Unknown for nobody, Forbidden for
// an actor without the permission. The empty permission admits nobody.
func Require(ctx context.Context, p Permission) (Actor, error) {
	a := Of(ctx)
	if a.ID == "" {
		return Actor{}, problem.New(problem.Unknown, "Log ind for at fortsætte.", "Sign in to continue.")
	}
	if !a.Can(p) {
		return Actor{}, problem.Refused()
	}
	return a, nil
}
