package clause

import (
	"regexp"
	"strings"
	"unicode/utf8"
)

var (
	documentWord = regexp.MustCompile(`(?i)(politik|policy|policies|strategi|strategy|håndbog|handbook|retningslinje|guideline|reglement|regulativ|regulations|regler|rules|instruks|standard|principper)`)
	typeLine     = regexp.MustCompile(`(?i)^(politik|policy|strategi|strategy|håndbog|handbook|retningslinjer?|guidelines?|procedure|instruks|instruction|dokument|document|bilag|reglement|regulativ)$`)
	versionLine  = regexp.MustCompile(`(?i)^(?:(?:dokument)?version(?:s?n(?:umme)?r)?|udgave|revision|rev|v)\.?(?:\s*:\s*|\s+|)v?(\d{1,3}(?:\.\d{1,3}){0,2})\b`)
	versionIn    = regexp.MustCompile(`(?i)\b(?:version|udgave|revision|rev\.|v)\s*[:.]?\s*v?(\d{1,3}(?:\.\d{1,3}){0,2})\b`)
	editionLine  = regexp.MustCompile(`(?i)^(\d{1,2})\.\s?(udgave|version|edition)\b`)
	bareVersion  = regexp.MustCompile(`(?i)^v?(\d{1,2}\.\d{1,2}(?:\.\d{1,2})?)$`)
	datedLabel   = regexp.MustCompile(`(?i)^(dato|date|dateret|dated|versionsdato|version date|udgivet|udgivelsesdato|issued|publiceret|sidst opdateret|senest opdateret|senest revideret|sidst revideret|revideret|opdateret|last updated|last revised|revised|d\.|den)\b`)
	validLabel   = regexp.MustCompile(`(?i)(gælder fra|gældende fra|gyldig fra|træder i kraft|ikrafttræd|i kraft fra|i kraft|effective|valid from|in force|comes into force)`)
	reviewLabel  = regexp.MustCompile(`(?i)(næste|revideres|revurderes|genbesøges|gælder til|gyldig til|udløber|next|review|expires|valid (un)?til|erstatter|afløser|replaces|supersedes)`)
	otherLabel   = regexp.MustCompile(`(?i)^(ejer|dokumentejer|ansvarlig|forfatter|udarbejdet|kontakt|sagsn|sag|sags-?id|journal|j\.?nr|acadre|dok|klassifikation|status|målgruppe|næste|owner|author|prepared|contact|case|classification|audience|next|review|adresse|telefon|e-?mail|side|page|cvr)[^:]{0,30}:`)
	titleLabel   = regexp.MustCompile(`(?i)^(titel|title|dokumenttitel|dokument|document|emne|subject)\s*:\s*(.+)$`)
	ownerLabel   = regexp.MustCompile(`(?i)^(organisation|organization|kommune|myndighed|virksomhed|authority|company)\s*:\s*(.+)$`)
	typeLabel    = regexp.MustCompile(`(?i)^(type|dokumenttype|document type|niveau|level)\s*:`)
	labelAlone   = regexp.MustCompile(`(?i)^(titel|title|dokumenttitel|organisation|organization|myndighed|dokumenttype|version|versionsnummer|versionsnr\.?|udgave|dato|date|versionsdato|gældende fra|gyldig fra|ikrafttrædelsesdato|effective from|valid from|udgivet|issued|sagsnr\.?|sagsnummer|ejer|dokumentejer|owner|klassifikation|classification|status|næste revision|next review|forfatter|author|godkendt af|approved by)\s*:?$`)
	dateLabel    = regexp.MustCompile(`(?i)^(dato|date|versionsdato|gældende fra|gyldig fra|effective from|valid from)\s*:`)
	segmentEdge  = regexp.MustCompile(`\s+[–—|·•-]\s+|\t+`)
	shortName    = `(?:[A-ZÆØÅ][\p{L}]*(?:-[A-ZÆØÅ\p{Ll}][\p{L}]*)*)`
	kommuneName  = regexp.MustCompile(`((?:` + shortName + ` (?:og )?){1,3}Kommune)(?:s\b|\b)`)
	namedEnglish = regexp.MustCompile(`(?:\bthe )?((?:Municipality|City|Region|County) of ` + shortName + `(?: ` + shortName + `)?|(?:` + shortName + ` ){1,2}(?:Municipality|City Council|County Council))\b`)
	regionName   = regexp.MustCompile(`\b(Region ` + shortName + `)`)
	firmName     = regexp.MustCompile(`((?:` + shortName + ` ){1,3}(?:A/S|ApS|I/S|a\.m\.b\.a\.|Ltd|Forsyning))(?:$|\W)`)
	notInName    = regexp.MustCompile(`^(?:(?:I|For|Hos|Ved|Til|Af|Fra|The|In|At|Og|Som|Når|Hvis|Hele|Alle|Denne|Overordnet|Enhver|Både|Det|Den|Politik|Policy|Titel|Organisation|Informationssikkerhedspolitik|Kommune)\s+)+`)
)

