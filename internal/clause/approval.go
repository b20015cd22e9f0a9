package clause

import (
	"regexp"
	"slices"
	"strings"
)

var (
	approvalVerb = regexp.MustCompile(`(?i)(vedtag(et|elsen?|ne)\b|vedtog\b|godkend(t|te|else|elsen)\b|tiltråd(t|te)\b|tiltrædelse\b|besluttet\b|stadfæstet\b|adopt(ed|ion)\b|approv(ed|al|es)\b|endorsed\b|ratified\b)`)
	decided      = regexp.MustCompile(`(?i)(vedtaget|godkendt|tiltrådt|stadfæstet|adopted|approved|endorsed|ratified)\s+(af|i|den|d\.|by|on|in|at)(\s|$)`)
	otherPolicy  = regexp.MustCompile(`(?i)(erstatte[rt]|afløse[rt]|ophæve[rts]|bortfalder|næste|revideres|revurderes|forelægges|replac(es|ed|ing)|supersed|next|review|repeal)`)
	thisAgain    = regexp.MustCompile(`(?i)\b(og|men|and|but)\s+(er|blev|is|was)\s+(\p{L}+\s){0,2}(vedtaget|godkendt|tiltrådt|adopted|approved)`)
	sentenceEnd  = regexp.MustCompile(`(\p{Ll}{3,}|\d{4})[.;]\s+(\p{Lu}|"|”)`)
)

// longestSentence is more than anyone writes on who approved what.
const longestSentence = 3000

// findApprovals reads every sentence that says that a body adopted or approved the document on a date.
func (d *Document) findApprovals() {
	for _, text := range d.texts() {
		for _, sentence := range sentences(text) {
			for _, a := range approvalsIn(sentence) {
				known := func(b Approval) bool { return b.Body == a.Body && b.Date == a.Date }
				if !slices.ContainsFunc(d.Approvals, known) {
					d.Approvals = append(d.Approvals, a)
				}
			}
		}
	}
}

// texts gives the front lines and all clauses in reading order. Items follow their lead-in on the same line
// when the lead-in is what says "approved".
func (d *Document) texts() []string {
	out := labelled(d.Front)
	for _, s := range d.Sections {
		for _, c := range s.Clauses {
			text := c.Text
			if c.Kind == Item && approvalVerb.MatchString(c.Lead) && !approvalVerb.MatchString(text) {
				text = strings.TrimRight(c.Lead, ": ") + ": " + text
			}
			if len(s.Clauses) > 0 && approvalVerb.MatchString(s.Title) && !approvalVerb.MatchString(text) && len(strings.Fields(text)) <= 12 {
				text = s.Title + ": " + text
			}
			out = append(out, text)
		}
	}
	return out
}

// labelled joins "Approved by" with the line below it.
func labelled(front []string) []string {
	var out []string
	for i, text := range front {
		if i > 0 && labelAlone.MatchString(front[i-1]) && approvalVerb.MatchString(front[i-1]) {
			text = front[i-1] + " " + text
		}
		out = append(out, text)
	}
	return out
}

// sentences cuts a text at its full stops, not at those of abbreviations and dates.
func sentences(text string) []string {
	var out []string
	for {
		at := sentenceEnd.FindStringSubmatchIndex(text)
		if at == nil {
			return append(out, text)
		}
		out = append(out, text[:at[3]+1])
		text = strings.TrimSpace(text[at[3]+1:])
	}
}

// approvalsIn pairs the bodies and dates of one sentence. "By A on 1 May and by B on 2 May", "on 1 May by A",
// "by A and B on 1 May" and "on 1 May and again on 2 May by A" all read rightly.
func approvalsIn(sentence string) []Approval {
	if len(sentence) > longestSentence || !approvalVerb.MatchString(sentence) {
		return nil
	}
	about := aboutThis(sentence)
	if !approvalVerb.MatchString(about) {
		return nil
	}
	days, bodies := dates(about), bodiesIn(about)
	if len(days) == 0 || len(bodies) == 0 {
		return nil
	}
	bodyFirst := bodies[0].start < days[0].start
	var out []Approval
	for i, day := range days {
		for _, b := range bodies {
			if bodyFirst && partner(days, bodies, i, b) || !bodyFirst && follower(days, i, b) {
				out = append(out, Approval{Body: b.name, Date: day.date, Text: sentence})
			}
		}
	}
	return out
}

// partner tells whether body b stands in the group of bodies right before date i.
func partner(days []written, bodies []mention, i int, b mention) bool {
	if b.start > days[i].start {
		return false
	}
	after := -1 // where the group begins: behind the date before it
	for j := i - 1; j >= 0; j-- {
		between := slices.ContainsFunc(bodies, func(m mention) bool { return m.start > days[j].start && m.start < days[i].start })
		if between {
			after = days[j].start
			break
		}
	}
	return b.start > after
}

// follower tells whether body b stands between date i and the date after it, or behind a row of dates.
func follower(days []written, i int, b mention) bool {
	if b.start < days[i].start {
		return false
	}
	return i+1 == len(days) || b.start < days[i+1].start
}

// aboutThis leaves out what a sentence says of another document or of a later review.
func aboutThis(sentence string) string {
	at := otherPolicy.FindStringIndex(sentence)
	if at == nil {
		return sentence
	}
	if again := thisAgain.FindStringIndex(sentence[at[1]:]); again != nil {
		return sentence[:at[0]] + sentence[at[1]+again[0]:]
	}
	return sentence[:at[0]]
}
