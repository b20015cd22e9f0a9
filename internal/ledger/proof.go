package ledger

import (
	"fmt"

	"golang.org/x/mod/sumdb/tlog"
)

// Stored reads nodes of the tree by their places among the stored hashes.
type Stored = tlog.HashReaderFunc

// ProveLeaf returns the inclusion proof (RFC 6962, 2.1.1) of a leaf in a
// checkpoint signed by public. It is checked before it is returned.
func ProveLeaf(seq int64, leaf Hash, checkpoint, public string, read Stored) ([]Hash, error) {
	size, root, err := Open(checkpoint, public)
	if err != nil {
		return nil, err
	}
	if seq < 0 || seq >= size {
		return nil, fmt.Errorf("the checkpoint holds %d leaves, so not leaf %d", size, seq)
	}
	proof, err := tlog.ProveRecord(size, seq, read)
	if err == nil {
		err = tlog.CheckRecord(proof, size, root, seq, leaf)
	}
	if err != nil {
		return nil, fmt.Errorf("leaf %d does not fit the checkpoint: %w", seq, err)
	}
	return proof, nil
}

// ProveGrowth returns the consistency proof (RFC 6962, 2.1.2) that a checkpoint
// continues an earlier one, both signed by public. It is checked before it is
// returned.
func ProveGrowth(earlier, checkpoint, public string, read Stored) ([]Hash, error) {
	was, oldRoot, err := Open(earlier, public)
	if err != nil {
		return nil, err
	}
	size, root, err := Open(checkpoint, public)
	if err != nil {
		return nil, err
	}
	if was < 1 || was > size {
		return nil, fmt.Errorf("a checkpoint of %d leaves cannot continue one of %d", size, was)
	}
	proof, err := tlog.ProveTree(size, was, read)
	if err == nil {
		err = tlog.CheckTree(proof, size, root, was, oldRoot)
	}
	if err != nil {
		return nil, fmt.Errorf("the checkpoint does not continue the earlier one: %w", err)
	}
	return proof, nil
}

// Continues is nil when a tree continues a checkpoint that public signed earlier.
func (t *Tree) Continues(earlier, public string, read Stored) error {
	was, oldRoot, err := Open(earlier, public)
	if err != nil {
		return err
	}
	if was < 1 || was > t.Size {
		return fmt.Errorf("%d leaves were signed, %d are left", was, t.Size)
	}
	proof, err := tlog.ProveTree(t.Size, was, read)
	if err == nil {
		err = tlog.CheckTree(proof, t.Size, t.Root(), was, oldRoot)
	}
	if err != nil {
		return fmt.Errorf("the first %d leaves are not those that were signed: %w", was, err)
	}
	return nil
}