// isFrontLine tells whether a line says a version, a date, who issues the document, or something else of the
// kind that front pages say beside the title.
func isFrontLine(text string) bool {
	if utf8.RuneCountInString(text) > 120 {
		return false
	}
	if versionLine.MatchString(text) || editionLine.MatchString(text) || bareVersion.MatchString(text) || typeLine.MatchString(text) {
		return true
	}
	if isLabelled(text) || labelAlone.MatchString(text) {
		return true
	}
	if found := dates(text); len(found) > 0 {
		rest := text[:found[0].start] + text[found[0].end:]
		return len(strings.Fields(rest)) <= 9
	}
	return organisation(text) == strings.Trim(text, " .,")
}

// isLabelled tells whether a line begins with a label that front pages use: "Version: 2", "Owner: …".
func isLabelled(text string) bool {
	for _, label := range []*regexp.Regexp{versionLine, otherLabel, titleLabel, ownerLabel, typeLabel, dateLabel} {
		if label.MatchString(text) {
			return true
		}
	}
	return false
}

// readFront finds organisation, title, version and date on the lines before the first section, in any order.
func (d *Document) readFront(front []Block) {
	segments := []string{}
	best := 0 // how surely the date found is the document's own
	title := ""
	for _, b := range front {
		if b.Text == "" {
			continue
		}
		d.Front = append(d.Front, b.Text)
		if b.Kind == Heading && b.Level == 1 && title == "" && !isFrontLine(b.Text) {
			title, _ = withoutVersion(b.Text)
		}
		segments = append(segments, cutSegments(b.Text)...)
	}
	segments = withLabels(segments)
	for _, s := range segments {
		best = d.readDate(s, best)
		if d.Version == "" {
			d.Version = version(s)
		}
		if found := ownerLabel.FindStringSubmatch(s); found != nil {
			d.Organisation = found[2]
		} else if d.Organisation == "" {
			d.Organisation = organisation(s)
		}
	}
	if title != "" {
		d.Title = title
		return
	}
	d.Title = chooseTitle(segments)
}

// cutSegments cuts a front line at dashes and bars with room around them: "X Kommune – Policy | Version 2".
func cutSegments(text string) []string {
	var out []string
	for _, s := range segmentEdge.Split(text, -1) {
		if s = strings.TrimSpace(s); s != "" {
			out = append(out, s)
		}
	}
	return out
}

// withLabels puts a label that stands alone together with the value after it.
func withLabels(segments []string) []string {
	var out []string
	for i := 0; i < len(segments); i++ {
		s := segments[i]
		if labelAlone.MatchString(s) && i+1 < len(segments) && !labelAlone.MatchString(segments[i+1]) {
			s = strings.TrimRight(s, ": ") + ": " + segments[i+1]
			i++
		}
		out = append(out, s)
	}
	return out
}

