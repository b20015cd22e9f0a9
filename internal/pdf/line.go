package pdf

import (
	"strings"
	"unicode"
)

// style is how a piece looks and whose it is.
type style struct {
	face  face
	size  float64
	ink   ink
	link  string
	words string // of the link
	owner *element
}

// ink is a colour of text. Each has a contrast of at least 7 to 1 on white.
type ink int

const (
	black ink = iota
	muted
	linked
)

// piece is text in one style on one line.
type piece struct {
	style
	text  string
	x     float64
	width float64
}

// line is pieces from left to right.
type line []piece

// standIn is drawn for a character that the faces lack; the character itself
// is kept for readers and for copying.
const standIn = '□'

// breaker breaks text into lines no wider than width.
type breaker struct {
	width float64
	lines []line
	line  line
	end   float64 // of line
	word  line
	long  float64 // of word
	inner bool    // the word ends in a letter
	joint bool    // the word ends in a hyphen or the like after a letter
}

// breakLines breaks t, in style st, into lines no wider than width; words that
// are wider are broken anywhere. There is always a line.
func breakLines(t Text, st style, width float64) []line {
	b := breaker{width: width}
	b.text(t, st)
	return b.lines
}

// extent is the width of the widest word of t and of its widest line if only
// its own line ends break it.
func extent(t Text, st style) (word, whole float64) {
	st.owner = new(element)
	var thisWord, thisLine float64
	for _, run := range t {
		fc := styleOf(run, st).face
		for _, r := range alike.Replace(run.Words) {
			w, _ := advance(fc, r)
			thisWord += w * st.size
			thisLine += w * st.size
			switch r {
			case ' ':
				thisWord = 0
			case '\n':
				thisWord, thisLine = 0, 0
			}
			word, whole = max(word, thisWord), max(whole, thisLine)
		}
	}
	return word, whole
}

func (b *breaker) text(t Text, st style) {
	for _, run := range t {
		s := styleOf(run, st)
		for _, r := range alike.Replace(run.Words) {
			b.add(r, s)
		}
	}
	b.wordEnd()
	b.lineEnd()
}

// styleOf is the style of a run in text whose own style is st.
func styleOf(run Run, st style) style {
	run.Bold = run.Bold || st.face == bold
	run.Mono = run.Mono || st.face == mono
	st.face = faceOf(run)
	if reachable(run.Link) {
		st.link, st.words, st.ink = run.Link, run.Words[:min(len(run.Words), longest)], linked
		st.owner = st.owner.later("Link")
	}
	return st
}

// longest is how many bytes of an address or of a link's words are kept: they
// are written again for each line that the link spans.
const longest = 2000

// reachable tells whether an address leads anywhere from a sheet of its own.
func reachable(address string) bool {
	if len(address) > longest {
		return false
	}
	a := strings.ToLower(address)
	return strings.HasPrefix(a, "https://") || strings.HasPrefix(a, "http://") || strings.HasPrefix(a, "mailto:")
}

func (b *breaker) add(r rune, st style) {
	switch {
	case r == '\n':
		b.wordEnd()
		b.space(st) // so that a reader does not join the words of two lines
		b.lineEnd()
	case r == ' ':
		b.wordEnd()
		b.space(st)
	case r > ' ' && r != 0x7f && (r < 0x80 || r > 0x9f):
		b.letter(r, st)
	}
}

// letter appends r to the word. "Digitaliserings- og it-chef" may break after a
// hyphen, "2026-03-02" may not.
func (b *breaker) letter(r rune, st style) {
	if b.joint && unicode.IsLetter(r) {
		b.wordEnd()
	}
	p := piece{style: st, text: string(r)}
	w, ok := advance(st.face, r)
	if !ok {
		p.owner = st.owner.later("Span")
		p.owner.actual, p.text = p.text, string(standIn)
		w, _ = advance(st.face, standIn)
	}
	p.width = w * st.size
	if len(b.word) > 0 && b.long+p.width > b.width {
		b.wordEnd()
	}
	b.word = b.word.with(p)
	b.long += p.width
	b.joint = b.inner && strings.ContainsRune("-–—/", r)
	b.inner = unicode.IsLetter(r)
}

func (b *breaker) space(st style) {
	if len(b.line) == 0 && st.face != mono {
		return
	}
	w, _ := advance(st.face, ' ')
	b.put(piece{style: st, text: " ", width: w * st.size})
}

// wordEnd moves the word to the line, or to the next one.
func (b *breaker) wordEnd() {
	if b.end+b.long > b.width && len(b.line) > 0 {
		b.lineEnd()
	}
	for _, p := range b.word {
		b.put(p)
	}
	b.word, b.long = nil, 0
	b.inner, b.joint = false, false
}

func (b *breaker) put(p piece) {
	b.line = b.line.with(p)
	b.end += p.width
}

func (b *breaker) lineEnd() {
	x := 0.0
	for i := range b.line {
		b.line[i].x = x
		x += b.line[i].width
	}
	b.lines = append(b.lines, b.line)
	b.line, b.end = nil, 0
}

// with appends p, to the last piece if it looks the same.
func (l line) with(p piece) line {
	if n := len(l); n > 0 && l[n-1].style == p.style {
		l[n-1].text += p.text
		l[n-1].width += p.width
		return l
	}
	return append(l, p)
}

// width is that of the line without spaces at its end.
func (l line) width() float64 {
	w := 0.0
	for i, p := range l {
		w += p.width
		if i == len(l)-1 && strings.HasSuffix(p.text, " ") {
			n, _ := advance(p.face, ' ')
			w -= n * p.size
		}
	}
	return w
}
