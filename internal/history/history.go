// Package history tells what the ledger holds as sentences for people.
package history

import (
	"encoding/json"
	"maps"
	"slices"
	"strconv"
	"strings"

	"vaern/internal/access"
	"vaern/internal/field"
	"vaern/internal/i18n"
	"vaern/internal/ledger"
	"vaern/internal/record"
	"vaern/internal/ref"
	"vaern/internal/store"
)

// Kind is what there is to know of a kind of records to tell about them.
type Kind struct {
	One    i18n.Text
	Closed bool // told only to the people whom the record names
	Hangs  bool // of rows that say in kind and record, and to_kind and to_record, which records they hang on
	Fields []field.Field
	Verbs  map[string]i18n.Text // "document.publish" → "satte %s i kraft"
	Said   Said                 // none where people say no text otherwise than it is stored
}

// Said is what a field of a record says in people's words, of a row that is handed over column by column; it is of type
// record.Core.SaidOf.
type Said func(f *field.Field, column func(name string) string, l i18n.Lang) string

// Kinds are the kinds by name.
type Kinds map[string]Kind

// Line is one act, told.
type Line struct {
	Seq     int64
	At      string
	Who     string
	What    string // "ændrede dokument"
	About   ref.Ref
	Title   string // what the record is called now
	Changes []Change
	Reason  string
	Erased  bool
}

// Change is what a field was and became.
type Change struct{ Label, Was, Is string }

// common are the verbs that every register has.
var common = map[string]i18n.Text{
	"create":    {"oprettede", "created"},
	"found":     {"oprettede", "created"},
	"edit":      {"ændrede", "changed"},
	"remove":    {"fjernede", "removed"},
	"reveal":    {"åbnede", "opened"},
	"erase":     {"slettede indholdet af", "erased the body of"},
	"measure":   {"målte", "measured"},
	"set":       {"satte", "set"},
	"end":       {"afsluttede", "ended"},
	"hand_over": {"gav en anden ansvaret for", "gave another the responsibility for"},
	"hand_back": {"gav ansvaret tilbage for", "gave back the responsibility for"},
	"import":    {"indlæste", "imported"},
	"undo":      {"fortrød indlæsningen af", "undid the import of"},
}

// Tell turns leaves into lines; one statement finds what all the records they
// mention are called. Leaves about cases that are closed to the actor have none.
func (k Kinds) Tell(q *store.Read, leaves []ledger.Leaf, l i18n.Lang) ([]Line, error) {
	leaves, err := k.told(q, leaves)
	if err != nil {
		return nil, err
	}
	bodies := make([]body, len(leaves))
	ids := map[string]bool{}
	for i := range leaves {
		if err := bodies[i].read(&leaves[i]); err != nil {
			return nil, err
		}
		about, _ := ref.Parse(leaves[i].About)
		ids[about.ID], ids[leaves[i].Actor] = true, true
		ids[bodies[i].on().ID] = true
		for _, f := range k[about.Kind].Fields {
			if f.Kind == field.Ref {
				ids[bodies[i].text(f.Name, false)], ids[bodies[i].text(f.Name, true)] = true, true
			}
		}
	}
	names, err := record.Titles(q, func(yield func(string) bool) {
		for id := range ids {
			if !yield(id) {
				return
			}
		}
	})
	if err != nil {
		return nil, err
	}
	lines := make([]Line, len(leaves))
	for i := range leaves {
		lines[i] = k.line(&leaves[i], bodies[i], names, l)
		lines[i].Changes = k.changes(&leaves[i], bodies[i], names, reader{q.Actor, l})
	}
	return lines, nil
}

func (k Kinds) line(leaf *ledger.Leaf, b body, names map[string]record.Called, l i18n.Lang) Line {
	about, _ := ref.Parse(leaf.About)
	kind := k[about.Kind]
	line := Line{Seq: leaf.Seq, At: leaf.At, Who: who(leaf.Actor, names, l), About: about, Erased: leaf.Erased(), Reason: b.Reason}
	line.Title = names[about.ID].Title
	if kind.Hangs {
		line.Title = names[b.on().ID].Title
	}
	line.What = k.verb(about.Kind, leaf.Verb, l)
	if line.Title == "" {
		line.Title = strings.ToLower(kind.One.In(l))
	}
	if n := len(b.Changes); n > 0 { // a whole batch
		line.Title += ": " + l.Plural(int64(n), i18n.Text{"række", "row"}, i18n.Text{"rækker", "rows"})
	}
	return line
}

// reader is who is told, and in which language.
type reader struct {
	access.Actor
	i18n.Lang
}

// changes are what fields were and became. A sensitive one is told only to
// those who may see it everywhere.
func (k Kinds) changes(leaf *ledger.Leaf, b body, names map[string]record.Called, to reader) (out []Change) {
	if b.Before == nil || b.After == nil {
		return nil
	}
	about, _ := ref.Parse(leaf.About)
	kind := k[about.Kind]
	reads := to.May[access.Permission(about.Kind+".sensitive")].Whole || kind.Closed
	for i := range kind.Fields {
		f := &kind.Fields[i]
		if _, changed := b.Before[f.Name]; changed && (reads || !f.Sensitive) {
			out = append(out, Change{f.Label.In(to.Lang), kind.show(f, b, false, names, to.Lang), kind.show(f, b, true, names, to.Lang)})
		}
	}
	return out
}

