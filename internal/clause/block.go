package clause

import (
	"strings"

	"golang.org/x/text/unicode/norm"
)

// BlockKind tells what a block is in the layout of its file: Heading, Paragraph or Item.
type BlockKind string

// Depths of a heading beside 1–6.
const (
	UnknownLevel = 0 // a heading by its looks alone
	SmallHeading = 7 // a heading inside a section, whatever stands around it
)

// Block is a piece of layout: what a reader of files hands to Parse.
type Block struct {
	Kind    BlockKind
	Level   int    // of a heading: 1–6, UnknownLevel or SmallHeading; of an item: its depth from 1
	Ordered bool   // the item is numbered or lettered
	Marker  string // "1.2", "§ 3", "a)", "-": what stood before the text
	Text    string // one line, single spaces
}

var oddities = strings.NewReplacer(
	"\u00a0", " ", "\u202f", " ", "\u2009", " ", "\u200b", "", "\ufeff", "", "\u2060", "",
	"ﬁ", "fi", "ﬂ", "fl", "ﬀ", "ff", "ﬃ", "ffi", "ﬄ", "ffl",
)

// Clean gives text as it is compared and stored: composed letters, no ligatures, no invisible signs.
func Clean(text string) string {
	return oddities.Replace(norm.NFC.String(strings.ToValidUTF8(text, "\ufffd")))
}

// squeeze gives text on one line with single spaces.
func squeeze(text string) string {
	return strings.Join(strings.Fields(text), " ")
}
