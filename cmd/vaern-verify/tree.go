package main

import (
	"crypto/sha256"
	"encoding/base64"
)

// digest is a SHA-256 hash.
type digest [sha256.Size]byte

// String is the digest as bundles and notes write it.
func (d digest) String() string { return base64.StdEncoding.EncodeToString(d[:]) }

// What a leaf's and a node's hash begin with, so that neither can pass for the
// other. RFC 6962, 2.1.
const (
	leafPrefix = 0x00
	nodePrefix = 0x01
)

// tree is a Merkle tree (RFC 6962) of which only the right edge is kept: the
// roots of the perfect subtrees that make it up, largest first. The zero value
// is the empty tree.
type tree struct {
	size  int64
	peaks []digest
}

// add appends a leaf by its hash.
func (t *tree) add(leaf digest) {
	// Each low one-bit of the size is a subtree as large as the one just completed.
	for n := t.size; n&1 == 1; n >>= 1 {
		last := len(t.peaks) - 1
		leaf = node(&t.peaks[last], &leaf)
		t.peaks = t.peaks[:last]
	}
	t.peaks = append(t.peaks, leaf)
	t.size++
}

// root is the tree's hash.
func (t *tree) root() digest {
	last := len(t.peaks) - 1
	if last < 0 {
		return sha256.Sum256(nil)
	}
	root := t.peaks[last]
	for i := last - 1; i >= 0; i-- {
		root = node(&t.peaks[i], &root)
	}
	return root
}

func node(left, right *digest) digest {
	var data [1 + 2*sha256.Size]byte
	data[0] = nodePrefix
	copy(data[1:], left[:])
	copy(data[1+sha256.Size:], right[:])
	return sha256.Sum256(data[:])
}
