package main

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"strconv"
	"time"
	"unicode/utf8"
)

const saltSize = 16

// leaf is a line of a bundle, cut into its fields and not yet believed. An
// erased one has inner, any other salt and body.
type leaf struct {
	erased                            bool
	seq, at, actor, verb, about, kind []byte
	hash, salt, body, inner           []byte
}

// parseLeaf cuts a line that begins with "leaf" or "erased" and checks the form
// of what stands in the header.
func parseLeaf(line []byte) (l leaf, err error) {
	if !utf8.Valid(line) {
		return l, errors.New("it is not UTF-8")
	}
	want := 10
	if l.erased = bytes.HasPrefix(line, []byte("erased\t")); l.erased {
		want = 9
	}
	var field [10][]byte
	for n := range want - 1 {
		i := bytes.IndexByte(line, '\t')
		if i < 0 {
			return l, fmt.Errorf("it has %d fields, not %d", n+1, want)
		}
		field[n], line = line[:i], line[i+1:]
	}
	field[want-1] = line // one tab too many stays in it, where no form allows it
	l.seq, l.at, l.actor, l.verb, l.about, l.kind, l.hash = field[1], field[2], field[3], field[4], field[5], field[6], field[7]
	if l.erased {
		l.inner = field[8]
	} else {
		l.salt, l.body = field[8], field[9]
	}
	return l, l.checkHeader()
}

func (l *leaf) checkHeader() error {
	for _, field := range [][]byte{l.seq, l.at, l.actor, l.verb, l.about, l.kind} {
		if len(field) == 0 {
			return errors.New("a field of its header is empty")
		}
		for _, c := range field {
			if c < 0x20 {
				return fmt.Errorf("a field of its header holds a control character: %s", shown(field))
			}
		}
	}
	switch {
	case !validTime(l.at):
		return fmt.Errorf("its time is not written as 2026-03-02T09:00:00.000000Z: %s", shown(l.at))
	case !isPair(l.verb, '.'):
		return fmt.Errorf("its verb is not written as register.verb: %s", shown(l.verb))
	case !isPair(l.about, '/'):
		return fmt.Errorf("what it is about is not written as kind/id: %s", shown(l.about))
	}
	switch string(l.kind) {
	case "change", "batch", "reveal", "root":
		return nil
	}
	return fmt.Errorf("its type is none of change, batch, reveal and root: %s", shown(l.kind))
}

// isPair reports whether a text is two parts around the first mark.
func isPair(text []byte, mark byte) bool {
	i := bytes.IndexByte(text, mark)
	return i > 0 && i < len(text)-1
}

// validTime reports whether a text is an instant in the fixed width that makes
// the order of texts the order of time.
func validTime(text []byte) bool {
	const form = "2026-03-02T09:00:00.000000Z"
	if len(text) != len(form) {
		return false
	}
	for i, c := range text {
		digit := c >= '0' && c <= '9'
		if formDigit := form[i] >= '0' && form[i] <= '9'; digit != formDigit || !digit && c != form[i] {
			return false
		}
	}
	at := func(i int) int { return int(text[i]-'0')*10 + int(text[i+1]-'0') }
	year, month, day := at(0)*100+at(2), at(5), at(8)
	return month >= 1 && month <= 12 && day >= 1 && (day <= 28 || day <= daysIn(year, month)) &&
		at(11) < 24 && at(14) < 60 && at(17) < 60
}

func daysIn(year, month int) int {
	return time.Date(year, time.Month(month)+1, 0, 0, 0, 0, 0, time.UTC).Day()
}

// check checks that the leaf stands at its place in the tree and says what was
// hashed, and returns that hash. It uses room and returns it for the next leaf.
func (l *leaf) check(place int64, room []byte) (digest, []byte, error) {
	if string(l.seq) != string(strconv.AppendInt(room[:0], place, 10)) {
		return digest{}, room, fmt.Errorf("its number is %s: a leaf was removed, added or moved", shown(l.seq))
	}
	inner, room, err := l.innerHash(room)
	if err != nil {
		return digest{}, room, err
	}
	room = append(room[:0], leafPrefix)
	for _, field := range [][]byte{l.seq, l.at, l.actor, l.verb, l.about, l.kind} {
		room = append(append(room, field...), '\n')
	}
	sum := digest(sha256.Sum256(append(room, inner[:]...)))
	var text [44]byte
	base64.StdEncoding.Encode(text[:], sum[:])
	if string(l.hash) != string(text[:]) {
		return sum, room, errors.New("what it says is not what was hashed: it was changed")
	}
	return sum, room, nil
}

// innerHash hashes salt and body, or is what was kept of them.
func (l *leaf) innerHash(room []byte) (inner digest, _ []byte, err error) {
	if l.erased {
		if !decode(inner[:], l.inner) {
			return inner, room, fmt.Errorf("what remains of its body is not a hash: %s", shown(l.inner))
		}
		return inner, room, nil
	}
	var salt [saltSize]byte
	if !decode(salt[:], l.salt) {
		return inner, room, fmt.Errorf("its salt is not %d bytes in base64: %s", saltSize, shown(l.salt))
	}
	if err := checkBody(l.body, string(l.kind) == "batch"); err != nil {
		return inner, room, fmt.Errorf("its body %w", err)
	}
	room = append(append(room[:0], salt[:]...), l.body...)
	return sha256.Sum256(room), room, nil
}