// version gives the version that a segment of the front page says.
func version(s string) string {
	for _, pattern := range []*regexp.Regexp{versionLine, editionLine} {
		if found := pattern.FindStringSubmatch(s); found != nil && !startsWithDate(s[strings.Index(s, found[1]):]) {
			return found[1]
		}
	}
	if found := bareVersion.FindStringSubmatch(s); found != nil && len(dates(s)) == 0 {
		return found[1]
	}
	if found := versionIn.FindStringSubmatch(s); found != nil && !startsWithDate(s[strings.Index(s, found[1]):]) {
		return found[1]
	}
	return ""
}

// readDate takes the date of a segment if it is surer than what was found before.
func (d *Document) readDate(s string, best int) int {
	found := dates(s)
	if len(found) == 0 || reviewLabel.MatchString(s) || approvalVerb.MatchString(s) {
		return best
	}
	sure := 1
	switch {
	case datedLabel.MatchString(s) && !startsWithDate(s) || versionLine.MatchString(s):
		sure = 4
	case strings.Trim(s, " .,()") == s[found[0].start:found[0].end]:
		sure = 3
	case validLabel.MatchString(s):
		sure = 2
	}
	if sure > best {
		d.Dated, d.validFrom = found[0].date, validLabel.MatchString(s)
		return sure
	}
	return best
}

// frontApproval is the date of a document whose front page only says when it was adopted.
func frontApproval(front []string) string {
	for _, text := range front {
		if found := dates(text); len(found) > 0 && approvalVerb.MatchString(text) && !reviewLabel.MatchString(text) {
			return found[0].date
		}
	}
	return ""
}

// chooseTitle takes the first segment that names a kind of document, else the first that says nothing else.
func chooseTitle(segments []string) string {
	var rest []string
	for _, s := range segments {
		if found := titleLabel.FindStringSubmatch(s); found != nil && !isNumbered(found[2]) {
			return found[2]
		}
		s, _ = withoutVersion(s)
		if s == "" || isNumbered(s) || typeLine.MatchString(s) || isFrontLine(s) || contentsTitle.MatchString(s) || approvalVerb.MatchString(s) || leaderLine.MatchString(s) || strings.HasSuffix(s, ":") {
			continue
		}
		rest = append(rest, s)
	}
	for _, s := range rest {
		if documentWord.MatchString(s) {
			return s
		}
	}
	for _, s := range segments { // a document called plainly "Policy"
		if typeLine.MatchString(s) && len(rest) == 0 {
			return s
		}
	}
	if len(rest) > 0 {
		return rest[0]
	}
	return ""
}

// isNumbered tells whether a line has a number before it: it heads a part, not the whole.
func isNumbered(s string) bool {
	m, _ := markOf(s)
	return m.number() != ""
}

// withoutVersion cuts the version, and what follows it, off the end of a title.
func withoutVersion(s string) (string, bool) {
	at := versionIn.FindStringIndex(s)
	if at == nil || at[0] == 0 {
		return s, false
	}
	return strings.TrimRight(s[:at[0]], " ,;(–-"), true
}

// organisation finds who issues the document in a text, "" when it does not say.
func organisation(text string) string {
	for _, pattern := range []*regexp.Regexp{kommuneName, namedEnglish, regionName, firmName} {
		for _, found := range pattern.FindAllStringSubmatch(text, -1) {
			name := notInName.ReplaceAllString(found[1], "")
			if strings.Contains(name, " ") {
				return name
			}
		}
	}
	return ""
}

// mostNamed is the organisation that the sections name most often.
func mostNamed(sections []Section) string {
	count := map[string]int{}
	name := ""
	for _, s := range sections {
		for _, c := range s.Clauses {
			if found := organisation(c.Text); found != "" {
				count[found]++
				if count[found] > count[name] {
					name = found
				}
			}
		}
	}
	return name
}
