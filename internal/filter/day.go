package filter

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"

	"vaern/internal/field"
)

// A day is written canonically as 2026-03-01, today, today+14d, today-2m, or as
// a period: 2026-11-23..2026-11-29, this-week, this-month, this-year. What is
// relative stays so: a saved view of what is due in two weeks goes on.

var named = map[string]string{
	"i dag": "today", "idag": "today", "today": "today", "i morgen": "today+1d", "tomorrow": "today+1d", "i går": "today-1d", "yesterday": "today-1d",
	"denne uge": "this-week", "this week": "this-week", "denne måned": "this-month", "this month": "this-month", "i år": "this-year", "dette år": "this-year",
	"this year": "this-year", "this-week": "this-week", "this-month": "this-month", "this-year": "this-year",
	"i overmorgen": "today+2d", "i forgårs": "today-2d", "næste uge": "next-week", "next week": "next-week", "next-week": "next-week",
	"næste måned": "next-month", "next month": "next-month", "next-month": "next-month", "næste år": "next-year", "next year": "next-year", "next-year": "next-year",
	"sidste uge": "last-week", "last week": "last-week", "last-week": "last-week", "sidste måned": "last-month", "last month": "last-month", "last-month": "last-month",
	"sidste år": "last-year", "last year": "last-year", "last-year": "last-year", "dette kvartal": "this-quarter", "this quarter": "this-quarter", "this-quarter": "this-quarter",
	"næste kvartal": "next-quarter", "next quarter": "next-quarter", "next-quarter": "next-quarter",
	"sidste kvartal": "last-quarter", "last quarter": "last-quarter", "last-quarter": "last-quarter",
}

// feasts are days that people name; jul is no July here.
var feasts = map[string][2]string{"jul": {"24", "12"}, "juleaften": {"24", "12"}, "christmas": {"24", "12"}, "nytår": {"1", "1"}, "new year": {"1", "1"}}

var weekdays = map[string]time.Weekday{
	"mandag": 1, "tirsdag": 2, "onsdag": 3, "torsdag": 4, "fredag": 5, "lørdag": 6, "søndag": 0,
	"monday": 1, "tuesday": 2, "wednesday": 3, "thursday": 4, "friday": 5, "saturday": 6, "sunday": 0,
}

// counts are numbers in words.
var counts = map[string]string{
	"en": "1", "et": "1", "én": "1", "ét": "1", "to": "2", "tre": "3", "fire": "4", "fem": "5", "seks": "6", "syv": "7", "otte": "8", "ni": "9", "ti": "10", "tolv": "12", "fjorten": "14",
	"a": "1", "an": "1", "one": "1", "two": "2", "three": "3", "four": "4", "five": "5", "six": "6", "seven": "7", "eight": "8", "nine": "9", "ten": "10", "twelve": "12", "fourteen": "14",
	"første": "1", "anden": "2", "andet": "2", "tredje": "3", "fjerde": "4", "first": "1", "second": "2", "third": "3", "fourth": "4",
}

var unitsOfTime = map[string]string{
	"dag": "d", "dage": "d", "day": "d", "days": "d", "uge": "w", "uger": "w", "week": "w", "weeks": "w",
	"måned": "m", "måneder": "m", "month": "m", "months": "m", "år": "y", "year": "y", "years": "y",
}

var (
	numeric  = regexp.MustCompile(`^(\d{1,2})[./-](\d{1,2})(?:[./-](\d{2,4}))?\.?$`)
	digits   = regexp.MustCompile(`^\d+$`) // a number is no day here
	iso      = regexp.MustCompile(`^(\d{4})-(\d{2})-(\d{2})$`)
	relative = regexp.MustCompile(`^today([+-])(\d{1,4})([dwmy])$`)
	inMonth  = regexp.MustCompile(`^(\d{1,2})\.? (\pL+)(?: (\d{4}))?$`)
	ofMonth  = regexp.MustCompile(`^(\pL+)(?: (\d{4}))?$`)
	ahead    = regexp.MustCompile(`^(?:om|in) (\d{1,4}|\pL+) (\pL+)$`)
	ago      = regexp.MustCompile(`^(?:for )?(\d{1,4}|\pL+) (\pL+) (?:siden|ago)$`)
	wholly   = regexp.MustCompile(`^(?:år |year )?((?:19|20|21)\d{2})$`)
	quarter  = regexp.MustCompile(`^(?:([1-4])\.?|(\pL+)) (?:kvartal|quarter)(?: (\d{4}))?$`)
	ofYear   = regexp.MustCompile(`^(?:kvartal |quarter |[kq])([1-4])(?: (\d{4}))?$`)
	week     = regexp.MustCompile(`^(?:uge|week) (\d{1,2})(?: (\d{4}))?$`)
)

