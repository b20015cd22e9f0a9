package record

import (
	"net/url"
	"strings"
	"unicode/utf8"

	"vaern/internal/access"
	"vaern/internal/field"
	"vaern/internal/problem"
	"vaern/internal/ref"
	"vaern/internal/store"
)

// ViewKind is the kind of saved views in the ledger.
const ViewKind = "view"

// View is a list that somebody saved under a name: what is asked for, in which
// order, with which columns. A shared one is everybody's who sees the register.
type View struct {
	ID, Register, Name, Person string
	Version                    int64
	Shared                     bool
	Filter, Sort, Columns      string // as an address says them
}

// Under is the address that the view stands for, with what get says before it.
func (v View) Under(get url.Values) url.Values {
	out := url.Values{}
	for name, value := range map[string]string{"filter": v.Filter, "sort": v.Sort, "columns": v.Columns} {
		if value != "" {
			out.Set(name, value)
		}
	}
	for name, values := range get {
		if name != "view" {
			out[name] = values
		}
	}
	return out
}

const viewColumns = `id, version, register, name, person, shared, filter, sort, columns`

func scanView(scan store.Scan) (v View, err error) {
	var shared int64
	err = scan(&v.ID, &v.Version, &v.Register, &v.Name, &v.Person, &shared, &v.Filter, &v.Sort, &v.Columns)
	v.Shared = shared == 1
	return v, err
}

// Views are the saved views of a register that the actor may use: the own, and
// those that are shared, by name.
func Views(q *store.Read, register string) (out []View, err error) {
	err = q.Rows(`SELECT `+viewColumns+` FROM view
		WHERE register = :register AND (person = :actor OR shared = 1) ORDER BY name_sort, id LIMIT 200`,
		store.Args{"register": register}, func(scan store.Scan) error {
			v, err := scanView(scan)
			out = append(out, v)
			return err
		})
	return out, err
}

// ViewOf is a saved view that the actor may use.
func ViewOf(q *store.Read, register, id string) (out View, err error) {
	found := false
	err = q.Rows(`SELECT `+viewColumns+` FROM view WHERE id = :id AND register = :register AND (person = :actor OR shared = 1)`,
		store.Args{"id": id, "register": register}, func(scan store.Scan) (err error) {
			found = true
			out, err = scanView(scan)
			return err
		})
	if err == nil && !found {
		err = problem.Missing()
	}
	return out, err
}

// Save keeps a view: a new one without an id, or the own one with it. Only who
// may edit the register shares.
func (v *View) Save(w *store.Write) error {
	v.Name = strings.TrimSpace(v.Name)
	switch n := utf8.RuneCountInString(v.Name); {
	case n == 0 || n > 80:
		return problem.Field("name", "Giv visningen et navn på højst 80 tegn.", "Give the view a name of at most 80 characters.")
	case v.Shared && !w.Actor.Can(access.Permission(v.Register+".edit")):
		return problem.Field("shared", "Kun de, der må rette i registret, kan dele en visning.", "Only those who may edit the register can share a view.")
	}
	shared := int64(0)
	if v.Shared {
		shared = 1
	}
	args := store.Args{"register": v.Register, "name": v.Name, "name_sort": field.SortKey(v.Name), "shared": shared,
		"filter": v.Filter, "sort": v.Sort, "columns": v.Columns}
	if v.ID == "" {
		v.ID, v.Person = w.NewID(), w.Actor.ID
		args["id"] = v.ID
		return w.Do(ref.Ref{Kind: ViewKind, ID: v.ID}, `
			INSERT INTO view (id, version, updated_at, updated_by, register, name, name_sort, person, shared, filter, sort, columns)
			VALUES (:id, 1, :now, :actor, :register, :name, :name_sort, :actor, :shared, :filter, :sort, :columns)`, args)
	}
	args["id"] = v.ID
	return w.Do(ref.Ref{Kind: ViewKind, ID: v.ID}, `
		UPDATE view SET version = version + 1, updated_at = :now, updated_by = :actor, name = :name, name_sort = :name_sort,
			shared = :shared, filter = :filter, sort = :sort, columns = :columns
		WHERE id = :id AND register = :register AND person = :actor`, args)
}

// Delete removes a view of the actor's own.
func (v *View) Delete(w *store.Write) error {
	return w.Do(ref.Ref{Kind: ViewKind, ID: v.ID}, `DELETE FROM view WHERE id = :id AND register = :register AND person = :actor`,
		store.Args{"id": v.ID, "register": v.Register})
}

// Usual is the view that the actor's list begins with, "" for none.
func Usual(q *store.Read, register string) (id string, err error) {
	err = q.Row(`SELECT view FROM work_view_usual WHERE person = :actor AND register = :register`, store.Args{"register": register}, &id)
	if problem.Of(err) == problem.NotFound {
		return "", nil
	}
	return id, err
}

// SetUsual makes a view the one that the actor's list begins with; "" is none.
func SetUsual(w *store.Work, register, id string) error {
	return w.Do(`
		INSERT INTO work_view_usual (person, register, view) VALUES (:actor, :register, :view)
		ON CONFLICT (person, register) DO UPDATE SET view = excluded.view`, store.Args{"register": register, "view": id})
}
