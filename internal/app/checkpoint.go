package app

import (
	"context"
	"errors"
	"os"
	"path/filepath"

	"vaern/internal/access"
	"vaern/internal/durable"
	"vaern/internal/policy"
	"vaern/internal/store"
)

// checkpointFile keeps the newest signed head beside the database, not in it:
// so a database that was rolled back or written anew does not fit any more.
const checkpointFile = "checkpoint"

// sign signs what is new, and lets the signed head leave the database.
func (t *town) sign(ctx context.Context) error {
	known, err := t.known()
	if err != nil {
		return err
	}
	signed, err := t.Sign(ctx, t.key, known...)
	if err != nil || !signed {
		return err
	}
	return t.remember(ctx)
}

// remember writes the newest signed head to its file, where it continues the one
// that is there: that is the witness against a database that was rewritten.
func (t *town) remember(ctx context.Context) error {
	var newest store.Checkpoint
	known, err := t.known()
	if err != nil {
		return err
	}
	reader := access.With(ctx, access.Machine("signer", policy.ReadLedger))
	err = t.View(reader, policy.ReadLedger, func(q *store.Read) (err error) {
		newest, err = q.NewestCheckpoint()
		for _, earlier := range known {
			if err == nil {
				_, err = q.ProveGrowth(earlier, newest.Note, t.key.Public)
			}
		}
		return err
	})
	if err != nil {
		return err
	}
	return durable.Text(filepath.Join(t.data, checkpointFile), []byte(newest.Note))
}

// known are the checkpoints that left the database on this machine; none
// before the first.
func (t *town) known() ([]string, error) {
	text, err := os.ReadFile(filepath.Join(t.data, checkpointFile))
	if errors.Is(err, os.ErrNotExist) {
		return nil, nil
	}
	return []string{string(text)}, err
}
