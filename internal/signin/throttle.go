package signin

import (
	"context"
	"hash/fnv"
	"strings"
	"sync"
	"time"

	"vaern/internal/problem"
	"vaern/internal/store"
)

const (
	mostWait  = 15 * time.Minute // between two tries
	firstWait = 2 * time.Second
)

// patience is how many tries may fail before one has to wait, and how long a
// pause makes them forgotten.
type patience struct {
	free  int
	pause time.Duration
}

// An account is tried by one person. Behind one address a whole town hall may
// sit, and who mistypes there must not keep everybody else out.
var (
	withAccount = patience{5, 12 * time.Hour}
	withAddress = patience{200, time.Hour}
)

const addressBucket = "address "

func patienceWith(bucket string) patience {
	if strings.HasPrefix(bucket, addressBucket) {
		return withAddress
	}
	return withAccount
}

// throttled refuses a try while an account or an address must wait. The
// buckets are in the database, so that all nodes count together.
func (d *Door) throttled(ctx context.Context, buckets []string) error {
	return d.Store.Peek(ctx, func(q *store.Read) error {
		var n int
		most := d.Store.Clock().UTC().Add(mostWait + ahead).Format(store.Time) // beyond it, the clock was set back
		err := q.Row(`SELECT count(*) FROM work_throttle WHERE bucket IN (:a, :b) AND until > :now AND until <= :most`,
			store.Args{"a": buckets[0], "b": buckets[len(buckets)-1], "most": most}, &n)
		if err == nil && n > 0 {
			d.tell(Throttled)
			err = problem.New(problem.Busy, "Der er prøvet for mange gange. Vent et kvarter, og prøv igen.", "Too many tries. Wait a quarter of an hour and try again.")
		}
		return err
	})
}

// failed counts a try that failed at a person, "" for nobody, and returns why;
// every try beyond the free ones doubles the wait.
func (d *Door) failed(ctx context.Context, person string, buckets []string, why error) error {
	d.tell(Failed)
	err := d.Store.Work(ctx, func(w *store.Work) error {
		now, err := time.Parse(store.Time, w.Now)
		if err == nil {
			err = refused(w, person)
		}
		if err != nil {
			return err
		}
		for _, b := range buckets {
			p := patienceWith(b)
			// First the row is locked, then read: tries side by side all count.
			if err := w.Do(`
				INSERT INTO work_throttle (bucket, tries, until) VALUES (:b, 1, :now)
				ON CONFLICT (bucket) DO UPDATE SET until = :now,
					tries = CASE WHEN work_throttle.until < :long_ago THEN 1 ELSE work_throttle.tries + 1 END`,
				store.Args{"b": b, "long_ago": now.Add(-p.pause).Format(store.Time)}); err != nil {
				return err
			}
			var tries int
			if err := w.Row(`SELECT tries FROM work_throttle WHERE bucket = :b`, store.Args{"b": b}, &tries); err != nil {
				return err
			}
			if tries < p.free {
				continue
			}
			wait := min(firstWait<<min(tries-p.free, 20), mostWait)
			err := w.Do(`UPDATE work_throttle SET until = :until WHERE bucket = :b`,
				store.Args{"b": b, "until": now.Add(wait).Format(store.Time)})
			if err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	return why
}

// gate is what tries at one account pass one at a time, on this node.
func (d *Door) gate(bucket string) *sync.Mutex {
	h := fnv.New32a()
	h.Write([]byte(bucket))
	return &d.gates[h.Sum32()%uint32(len(d.gates))]
}

// forget lets what failed before count no more, since a try passed.
func (d *Door) forget(ctx context.Context, buckets []string) error {
	d.tell(Passed)
	return d.Store.Work(ctx, func(w *store.Work) error {
		return w.Do(`DELETE FROM work_throttle WHERE bucket = :b`, store.Args{"b": buckets[0]})
	})
}
