package reading

import (
	"encoding/xml"
	"errors"
	"regexp"
	"strconv"
	"strings"

	"vaern/internal/unzip"
)

// style is what a paragraph style says of the outline, with what it takes over from the style it builds on.
type style struct {
	name, basedOn string
	outline       int // -1 for none
	list          string
	level         int
	title         bool
	bullet        bool
	contents      bool // of a table of contents, which Word writes itself
}

type styles map[string]style

// headingName fits Word's own heading styles: the name is English in every language, the id is not.
var headingName = regexp.MustCompile(`(?i)^(?:heading|overskrift)\s?([1-9])$`)

func readStyles(archive *unzip.Archive) (styles, error) {
	all := styles{}
	id, s := "", style{outline: -1}
	err := archive.Walk("word/styles.xml", func(t xml.Token) error {
		switch t := t.(type) {
		case xml.StartElement:
			value := attribute(t, "val")
			switch t.Name.Local {
			case "style":
				id, s = attribute(t, "styleId"), style{outline: -1}
			case "name":
				s.name = value
			case "basedOn":
				s.basedOn = value
			case "outlineLvl":
				s.outline = number(value)
			case "numId":
				s.list = value
			case "ilvl":
				s.level = max(number(value), 0)
			}
		case xml.EndElement:
			if t.Name.Local == "style" && id != "" {
				all[id] = s
			}
			if len(all) > mostStyles {
				return unzip.ErrTooLarge
			}
		}
		return nil
	})
	if errors.Is(err, unzip.ErrNoPart) {
		err = nil
	}
	return all, err
}

// resolve gives a style with what its bases say. A style that is not described is told by its id.
func (all styles) resolve(id string) style {
	out := style{outline: -1}
	for range 20 { // bases may be written in a circle
		s, known := all[id]
		if !known {
			s = style{name: id, outline: -1}
		}
		name := strings.ToLower(s.name)
		found := headingName.FindStringSubmatch(s.name)
		if found == nil {
			found = headingName.FindStringSubmatch(id)
		}
		switch {
		case out.outline >= 0:
		case s.outline >= 0:
			out.outline = s.outline
		case found != nil:
			n, _ := strconv.Atoi(found[1])
			out.outline = n - 1
		}
		if out.list == "" {
			out.list, out.level = s.list, s.level
		}
		out.title = out.title || name == "title" || name == "titel"
		out.bullet = out.bullet || strings.HasPrefix(name, "list bullet") || strings.HasPrefix(name, "opstilling - punkttegn")
		out.contents = out.contents || strings.HasPrefix(name, "toc ") || strings.HasPrefix(strings.ToLower(id), "indholdsfortegnelse")
		if s.basedOn == "" {
			return out
		}
		id = s.basedOn
	}
	return out
}
