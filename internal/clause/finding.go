package clause

import (
	"fmt"
	"slices"
	"strings"
)

// Codes of findings.
const (
	NoTitle             = "no_title"
	UnknownOrganisation = "unknown_organisation"
	NoVersion           = "no_version"
	NoDate              = "no_date"
	TwoVersions         = "two_versions"
	DateAhead           = "date_ahead"
	NoSections          = "no_sections"
	EmptySection        = "empty_section"
	RepeatedNumber      = "section_number_repeated"
	NoApproval          = "no_approval"
	ApprovalAhead       = "approval_ahead"
	NoApprovalOnDate    = "no_approval_on_version_date"
	ApprovalOlder       = "approval_older_than_version"
	LatestApprovalOld   = "latest_approval_old"
	RequiredBodyMissing = "required_body_missing"
	BodyWithoutChair    = "body_without_chair"
	ProbableSlip        = "probable_slip"
)

// approvalYears is how long an approval counts as recent.
const approvalYears = 3

// runUpDays is how long before it takes force a version may have been decided.
const runUpDays = 92

func (d *Document) find(code, text string, args ...any) {
	d.Findings = append(d.Findings, Finding{Code: code, Text: fmt.Sprintf(text, args...)})
}

// review adds the findings that follow from what was read. Slips were found before and come last.
func (d *Document) review(today string, repeated []string) {
	slips := d.Findings
	d.Findings = []Finding{}
	d.reviewFront(today)
	d.reviewSections(repeated)
	d.reviewApprovals(today)
	d.Findings = append(d.Findings, slips...)
}

func (d *Document) reviewFront(today string) {
	if d.Title == "" {
		d.find(NoTitle, "Dokumentet har ingen tydelig titel. Skriv den, som politikken er vedtaget under.")
	}
	if d.Organisation == "" {
		d.find(UnknownOrganisation, "Det fremgår ikke, hvilken kommune eller organisation politikken gælder for.")
	}
	versions := map[string]bool{}
	var order []string
	for _, s := range withLabels(d.Front) {
		if v := version(s); v != "" && !versions[v] {
			versions[v] = true
			order = append(order, v)
		}
	}
	switch {
	case d.Version == "":
		d.find(NoVersion, "Dokumentet har intet versionsnummer.")
	case len(order) > 1:
		d.find(TwoVersions, "Forsiden nævner flere versioner: %s. Version %s er foreslået.", strings.Join(order, " og "), d.Version)
	}
	switch {
	case d.Dated == "":
		d.find(NoDate, "Dokumentet har ingen dato.")
	case d.Dated > today:
		d.find(DateAhead, "Versionens dato, %s, ligger ude i fremtiden.", danishDate(d.Dated))
	}
}

func (d *Document) reviewSections(repeated []string) {
	if len(d.Sections) == 0 {
		d.find(NoSections, "Der blev ikke fundet nogen afsnit i teksten.")
	}
	for _, number := range repeated {
		d.find(RepeatedNumber, "Afsnitsnummer %s bruges flere gange. Det senere afsnit har fået det næste ledige nummer.", number)
	}
	for i, s := range d.Sections {
		hasSub := i+1 < len(d.Sections) && strings.HasPrefix(d.Sections[i+1].Number, s.Number+".")
		if len(s.Clauses) == 0 && !hasSub {
			d.find(EmptySection, "Afsnit %s%s har ingen tekst.", s.Number, quoted(s.Title))
		}
	}
	for _, b := range d.Bodies {
		if !slices.ContainsFunc(b.Offices, func(o Office) bool { return o.Chair }) {
			d.find(BodyWithoutChair, "Det fremgår ikke, hvem der er formand for %s.", b.Name)
		}
	}
}

func quoted(title string) string {
	if title == "" {
		return ""
	}
	return " (" + title + ")"
}

func (d *Document) reviewApprovals(today string) {
	if len(d.Approvals) == 0 {
		d.find(NoApproval, "Teksten siger ikke, hvem der har godkendt politikken og hvornår.")
		return
	}
	latest := map[string]Approval{} // per body
	var order []string
	last := Approval{}
	for _, a := range d.Approvals {
		if _, known := latest[a.Body]; !known {
			order = append(order, a.Body)
		}
		if a.Date > latest[a.Body].Date {
			latest[a.Body] = a
		}
		if a.Date > last.Date {
			last = a
		}
	}
	d.reviewDates(latest, order)
	if last.Date > today {
		d.find(ApprovalAhead, "Godkendelsen i %s er dateret %s, som ligger ude i fremtiden.", last.Body, danishDate(last.Date))
	}
	if yearsAfter(last.Date, approvalYears) < today {
		d.find(LatestApprovalOld, "Den seneste godkendelse er fra %s (%s). Det er mere end %s år siden.", danishDate(last.Date), last.Body, inWords(approvalYears))
	}
	d.reviewRequired()
}

// reviewDates holds the approvals against the date of the version.
func (d *Document) reviewDates(latest map[string]Approval, order []string) {
	if d.Dated == "" {
		return
	}
	covers := func(a Approval) bool { return a.Date == d.Dated }
	if d.validFrom { // decided before it takes force, as it should
		covers = func(a Approval) bool { return a.Date <= d.Dated && a.Date >= daysAfter(d.Dated, -runUpDays) }
	}
	if !slices.ContainsFunc(d.Approvals, covers) {
		d.find(NoApprovalOnDate, "Ingen godkendelse har versionens egen dato, %s.", danishDate(d.Dated))
	}
	for _, body := range order {
		a := latest[body]
		prepared := func(b Approval) bool { return rank(b.Body) > rank(a.Body) && (b.Date >= d.Dated || covers(b)) }
		if a.Date < d.Dated && !covers(a) && !slices.ContainsFunc(d.Approvals, prepared) {
			d.find(ApprovalOlder, "%s godkendte %s, men versionen er dateret %s. Godkendelsen er altså ældre end den tekst, den skal dække.", a.Body, danishDate(a.Date), danishDate(d.Dated))
		}
	}
}

// rank orders bodies by who decides last. What a lower one approved before a higher one was preparation.
func rank(body string) int {
	switch RoleOf(body) {
	case Council:
		return 3
	case Executive:
		return 2
	}
	return 1
}

// reviewRequired looks for an approval by each body that a policy needs, by role.
func (d *Document) reviewRequired() {
	for _, need := range []struct {
		role Role
		name string
	}{
		{Council, "kommunalbestyrelsen (eller byrådet)"},
		{Executive, "direktionen (eller den øverste ledelse)"},
		{Committee, "udvalget for informationssikkerhed"},
	} {
		if !slices.ContainsFunc(d.Approvals, func(a Approval) bool { return RoleOf(a.Body) == need.role }) {
			d.find(RequiredBodyMissing, "Der er ingen dateret godkendelse fra %s.", need.name)
		}
	}
}

func inWords(n int) string {
	if words := []string{"nul", "et", "to", "tre", "fire", "fem"}; n < len(words) {
		return words[n]
	}
	return fmt.Sprint(n)
}
