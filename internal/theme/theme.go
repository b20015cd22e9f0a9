// Package theme knows what information security policies ask for, and proposes which of it a clause is about.
package theme

import (
	"bytes"
	"fmt"
	"slices"
	"sync"

	"go.yaml.in/yaml/v3"

	"vaern/content"
)

// Theme is one thing that policies ask for, such as continuity or dispensation.
// Rules, documents and indicators name the themes they serve by key.
type Theme struct {
	Key         string // kebab-case English, never changed once published
	Da, En      string // the label
	Description Description
	words       []weighted
}

// Description says in one sentence what a policy that asks for the theme demands.
type Description struct{ Da, En string }

type weighted struct {
	pattern
	weight float64
}

// library is everything that content/themes.yaml says.
type library struct {
	themes            []Theme
	byKey             map[string]int
	signs             signs
	demands, explains []pattern
}

// The file is part of the program and read by its tests; a broken one is a bug.
var loaded = sync.OnceValue(func() library {
	lib, err := parse(content.ThemesFile())
	if err != nil {
		panic(err)
	}
	return lib
})

// All returns every theme in the order of the file.
func All() []Theme { return slices.Clone(loaded().themes) }

// Get returns the theme with the key, false when there is none.
func Get(key string) (Theme, bool) {
	i, ok := loaded().byKey[key]
	if !ok {
		return Theme{}, false
	}
	return loaded().themes[i], true
}

// file is the form of themes.yaml.
type file struct {
	Demands  []string
	Explains []string
	Themes   []struct {
		Key, Da, En string
		Description Description
		Words       map[string]float64
	}
}

func parse(data []byte) (library, error) {
	var f file
	dec := yaml.NewDecoder(bytes.NewReader(data))
	dec.KnownFields(true)
	if err := dec.Decode(&f); err != nil {
		return library{}, fmt.Errorf("themes: %w", err)
	}
	lib := library{byKey: map[string]int{}, signs: signs{whole: map[string][]*sign{}}, demands: patterns(f.Demands), explains: patterns(f.Explains)}
	for _, t := range f.Themes {
		if _, twice := lib.byKey[t.Key]; twice {
			return library{}, fmt.Errorf("themes: %s is declared twice", t.Key)
		}
		theme := Theme{Key: t.Key, Da: t.Da, En: t.En, Description: t.Description}
		for text, weight := range t.Words {
			w := weighted{newPattern(text), weight}
			if len(w.pattern) == 0 {
				return library{}, fmt.Errorf("themes: %s has a pattern without words", t.Key)
			}
			theme.words = append(theme.words, w)
			lib.signs.add(&sign{w, len(lib.themes)})
		}
		lib.byKey[t.Key] = len(lib.themes)
		lib.themes = append(lib.themes, theme)
	}
	return lib, nil
}

func patterns(texts []string) []pattern {
	all := make([]pattern, len(texts))
	for i, text := range texts {
		all[i] = newPattern(text)
	}
	return all
}