// day reads a day or a period as people write it and returns its canonical
// form, "" for what is none. A day without a year is the next to come.
func day(text, today string) string {
	text = strings.ToLower(strings.Join(strings.Fields(text), " "))
	if c, ok := named[text]; ok {
		return c
	}
	if from, to, ok := strings.Cut(text, ".."); ok && real(from) && real(to) && from <= to {
		return text
	}
	switch {
	case iso.MatchString(text):
		if real(text) {
			return text
		}
	case relative.MatchString(text):
		return text
	case numeric.MatchString(text):
		m := numeric.FindStringSubmatch(text)
		return dated(m[1], m[2], m[3], today)
	case ahead.MatchString(text):
		m := ahead.FindStringSubmatch(text)
		return distance("+", m[1], m[2])
	case ago.MatchString(text):
		m := ago.FindStringSubmatch(text)
		return distance("-", m[1], m[2])
	case wholly.MatchString(text):
		year := wholly.FindStringSubmatch(text)[1]
		return year + "-01-01.." + year + "-12-31"
	case quarter.MatchString(text):
		m := quarter.FindStringSubmatch(text)
		return ofQuarter(m[1]+counts[m[2]], m[3], today)
	case ofYear.MatchString(text):
		m := ofYear.FindStringSubmatch(text)
		return ofQuarter(m[1], m[2], today)
	case feasts[text][0] != "":
		return dated(feasts[text][0], feasts[text][1], "", today)
	case week.MatchString(text):
		m := week.FindStringSubmatch(text)
		return ofWeek(m[1], m[2], today)
	case inMonth.MatchString(text):
		m := inMonth.FindStringSubmatch(text)
		if month := field.Months[m[2]]; month != 0 {
			return dated(m[1], strconv.Itoa(int(month)), m[3], today)
		}
	case ofMonth.MatchString(text):
		m := ofMonth.FindStringSubmatch(text)
		if weekday, ok := weekdays[text]; ok {
			return nextOf(weekday, today)
		}
		return wholeMonth(field.Months[m[1]], m[2], today)
	}
	if day, ok := field.ReadDay(text); ok && !digits.MatchString(text) {
		return day
	}
	return ""
}

// nextOf is the next day of a name, today at the earliest.
func nextOf(weekday time.Weekday, today string) string {
	now, _ := time.Parse(time.DateOnly, today)
	return now.AddDate(0, 0, (int(weekday)-int(now.Weekday())+7)%7).Format(time.DateOnly)
}

// ofQuarter is a quarter, the one that runs or the next to come where no year is said.
func ofQuarter(n, y, today string) string {
	q, _ := strconv.Atoi(n)
	if q < 1 || q > 4 {
		return ""
	}
	now, _ := time.Parse(time.DateOnly, today)
	year, _ := strconv.Atoi(y)
	if y == "" {
		if year = now.Year(); q*3 < int(now.Month()) {
			year++
		}
	}
	first := time.Date(year, time.Month(q*3-2), 1, 0, 0, 0, 0, time.UTC)
	return period(first, first.AddDate(0, 3, -1))
}

func real(day string) bool {
	_, err := time.Parse(time.DateOnly, day)
	return err == nil
}

