package nordkyst

import "time"

// calendar counts back and on from today.
type calendar struct{ today time.Time }

// newCalendar reads an ISO date; another text is a bug of the caller.
func newCalendar(today string) calendar {
	t, err := time.Parse(time.DateOnly, today)
	if err != nil {
		panic(err)
	}
	return calendar{t}
}

// day is n days after today, before it when n is negative.
func (c calendar) day(n int) time.Time { return c.today.AddDate(0, 0, n) }

// month is the first of the month n months after today's.
func (c calendar) month(n int) time.Time {
	return time.Date(c.today.Year(), c.today.Month()+time.Month(n), 1, 0, 0, 0, 0, time.UTC)
}

// term is the day the council sat down, n terms before this one. Councils sit
// four years from 1 January 2022, 2026 …
func (c calendar) term(n int) time.Time {
	year := c.today.Year()
	return time.Date(year-(year+2)%4-4*n, time.January, 1, 0, 0, 0, 0, time.UTC)
}

// iso writes a date; the zero time, which is no date, is the empty text.
func iso(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.Format(time.DateOnly)
}
