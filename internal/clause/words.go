package clause

import (
	"regexp"
	"strings"
)

// SpanKind tells whether words stand in both texts, only in the new or only in the old.
type SpanKind string

// The kinds of span.
const (
	Kept     SpanKind = "same"
	Inserted SpanKind = "ins"
	Deleted  SpanKind = "del"
)

// Span is a run of words of one kind, with the spaces behind them.
type Span struct {
	Kind SpanKind
	Text string
}

// mostCells bounds the table of the comparison: two texts of about two thousand words.
const mostCells = 4 << 20

var wordWithSpace = regexp.MustCompile(`\s*\S+\s*`)

// Words shows how old became new. Kept and deleted spans give the old text, kept and inserted ones the new.
func Words(old, new string) []Span {
	a, b := wordWithSpace.FindAllString(old+" ", -1), wordWithSpace.FindAllString(new+" ", -1) // so that a last word is like any other
	from := 0
	for from < len(a) && from < len(b) && a[from] == b[from] {
		from++
	}
	until := 0
	for until < len(a)-from && until < len(b)-from && a[len(a)-1-until] == b[len(b)-1-until] {
		until++
	}
	var spans spanRow
	spans.add(Kept, a[:from]...)
	spans.middle(a[from:len(a)-until], b[from:len(b)-until])
	spans.add(Kept, a[len(a)-until:]...)
	spans.end()
	return spans
}

type spanRow []Span

func (s *spanRow) add(kind SpanKind, words ...string) {
	if len(words) == 0 {
		return
	}
	text := strings.Join(words, "")
	if n := len(*s); n > 0 && (*s)[n-1].Kind == kind {
		(*s)[n-1].Text += text
		return
	}
	*s = append(*s, Span{kind, text})
}

// end takes away the space that was added after each text. Where one goes on after
// the other has ended, it stands before what came or went.
func (s spanRow) end() {
	tail := len(s)
	for tail > 0 && s[tail-1].Kind != Kept {
		tail--
	}
	if tail > 0 && len(s)-tail == 1 {
		s[tail].Text = " " + s[tail].Text
	}
	if len(s)-tail < 2 {
		tail--
	}
	for i := max(tail, 0); i < len(s); i++ {
		s[i].Text = strings.TrimSuffix(s[i].Text, " ")
	}
}

// middle compares by the longest common row of words. Where that would take too much, all is replaced.
func (s *spanRow) middle(a, b []string) {
	if len(a)*len(b) > mostCells {
		s.add(Deleted, a...)
		s.add(Inserted, b...)
		return
	}
	columns := len(b) + 1
	common := make([]int32, (len(a)+1)*columns) // from each place to the end
	for i := len(a) - 1; i >= 0; i-- {
		for j := len(b) - 1; j >= 0; j-- {
			if a[i] == b[j] {
				common[i*columns+j] = common[(i+1)*columns+j+1] + 1
				continue
			}
			common[i*columns+j] = max(common[(i+1)*columns+j], common[i*columns+j+1])
		}
	}
	i, j := 0, 0
	for i < len(a) && j < len(b) {
		switch {
		case a[i] == b[j]:
			s.add(Kept, a[i])
			i++
			j++
		case common[(i+1)*columns+j] >= common[i*columns+j+1]:
			s.add(Deleted, a[i])
			i++
		default:
			s.add(Inserted, b[j])
			j++
		}
	}
	s.add(Deleted, a[i:]...)
	s.add(Inserted, b[j:]...)
}
