package clause

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Role is what a body is to a policy, whatever its name is here.
type Role string

// The roles that a policy's approvals are looked for in.
const (
	Council   Role = "council"
	Executive Role = "executive"
	Committee Role = "committee"
	Standing  Role = "standing" // a political committee: it prepares, and stands in for none of the others
)

// bodyWord finds the bodies of a municipality by name. The order matters: the first that fits decides the role.
var bodyWord = []struct {
	role    Role
	pattern *regexp.Regexp
}{
	{Council, regexp.MustCompile(`(?i)(?:^|[^\p{L}-])(kommunalbestyrelse(?:n|ns)?|byråd(?:et|ets)?|borgerrepræsentation(?:en|ens)?|regionsråd(?:et|ets)?|(?:city|municipal|town|county|local|district) council|council)\b`)},
	{Executive, regexp.MustCompile(`(?i)(?:^|[^\p{L}-])(koncerndirektion(?:en|ens)?|direktion(?:en|ens)?|direktørgruppe(?:n|ns)?|direktørkreds(?:en|ens)?|magistrat(?:en|ens)?|koncernledelse(?:n|ns)?|topledelse(?:n|ns)?|chefgruppe(?:n|ns)?|executive (?:board|management|committee)|board of directors|management board|board of management|senior management team)\b`)},
	{Standing, regexp.MustCompile(`(?i)(?:^|[^\p{L}-])(økonomiudvalg(?:et|ets)?|økonomi- og [\p{L}]+udvalg(?:et|ets)?|hovedudvalg(?:et|ets)?|hoved-?med(?:-?udvalg(?:et|ets)?)?|finance committee|audit committee)\b`)},
	{Committee, regexp.MustCompile(`(?i)(?:^|[^\p{L}-])((?:[\p{L}-]+ ?- (?:og|eller) )?[\p{L}-]+udvalg(?:et|ets)?|udvalg(?:et)? for (?-i:(?:\p{Lu}[\p{L}-]+|it)(?: (?:og )?\p{Lu}[\p{L}-]+)*)|[\p{L}-]*styregruppe(?:n|ns)?|[\p{L}-]*sikkerheds(?:forum(?:met)?|råd(?:et)?|gruppe(?:n|ns)?|board(?:et)?|organisation(?:en|ens)?)|(?:(?:information|cyber|it|data|security|protection|privacy|and|&)[ -])+(?:committee|board|steering group|forum|council))\b`)},
}

// mention is a body named in a text.
type mention struct {
	name       string
	role       Role
	start, end int
}

// bodiesIn finds the bodies that a text names, in reading order.
func bodiesIn(text string) []mention {
	var found []mention
	for i := range bodyWord {
		b := bodyWord[len(bodyWord)-1-i] // the long names of committees first: "security council" is none of the city's
		for _, at := range b.pattern.FindAllStringSubmatchIndex(text, -1) {
			name := bodyName(text[at[2]:at[3]])
			m := mention{name, RoleOf(name), at[2], at[3]}
			if overlapsMention(found, m) || preparedIn(text, m.start) {
				continue
			}
			j := len(found)
			found = append(found, m)
			for ; j > 0 && found[j-1].start > m.start; j-- {
				found[j] = found[j-1]
			}
			found[j] = m
		}
	}
	return found
}

func overlapsMention(found []mention, m mention) bool {
	for _, f := range found {
		if f.start < m.end && m.start < f.end {
			return true
		}
	}
	return false
}

// preparedIn tells whether the body at a place only made the proposal: "efter indstilling fra Direktionen".
func preparedIn(text string, at int) bool {
	before := strings.ToLower(strings.TrimRight(text[:at], " "))
	return strings.HasSuffix(before, "indstilling fra") || strings.HasSuffix(before, "indstillet af") || strings.HasSuffix(before, "recommendation of the") || strings.HasSuffix(before, "proposed by the")
}

// RoleOf tells a body's role by its name, "" when the name is of no kind known.
func RoleOf(name string) Role {
	if bodyWord[3].pattern.FindString(name) == name && !bodyWord[2].pattern.MatchString(name) {
		return Committee
	}
	for _, b := range bodyWord {
		if b.pattern.MatchString(name) {
			return b.role
		}
	}
	return ""
}

var definite = []struct{ ending, with string }{
	{"ets", "et"}, {"ens", "en"}, {"udvalg", "udvalget"}, {"udvalgs", "udvalget"}, {"byråd", "byrådet"},
	{"gruppe", "gruppen"}, {"bestyrelse", "bestyrelsen"},
	{"direktion", "direktionen"}, {"magistrat", "magistraten"}, {"repræsentation", "repræsentationen"},
	{"ledelse", "ledelsen"},
}

// bodyName writes a body's name as its title: definite and with a capital, "et it-udvalg" is "It-udvalget". A
// forum or council of experts is left as it calls itself.
func bodyName(found string) string {
	name := strings.TrimSpace(found)
	for _, d := range definite {
		if strings.HasSuffix(strings.ToLower(name), d.ending) {
			name = name[:len(name)-len(d.ending)] + d.with
			break
		}
	}
	r, size := utf8.DecodeRuneInString(name)
	return string(unicode.ToUpper(r)) + name[size:]
}
