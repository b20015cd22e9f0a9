package pdf

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"sort"
	"strings"
	"unicode/utf16"
)

// tag gives a finished file its structure tree by an incremental update: fpdf
// knows no tags, so pages and catalogue are written once more with what they
// lack, and the old ones are left behind.
func tag(plain []byte, root *element, m *marks, meta Meta) ([]byte, error) {
	u, err := reopen(plain)
	if err != nil {
		return nil, err
	}
	t := &tree{update: u, numbers: map[*element]int{}, marks: m}
	t.number(root)
	t.root = u.next()
	for _, a := range m.areas {
		a.object = u.next()
	}
	if err := t.pages(); err != nil {
		return nil, err
	}
	t.links()
	t.elements(root, t.root)
	u.object(t.root, t.rootDict(root))
	if err := t.catalogue(meta); err != nil {
		return nil, err
	}
	return u.close(sha256.Sum256(plain)), nil
}

// tree writes the structure tree into an update.
type tree struct {
	*update
	numbers map[*element]int // the object number of each element
	root    int
	marks   *marks
	notes   []*element
}

// number gives out object numbers, parents before children.
func (t *tree) number(e *element) {
	t.numbers[e] = t.next()
	if e.id != "" {
		t.notes = append(t.notes, e)
	}
	for _, k := range e.kids {
		if k.child != nil {
			t.number(k.child)
		}
	}
}

// pageObject is the object number that fpdf gives page n.
func pageObject(n int) int { return 1 + 2*n }

// pages tells each page where its marked sequences belong and which links it has.
func (t *tree) pages() error {
	links := map[int][]string{}
	for _, a := range t.marks.areas {
		links[a.page] = append(links[a.page], ref(a.object))
	}
	for i := range t.marks.pages {
		extra := fmt.Sprintf("/StructParents %d /Tabs /S", i)
		if l := links[i+1]; len(l) > 0 {
			extra += " /Annots [" + strings.Join(l, " ") + "]"
		}
		if err := t.amend(pageObject(i+1), "<</Type /Page\n", extra); err != nil {
			return err
		}
	}
	return nil
}

// links writes the areas that can be clicked.
func (t *tree) links() {
	for i, a := range t.marks.areas {
		t.object(a.object, fmt.Sprintf("<</Type /Annot /Subtype /Link /F 4 /Border [0 0 0] /Rect [%.2f %.2f %.2f %.2f] "+
			"/P %s /StructParent %d /Contents %s /A <</S /URI /URI %s>>>>",
			a.left, a.bottom, a.right, a.top, ref(pageObject(a.page)), len(t.marks.pages)+i,
			utf16Hex(a.words), ascii(a.address)))
	}
}

// elements writes e and all below it.
func (t *tree) elements(e *element, parent int) {
	var b strings.Builder
	fmt.Fprintf(&b, "<</Type /StructElem /S /%s /P %s", e.tag, ref(parent))
	if e.attrs != "" {
		fmt.Fprintf(&b, " /A <<%s>>", e.attrs)
	}
	b.WriteString(e.replacement())
	if e.id != "" {
		fmt.Fprintf(&b, " /ID (%s)", e.id)
	}
	b.WriteString(" /K [")
	for i, k := range e.kids {
		if i > 0 {
			b.WriteByte(' ')
		}
		b.WriteString(t.kid(k))
	}
	b.WriteString("]>>")
	t.object(t.numbers[e], b.String())
	for _, k := range e.kids {
		if k.child != nil {
			t.elements(k.child, t.numbers[e])
		}
	}
}

// replacement is the text that a reader has in place of what is drawn, "" when they agree.
func (e *element) replacement() string {
	if e.actual == "" {
		return ""
	}
	return " /ActualText " + utf16Hex(e.actual)
}

func (t *tree) kid(k kid) string {
	switch {
	case k.child != nil:
		return ref(t.numbers[k.child])
	case k.link != nil:
		return fmt.Sprintf("<</Type /OBJR /Obj %s /Pg %s>>", ref(k.link.object), ref(pageObject(k.link.page)))
	}
	return fmt.Sprintf("<</Type /MCR /Pg %s /MCID %d>>", ref(pageObject(k.page)), k.mark)
}

// rootDict is the root with the way back from pages and links to elements.
func (t *tree) rootDict(document *element) string {
	var b strings.Builder
	fmt.Fprintf(&b, "<</Type /StructTreeRoot /K [%s] /ParentTreeNextKey %d /ParentTree <</Nums [",
		ref(t.numbers[document]), len(t.marks.pages)+len(t.marks.areas))
	for i, page := range t.marks.pages {
		fmt.Fprintf(&b, "%d [", i)
		for _, e := range page {
			b.WriteString(ref(t.numbers[e]) + " ")
		}
		b.WriteString("]\n")
	}
	for i, a := range t.marks.areas {
		fmt.Fprintf(&b, "%d %s\n", len(t.marks.pages)+i, ref(t.numbers[a.element]))
	}
	b.WriteString("]>>")
	if len(t.notes) > 0 {
		b.WriteString(" /IDTree <</Names [")
		sort.Slice(t.notes, func(i, j int) bool { return t.notes[i].id < t.notes[j].id })
		for _, n := range t.notes {
			fmt.Fprintf(&b, "(%s) %s\n", n.id, ref(t.numbers[n]))
		}
		b.WriteString("]>>")
	}
	b.WriteString(">>")
	return b.String()
}

// catalogue says that the file is tagged, in which language, and what stands in
// the window bar.
func (t *tree) catalogue(m Meta) error {
	return t.amend(t.update.root, "<<\n/Type /Catalog\n", fmt.Sprintf(
		"/Version /1.7 /Lang %s /MarkInfo <</Marked true>> /StructTreeRoot %s /ViewerPreferences <</DisplayDocTitle true>>",
		ascii(m.Language), ref(t.root)))
}

func ref(n int) string { return fmt.Sprintf("%d 0 R", n) }

// ascii writes a string of the format; what is not printable ASCII is dropped,
// as neither language codes nor addresses may hold it.
func ascii(s string) string {
	var b bytes.Buffer
	b.WriteByte('(')
	for _, r := range s {
		if r < ' ' || r > '~' {
			continue
		}
		if strings.ContainsRune(`()\`, r) {
			b.WriteByte('\\')
		}
		b.WriteRune(r)
	}
	b.WriteByte(')')
	return b.String()
}

// utf16Hex writes any text as a string of the format.
func utf16Hex(s string) string {
	var b strings.Builder
	b.WriteString("<FEFF")
	for _, u := range utf16.Encode([]rune(s)) {
		fmt.Fprintf(&b, "%04X", u)
	}
	return b.String() + ">"
}
