package pdf

// element is a node of the structure tree: what a stretch of the pages is.
type element struct {
	tag    string
	attrs  string // the attribute dictionary as written, "" for none
	id     string // notes carry one, for the tree to find them by
	actual string // what the drawn character stands for, when no face can draw it
	parent *element
	kids   []kid
	inTree bool
}

// kid is a child in the tree: an element, a marked sequence of a page, or a link's area.
type kid struct {
	child *element
	page  int // from 1; for marked sequences
	mark  int
	link  *area
}

// under makes a new last child of e.
func (e *element) under(tag string) *element {
	c := e.later(tag)
	c.join()
	return c
}

// later makes a child that takes its place among e's children when it is first
// painted: a link stands between words that are not elements themselves.
func (e *element) later(tag string) *element { return &element{tag: tag, parent: e} }

// join puts e at the end of its parent's children unless it is there.
func (e *element) join() {
	if e.inTree || e.parent == nil {
		return
	}
	e.inTree = true
	e.parent.kids = append(e.parent.kids, kid{child: e})
}

// area is where a link can be clicked on a page, in the page's own coordinates.
type area struct {
	page                     int
	left, bottom, right, top float64
	address, words           string
	element                  *element
	object                   int // its number in the file
}