// told leaves out what is about closed cases that the actor is not let into,
// what hangs on records that the actor does not see, and how others came in.
func (k Kinds) told(q *store.Read, leaves []ledger.Leaf) (out []ledger.Leaf, err error) {
	closed := map[int64]string{}   // leaf → the case it is about
	hangs := map[int64][]ref.Ref{} // leaf → the records it is about
	leaves = slices.DeleteFunc(slices.Clone(leaves), func(l ledger.Leaf) bool {
		about, _ := ref.Parse(l.About)
		return about.Kind == SignIn && about.ID != q.Actor.ID
	})
	var on []ref.Ref
	for i := range leaves {
		about, _ := ref.Parse(leaves[i].About)
		kind, seq := k[about.Kind], leaves[i].Seq
		var b body
		if kind.Hangs || about.Kind == record.MemberKind {
			if err := b.read(&leaves[i]); err != nil {
				return nil, err
			}
		}
		switch {
		case kind.Closed:
			closed[seq] = about.ID
		case about.Kind == record.MemberKind:
			closed[seq] = b.on().ID // nobody's case, when the body is gone
		case kind.Hangs:
			hangs[seq] = append(hangs[seq], b.on())
			if to := b.to(); to.ID != "" {
				hangs[seq] = append(hangs[seq], to)
			}
			on = append(on, hangs[seq]...)
		}
	}
	if len(closed)+len(hangs) == 0 {
		return leaves, nil
	}
	mine, err := record.Cases(q, maps.Values(closed))
	if err != nil {
		return nil, err
	}
	seen, err := record.Seen(q, on)
	if err != nil {
		return nil, err
	}
	for i := range leaves {
		about, is := closed[leaves[i].Seq]
		hidden := slices.ContainsFunc(hangs[leaves[i].Seq], func(r ref.Ref) bool { _, ok := seen[r]; return !ok })
		if (!is || mine[about]) && !hidden {
			out = append(out, leaves[i])
		}
	}
	return out, nil
}

// Says reports whether there are words for a verb, "document.publish".
func (k Kinds) Says(verb string) bool {
	_, last, _ := strings.Cut(verb, ".")
	return k.verb("", verb, i18n.Da) != last
}

// verb is "ændrede", or what the register itself says, also of records that are
// another's: a link is made by the one and is about a person.
func (k Kinds) verb(about, verb string, l i18n.Lang) string {
	if text, ok := k[about].Verbs[verb]; ok {
		return text.In(l)
	}
	for _, kind := range k {
		if text, ok := kind.Verbs[verb]; ok {
			return text.In(l)
		}
	}
	_, last, _ := strings.Cut(verb, ".")
	if text, ok := common[last]; ok {
		return text.In(l)
	}
	return last
}

func who(actor string, names map[string]record.Called, l i18n.Lang) string {
	if name := names[actor].Title; name != "" {
		return name
	}
	if strings.HasPrefix(actor, "machine:") {
		return i18n.Text{"Værn", "Værn"}.In(l)
	}
	return actor
}

// show is what a field said before an act or after it.
func (k Kind) show(f *field.Field, b body, after bool, names map[string]record.Called, l i18n.Lang) string {
	const longest = 120
	text := f.Show(b.text(f.Name, after), l)
	switch {
	case f.Kind == field.Ref:
		text = names[b.text(f.Name, after)].Title
	case f.Kind == field.Text && k.Said != nil:
		text = k.Said(f, func(column string) string { return b.whole(column, after) }, l)
	}
	if text == "" {
		return i18n.Text{"ingen", "none"}.In(l)
	}
	if r := []rune(text); len(r) > longest {
		return string(r[:longest]) + " …"
	}
	return text
}

// body is a leaf's body, read.
type body struct {
	Before, After map[string]any
	Reason        string
	Changes       []struct{} // of a batch
}

func (b *body) read(l *ledger.Leaf) error {
	if l.Erased() {
		return nil
	}
	return json.Unmarshal(l.Body, b)
}

// on is the record that the row hangs on; zero when the body is gone.
func (b body) on() ref.Ref { return ref.Ref{Kind: b.either("kind"), ID: b.either("record")} }

// to is the other one, of a row that ties two.
func (b body) to() ref.Ref { return ref.Ref{Kind: b.either("to_kind"), ID: b.either("to_record")} }

// either is a column after the act, or before it where the act removed the row.
func (b body) either(column string) string {
	if b.After != nil {
		return b.text(column, true)
	}
	return b.text(column, false)
}

// whole is a column, which the act need not have changed: of what it left alone, the row says nothing before.
func (b body) whole(column string, after bool) string {
	if _, told := b.Before[column]; !told {
		after = true
	}
	return b.text(column, after)
}

// text is a column as a form would write it.
func (b body) text(column string, after bool) string {
	row := b.Before
	if after {
		row = b.After
	}
	switch v := row[column].(type) {
	case string:
		return v
	case float64: // a leaf holds whole numbers only
		return strconv.FormatInt(int64(v), 10)
	}
	return ""
}