// distance is so many days, weeks, months or years from today.
func distance(sign, many, of string) string {
	n := many
	if counts[many] != "" {
		n = counts[many]
	}
	unit := unitsOfTime[of]
	if _, err := strconv.Atoi(n); err != nil || unit == "" || len(n) > 4 {
		return ""
	}
	return "today" + sign + n + unit
}

func dated(d, m, y, today string) string {
	year, _ := strconv.Atoi(y)
	if len(y) == 2 {
		year += 2000
	}
	dd, _ := strconv.Atoi(d)
	mm, _ := strconv.Atoi(m)
	form := func(year int) string { return fmt.Sprintf("%04d-%02d-%02d", year, mm, dd) }
	if y != "" {
		if out := form(year); real(out) {
			return out
		}
		return ""
	}
	now, _ := time.Parse(time.DateOnly, today)
	for next := now.Year(); next <= now.Year()+8; next++ { // 29 February comes every fourth year
		if out := form(next); real(out) && out >= today {
			return out
		}
	}
	return ""
}

func wholeMonth(month time.Month, y, today string) string {
	if month == 0 {
		return ""
	}
	year, _ := strconv.Atoi(y)
	if y == "" {
		now, _ := time.Parse(time.DateOnly, today)
		if year = now.Year(); month < now.Month() {
			year++
		}
	}
	first := time.Date(year, month, 1, 0, 0, 0, 0, time.UTC)
	return period(first, first.AddDate(0, 1, -1))
}

func ofWeek(w, y, today string) string {
	n, _ := strconv.Atoi(w)
	now, _ := time.Parse(time.DateOnly, today)
	year, this := now.ISOWeek()
	if y != "" {
		year, _ = strconv.Atoi(y)
	} else if n < this {
		year++
	}
	fourth := time.Date(year, 1, 4, 0, 0, 0, 0, time.UTC) // always in week 1
	monday := fourth.AddDate(0, 0, -(int(fourth.Weekday())+6)%7+7*(n-1))
	if got, week := monday.ISOWeek(); got != year || week != n {
		return ""
	}
	return period(monday, monday.AddDate(0, 0, 6))
}

func period(from, to time.Time) string {
	return from.Format(time.DateOnly) + ".." + to.Format(time.DateOnly)
}

// Days are the first and the last day that a canonical value means on a day.
func Days(value, today string) (from, to string) {
	now, err := time.Parse(time.DateOnly, today)
	if err != nil {
		return value, value
	}
	pair := func(a, b time.Time) (string, string) { return a.Format(time.DateOnly), b.Format(time.DateOnly) }
	if from, to, ok := strings.Cut(value, ".."); ok {
		return from, to
	}
	if m := relative.FindStringSubmatch(value); m != nil {
		n, _ := strconv.Atoi(m[1] + m[2])
		d := map[string][3]int{"d": {0, 0, n}, "w": {0, 0, 7 * n}, "m": {0, n, 0}, "y": {n, 0, 0}}[m[3]]
		at := now.AddDate(d[0], d[1], d[2])
		return pair(at, at)
	}
	if value == "today" {
		return today, today
	}
	if which, of, ok := strings.Cut(value, "-"); ok {
		if n, ok := map[string]int{"last": -1, "this": 0, "next": 1}[which]; ok {
			return pair(around(now, n, of))
		}
	}
	return value, value
}

// around is the week, month, quarter or year n after the one of a day: its first day and its last.
func around(now time.Time, n int, of string) (from, to time.Time) {
	first := now.AddDate(0, 0, 1-now.Day())
	switch of {
	case "week":
		monday := now.AddDate(0, 0, 7*n-(int(now.Weekday())+6)%7)
		return monday, monday.AddDate(0, 0, 6)
	case "month":
		first = first.AddDate(0, n, 0)
		return first, first.AddDate(0, 1, -1)
	case "quarter":
		first = first.AddDate(0, 3*n-(int(now.Month())-1)%3, 0)
		return first, first.AddDate(0, 3, -1)
	}
	first = time.Date(now.Year()+n, 1, 1, 0, 0, 0, 0, time.UTC)
	return first, first.AddDate(1, 0, -1)
}
