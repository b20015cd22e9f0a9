package app

import (
	"context"
	"time"

	"vaern/internal/readers"
)

// keepAsking keeps readings in step with the people there are while the program
// serves, and reminds: when somebody was asked, and every hour.
func (t *town) keepAsking(ctx context.Context) {
	size, hour := int64(-1), -1
	for {
		grown, hours := t.leaves(ctx) != size, now().Hour()
		did := false
		if grown || hours != hour {
			t.attempt(ctx, "ask readers", func(ctx context.Context) (err error) {
				did, err = readers.Desk.Ask(ctx, t.Store)
				return err
			})
		}
		if did || hours != hour {
			t.attempt(ctx, "remind readers", func(ctx context.Context) error { return readers.Desk.Remind(ctx, t.Store, t.digest) })
		}
		size, hour = t.leaves(ctx), hours
		if !sleep(ctx, askEvery) {
			return
		}
	}
}

// leaves is the size of the ledger, which tells whether anything changed; -1
// when the database does not answer.
func (t *town) leaves(ctx context.Context) int64 {
	_, head, err := t.ledger(ctx)
	if err != nil {
		return -1
	}
	return head.Size
}

// askEvery is how soon somebody who joined is asked, at the latest.
const askEvery = 5 * time.Second
