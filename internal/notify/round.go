package notify

import (
	"time"

	"vaern/internal/i18n"
	"vaern/internal/mail"
	"vaern/internal/schedule"
	"vaern/internal/store"
)

// Round knows whom the day's mail still comes to, so that what can wait for it
// makes no second mail that day.
type Round struct {
	paces    map[string]Pace // of those who chose
	refusing map[string]bool // addresses
	working  bool
	monday   bool
	over     bool // today's has gone out
	none     bool // no mail is sent day by day
}

// Round reads who takes the day's mail. Without a digest nobody does.
func (d *Digest) Round(q *store.Read) (r Round, err error) {
	if d == nil {
		return Round{none: true}, nil
	}
	now, err := time.Parse(store.Time, q.Now)
	if err != nil {
		return r, err
	}
	now = now.In(i18n.Zone)
	r.paces, r.working, r.monday = map[string]Pace{}, workday(now), now.Weekday() == time.Monday
	if r.over, err = schedule.Done(q, digest, now.Format(time.DateOnly)); err != nil {
		return r, err
	}
	if r.refusing, err = mail.Refusing(q); err != nil {
		return r, err
	}
	return r, q.Rows(`SELECT id, pace FROM mail_choice`, nil, func(scan store.Scan) error {
		var id string
		var pace Pace
		err := scan(&id, &pace)
		r.paces[id] = pace
		return err
	})
}

// Waits reports whether what is for a person waits for the day's mail: that of
// today, or of the next day where it is not urgent.
func (r Round) Waits(person, address string, urgent bool) bool {
	pace := r.paces[person]
	switch {
	case r.none, pace == Urgent, r.refusing[address], pace == Weekly && !r.monday:
		return false
	case r.working && !r.over:
		return true
	}
	return !urgent
}

// workday reports whether mail goes out that day; what comes on a weekend waits
// for Monday.
func workday(on time.Time) bool {
	return on.Weekday() != time.Saturday && on.Weekday() != time.Sunday
}
