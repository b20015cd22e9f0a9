package reading

import (
	"encoding/xml"
	"errors"
	"strconv"
	"strings"

	"vaern/internal/unzip"
)

// numbering counts the lists of a Word file as Word shows them. Lists that share a form count on together.
type numbering struct {
	lists map[string]list   // by the id that paragraphs name
	forms map[string][]rung // by the id that lists name, by level
	count map[string][]int  // per form, by level
	begun map[string]bool   // lists whose first item was seen
}

type list struct {
	form   string
	starts map[int]int // where a list starts anew, by level
}

// rung is one level of a list: how its number is written.
type rung struct {
	format, text string
	start        int
}

const mostRungs = 9 // Word has no more levels

func readNumbering(archive *unzip.Archive) (numbering, error) {
	n := numbering{map[string]list{}, map[string][]rung{}, map[string][]int{}, map[string]bool{}}
	form, id, level := "", "", 0
	err := archive.Walk("word/numbering.xml", func(t xml.Token) error {
		e, ok := t.(xml.StartElement)
		if !ok {
			return nil
		}
		value := attribute(e, "val")
		switch e.Name.Local {
		case "abstractNum":
			form, id = attribute(e, "abstractNumId"), ""
			n.forms[form] = make([]rung, mostRungs)
		case "num":
			id = attribute(e, "numId")
			n.lists[id] = list{starts: map[int]int{}}
		case "abstractNumId":
			n.lists[id] = list{form: value, starts: map[int]int{}}
		case "lvl", "lvlOverride":
			level = min(max(number(attribute(e, "ilvl")), 0), mostRungs-1)
		case "startOverride":
			if l, ok := n.lists[id]; ok {
				l.starts[level] = number(value)
			}
		case "start", "numFmt", "lvlText":
			if rungs := n.forms[form]; id == "" && rungs != nil {
				rungs[level].set(e.Name.Local, value)
			}
		}
		if len(n.forms)+len(n.lists) > mostLists {
			return unzip.ErrTooLarge
		}
		return nil
	})
	if errors.Is(err, unzip.ErrNoPart) {
		err = nil
	}
	return n, err
}

func (r *rung) set(name, value string) {
	switch name {
	case "start":
		r.start = max(number(value), 0)
	case "numFmt":
		r.format = value
	case "lvlText":
		r.text = value
	}
}

// next counts an item of a list on and writes its number: "2.", "b)", "1.1", and "-" for a bullet. It is empty
// for what is in no list.
func (n numbering) next(id string, level int) (marker string, ordered bool) {
	l, ok := n.lists[id]
	rungs := n.forms[l.form]
	if !ok || rungs == nil {
		return "", false
	}
	level = min(max(level, 0), mostRungs-1)
	count := n.count[l.form]
	if count == nil {
		count = make([]int, mostRungs)
		for i := range count {
			count[i] = rungs[i].start - 1
		}
		n.count[l.form] = count
	}
	if !n.begun[id] {
		n.begun[id] = true
		for at, start := range l.starts {
			count[at] = start - 1
		}
	}
	count[level]++
	for i := level + 1; i < mostRungs; i++ {
		count[i] = rungs[i].start - 1
	}
	switch rungs[level].format {
	case "bullet":
		return "-", false
	case "none":
		return "", false
	}
	text := rungs[level].text
	for i := 0; i <= level; i++ {
		text = strings.ReplaceAll(text, "%"+strconv.Itoa(i+1), written(rungs[i].format, max(count[i], 0)))
	}
	return strings.TrimSpace(text), true
}

// written writes a number as a list's format asks.
func written(format string, n int) string {
	switch format {
	case "lowerLetter", "upperLetter":
		letter := string(rune('a' + max(n-1, 0)%26))
		if format == "upperLetter" {
			return strings.ToUpper(letter)
		}
		return letter
	case "lowerRoman", "upperRoman":
		if format == "upperRoman" {
			return roman(n)
		}
		return strings.ToLower(roman(n))
	}
	return strconv.Itoa(n)
}

func roman(n int) string {
	var out strings.Builder
	n %= 1000
	for _, r := range []struct {
		value int
		sign  string
	}{{900, "CM"}, {500, "D"}, {400, "CD"}, {100, "C"}, {90, "XC"}, {50, "L"}, {40, "XL"}, {10, "X"}, {9, "IX"}, {5, "V"}, {4, "IV"}, {1, "I"}} {
		for ; n >= r.value; n -= r.value {
			out.WriteString(r.sign)
		}
	}
	return out.String()
}
