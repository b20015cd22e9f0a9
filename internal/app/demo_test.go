package app

import (
	"fmt"
	"maps"
	"slices"
	"testing"

	"vaern/internal/people"
	"vaern/internal/policy"
	"vaern/internal/problem"
	"vaern/internal/store"
	"vaern/internal/store/storetest"
	"vaern/internal/task"
)

// TestDemoHolds fills the demo municipality once for every database, and looks
// at it in every way that needs a municipality at work.
func TestDemoHolds(t *testing.T) {
	if testing.Short() {
		t.Skip("filling the demo takes seconds")
	}
	for _, at := range storetest.URLs(t) {
		t.Run(engineOf(at), func(t *testing.T) {
			c := &serve{Demo: true, place: place{Data: t.TempDir(), Database: at}}
			in, err := c.town(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { in.Close() })
			for _, rule := range []struct {
				name string
				try  func(*testing.T, *town)
			}{
				{"no page breaks for any role", pagesHold},
				{"no page links to a refusal", func(t *testing.T, in *town) {
					if engineOf(at) == "sqlite" { // what pages offer is the same on both
						linksLead(t, in)
					}
				}},
				{"total minus met is the length of the list", listsExplainNumbers},
				{"what is overdue leads to its rows", lateLeadsToItsRows},
				{"an own area comes first", ownAreaFirst},
				{"a record says what it serves as the policy does", servesAsThePolicySays},
				{"the ledger verifies", ledgerFits},
				{"the day's mail asks for many as the page asks for each", manyWaitAsEach},
				{"pages send few statements, however much there is", func(t *testing.T, in *town) { statementsAreFew(t, in, at) }},
			} {
				t.Run(rule.name, func(t *testing.T) { rule.try(t, in) })
			}
		})
	}
}

// ledgerFits verifies the ledger with the municipality's own key: a demo that is whole is signed.
func ledgerFits(t *testing.T, in *town) {
	v, err := in.Verify(in.all(t.Context()), policy.ReadLedger, in.key.Public)
	if err != nil || v.Fault != "" {
		t.Fatalf("the ledger does not verify: %s %v", v.Fault, err)
	}
	if v.Checkpoints == 0 {
		t.Error("nothing is signed")
	}
}

// manyWaitAsEach asks for what waits for every fifth person of the municipality, one by one and many at a time.
func manyWaitAsEach(t *testing.T, in *town) {
	err := in.Peek(t.Context(), func(q *store.Read) error {
		var ids []string
		n := 0
		if err := q.Rows(`SELECT id FROM person ORDER BY number`, nil, func(scan store.Scan) error {
			var id string
			err := scan(&id)
			if n++; n%5 == 0 {
				ids = append(ids, id)
			}
			return err
		}); err != nil {
			return err
		}
		roles, found := people.Table(in.roles), 0
		for some := range slices.Chunk(ids, 200) {
			actors, err := roles.Actors(q, some)
			if err != nil {
				return err
			}
			many, err := in.engine.Tasks.Waiting(q, slices.Collect(maps.Values(actors)))
			if err != nil {
				return err
			}
			for _, id := range some {
				actor, err := roles.Actor(q, id)
				if (problem.Of(err) == problem.NotFound) != (actors[id].ID == "") || err != nil && problem.Of(err) != problem.NotFound {
					return fmt.Errorf("%s: %w", id, err)
				}
				if err != nil {
					continue
				}
				if want, got := fmt.Sprint(actor), fmt.Sprint(actors[id]); want != got {
					t.Errorf("among many %s is\n%s\nalone\n%s", id, got, want)
				}
				theirs, err := q.Seen(actor, task.See)
				if err != nil {
					return err
				}
				each, err := in.engine.Tasks.Of(theirs)
				if err != nil {
					return err
				}
				found += len(each)
				if got, want := untitled(many[id]), untitled(each); !slices.Equal(got, want) {
					t.Errorf("for %s of many waits\n%s\nalone\n%s", actor.Name, got, want)
				}
			}
		}
		if found < 40 {
			t.Errorf("only %d tasks wait", found)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// untitled are tasks without their titles, in one order.
func untitled(all []task.Task) (out []string) {
	for _, t := range all {
		out = append(out, fmt.Sprint(t.Source.Key, t.Ref, t.Path, t.Due, t.Late))
	}
	slices.Sort(out)
	return out
}
