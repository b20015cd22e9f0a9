// Package field reads what a record's struct says about its fields: one line
// of Go is the column, the label, the form input, the filter and the JSON
// member.
//
//	Title string     `da:"Titel" en:"Title" is:"title required search sort"`
//	Due   field.Date `da:"Frist" en:"Due" is:"sort"`
//	Owner string     `da:"Ejer" en:"Owner" is:"ref:position filter"`
package field

import (
	"errors"
	"fmt"
	"reflect"
	"regexp"
	"slices"
	"strings"

	"vaern/internal/i18n"
)

// Kind says how a field is stored, shown and typed.
type Kind int

const (
	Text    Kind = iota + 1
	Choice       // a string type with Choices
	Int          // int64
	Bool         // bool
	Day          // Date; absent is NULL
	Ref          // the id of a record of another register; "" is none
	Several      // a string type with Choices of which several hold: codes, a space between
)

// Choices are the values of a choice: code, Danish, English.
type Choices [][3]string

// Chooser is a string type with a fixed set of values.
type Chooser interface{ Choices() Choices }

// Spoken is a Chooser whose choices people call by other words, too: word in small letters → code.
type Spoken interface{ Spoken() map[string]string }

// Field is one declared field.
type Field struct {
	Name    string // column, form input and JSON member
	Kind    Kind
	Label   i18n.Text
	Help    i18n.Text
	Group   i18n.Text // the heading of the group that begins with the field
	Why     i18n.Text // why we ask, where it is not obvious
	Example string    // a value as a form writes it, for programs; "" is made from the rest
	Choices Choices
	To      string // the register that a Ref points into

	Min, Max int64  // the least and the most of a number; both 0 is any
	Auto     string // what a number begins with that the register gives by itself: "F-"
	Key      bool   // the user's own identifier: unique, and what import matches rows by
	Title    bool   // what the record is called, in links and lists
	Named    bool   // the key stands before the title: "R-12 Skærmen låses"
	Required bool
	Search   bool // found by the search field
	Filter   bool // has a filter in the list
	Sort     bool // the list can be ordered by it
	Long     bool // several lines; not in the list
	Aside    bool // in the list only when somebody chooses it
	Set      bool // shown, but changed only by the register's own acts
	Past     bool // a day on which something was done: without a year the last such day is meant, not the next
	When     When // says nothing elsewhere
	Deadline bool // a day by which something is to be done: a list says how long ago it was
	Until    bool // the last day on which the record counts: after it nothing in it is late

	Sensitive bool // hidden from whoever lacks the register's permission sensitive

	index  []int
	spoken map[string]string
}

// When is the choice that a field depends on, and for which of its codes the field says anything; the zero When is always.
type When struct {
	Choice string
	Is     []string
}

// For reports whether it is for a code of the choice.
func (w When) For(code string) bool { return w.Choice == "" || slices.Contains(w.Is, code) }

// Sorter is the column that orders by the field; text has its Danish sort key.
func (f *Field) Sorter() string {
	if f.Kind == Text {
		return f.Name + "_sort"
	}
	return f.Name
}

// Apart is the same order as an expression that no index serves: right where
// few rows are to be sorted, and walking the whole order to find them is not.
func (f *Field) Apart() string {
	if f.Kind == Int || f.Kind == Bool {
		return f.Sorter() + " + 0"
	}
	return f.Sorter() + " || ''"
}

// Null reports whether the column may be NULL.
func (f *Field) Null() bool { return f.Kind == Day && !f.Required }

// Bounded reports whether a number has a least and a most.
func (f *Field) Bounded() bool { return f.Min != 0 || f.Max != 0 }

// IsUnit reports whether the field says where a record belongs: it decides who
// reaches the record.
func (f *Field) IsUnit() bool { return f.Name == "unit" }

// Of returns the fields of a struct. A struct that says something wrong
// panics when the program starts.
func Of(t reflect.Type) []Field {
	var out []Field
	for _, sf := range reflect.VisibleFields(t) {
		if sf.Anonymous || sf.Tag.Get("da") == "" && sf.Tag.Get("is") == "" {
			continue
		}
		f := Field{
			Name:    snake(sf.Name),
			Label:   i18n.Text{sf.Tag.Get("da"), sf.Tag.Get("en")},
			Help:    i18n.Text{sf.Tag.Get("helpda"), sf.Tag.Get("helpen")},
			Group:   i18n.Text{sf.Tag.Get("groupda"), sf.Tag.Get("groupen")},
			Why:     i18n.Text{sf.Tag.Get("whyda"), sf.Tag.Get("whyen")},
			Example: sf.Tag.Get("eg"),
			index:   sf.Index,
		}
		if err := f.declare(sf); err != nil {
			panic(fmt.Sprintf("field: %s.%s: %v", t, sf.Name, err))
		}
		out = append(out, f)
	}
	for i := range out {
		if err := out[i].depends(out); err != nil {
			panic(fmt.Sprintf("field: %s.%s: %v", t, out[i].Name, err))
		}
	}
	return out
}

