package document

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"vaern/internal/clause"
	"vaern/internal/i18n"
)

// review finds again what there is to see to, after somebody corrected the
// proposal. was is the proposal before. The findings about front page, bodies
// and approvals change when those do; slips follow the text.
func (p *Proposal) review(was Proposal, today string) {
	read := clause.Parse(clause.FromMarkdown(p.Body), today)
	var out []clause.Finding
	if p.sameFacts(was) {
		out = slices.DeleteFunc(slices.Clone(p.Findings), isSlip)
	} else {
		out = clause.Parse(p.facts(), today).Findings
		out = slices.DeleteFunc(out, func(f clause.Finding) bool { return !aboutFacts[f.Code] })
	}
	for _, f := range read.Findings {
		if isSlip(f) {
			out = append(out, f)
		}
	}
	p.Findings = out
}

func (p *Proposal) sameFacts(was Proposal) bool {
	sameApproval := func(a, b clause.Approval) bool { return a.Body == b.Body && a.Date == b.Date }
	return p.Title == was.Title && p.Organisation == was.Organisation && p.Version == was.Version && p.Dated == was.Dated &&
		slices.EqualFunc(p.Approvals, was.Approvals, sameApproval)
}

// aboutFacts are the findings that the facts alone decide.
var aboutFacts = map[string]bool{
	clause.NoTitle: true, clause.UnknownOrganisation: true, clause.NoVersion: true, clause.NoDate: true, clause.DateAhead: true,
	clause.NoApproval: true, clause.ApprovalAhead: true, clause.NoApprovalOnDate: true, clause.ApprovalOlder: true,
	clause.LatestApprovalOld: true, clause.RequiredBodyMissing: true,
}

// facts are the corrected facts as a policy would tell them, so that the same
// rules judge them as judged the file.
func (p *Proposal) facts() []clause.Block {
	line := func(text string) clause.Block { return clause.Block{Kind: clause.Paragraph, Text: text} }
	front := []clause.Block{}
	if p.Title != "" {
		front = append(front, clause.Block{Kind: clause.Heading, Level: 1, Text: p.Title})
	}
	if p.Organisation != "" {
		front = append(front, line(p.Organisation))
	}
	if p.Version != "" {
		front = append(front, line("Version "+p.Version))
	}
	if p.Dated != "" {
		front = append(front, line(longDate(p.Dated)))
	}
	front = append(front, clause.Block{Kind: clause.Heading, Level: 2, Marker: "1.", Text: "Godkendelse"}, line("Politikken er godkendt som følger."))
	for _, a := range p.Approvals {
		front = append(front, line(fmt.Sprintf("Godkendt af %s den %s.", a.Body, longDate(a.Date))))
	}
	return front
}

var months = strings.Fields("januar februar marts april maj juni juli august september oktober november december")

func longDate(day string) string {
	t, err := time.Parse(time.DateOnly, day)
	if err != nil {
		return day
	}
	return fmt.Sprintf("%d. %s %d", t.Day(), months[t.Month()-1], t.Year())
}

// check marks what must be corrected before the proposal can be confirmed.
func (p *Proposal) check() map[string]i18n.Text {
	bad := map[string]i18n.Text{}
	if strings.TrimSpace(p.Title) == "" {
		bad["title"] = i18n.Text{"Skriv politikkens titel.", "Type the policy's title."}
	}
	if len(clause.Parse(clause.FromMarkdown(p.Body), "").Sections) == 0 {
		bad["text"] = i18n.Text{"Der er ingen tekst at gemme.", "There is no text to store."}
	}
	for _, a := range p.Approvals {
		switch {
		case a.Body == "":
			bad["approvals"] = i18n.Text{"Skriv, hvem der godkendte, ud for hver dato.", "Say who approved beside every date."}
		case !isDay(a.Date):
			bad["approvals"] = i18n.Text{"Skriv en dato ud for hver godkendelse, for eksempel 31.12.2026.", "Write a date beside every approval, for example 2026-12-31."}
		}
	}
	if p.Dated != "" && !isDay(p.Dated) {
		bad["dated"] = i18n.Text{"Skriv en dato, for eksempel 31.12.2026.", "Write a date, for example 2026-12-31."}
	}
	return bad
}

func isDay(s string) bool {
	_, err := time.Parse(time.DateOnly, s)
	return err == nil
}
