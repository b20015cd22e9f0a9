package store

import (
	"fmt"
	"strings"

	"vaern/internal/ledger"
	"vaern/internal/problem"
)

// stored reads nodes of the tree, in the order they are asked for.
func (r *Read) stored(places []int64) ([]ledger.Hash, error) {
	if len(places) == 0 {
		return nil, nil
	}
	args, names := Args{}, make([]string, len(places))
	for i, place := range places {
		name := fmt.Sprintf("node%d", i)
		names[i], args[name] = ":"+name, place
	}
	found := map[int64]ledger.Hash{}
	err := r.Rows(`SELECT node, hash FROM ledger_hash WHERE node IN (`+strings.Join(names, ", ")+`)`, args, func(scan Scan) error {
		var place int64
		var text string
		if err := scan(&place, &text); err != nil {
			return err
		}
		h, err := ledger.ParseHash(text)
		found[place] = h
		return err
	})
	out := make([]ledger.Hash, len(places))
	for i, place := range places {
		h, ok := found[place]
		if err == nil && !ok {
			err = fmt.Errorf("node %d of the tree is missing", place)
		}
		out[i] = h
	}
	return out, err
}

// ProveLeaf proves that a checkpoint holds a leaf as it now stands.
func (r *Read) ProveLeaf(seq int64, checkpoint, public string) ([]ledger.Hash, error) {
	var l *ledger.Leaf
	err := r.Rows(`SELECT `+leafColumns+` FROM ledger_leaf WHERE seq = :seq`, Args{"seq": seq}, func(scan Scan) error {
		found, err := scanLeaf(scan)
		l = &found
		return err
	})
	if err != nil {
		return nil, err
	}
	if l == nil {
		return nil, problem.Missing()
	}
	return ledger.ProveLeaf(seq, l.Hash(), checkpoint, public, r.stored)
}

// ProveGrowth proves that a checkpoint continues an earlier one.
func (r *Read) ProveGrowth(earlier, checkpoint, public string) ([]ledger.Hash, error) {
	return ledger.ProveGrowth(earlier, checkpoint, public, r.stored)
}
