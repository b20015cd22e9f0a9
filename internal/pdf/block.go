package pdf

// Text is words in reading order, each run in one style. "\n" in a run ends the line.
type Text []Run

// Run is a stretch of text in one style.
type Run struct {
	Words              string
	Bold, Italic, Mono bool
	Link               string // http, https or mailto; every other address is printed as plain words
}

// Words is unstyled text.
func Words(s string) Text { return Text{{Words: s}} }

// Block is one part of a document: Heading, Paragraph, Note, List, Table, Quote,
// Code, Clause, Clauses or Rule.
type Block interface {
	set(s setter, in place) []row
}

// Heading names the part that follows. Level 1 is the highest. A level that
// would skip one is raised, so that the outline of a document has no holes.
type Heading struct {
	Level int
	Text  Text
}

// Paragraph is running text.
type Paragraph struct{ Text Text }

// Note is a remark in small, muted letters.
type Note struct{ Text Text }

// Code is text whose lines and letters stand as written.
type Code struct{ Words string }

// Quote is the words of somebody else.
type Quote struct{ Blocks []Block }

// List is items in order; an Ordered list counts from Start, or from 1.
type List struct {
	Ordered bool
	Start   int
	Items   []Item
}

// Item is one entry of a list, often a Paragraph, perhaps with a List below.
type Item []Block

// Table is rows under the names of the columns. Short rows are filled with empty cells.
type Table struct {
	Caption Text
	Head    []Text
	Rows    [][]Text
}

// Clause is one numbered sentence of a policy with its proof in the margin.
type Clause struct {
	Number string
	Words  Text
	Margin []Text // one line of proof each
}

// Clauses are sentences that together are a table, each a row with its number and its proof.
type Clauses struct{ Rows []ClauseRow }

// ClauseRow is a sentence that is a row; Head is one that says what the columns are.
type ClauseRow struct {
	Number string
	Cells  []Text
	Head   bool
	Margin []Text
}

// Rule is a line across the page.
type Rule struct{}
