package receipt

import (
	"regexp"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
	"vaern/internal/clause"
)

// Touch is a sentence whose meaning may have changed: new, gone or reworded.
type Touch struct {
	Clause   string
	Change   string // clause.Added, Removed or Reworded
	Old, New string
}

// Parts are what a reader is shown: how a sentence was reworded, else what came, moved or went; of a table's row each cell.
func (t Touch) Parts() [][]clause.Span {
	switch t.Change {
	case clause.Reworded:
		return clause.Parted(t.Old, t.New)
	case clause.Removed:
		return clause.Parted(t.Old, "")
	}
	return clause.Parted(t.New, t.New)
}

// Changed are the sentences of which a reader must be told. Other commas, other
// spaces, capitals, and sentences that only stand elsewhere or under another
// number are no news; figures and signs such as % are.
func Changed(old, new []clause.Section) (out []Touch) {
	moved := renumbered(old, new)
	for _, p := range clause.Compare(old, new) {
		switch {
		case p.Old == nil && p.New.Kind != clause.Heading:
			out = append(out, Touch{p.New.ID, clause.Added, "", p.New.Text})
		case p.New == nil && p.Old.Kind != clause.Heading:
			out = append(out, Touch{p.Old.ID, clause.Removed, p.Old.Text, ""})
		case p.Old != nil && p.New != nil && p.New.Kind != clause.Heading && !moved.alike(p.Old.Text, p.New.Text):
			out = append(out, Touch{p.New.ID, clause.Reworded, p.Old.Text, p.New.Text})
		}
	}
	return regrouped(old, new, out)
}

// regrouped leaves out what was only cut into paragraphs in another way.
func regrouped(old, new []clause.Section, touched []Touch) (out []Touch) {
	was, is := map[string]string{}, map[string]string{} // sentence → all that its section means
	for _, side := range []struct {
		sections []clause.Section
		to       map[string]string
	}{{old, was}, {new, is}} {
		for _, s := range side.sections {
			whole := meaning(strings.Join(Paper{Sections: []clause.Section{s}}.texts(), " "))
			for _, c := range s.Clauses {
				side.to[c.ID] = whole
			}
		}
	}
	told := map[string]bool{}
	for _, whole := range is {
		told[whole] = true
	}
	before := map[string]bool{}
	for _, whole := range was {
		before[whole] = true
	}
	for _, t := range touched {
		if whole := is[t.Clause]; t.Change != clause.Removed && before[whole] || t.Change == clause.Removed && told[was[t.Clause]] {
			continue
		}
		out = append(out, t)
	}
	return out
}

// meaning is a text without what carries none: letters run together whatever
// the spaces and commas between them, figures stay apart.
func meaning(text string) string {
	var b strings.Builder
	figure, gap := false, false
	for _, r := range norm.NFC.String(strings.ToLower(text)) {
		switch {
		case unicode.IsDigit(r):
			if figure && gap {
				b.WriteByte(' ')
			}
			b.WriteRune(r)
			figure, gap = true, false
		case unicode.IsLetter(r), strings.ContainsRune("%‰§€$£°<>≤≥+=", r):
			b.WriteRune(r)
			figure, gap = false, false
		case !unicode.Is(unicode.Cf, r):
			gap = true
		}
	}
	return b.String()
}

// numbers says which new number a section has for its old one.
type numbers map[string]string

// renumbered finds where the sections went, by the sentences they kept.
func renumbered(old, new []clause.Section) numbers {
	home := map[string]string{} // sentence → its section now
	for _, s := range new {
		for _, c := range s.Clauses {
			home[c.ID] = s.Number
		}
	}
	out := numbers{}
	for _, s := range old {
		votes := map[string]int{}
		for _, c := range s.Clauses {
			if now, ok := home[c.ID]; ok {
				votes[now]++
			}
		}
		best := 0
		for now, n := range votes {
			if n > best || n == best && now < out[s.Number] {
				best, out[s.Number] = n, now
			}
		}
	}
	return out
}

// same reports whether every section has the number that it had.
func (n numbers) same() bool {
	for was, now := range n {
		if was != now {
			return false
		}
	}
	return true
}

var reference = regexp.MustCompile(`(?i)((?:afsnit|punkt|pkt\.|kapitel|section|chapter)\s+)(\d+(?:\.\d+)*)`)

// alike reports whether an old text means what a new one does.
func (n numbers) alike(old, new string) bool {
	if now := n.in(old); now != new {
		return meaning(now) == meaning(new)
	}
	return true
}

// in writes the references of an old text as they are numbered now.
func (n numbers) in(text string) string {
	if n.same() {
		return text
	}
	return reference.ReplaceAllStringFunc(text, func(m string) string {
		part := reference.FindStringSubmatch(m)
		if now, ok := n[part[2]]; ok {
			return part[1] + now
		}
		return m
	})
}
