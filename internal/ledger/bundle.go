package ledger

import (
	"bufio"
	"crypto/sha256"
	"fmt"
	"hash"
	"io"
	"strings"
)

// Bundle writes what a stranger verifies: leaves and checkpoints in order, and
// a seal over every byte. Use: NewBundle, Leaf and Checkpoint, Close.
type Bundle struct {
	key  *Key
	out  *bufio.Writer
	sum  hash.Hash
	size int64
	err  error
}

const bundleForm = "vaern-bundle/1"

// NewBundle begins a bundle.
func NewBundle(out io.Writer, key *Key) *Bundle {
	b := &Bundle{key: key, out: bufio.NewWriterSize(out, 1<<16), sum: sha256.New()}
	b.line(bundleForm)
	b.line("origin", key.Origin)
	return b
}

// Leaf adds the next leaf.
func (b *Bundle) Leaf(l *Leaf) {
	if b.err == nil && l.Seq != b.size {
		b.err = fmt.Errorf("ledger: leaf %d follows leaf %d", l.Seq, b.size-1)
	}
	b.size++
	h := l.Hash()
	fields := []string{"leaf", fmt.Sprint(l.Seq), l.At, l.Actor, l.Verb, l.About, string(l.Type), Text(h[:])}
	if l.Erased() {
		fields[0] = "erased"
		b.line(append(fields, Text(l.Inner))...)
		return
	}
	b.line(append(fields, Text(l.Salt), string(l.Body))...)
}

// Checkpoint adds a signed checkpoint of the leaves so far.
func (b *Bundle) Checkpoint(text string) {
	b.line("checkpoint", fmt.Sprint(len(text)))
	b.write(text)
}

// Close seals the bundle; nothing can follow.
func (b *Bundle) Close() error {
	seal, err := b.key.sign(fmt.Sprintf("%s\n%d\n%s\n", bundleForm, b.size, Text(b.sum.Sum(nil))))
	if err != nil {
		return err
	}
	b.line("seal", fmt.Sprint(len(seal)))
	b.write(seal)
	if b.err != nil {
		return b.err
	}
	return b.out.Flush()
}

func (b *Bundle) line(fields ...string) { b.write(strings.Join(fields, "\t") + "\n") }

func (b *Bundle) write(text string) {
	if b.err != nil {
		return
	}
	io.WriteString(b.sum, text) // a hash takes everything
	_, b.err = b.out.WriteString(text)
}
