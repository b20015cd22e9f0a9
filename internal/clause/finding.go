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

// day is a date that each language writes in its own way.
type day string

// inBoth is a word that each language has its own of, Danish first.
type inBoth [2]string

// Find adds a finding in Danish and English; the arguments go into both.
func (d *Document) Find(code, danish, english string, args ...any) {
	d.Findings = append(d.Findings, Finding{Code: code, Text: fmt.Sprintf(danish, spoken(0, args)...), English: fmt.Sprintf(english, spoken(1, args)...)})
}

// spoken are arguments as a language says them, 0 for Danish.
func spoken(language int, args []any) []any {
	out := slices.Clone(args)
	for i, arg := range args {
		switch arg := arg.(type) {
		case day:
			out[i] = [2]func(string) string{danishDate, englishDate}[language](string(arg))
		case inBoth:
			out[i] = arg[language]
		}
	}
	return out
}

// Said is the finding in Danish and in English; what was found before findings
// had English is Danish in both.
func (f Finding) Said() [2]string {
	if f.English == "" {
		return [2]string{f.Text, f.Text}
	}
	return [2]string{f.Text, f.English}
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
		d.Find(NoTitle, "Dokumentet har ingen tydelig titel. Skriv den, som politikken er vedtaget under.",
			"The document has no clear title. Type the one under which the policy was adopted.")
	}
	if d.Organisation == "" {
		d.Find(UnknownOrganisation, "Det fremgår ikke, hvilken kommune eller organisation politikken gælder for.",
			"The text does not say which municipality or organisation the policy is for.")
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
		d.Find(NoVersion, "Dokumentet har intet versionsnummer.",
			"The document has no version number.")
	case len(order) > 1:
		d.Find(TwoVersions, "Forsiden nævner flere versioner: %s. Version %s er foreslået.",
			"The front page mentions several versions: %s. Version %s is proposed.", inBoth{strings.Join(order, " og "), strings.Join(order, " and ")}, d.Version)
	}
	switch {
	case d.Dated == "":
		d.Find(NoDate, "Dokumentet har ingen dato.",
			"The document has no date.")
	case d.Dated > today:
		d.Find(DateAhead, "Versionens dato, %s, ligger ude i fremtiden.",
			"The date of the version, %s, is in the future.", day(d.Dated))
	}
}

func (d *Document) reviewSections(repeated []string) {
	if len(d.Sections) == 0 {
		d.Find(NoSections, "Der blev ikke fundet nogen afsnit i teksten.",
			"No sections were found in the text.")
	}
	for _, number := range repeated {
		d.Find(RepeatedNumber, "Afsnitsnummer %s bruges flere gange. Det senere afsnit har fået det næste ledige nummer.",
			"Section number %s is used more than once. The later section was given the next free number.", number)
	}
	for i, s := range d.Sections {
		hasSub := i+1 < len(d.Sections) && strings.HasPrefix(d.Sections[i+1].Number, s.Number+".")
		if len(s.Clauses) == 0 && !hasSub {
			d.Find(EmptySection, "Afsnit %s%s har ingen tekst.",
				"Section %s%s has no text.", s.Number, quoted(s.Title))
		}
	}
	for _, b := range d.Bodies {
		if !slices.ContainsFunc(b.Offices, func(o Office) bool { return o.Chair }) {
			d.Find(BodyWithoutChair, "Det fremgår ikke, hvem der er formand for %s.",
				"The text does not say who chairs %s.", b.Name)
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
		d.Find(NoApproval, "Teksten siger ikke, hvem der har godkendt politikken og hvornår.",
			"The text does not say who approved the policy, and when.")
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
		d.Find(ApprovalAhead, "Godkendelsen i %s er dateret %s, som ligger ude i fremtiden.",
			"The approval by %s is dated %s, which is in the future.", last.Body, day(last.Date))
	}
	if yearsAfter(last.Date, approvalYears) < today {
		d.Find(LatestApprovalOld, "Den seneste godkendelse er fra %s (%s). Det er mere end %s år siden.",
			"The latest approval is from %s (%s). That is more than %s years ago.", day(last.Date), last.Body, inWords(approvalYears))
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
		d.Find(NoApprovalOnDate, "Ingen godkendelse har versionens egen dato, %s.",
			"No approval has the date of the version itself, %s.", day(d.Dated))
	}
	for _, body := range order {
		a := latest[body]
		prepared := func(b Approval) bool { return rank(b.Body) > rank(a.Body) && (b.Date >= d.Dated || covers(b)) }
		if a.Date < d.Dated && !covers(a) && !slices.ContainsFunc(d.Approvals, prepared) {
			d.Find(ApprovalOlder, "%s godkendte %s, men versionen er dateret %s. Godkendelsen er altså ældre end den tekst, den skal dække.",
				"%s approved on %s, but the version is dated %s. So the approval is older than the text that it should cover.", a.Body, day(a.Date), day(d.Dated))
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
		name inBoth
	}{
		{Council, inBoth{"kommunalbestyrelsen (eller byrådet)", "the municipal council"}},
		{Executive, inBoth{"direktionen (eller den øverste ledelse)", "the executive board (or the highest management)"}},
		{Committee, inBoth{"udvalget for informationssikkerhed", "the committee for information security"}},
	} {
		if !slices.ContainsFunc(d.Approvals, func(a Approval) bool { return RoleOf(a.Body) == need.role }) {
			d.Find(RequiredBodyMissing, "Der er ingen dateret godkendelse fra %s.",
				"There is no dated approval by %s.", need.name)
		}
	}
}

func inWords(n int) inBoth {
	if words := []inBoth{{"nul", "zero"}, {"et", "one"}, {"to", "two"}, {"tre", "three"}, {"fire", "four"}, {"fem", "five"}}; n < len(words) {
		return words[n]
	}
	return inBoth{fmt.Sprint(n), fmt.Sprint(n)}
}
