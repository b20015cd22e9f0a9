package clause

import (
	"regexp"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

var (
	bulletMark  = regexp.MustCompile(`^([-*+•–—·▪►‣◦●○■□✓➢\x{f0b7}\x{f0a7}\x{f076}\x{f0d8}])(?:\s+|$)`)
	letterO     = regexp.MustCompile(`^(o)\s+\p{L}`)
	decimalMark = regexp.MustCompile(`^(\d{1,2}(?:\.\d{1,2})+\.?)(?:\s+|$)`)
	numberMark  = regexp.MustCompile(`^(\(?\d{1,2}[.)])(?:\s+|$)`)
	bareNumber  = regexp.MustCompile(`^(\d{1,2})\s+\p{Lu}`)
	letterMark  = regexp.MustCompile(`^(\(?[a-zæøåA-ZÆØÅ][.)])\s+`)
	romanMark   = regexp.MustCompile(`^(\(?(?:[ivx]{1,5}|[IVX]{1,5})[.)])\s+`)
	lawMark     = regexp.MustCompile(`^(§+\s?(\d{1,3})\.?)(?:\s+|$)`)
	chapterMark = regexp.MustCompile(`^((?i:kapitel|afsnit|del|chapter|section|part)\s+(\d{1,2}|[IVX]{1,5})\s?[.:–-]?)(?:\s+|$)`)
)

// mark is what stands before a line and numbers or bullets it.
type mark struct {
	raw     string // as it stood
	kind    markKind
	numbers []int // of a number: its components
}

type markKind int

const (
	noMark markKind = iota
	bullet
	letter
	roman   // lower-case roman, or a single letter that is one too
	number  // "3." or "3)"
	plain   // "3" and a capital
	decimal // "3.1"
	law     // "§ 3"
	chapter // "Kapitel 3"
)

// markOf finds the marker of a line and the text after it. A date such as "3. maj 2024" is not marked.
func markOf(text string) (mark, string) {
	if startsWithDate(text) {
		return mark{}, text
	}
	for _, try := range []struct {
		pattern *regexp.Regexp
		kind    markKind
	}{
		{bulletMark, bullet}, {letterO, bullet}, {decimalMark, decimal}, {numberMark, number}, {lawMark, law},
		{chapterMark, chapter}, {romanMark, roman}, {letterMark, letter}, {bareNumber, plain},
	} {
		found := try.pattern.FindStringSubmatch(text)
		if found == nil {
			continue
		}
		rest := strings.TrimLeftFunc(text[len(found[1]):], unicode.IsSpace)
		return mark{raw: found[1], kind: try.kind, numbers: components(found)}, rest
	}
	return mark{}, text
}

func components(found []string) []int {
	if len(found) == 3 {
		if n, err := strconv.Atoi(found[2]); err == nil {
			return []int{n}
		}
		return []int{romanValue(found[2])}
	}
	var numbers []int
	for part := range strings.FieldsFuncSeq(found[1], func(r rune) bool { return !unicode.IsDigit(r) }) {
		n, _ := strconv.Atoi(part)
		numbers = append(numbers, n)
	}
	if numbers == nil && romanMark.MatchString(found[0]) {
		return []int{romanValue(strings.Trim(found[1], "()."))}
	}
	return numbers
}

func romanValue(text string) int {
	values := map[rune]int{'I': 1, 'V': 5, 'X': 10}
	total, last := 0, 0
	for _, r := range strings.ToUpper(text) {
		v := values[r]
		total += v
		if v > last {
			total -= 2 * last
		}
		last = v
	}
	return total
}

// last is the final component of a number, 0 when there is none.
func (m mark) last() int {
	if len(m.numbers) == 0 {
		return 0
	}
	return m.numbers[len(m.numbers)-1]
}

// follows tells whether m is the next number after n in the same row of numbers.
func (m mark) follows(n mark) bool {
	return m.kind == n.kind && len(m.numbers) == len(n.numbers) && len(m.numbers) > 0 && m.last() == n.last()+1
}

// number writes the section number of a heading's marker, "" for none.
func (m mark) number() string {
	if m.kind == noMark || m.kind == bullet || m.kind == letter {
		return ""
	}
	parts := make([]string, len(m.numbers))
	for i, n := range m.numbers {
		parts[i] = strconv.Itoa(n)
	}
	return strings.Join(parts, ".")
}

// label is how the text numbers a heading when the bare number does not say it.
func (m mark) label() string {
	if m.kind == law || m.kind == chapter || m.kind == roman {
		return m.raw
	}
	return ""
}

func startsLower(text string) bool {
	r, _ := utf8.DecodeRuneInString(strings.TrimLeft(text, `"”“»«('`))
	return unicode.IsLower(r)
}

func startsUpper(text string) bool {
	r, _ := utf8.DecodeRuneInString(text)
	return unicode.IsUpper(r)
}

// stopped tells whether text ends as a sentence does.
func stopped(text string) bool {
	text = strings.TrimRight(text, `"”“»«')] `)
	return strings.HasSuffix(text, ".") || strings.HasSuffix(text, "!") || strings.HasSuffix(text, "?")
}

// open tells whether text ends where a sentence cannot.
func open(text string) bool {
	return !stopped(text) && !strings.HasSuffix(text, ":") && !strings.HasSuffix(text, ";")
}
