package i18n

import (
	"strconv"
	"strings"
	"time"
	_ "time/tzdata" // a small container has no zone files
)

// Zone is where the municipality is: instants are stored in UTC and shown here.
var Zone = func() *time.Location {
	z, err := time.LoadLocation("Europe/Copenhagen")
	if err != nil {
		panic(err) // tzdata is linked in
	}
	return z
}()

// Date shows a day (2026-12-31) as people write it: 31.12.2026, 31 Dec 2026.
// What is no day is returned as it is.
func (l Lang) Date(day string) string {
	t, err := time.Parse(time.DateOnly, day[:min(10, len(day))])
	if err != nil {
		return day
	}
	if l == En {
		return t.Format("2 Jan 2006")
	}
	return t.Format("2.1.2006")
}

// Instant shows a UTC instant as local date and time: 31.12.2026 kl. 14.05.
func (l Lang) Instant(at string) string {
	t, err := time.Parse(time.RFC3339Nano, at)
	if err != nil {
		return at
	}
	t = t.In(Zone)
	if l == En {
		return t.Format("2 Jan 2006 at 15:04")
	}
	return t.Format("2.1.2006 kl. 15.04")
}

// Day is the local day of a UTC instant, 2026-12-31.
func Day(at string) string {
	t, err := time.Parse(time.RFC3339Nano, at)
	if err != nil {
		return at
	}
	return t.In(Zone).Format(time.DateOnly)
}

// EndOf is the last instant of a local day, as the store writes instants.
func EndOf(day string) string {
	t, err := time.ParseInLocation(time.DateOnly, day, Zone)
	if err != nil {
		return day
	}
	return t.AddDate(0, 0, 1).Add(-time.Microsecond).UTC().Format("2006-01-02T15:04:05.000000Z")
}

// Number shows a whole number with the language's thousands mark: 4.900, 4,900.
func (l Lang) Number(n int64) string {
	digits := strconv.FormatInt(n, 10)
	sign := ""
	if n < 0 {
		sign, digits = "−", digits[1:]
	}
	mark := "."
	if l == En {
		mark = ","
	}
	var parts []string
	for len(digits) > 3 {
		parts = append([]string{digits[len(digits)-3:]}, parts...)
		digits = digits[:len(digits)-3]
	}
	return sign + strings.Join(append([]string{digits}, parts...), mark)
}

// Percent shows met of total as a whole percentage, rounded down so that 100 %
// means all: 94 % in Danish, 94% in English; "–" when there is nothing to count.
func (l Lang) Percent(met, total int64) string {
	if total == 0 {
		return "–"
	}
	p := strconv.FormatInt(met*100/total, 10)
	if l == En {
		return p + "%"
	}
	return p + "\u00a0%"
}

// Plural shows a number with the word that fits it: 1 regel, 4 regler.
func (l Lang) Plural(n int64, one, many Text) string {
	if n == 1 {
		return "1\u00a0" + one.In(l)
	}
	return l.Number(n) + "\u00a0" + many.In(l)
}
