package ledger

import (
	"fmt"
	"math/bits"
	"strings"

	"golang.org/x/mod/sumdb/tlog"
)

// Tree is the right edge of the Merkle tree: the roots of the complete subtrees
// it consists of, largest first, one for each 1 in the binary size. It is all
// that appending needs, so the head row holds it and nothing is read.
type Tree struct {
	Size int64
	Edge []Hash
}

// Node is a hash that an append completed, and its place among the stored
// hashes (as package tlog counts them).
type Node struct {
	Index int64
	Hash  Hash
}

// Append adds a leaf and returns the nodes it completed: the leaf itself, and
// each subtree of which it is the last.
func (t *Tree) Append(leaf Hash) []Node {
	nodes := []Node{{tlog.StoredHashIndex(0, t.Size), leaf}}
	t.Edge = append(t.Edge, leaf)
	level, place := 0, t.Size
	for t.Size++; place&1 == 1; {
		n := len(t.Edge)
		parent := tlog.NodeHash(t.Edge[n-2], t.Edge[n-1])
		t.Edge = append(t.Edge[:n-2], parent)
		level, place = level+1, place>>1
		nodes = append(nodes, Node{tlog.StoredHashIndex(level, place), parent})
	}
	return nodes
}

// Root is the hash over the whole tree; of an empty one it is the hash of nothing.
func (t *Tree) Root() Hash {
	if len(t.Edge) == 0 {
		h, _ := tlog.TreeHash(0, nil) // size 0 reads nothing
		return h
	}
	root := t.Edge[len(t.Edge)-1]
	for i := len(t.Edge) - 2; i >= 0; i-- {
		root = tlog.NodeHash(t.Edge[i], root)
	}
	return root
}

// EdgeText is the edge as the head row holds it.
func (t *Tree) EdgeText() string {
	parts := make([]string, len(t.Edge))
	for i := range t.Edge {
		parts[i] = Text(t.Edge[i][:])
	}
	return strings.Join(parts, " ")
}

// ParseTree reads a head row.
func ParseTree(size int64, edge string) (Tree, error) {
	t := Tree{Size: size}
	for _, part := range strings.Fields(edge) {
		h, err := ParseHash(part)
		if err != nil {
			return t, err
		}
		t.Edge = append(t.Edge, h)
	}
	if len(t.Edge) != bits.OnesCount64(uint64(size)) {
		return t, fmt.Errorf("ledger: %d subtrees do not make a tree of %d leaves", len(t.Edge), size)
	}
	return t, nil
}
