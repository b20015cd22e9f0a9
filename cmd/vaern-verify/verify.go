package main

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
)

const (
	bundleForm  = "vaern-bundle/1"
	eraseVerb   = "ledger.erase"
	longestNote = 4096 // bytes; a checkpoint or a seal has about 250
	mostErased  = 1_000_000
)

// knownCheckpoint is a checkpoint that left the database earlier, and the file
// it was kept in.
type knownCheckpoint struct {
	checkpoint
	file string
}

// verifier reads a bundle once. It keeps the right edge of the tree and one
// entry for each erased leaf, at most mostErased, and nothing else of what went by.
type verifier struct {
	key    publicKey
	known  []knownCheckpoint // not yet reached, smallest first
	bundle *bundle
	tree   tree
	signed int64  // how many leaves the bundle's newest checkpoint covers
	fitted int64  // how many leaves are known to be right, by that or a known one
	last   []byte // the newest leaf's time
	room   []byte // for one leaf
	found  summary
}

// verify reads a bundle to its end. The error names the first thing that does
// not fit, in a sentence for a person.
func verify(src io.Reader, key publicKey, known []knownCheckpoint) (summary, error) {
	v := &verifier{key: key, known: slices.Clone(known), bundle: newBundle(src)}
	v.found = summary{origin: key.origin, known: len(known), erased: map[int64]int64{}}
	slices.SortFunc(v.known, func(a, b knownCheckpoint) int { return cmp.Compare(a.size, b.size) })
	if err := v.head(); err != nil {
		return summary{}, err
	}
	for {
		sealed, err := v.entry()
		if err != nil {
			return summary{}, err
		}
		if sealed {
			return v.found, nil
		}
	}
}

// head reads the two lines that every bundle begins with.
func (v *verifier) head() error {
	line, err := v.bundle.readLine()
	if errors.Is(err, io.EOF) || err == nil && string(line) != bundleForm {
		return errors.New("this is no bundle: its first line is not " + bundleForm)
	}
	if err != nil {
		return fmt.Errorf("this is no bundle: %w", err)
	}
	line, err = v.bundle.readLine()
	origin, ok := bytes.CutPrefix(line, []byte("origin\t"))
	if errors.Is(err, io.EOF) || err == nil && !ok {
		return errors.New("this is no bundle: its second line names no origin")
	}
	if err != nil {
		return fmt.Errorf("this is no bundle: %w", err)
	}
	if string(origin) != v.key.origin {
		return fmt.Errorf("the bundle is of the ledger %s, the key of %s", shown(origin), v.key.origin)
	}
	return nil
}

// entry reads the next line and what belongs to it, and reports whether it was
// the seal.
func (v *verifier) entry() (sealed bool, err error) {
	line, err := v.bundle.readLine()
	if errors.Is(err, io.EOF) {
		return false, fmt.Errorf("the bundle ends %s without a seal: its end is missing", v.place())
	}
	if err != nil {
		return false, fmt.Errorf("%w, %s", err, v.place())
	}
	word, rest, _ := bytes.Cut(line, []byte{'\t'})
	switch string(word) {
	case "leaf", "erased":
		return false, v.leaf(line)
	case "checkpoint":
		return false, v.checkpoint(rest)
	case "seal":
		return true, v.seal(rest)
	}
	return false, fmt.Errorf("%s stands a line that is no leaf, checkpoint or seal: %s", v.place(), shown(line))
}

// place says where in the bundle the reading is.
func (v *verifier) place() string {
	if v.tree.size == 0 {
		return "before the first leaf"
	}
	return fmt.Sprintf("after leaf %d", v.tree.size-1)
}

func (v *verifier) leaf(line []byte) error {
	l, err := parseLeaf(line)
	if err != nil {
		return fmt.Errorf("leaf %d does not fit: %w", v.tree.size, err)
	}
	var sum digest
	if sum, v.room, err = l.check(v.tree.size, v.room); err == nil {
		err = v.follow(&l)
	}
	if err != nil {
		return fmt.Errorf("leaf %d (%s of %s by %s at %s) does not fit: %w",
			v.tree.size, shown(l.verb), shown(l.about), shown(l.actor), l.at, err)
	}
	v.tree.add(sum)
	return v.compareKnown()
}

