package comment

import (
	"regexp"
	"slices"
	"strings"

	"vaern/internal/i18n"
	"vaern/internal/problem"
	"vaern/internal/record"
	"vaern/internal/store"
)

// In the text of a comment a mention is @{id}: a person may change name.
var mention = regexp.MustCompile(`@\{([0-9a-zA-Z-]+)\}`)

// Mentioned are the people that a text mentions, each once.
func Mentioned(text string) (ids []string) {
	for _, m := range mention.FindAllStringSubmatch(text, -1) {
		if !slices.Contains(ids, m[1]) {
			ids = append(ids, m[1])
		}
	}
	return ids
}

// Piece is a stretch of a comment: words, or a person's name.
type Piece struct{ Text, Person string }

// Pieces are a text with the names of those it mentions.
func Pieces(text string, names map[string]record.Called) (out []Piece) {
	at := 0
	for _, m := range mention.FindAllStringSubmatchIndex(text, -1) {
		id := text[m[2]:m[3]]
		name := names[id].Title
		if name == "" || names[id].Kind != "person" {
			continue
		}
		out = append(out, Piece{Text: text[at:m[0]]}, Piece{name, id})
		at = m[1]
	}
	return append(out, Piece{Text: text[at:]})
}

// Typed is a text as its author types it: names for ids.
func Typed(text string, names map[string]record.Called) string {
	var b strings.Builder
	for _, p := range Pieces(text, names) {
		if p.Person != "" {
			b.WriteByte('@')
		}
		b.WriteString(p.Text)
	}
	return b.String()
}

const (
	mostMentions = 30          // in one comment: each is looked for among all people
	longestName  = 5           // words
	mostAlike    = 20          // people of one name
	afterName    = " .,;:!?)»" // what may follow a name and is none of it
)

// resolve finds whom a typed text mentions: after each @ the longest run of
// words that is a person's whole name or number, or begins the name of one only.
func resolve(q *store.Read, text string) (string, error) {
	seen, err := q.With("person.see")
	if err != nil {
		return text, nil // who sees nobody mentions nobody
	}
	var b strings.Builder
	for left := mostMentions; ; {
		before, after, ok := strings.Cut(text, "@")
		b.WriteString(before)
		if !ok {
			return b.String(), nil
		}
		if text = after; strings.HasPrefix(text, "{") { // only what was found stands as an id
			b.WriteString("@ ")
			continue
		}
		if !begins(b.String(), after) {
			b.WriteByte('@')
			continue
		}
		if left--; left < 0 {
			return "", wrong(i18n.Text{"Nævn højst %d i én kommentar.", "Mention at most %d in one comment."}.With(mostMentions))
		}
		id, length, err := person(seen, after)
		if err != nil {
			return "", err
		}
		b.WriteString("@{" + id + "}")
		text = after[length:]
	}
}

// begins reports whether an @ after some text can mean a person: not one in a
// mail address, or one that mentions already.
func begins(before, after string) bool {
	last := before[max(0, len(before)-1):]
	return after != "" && !strings.ContainsAny(after[:1], " \n\r\t{@.,;:") && (last == "" || strings.ContainsAny(last, " \n\r\t(\"'»,;:-"))
}

// person finds who is meant, and how much of the text is the name.
func person(q *store.Read, text string) (id string, length int, err error) {
	ends := wordEnds(text)
	for i := len(ends) - 1; i >= 0; i-- {
		name := strings.TrimRight(text[:ends[i]], afterName)
		found, err := record.Pick(q, "person", name, mostAlike)
		if err != nil {
			return "", 0, err
		}
		whole := slices.DeleteFunc(slices.Clone(found), func(c record.Called) bool { return !strings.EqualFold(c.Title, name) })
		switch {
		case len(whole) == 1:
			return whole[0].ID, len(name), nil
		case len(whole) > 1:
			return among(q, whole, name, text[len(name):])
		}
		numbered, err := record.Numbered(q, "person", name)
		switch {
		case err != nil:
			return "", 0, err
		case len(numbered) == 1:
			return numbered[0].ID, len(name), nil
		case len(found) == 1 && strings.HasPrefix(strings.ToLower(found[0].Title), strings.ToLower(name)):
			return found[0].ID, len(name), nil
		case len(found) > 1:
			return "", 0, wrong(i18n.Text{"Flere passer til @%s: %s. Skriv hele navnet.", "Several match @%s: %s. Write the whole name."}.With(name, some(found)))
		}
	}
	return "", 0, wrong(i18n.Text{"Ingen hedder @%s. Skriv navnet, som det står i Værn, eller medarbejdernummeret.", "Nobody is called @%s. Write the name as it is written in Værn, or the staff number."}.With(strings.TrimRight(text[:ends[0]], afterName)))
}

// some are the names of the first that match.
func some(found []record.Called) string {
	const named = 5
	var names []string
	for _, c := range found {
		if !slices.Contains(names, c.Title) && len(names) < named {
			names = append(names, c.Title)
		}
	}
	return strings.Join(names, ", ")
}

// among finds who of several with one name is meant: after the name stands the
// number in brackets.
func among(q *store.Read, some []record.Called, name, after string) (id string, length int, err error) {
	ids := make([]string, len(some))
	for i, c := range some {
		ids[i] = c.ID
	}
	all, err := record.TellApart(q, "person", ids)
	if err != nil {
		return "", 0, err
	}
	var ways []string
	for _, a := range all {
		number := " (" + a.Key + ")"
		if strings.HasPrefix(after, number) {
			return a.ID, len(name) + len(number), nil
		}
		ways = append(ways, "@"+name+number+" · "+a.Place())
	}
	return "", 0, wrong(i18n.Text{"Flere hedder %s. Skriv en af disse: %s.", "Several are called %s. Write one of these: %s."}.With(name, strings.Join(ways, ", ")))
}

func wrong(text i18n.Text) error { return problem.Check(problem.Fields{"text": text}) }

// wordEnds are where the first words of a line end.
func wordEnds(text string) (ends []int) {
	line, _, _ := strings.Cut(text, "\n")
	line = strings.TrimRight(line, "\r ")
	for i := range line {
		if line[i] == ' ' && i > 0 && line[i-1] != ' ' {
			if ends = append(ends, i); len(ends) == longestName {
				return ends
			}
		}
	}
	return append(ends, len(line))
}