// depends refuses a field that depends on no choice, or on what that never is.
func (f *Field) depends(all []Field) error {
	if f.When.Choice == "" {
		return nil
	}
	at := slices.IndexFunc(all, func(on Field) bool { return on.Name == f.When.Choice && on.Kind == Choice })
	if at < 0 || len(f.When.Is) == 0 || slices.ContainsFunc(f.When.Is, func(code string) bool { return !all[at].IsChoice(code) }) || f.Required {
		return fmt.Errorf("when:%q is no choice and some of its codes, or the field is required", f.When)
	}
	return nil
}

func (f *Field) declare(sf reflect.StructField) error {
	for _, text := range []i18n.Text{f.Help, f.Group, f.Why} {
		if text != (i18n.Text{}) && !text.Whole() {
			return fmt.Errorf("says %q in one language only", text)
		}
	}
	if !f.Label.Whole() {
		return fmt.Errorf("needs both da and en")
	}
	switch v := reflect.Zero(sf.Type).Interface().(type) {
	case Chooser:
		f.Kind, f.Choices = Choice, v.Choices()
		if s, ok := v.(Spoken); ok {
			f.spoken = s.Spoken()
		}
		for _, c := range f.Choices {
			if slices.Contains(c[:], "") {
				return fmt.Errorf("choice %q needs code, Danish and English", c)
			}
		}
	case Date:
		f.Kind = Day
	case string:
		f.Kind = Text
	case int64:
		f.Kind = Int
	case bool:
		f.Kind = Bool
	default:
		return fmt.Errorf("no kind for %s", sf.Type)
	}
	if choice, codes, ok := strings.Cut(sf.Tag.Get("when"), "="); ok {
		f.When = When{choice, strings.Fields(codes)}
	}
	for _, word := range strings.Fields(sf.Tag.Get("is")) {
		if err := f.word(word); err != nil {
			return err
		}
	}
	if f.Filter && f.Kind != Choice && f.Kind != Ref && f.Kind != Bool {
		return fmt.Errorf("only a choice, a reference or a bool can be a filter")
	}
	if (f.Search || f.Title) && f.Kind != Text {
		return fmt.Errorf("only text can be searched or be the title")
	}
	if f.Sensitive && (f.Required || f.Search || f.Filter || f.Sort || f.Title || f.Key) {
		return fmt.Errorf("what is sensitive can be neither required nor found, filtered or sorted by")
	}
	if f.Kind == Ref && f.Sort {
		return fmt.Errorf("a reference has no order")
	}
	return nil
}

func (f *Field) word(word string) error {
	switch word {
	case "key":
		f.Key, f.Required, f.Search = true, true, true
	case "named":
		f.Named = true
	case "title":
		f.Title, f.Required, f.Search = true, true, true
	case "required":
		f.Required = true
	case "search":
		f.Search = true
	case "filter":
		f.Filter = true
	case "sort":
		f.Sort = true
	case "long":
		f.Long = true
	case "aside":
		f.Aside = true
	case "set":
		f.Set = true
	case "sensitive":
		f.Sensitive = true
	case "past", "deadline", "until":
		if f.Kind != Day {
			return fmt.Errorf("only a day can be %s", word)
		}
		f.Past, f.Deadline, f.Until = f.Past || word == "past", f.Deadline || word == "deadline", f.Until || word == "until"
	case "several":
		if f.Kind != Choice {
			return fmt.Errorf("only a choice can hold several")
		}
		f.Kind = Several
	default:
		if begin, ok := strings.CutPrefix(word, "auto:"); ok && begin != "" && f.Kind == Text {
			f.Auto, f.Required = begin, false
			return nil
		}
		if bounds, ok := strings.CutPrefix(word, "range:"); ok && f.Kind == Int {
			_, err := fmt.Sscanf(bounds, "%d-%d", &f.Min, &f.Max)
			if err == nil && f.Min > f.Max {
				err = errors.New("its end is before its beginning")
			}
			if err != nil {
				return fmt.Errorf("range:%s is no range: %w", bounds, err)
			}
			return nil
		}
		to, ok := strings.CutPrefix(word, "ref:")
		if !ok || to == "" || f.Kind != Text {
			return fmt.Errorf("unknown word %q", word)
		}
		f.Kind, f.To = Ref, to
	}
	return nil
}

var word = regexp.MustCompile(`[A-Z]+[a-z0-9]*`)

// Name in Go to name in SQL: ReviewBy becomes review_by, CVR cvr.
func snake(s string) string {
	return strings.ToLower(strings.Join(word.FindAllString(s, -1), "_"))
}
