// Package clause turns the text of an adopted policy into numbered clauses and tells two versions apart.
package clause

// Kinds of clause.
const (
	Paragraph = "paragraph"
	Item      = "item"
	Objective = "objective" // a paragraph in quotation marks
	Heading   = "heading"   // a small heading inside a section
)

// Document is what a policy's text is found to say. All of it is a proposal until a person has confirmed it.
type Document struct {
	Organisation string     `json:"organisation"`
	Title        string     `json:"title"`
	Version      string     `json:"version"`
	Dated        string     `json:"dated"` // YYYY-MM-DD
	Sections     []Section  `json:"sections"`
	Bodies       []Body     `json:"bodies"`
	Approvals    []Approval `json:"approvals"`
	Findings     []Finding  `json:"findings"`

	validFrom bool     // Dated is when the version takes force rather than when it was written
	Front     []string `json:"-"` // the lines before the first section, with any table of contents, as they stood
}

// Section is a numbered part of the policy. Sub-sections follow their section in the list and are told by
// their number: "1.2" lies in "1". Text before the first heading is section "0" without a title.
type Section struct {
	Number  string   `json:"number"`
	Title   string   `json:"title"`
	Clauses []Clause `json:"clauses"`

	Label string `json:"-"` // how the text itself numbers the section when not plainly: "§ 3", "Kapitel 2:"
}

// Clause is one paragraph, list item, quoted objective or small heading, in the adopted wording.
type Clause struct {
	ID   string   `json:"id"` // "3.4"; small headings are counted apart: "3.h1"
	Kind string   `json:"kind"`
	Text string   `json:"text"`
	Sic  []string `json:"sic"` // words that are probably slips, as they stand

	Lead   string `json:"-"` // the text that an item or objective completes
	Level  int    `json:"-"` // depth of an item in its list, from 1
	Marker string `json:"-"` // "1.", "a)" before an item, "-" for any bullet
}

// Body is a committee or board with the offices that make it up.
type Body struct {
	Name    string   `json:"name"`
	Offices []Office `json:"offices"`
}

// Office is a seat in a body, named by its title and never by its holder.
type Office struct {
	Title string `json:"title"`
	Chair bool   `json:"chair"`
}

// Approval is one body's decision on one date, with the sentence that says so.
type Approval struct {
	Body string `json:"body"`
	Date string `json:"date"` // YYYY-MM-DD
	Text string `json:"text"`
}

// Finding is something the person who confirms the import should look at, as a sentence in Danish.
type Finding struct {
	Code     string `json:"code"`
	Text     string `json:"text"`              // in Danish
	English  string `json:"english,omitempty"` // the same in English
	Clause   string `json:"clause,omitempty"`
	Word     string `json:"word,omitempty"`     // of a probable slip
	Proposal string `json:"proposal,omitempty"` // what the word probably should be
}

// Parse reads the blocks of a policy as of today (YYYY-MM-DD).
func Parse(blocks []Block, today string) Document {
	front, parts := divide(blocks)
	d := Document{Bodies: []Body{}, Approvals: []Approval{}, Findings: []Finding{}}
	numbering := newNumbering(parts)
	d.Sections = numbering.sections(parts)
	d.readFront(front)
	if d.Organisation == "" {
		d.Organisation = mostNamed(d.Sections)
	}
	d.findBodies()
	d.findApprovals()
	if d.Dated == "" {
		d.Dated = frontApproval(d.Front)
	}
	d.markSlips()
	d.review(today, numbering.repeated)
	return d
}
