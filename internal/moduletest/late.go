package moduletest

import (
	"net/url"
	"slices"

	"vaern/internal/access"
	"vaern/internal/field"
	"vaern/internal/record"
	"vaern/internal/ref"
	"vaern/internal/store"
)

// late: what is past a deadline is counted where it is, as many as the list
// behind the number has; what no longer counts is not late, nor is anything
// told of what is out of reach.
func late(t *try) {
	due, ok := t.the(func(f field.Field) bool { return f.Deadline })
	if !ok {
		t.Skip("nothing in it has a deadline")
	}
	mine := []string{idOf(t.create(0, "a")), idOf(t.create(1, "a")), idOf(t.create(2, "a"))}
	t.as("bo")
	other := idOf(t.create(2*5*7*4*60+1, "b"))
	t.as("anna")
	t.date(mine[2], due.Name, "2999-01-01")
	late := slices.DeleteFunc(t.late(), func(id string) bool { return slices.Contains(mine, id) }) // what the test stands on may be of the register too
	late = append(late, mine[0], mine[1])
	for _, id := range []string{mine[0], mine[1], other} {
		t.date(id, due.Name, "2000-01-01")
	}
	if until, ok := t.the(func(f field.Field) bool { return f.Until }); ok {
		t.date(mine[1], until.Name, "2000-01-02")
		late = late[:len(late)-1]
	}
	slices.Sort(late)
	if found := t.late(); !slices.Equal(found, late) {
		t.Errorf("%v are late, want %v", found, late)
	}
}

// late are the records that are counted as late, by the lists behind the numbers.
func (t *try) late() (ids []string) {
	t.Helper()
	err := t.s.View(access.With(t.Context(), t.actor), access.Permission(t.m.Name+".see"), func(q *store.Read) error {
		all, err := record.LateBelow(q, "top")
		for _, l := range all {
			if l.Kind != t.m.Name {
				continue
			}
			behind := t.found(url.Values{"filter": {l.Filter.String()}, "limit": {"500"}})
			if len(behind) != l.N {
				t.Errorf("%d are late in %s, and the list behind has %v", l.N, l.Area.Title, behind)
			}
			ids = append(ids, behind...)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	slices.Sort(ids)
	return ids
}

// date sets a day of a record, also where no form does.
func (t *try) date(id, name, day string) {
	t.Helper()
	err := t.s.Change(access.With(t.Context(), access.Machine("test", "test")), store.Intent{Verb: "test.date", Need: "test"}, func(w *store.Write) error {
		return w.Do(ref.Ref{Kind: t.m.Name, ID: id}, `UPDATE `+t.m.Name+` SET version = version + 1, updated_at = :now, updated_by = :actor, `+name+` = :day WHERE id = :id`,
			store.Args{"id": id, "day": day})
	})
	if err != nil {
		t.Fatal(err)
	}
}