// follow checks what a leaf must be because of those before it: not older, and
// right in what it says was erased.
func (v *verifier) follow(l *leaf) error {
	if bytes.Compare(l.at, v.last) < 0 {
		return fmt.Errorf("it is older than the leaf before it (%s)", v.last)
	}
	if v.tree.size == 0 {
		v.found.first = string(l.at)
	}
	v.last = append(v.last[:0], l.at...)
	if string(l.verb) == eraseVerb {
		about, ok := strings.CutPrefix(string(l.about), "leaf/")
		seq, number := decimal(about)
		if !ok || !number {
			return errors.New("it records an erasing, but not of which leaf")
		}
		if _, gone := v.found.erased[seq]; !gone {
			return fmt.Errorf("it records that leaf %d was erased, but the bundle has no such erased leaf before it", seq)
		}
		v.found.erased[seq] = v.tree.size
	}
	if l.erased {
		if len(v.found.erased) == mostErased {
			return fmt.Errorf("the bundle has more than %d erased leaves, which is more than this program keeps count of", mostErased)
		}
		v.found.erased[v.tree.size] = unrecorded
	}
	return nil
}

func (v *verifier) checkpoint(length []byte) error {
	which := "the checkpoint " + v.place()
	note, err := v.note(which, length)
	if err != nil {
		return err
	}
	point, err := v.key.openCheckpoint(note)
	if err != nil {
		return fmt.Errorf("%s %w", which, err)
	}
	if point.size != v.tree.size {
		return fmt.Errorf("%s was signed for %d leaves, but %d stand before it", which, point.size, v.tree.size)
	}
	if point.size == v.signed {
		return fmt.Errorf("%s covers no leaf that is new", which)
	}
	if point.root != v.tree.root() {
		return fmt.Errorf("%s does not fit: each leaf fits its own hash, but together they are not what was signed; %s", which, v.suspects())
	}
	v.signed, v.fitted = v.tree.size, v.tree.size
	v.found.checkpoints++
	return nil
}

// suspects says among which leaves the first wrong one is, when a signed root
// does not fit what was read.
func (v *verifier) suspects() string {
	first, last := v.fitted, v.tree.size-1
	if first == last {
		return fmt.Sprintf("the wrong leaf is leaf %d", last)
	}
	return fmt.Sprintf("the first wrong leaf is one of %d to %d", first, last)
}

// compareKnown holds the tree against the known checkpoints of its size.
func (v *verifier) compareKnown() error {
	for len(v.known) > 0 && v.known[0].size == v.tree.size {
		if v.known[0].root != v.tree.root() {
			return fmt.Errorf("the database was rolled back or rewritten: its first %d leaves are not those of the known checkpoint %s; %s",
				v.tree.size, v.known[0].file, v.suspects())
		}
		v.known = v.known[1:]
		v.fitted = v.tree.size
	}
	return nil
}

func (v *verifier) seal(length []byte) error {
	sum := v.bundle.sumBeforeLine()
	if err := v.complete(); err != nil {
		return err
	}
	note, err := v.note("the seal", length)
	if err != nil {
		return err
	}
	text, err := v.key.open(note)
	if err != nil {
		return fmt.Errorf("the seal %w", err)
	}
	want := [3]string{bundleForm, fmt.Sprint(v.tree.size), sum.String()}
	if text != want {
		return errors.New("the seal does not fit: every leaf and checkpoint does, but the file is not as it was sealed")
	}
	if _, err := v.bundle.readText(1); err == nil {
		return errors.New("something follows the seal")
	} else if !errors.Is(err, errUnfinished) {
		return err
	}
	v.found.leaves, v.found.last, v.found.root = v.tree.size, string(v.last), v.tree.root()
	return nil
}

// complete checks what can only be known when all leaves were read.
func (v *verifier) complete() error {
	for _, seq := range slices.Sorted(maps.Keys(v.found.erased)) {
		if v.found.erased[seq] == unrecorded {
			return fmt.Errorf("leaf %d does not fit: its body is missing, and no later leaf records that it was erased", seq)
		}
	}
	if len(v.known) > 0 {
		return fmt.Errorf("the database was rolled back or rewritten: the known checkpoint %s was signed for %d leaves, the bundle has %d",
			v.known[0].file, v.known[0].size, v.tree.size)
	}
	if v.tree.size == 0 {
		return errors.New("the bundle has no leaf: an empty ledger proves nothing")
	}
	if v.signed != v.tree.size {
		return fmt.Errorf("leaf %d does not fit: no checkpoint covers it", v.signed)
	}
	return nil
}

// note reads a signed note of the length that its line says.
func (v *verifier) note(which string, length []byte) ([]byte, error) {
	n, ok := decimal(string(length))
	if !ok || n > longestNote {
		return nil, fmt.Errorf("%s has no sensible length: %s", which, shown(length))
	}
	note, err := v.bundle.readText(int(n))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", which, err)
	}
	return note, nil
}
