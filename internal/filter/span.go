package filter

import (
	"regexp"
	"strconv"
	"strings"
	"time"

	"vaern/internal/field"
)

// bound is one end of a span: how a day compares with so many days, weeks or months from today.
type bound struct {
	op   Op
	sign string // before the distance; "" is today
}

// distances are what people write of a distance, and the ends that it means.
var distances = []struct {
	said *regexp.Regexp
	ends []bound
}{
	{regexp.MustCompile(`^(?:inden for|indenfor|within)(?: (?:de|den|det|the))?(?: (?:næste|kommende|next))? (\d{1,4}|\pL+) (\pL+)$`), []bound{{AtLeast, ""}, {AtMost, "+"}}},
	{regexp.MustCompile(`^(?:i |in )?(?:de |the )?(?:næste|kommende|next) (\d{1,4}|\pL+) (\pL+)$`), []bound{{AtLeast, ""}, {AtMost, "+"}}},
	{regexp.MustCompile(`^(?:inden for |indenfor |within |in |i )?(?:de |the )?(?:sidste|seneste|last|past) (\d{1,4}|\pL+) (\pL+)$`), []bound{{AtLeast, "-"}, {AtMost, ""}}},
	{regexp.MustCompile(`^(?:inden for |indenfor |within |i |in )?(?:den|det|the) (?:sidste|seneste|last|past)( )(\pL+)$`), []bound{{AtLeast, "-"}, {AtMost, ""}}},
	{regexp.MustCompile(`^(?:for )?(?:mere end|over|more than) (\d{1,4}|\pL+) (\pL+) (?:siden|ago)$`), []bound{{Before, "-"}}},
	{regexp.MustCompile(`^(?:ældre end|older than) (\d{1,4}|\pL+) (\pL+)$`), []bound{{Before, "-"}}},
	{regexp.MustCompile(`^(?:for )?(?:mindre end|under|less than) (\d{1,4}|\pL+) (\pL+) (?:siden|ago)$`), []bound{{After, "-"}}},
	{regexp.MustCompile(`^(?:om|in) (?:højst|senest|mindre end|under|at most|less than) (\d{1,4}|\pL+) (\pL+)$`), []bound{{AtMost, "+"}}},
	{regexp.MustCompile(`^(?:om|in) (?:mere end|over|more than) (\d{1,4}|\pL+) (\pL+)$`), []bound{{After, "+"}}},
}

var between = regexp.MustCompile(`^(?:mellem|fra|between|from)(?: og med)? (.+?) (?:og|til og med|til|and|to) (.+)$`)

// saysYear is a day that says its year.
var saysYear = regexp.MustCompile(`\d{4}`)

// longestSpan is how many words say a span at most: "fra den 1. december 2026 til og med den 1. marts 2027".
const longestSpan = 12

// span is what a day or a number must lie between, where words say that here, and how many words they are.
func (p *parser) span(f *field.Field) ([]Filter, int) {
	at := p.pos
	defer func() { p.pos = at }()
	first := 0
	if w := p.peek(0).lower(); w == "er" || w == "is" || w == "ligger" {
		first = 1
	}
	p.pos += first
	var found []Filter
	_, n := p.phrase(longestSpan, func(text string) string {
		if found = p.spanOf(f, text); found == nil {
			return ""
		}
		return text
	})
	if n == 0 {
		return nil, 0
	}
	return found, first + n
}

func (p *parser) spanOf(f *field.Field, text string) []Filter {
	end := func(op Op, value string) Filter { return Filter{Field: f.Name, Op: op, Value: value} }
	if m := between.FindStringSubmatch(text); m != nil {
		from, to := p.means(f, m[1]), p.means(f, m[2])
		if day, err := time.Parse(time.DateOnly, from); err == nil && real(to) && from > to && !saysYear.MatchString(m[1]) {
			from = day.AddDate(-1, 0, 0).Format(time.DateOnly) // from 1 November to 1 March: that before it
		}
		if from != "" && to != "" {
			return []Filter{end(AtLeast, from), end(AtMost, to)}
		}
	}
	if f.Kind != field.Day {
		return nil
	}
	for _, s := range distances {
		m := s.said.FindStringSubmatch(text)
		if m == nil {
			continue
		}
		if m[1] == " " { // "the last month" is one
			m[1] = "1"
		}
		if distance("+", m[1], m[2]) == "" {
			continue
		}
		var out []Filter
		for _, b := range s.ends {
			value := "today"
			if b.sign != "" {
				value = distance(b.sign, m[1], m[2])
			}
			out = append(out, end(b.op, value))
		}
		return out
	}
	return nil
}

// means is the value of a day or a number that words say, "" for none.
func (p *parser) means(f *field.Field, text string) string {
	if f.Kind == field.Int {
		return number(text)
	}
	text = unled(text)
	value := day(text, p.Today)
	if from, _, _ := strings.Cut(value, ".."); f.Past && real(from) && from > p.Today && !saysYear.MatchString(text) && feasts[text][0] == "" {
		year, _ := strconv.Atoi(from[:4])
		if last := day(text+" "+strconv.Itoa(year-1), p.Today); last != "" {
			return last
		}
	}
	return value
}

// led are words before a day that say nothing.
var led = map[string]bool{"den": true, "d.": true, "d": true, "i": true, "på": true, "the": true, "on": true, "in": true}

// unled is the text of a day without such a word before it.
func unled(text string) string {
	first, rest, ok := strings.Cut(text, " ")
	if ok && led[first] && named[text] == "" {
		return rest
	}
	return text
}
