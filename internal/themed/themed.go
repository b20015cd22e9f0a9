// Package themed ties records to what policies ask for: a clause meets the
// rules, controls and indicators that serve the same themes.
package themed

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"vaern/internal/field"
	"vaern/internal/i18n"
	"vaern/internal/store"
	"vaern/internal/theme"
)

// Themes are what a record serves: keys of themes with a space between.
type Themes string

// Choices are all themes.
func (Themes) Choices() (out field.Choices) {
	for _, t := range theme.All() {
		out = append(out, [3]string{t.Key, t.Da, t.En})
	}
	return out
}

// Keys are the themes one by one.
func (t Themes) Keys() []string { return strings.Fields(string(t)) }

// Of joins keys.
func Of(keys ...string) Themes { return Themes(strings.Join(keys, " ")) }

// Label is what a theme is called; an unknown one is shown as it is.
func Label(key string) i18n.Text {
	if t, ok := theme.Get(key); ok {
		return i18n.Text{t.Da, t.En}
	}
	return i18n.Same(key)
}

// Link says what a record serves, in place of what was said before.
func Link(w *store.Write, kind, id string, themes Themes) error {
	args := store.Args{"kind": kind, "id": id}
	if err := w.Also(`DELETE FROM theme_link WHERE kind = :kind AND id = :id`, args); err != nil {
		return err
	}
	for _, key := range themes.Keys() {
		if err := w.Also(`INSERT INTO theme_link (kind, id, theme) VALUES (:kind, :id, :theme)`,
			store.Args{"kind": kind, "id": id, "theme": key}); err != nil {
			return err
		}
	}
	return nil
}

// Holds compares what theme_link says that records of a kind serve with what they say
// themselves. counts is SQL for those of them that serve anything.
func Holds(kind, counts string) store.Holds {
	return func(q *store.Read) (wrong string, err error) {
		due := map[[2]string]bool{}
		err = q.Rows(`SELECT id, themes FROM `+kind+` WHERE `+counts, nil, func(scan store.Scan) error {
			var id, themes string
			err := scan(&id, &themes)
			for _, key := range Themes(themes).Keys() {
				due[[2]string{id, key}] = true
			}
			return err
		})
		if err != nil {
			return "", err
		}
		const forged = "theme_link was changed behind the ledger's back: %s/%s %s the theme %s"
		err = q.Rows(`SELECT id, theme FROM theme_link WHERE kind = :kind ORDER BY id, theme`, store.Args{"kind": kind}, func(scan store.Scan) error {
			var has [2]string
			err := scan(&has[0], &has[1])
			if !due[has] && wrong == "" {
				wrong = fmt.Sprintf(forged, kind, has[0], "does not serve", has[1])
			}
			delete(due, has)
			return err
		})
		for _, lost := range slices.SortedFunc(maps.Keys(due), func(a, b [2]string) int { return slices.Compare(a[:], b[:]) }) {
			if wrong == "" {
				wrong = fmt.Sprintf(forged, kind, lost[0], "serves", lost[1])
			}
		}
		return wrong, err
	}
}
