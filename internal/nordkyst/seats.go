package nordkyst

import (
	"math"
	"math/rand/v2"
	"slices"
	"time"
)

// seat is one place in a position, held now and, if it changed hands, by
// somebody else before.
type seat struct {
	*planned
	name  string    // of a named holder
	since time.Time // the holder now came
	until time.Time // an end to come
	from  time.Time // the holder before came
	left  time.Time // the holder before left; zero, if the seat did not change hands
	moved *seat     // the seat that the holder now came from
}

// history is how far back people come and leave.
const (
	historyMonths = 24
	historyDays   = 730
)

// seating fills the seats of a plan.
type seating struct {
	plan
	calendar
	draw  *rand.Rand
	seats []*seat
}

func newSeating(p plan, c calendar, draw *rand.Rand) *seating {
	s := &seating{plan: p, calendar: c, draw: draw}
	for i := range p.positions {
		at := &p.positions[i]
		for n := range at.seats {
			taken := &seat{planned: at}
			if n == 0 {
				taken.name = p.Cast[at.Key]
			}
			s.seats = append(s.seats, taken)
		}
	}
	return s
}

// fill dates every seat. The order is fixed, for the draws to be the same.
func (s *seating) fill() {
	elected := 0
	for _, at := range s.seats {
		if at.category == "council" {
			s.elect(at, elected)
			elected++
			continue
		}
		at.since = s.before(at.planned, s.month(-historyMonths))
		at.until = s.end(at.category)
	}
	for _, size := range s.Sizes {
		moves := 0
		if size.Category == "employee" {
			moves = s.Moves
		}
		changed := s.change(size.Category, size.Turnover+moves)
		s.move(changed, moves)
	}
}

// elect gives every third seat of the council to somebody new at the last
// election; the others have sat for two or three terms, the mayor, who is the
// first, among them.
func (s *seating) elect(at *seat, n int) {
	terms := (n + 1) % 3
	at.since = s.term(terms)
	if terms == 0 {
		at.from = s.term(1 + n%2)
		at.left = at.since.AddDate(0, 0, -1)
	}
}

// change lets n seats of a category change hands within the history, short
// stays first, and returns them in the order of the tree. Named people stay.
func (s *seating) change(category string, n int) []*seat {
	var open []*seat
	for _, at := range s.seats {
		if at.category == category && at.name == "" {
			open = append(open, at)
		}
	}
	order := s.draw.Perm(len(open))
	slices.SortStableFunc(order, func(a, b int) int {
		switch {
		case open[a].short == open[b].short:
			return 0
		case open[a].short:
			return -1
		}
		return 1
	})
	order = order[:min(n, len(order))]
	slices.Sort(order)
	var changed []*seat
	for _, i := range order {
		s.hand(open[i])
		changed = append(changed, open[i])
	}
	return changed
}

// hand dates the change of hands. Employees leave at the end of a month and
// come on the first of one, not always the next; others on any day.
func (s *seating) hand(at *seat) {
	if at.category == "employee" {
		back, gap := s.draw.IntN(historyMonths), max(0, s.draw.IntN(10)-6)
		at.since = s.month(-back)
		at.left = s.month(-back-gap).AddDate(0, 0, -1)
	} else {
		back := s.draw.IntN(historyDays)
		at.since = s.day(-back)
		at.left = s.day(-back - 1 - s.draw.IntN(30))
	}
	at.from = s.before(at.planned, at.left)
}

// move turns n pairs of changes under one title into moves: who left the one
// seat came to the other, in another unit, the day after.
func (s *seating) move(changed []*seat, n int) {
	last := map[string]*seat{}
	for _, at := range changed {
		from := last[at.title]
		if n == 0 || from == nil || from.Unit == at.Unit {
			last[at.title] = at
			continue
		}
		at.moved, at.since = from, from.left.AddDate(0, 0, 1)
		at.left = from.left
		at.from = s.before(at.planned, at.left)
		delete(last, at.title)
		n--
	}
}

// before draws when somebody came to a position who was there at a time: a
// student the weeks of a placement before, everybody else before the history
// begins, employees up to decades.
func (s *seating) before(at *planned, then time.Time) time.Time {
	if at.category == "student" {
		return then.AddDate(0, 0, -30-s.draw.IntN(150))
	}
	if begin := s.month(-historyMonths); then.After(begin) {
		then = begin
	}
	if at.category != "employee" {
		return then.AddDate(0, 0, -60-s.draw.IntN(1800))
	}
	longest := 360.0
	if at.short {
		longest = 12
	}
	months := 1 + int(longest*math.Pow(s.draw.Float64(), 2.2))
	return time.Date(then.Year(), then.Month()-time.Month(months), 1, 0, 0, 0, 0, time.UTC)
}

// end draws when an external's access is to end. One in twenty has no end,
// which somebody should have set.
func (s *seating) end(category string) time.Time {
	var within int
	switch category {
	case "student":
		within = 150
	case "consultant":
		within = 270
	case "supplier", "keys":
		within = 365
	default:
		return time.Time{}
	}
	if s.draw.IntN(20) == 0 {
		return time.Time{}
	}
	return s.day(10 + s.draw.IntN(within))
}
