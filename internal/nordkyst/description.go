package nordkyst

import (
	"bytes"

	"go.yaml.in/yaml/v3"
)

// description is the form of organisation.yaml, which explains itself.
type description struct {
	Name            string
	Sizes           []size
	Moves           int
	Titles          map[string][]string
	WithoutMailbox  []string `yaml:"without_mailbox"`
	ShortStays      []string `yaml:"short_stays"`
	Owners          []string
	Roles           map[string][]string
	Every           map[string][]string
	DeputiesByTitle []string `yaml:"deputies_by_title"`
	Deputies        []deputy
	Vacant          []vacancy
	Cast            map[string]string
	Logins          []login
	Bodies          []body
	Tree            node
}

type size struct {
	Category      string
	Now, Turnover int
}

type deputy struct {
	For, Position string
	Since, Until  int
}

type vacancy struct {
	Position, Last string
	Days           int
}

type login struct{ Role, Position, What string }

type body struct {
	Key, Name, Kind, Members string
	Offices                  []string
}

// node is a unit, or several of one form, with the units below.
type node struct {
	Name, Part, Kind, Head string
	Each, Staff            []string
	Units                  []node
}

// names returns what the units of the node below a parent are called.
func (n node) names(parent string) []string {
	switch {
	case n.Part != "":
		return []string{parent + ", " + n.Part}
	case len(n.Each) > 0:
		return n.Each
	}
	return []string{n.Name}
}

// firstLast is the form of names.yaml.
type firstLast struct{ First, Last []string }

// decode reads a YAML document; a key that to does not have is an error.
func decode(data []byte, to any) error {
	dec := yaml.NewDecoder(bytes.NewReader(data))
	dec.KnownFields(true)
	return dec.Decode(to)
}
