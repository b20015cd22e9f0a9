package record

import (
	"fmt"
	"iter"
	"slices"
	"strings"
	"sync"

	"vaern/internal/field"
	"vaern/internal/ref"
	"vaern/internal/store"
)

// Called is a record and what it is called.
type Called struct {
	ref.Ref
	Title string
	By    string // by whose title it was found, where not by its own
}

// Titles returns what records are called, by id: one statement for all that a
// page mentions.
func Titles(q *store.Read, ids iter.Seq[string]) (map[string]Called, error) {
	out := map[string]Called{}
	var asked []string
	seen := map[string]bool{"": true} // nothing is called nothing
	for id := range ids {
		if !seen[id] {
			seen[id] = true
			asked = append(asked, id)
		}
	}
	if len(asked) == 0 {
		return out, nil
	}
	in, args := listed(asked)
	err := q.Rows(`SELECT kind, id, title FROM record_title WHERE id `+in, args,
		func(scan store.Scan) error {
			var c Called
			err := scan(&c.Kind, &c.ID, &c.Title)
			out[c.ID] = c
			return err
		})
	return out, err
}

// following are, by the kind that is followed, what answers to whoever owns it.
var following = struct {
	sync.RWMutex
	of map[string][]pointer
}{of: map[string][]pointer{}}

// Follows says that records of a kind have the owner of the record that a column
// of theirs points at, as a version has that of its document. At start.
func Follows(kind, column, of string) {
	following.Lock()
	defer following.Unlock()
	if p := (pointer{table: kind, column: column}); !slices.Contains(following.of[of], p) {
		following.of[of] = append(following.of[of], p)
	}
}

// follow keeps what follows records in step with who owns them.
func follow(w *store.Write, kind string, ids ...string) error {
	following.RLock()
	defer following.RUnlock()
	for _, p := range following.of[kind] {
		if !w.Keeps(p.table, p.column) {
			continue
		}
		in, args := listed(ids)
		args["kind"] = p.table
		if err := w.Also(`UPDATE record_title SET owner = (SELECT o.owner FROM `+p.table+` f JOIN record_title o ON o.id = f.`+p.column+` WHERE f.id = record_title.id)
			WHERE kind = :kind AND id IN (SELECT f.id FROM `+p.table+` f JOIN record_title o ON o.id = f.`+p.column+` WHERE f.`+p.column+` `+in+`)`, args); err != nil {
			return err
		}
	}
	return nil
}

// escaped keeps what somebody wrote from meaning more than its letters.
func escaped(word string) string {
	return strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`).Replace(word)
}

// Matching is the condition that a column of folded text has every word.
func Matching(column, words string) (string, store.Args) {
	parts, args := []string{"1 = 1"}, store.Args{}
	for i, word := range strings.Fields(field.Fold(words)) {
		if i == 20 {
			break // nobody means more
		}
		name := fmt.Sprintf("word%d", i)
		parts = append(parts, column+` LIKE :`+name+` ESCAPE '\'`)
		args[name] = "%" + escaped(word) + "%"
	}
	return strings.Join(parts, " AND "), args
}

// Saying is the condition that a column of text as people wrote it has what is
// said, whatever the case of its letters.
func Saying(column, said string) (string, store.Args) {
	args := store.Args{}
	return inAnyCase(strings.TrimSpace(said), func(v string) string {
		name := fmt.Sprintf("said%d", len(args))
		args[name] = "%" + escaped(v) + "%"
		return `lower(` + column + `) LIKE :` + name + ` ESCAPE '\'`
	}), args
}

// Same is the condition that a column has a text, whatever the case of its letters.
func Same(column, text string) (string, store.Args) {
	args := store.Args{}
	return inAnyCase(text, func(v string) string {
		name := fmt.Sprintf("same%d", len(args))
		args[name] = v
		return `lower(` + column + `) = :` + name
	}), args
}

// Holds asks what Fits does, and that record_title leaves no record out: nothing
// that hangs on one left out is within anybody's reach. It is of type store.Holds.
func (r *Core) Holds(q *store.Read) (wrong string, err error) {
	if wrong, err = r.Fits(q); err != nil || wrong != "" || r.Rows == ByMember {
		return wrong, err
	}
	err = q.Rows(`SELECT r.id FROM `+r.Name+` r WHERE NOT EXISTS (SELECT 1 FROM record_title t WHERE t.id = r.id AND t.kind = :kind) ORDER BY r.id LIMIT 1`,
		store.Args{"kind": r.Name}, func(scan store.Scan) error {
			var id string
			err := scan(&id)
			wrong = fmt.Sprintf(forged, "record_title", r.Name, id) + "is left out"
			return err
		})
	return wrong, err
}

// Fits compares where record_title and search_entry say a record is, who owns it and
// what it is called, with the record: what hangs on records goes by it, and so does who
// may find them. It is of type store.Holds, of records that need not be called anything
// elsewhere.
func (r *Core) Fits(q *store.Read) (wrong string, err error) {
	title := `r.` + r.TitleField()
	if key, ok := r.Key(); ok && key.Named {
		title = `r.` + key.Name + ` || ' ' || ` + title
	}
	fits := `t.unit = r.` + r.Placed + ` AND t.title = ` + title
	if _, owned := r.Field("owner"); owned {
		fits += ` AND t.owner = r.owner`
	}
	named := fits
	if r.Rows == ByMember { // a closed case is called nothing
		named = `1 = 0`
	}
	for _, table := range [][2]string{
		{"record_title", `SELECT t.id FROM record_title t LEFT JOIN ` + r.Name + ` r ON r.id = t.id WHERE t.kind = :kind AND (r.id IS NULL OR NOT (` + named + `))`},
		{"search_entry", `SELECT t.record FROM ` + r.Name + ` r JOIN search_entry t ON t.record = r.id AND t.kind = :kind WHERE NOT (` + fits + `)`},
	} {
		err := q.Rows(table[1]+` ORDER BY 1 LIMIT 1`, store.Args{"kind": r.Name}, func(scan store.Scan) error {
			var id string
			err := scan(&id)
			wrong = fmt.Sprintf(forged, table[0], r.Name, id) + "is not where it says, not owned so, or called otherwise"
			return err
		})
		if err != nil || wrong != "" {
			return wrong, err
		}
	}
	return "", nil
}

const forged = "%s was changed behind the ledger's back: %s/%s "
