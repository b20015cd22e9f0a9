package clause

import (
	"regexp"
	"slices"
	"strings"
)

var (
	memberVerb = regexp.MustCompile(`(?i)(består af|bestående af|sammensat af|sammensættes af|udgøres af|følgende medlemmer|medlemmer(?:ne)?(?: er|:)|consists of|consisting of|composed of|comprises|is made up of|members(?: are|:))`)
	following  = regexp.MustCompile(`(?i)^\s*(?:følgende|the following)?\s*(?:medlemmer|members|personer|funktioner|offices)?\s*:?\s*`)
	chairMark  = regexp.MustCompile(`(?i)\s*[(,–-]\s*(?:udvalgs)?(?:formand|forperson|chair|chairman|chairperson|mødeleder)(?: for [\p{L} ]+)?\s*\)?`)
	chairWords = regexp.MustCompile(`(?i)\s*,?\s*(?:som|der er|as) (?:formand|forperson|chair(?:man|person)?)\b`)
	chairFirst = regexp.MustCompile(`(?i)^(?:formand|forperson|chair(?:man|person)?)\s*:\s*`)
	bareBody   = regexp.MustCompile(`(?i)\b(udvalget|gruppen|styregruppen|forummet|rådet|the committee|the board|the group)\b`)
	officeWord = regexp.MustCompile(`(?i)(chef|direktør|leder|koordinator|rådgiver|jurist|ansvarlig|repræsentant|formand|sekretær|borgmester|arkitekt|revisor|medarbejder|konsulent|\bdpo\b|ciso|\bcio\b|officer|manager|director|head|mayor|counsel|lawyer|coordinator|adviser|advisor|chief|secretary|representative)`)
)

// findBodies reads the sentences and lists that say which offices make up a body.
func (d *Document) findBodies() {
	for _, s := range d.Sections {
		near := bodyIn(s.Title) // the body spoken of last
		for i, c := range s.Clauses {
			for _, sentence := range sentences(c.Text) {
				if len(sentence) > longestSentence {
					continue
				}
				at := memberVerb.FindStringIndex(sentence)
				name := subject(sentence, at, near)
				if at != nil && name != "" {
					d.addBody(name, officesOf(sentence[at[1]:], s.Clauses[i+1:]))
				}
				if named := lastBody(sentence); named != "" {
					near = named
				}
			}
		}
	}
}

// subject names the body that a sentence gives the members of: the one before the verb, or the one spoken of.
func subject(sentence string, at []int, near string) string {
	if at == nil {
		return ""
	}
	before := bodiesIn(sentence[:at[0]])
	if len(before) > 0 {
		return before[len(before)-1].name
	}
	if bareBody.MatchString(sentence[:at[0]]) || len(strings.Fields(sentence[:at[0]])) <= 3 {
		return near
	}
	return ""
}

func bodyIn(text string) string {
	if found := bodiesIn(text); len(found) > 0 {
		return found[0].name
	}
	return ""
}

// lastBody is the committee or board a sentence speaks of last; councils hand over the word and are passed by.
func lastBody(text string) string {
	name := ""
	for _, m := range bodiesIn(text) {
		if m.role != Council {
			name = m.name
		}
	}
	return name
}

func (d *Document) addBody(name string, offices []Office) {
	known := slices.ContainsFunc(d.Bodies, func(b Body) bool { return b.Name == name })
	if len(offices) < 2 || known {
		return
	}
	d.Bodies = append(d.Bodies, Body{Name: name, Offices: offices})
}

// officesOf reads the offices after "consists of", or from the list below when the sentence ends there.
func officesOf(text string, below []Clause) []Office {
	text = text[len(following.FindString(text)):]
	var titles []string
	if strings.Trim(text, " .:") != "" {
		titles = cutOffices(strings.TrimRight(text, ". "))
	} else {
		for _, c := range below {
			if c.Kind != Item {
				break
			}
			if c.Level == 1 {
				titles = append(titles, c.Text)
			}
		}
	}
	var offices []Office
	for _, t := range titles {
		if o := office(t); o.Title != "" {
			offices = append(offices, o)
		}
	}
	return offices
}

// cutOffices cuts a row of titles at commas and at the "and" before the last.
func cutOffices(text string) []string {
	text = chairWords.ReplaceAllString(text, " (formand)")
	var parts []string
	depth, from := 0, 0
	for i, r := range text {
		switch {
		case r == '(':
			depth++
		case r == ')':
			depth--
		case (r == ',' || r == ';') && depth <= 0:
			parts = append(parts, text[from:i])
			from = i + 1
		}
	}
	parts = append(parts, text[from:])
	last := parts[len(parts)-1]
	parts = parts[:len(parts)-1]
	head, tail := cutAtAnd(last)
	if head != "" {
		parts = append(parts, head)
	}
	return append(parts, tail)
}

// cutAtAnd cuts "A and B" where both sides name an office: "the head of culture and sports" stays whole.
func cutAtAnd(text string) (head, tail string) {
	text = strings.TrimSpace(text)
	for _, and := range []string{"og ", "samt ", "and "} {
		if rest, ok := strings.CutPrefix(text, and); ok {
			return "", rest
		}
	}
	for _, and := range []string{" samt ", " og ", " and "} {
		for at := strings.Index(text, and); at >= 0; {
			head, tail = text[:at], text[at+len(and):]
			if officeWord.MatchString(head) && officeWord.MatchString(tail) && !strings.HasSuffix(head, "-") {
				return head, tail
			}
			next := strings.Index(text[at+1:], and)
			if next < 0 {
				break
			}
			at += 1 + next
		}
	}
	return "", text
}

func office(text string) Office {
	title := strings.Trim(text, " .,;:")
	chair := chairMark.MatchString(title) || chairFirst.MatchString(title)
	title = chairFirst.ReplaceAllString(chairMark.ReplaceAllString(title, ""), "")
	return Office{Title: strings.Trim(title, " ,;"), Chair: chair}
}
