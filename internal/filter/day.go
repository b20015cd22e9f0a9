package filter

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// A day is written canonically as 2026-03-01, today, today+14d, today-2m, or as
// a period: 2026-11-23..2026-11-29, this-week, this-month, this-year. What is
// relative stays so: a saved view of what is due in two weeks goes on.

var months = map[string]time.Month{
	"januar": 1, "februar": 2, "marts": 3, "april": 4, "maj": 5, "juni": 6, "juli": 7, "august": 8, "september": 9, "oktober": 10, "november": 11, "december": 12,
	"january": 1, "february": 2, "march": 3, "may": 5, "june": 6, "july": 7, "october": 10,
	"jan": 1, "feb": 2, "mar": 3, "apr": 4, "jun": 6, "jul": 7, "aug": 8, "sep": 9, "okt": 10, "oct": 10, "nov": 11, "dec": 12,
}

var named = map[string]string{
	"i dag": "today", "idag": "today", "today": "today", "i morgen": "today+1d", "tomorrow": "today+1d", "i går": "today-1d", "yesterday": "today-1d",
	"denne uge": "this-week", "this week": "this-week", "denne måned": "this-month", "this month": "this-month", "i år": "this-year", "dette år": "this-year",
	"this year": "this-year", "this-week": "this-week", "this-month": "this-month", "this-year": "this-year",
}

var unitsOfTime = map[string]string{
	"dag": "d", "dage": "d", "day": "d", "days": "d", "uge": "w", "uger": "w", "week": "w", "weeks": "w",
	"måned": "m", "måneder": "m", "month": "m", "months": "m", "år": "y", "year": "y", "years": "y",
}

var (
	numeric  = regexp.MustCompile(`^(\d{1,2})[./-](\d{1,2})(?:[./-](\d{2,4}))?\.?$`)
	iso      = regexp.MustCompile(`^(\d{4})-(\d{2})-(\d{2})$`)
	relative = regexp.MustCompile(`^today([+-])(\d{1,4})([dwmy])$`)
	inMonth  = regexp.MustCompile(`^(\d{1,2})\.? (\pL+)(?: (\d{4}))?$`)
	ofMonth  = regexp.MustCompile(`^(\pL+)(?: (\d{4}))?$`)
	ahead    = regexp.MustCompile(`^(?:om|in) (\d{1,4}) (\pL+)$`)
	ago      = regexp.MustCompile(`^(?:for )?(\d{1,4}) (\pL+) (?:siden|ago)$`)
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
	case ahead.MatchString(text), ago.MatchString(text):
		return distance(text)
	case week.MatchString(text):
		m := week.FindStringSubmatch(text)
		return ofWeek(m[1], m[2], today)
	case inMonth.MatchString(text):
		m := inMonth.FindStringSubmatch(text)
		if month := months[m[2]]; month != 0 {
			return dated(m[1], strconv.Itoa(int(month)), m[3], today)
		}
	case ofMonth.MatchString(text):
		m := ofMonth.FindStringSubmatch(text)
		return wholeMonth(months[m[1]], m[2], today)
	}
	return ""
}

func real(day string) bool {
	_, err := time.Parse(time.DateOnly, day)
	return err == nil
}

func distance(text string) string {
	m, sign := ahead.FindStringSubmatch(text), "+"
	if m == nil {
		m, sign = ago.FindStringSubmatch(text), "-"
	}
	if unit := unitsOfTime[m[2]]; unit != "" {
		return "today" + sign + m[1] + unit
	}
	return ""
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
	switch value {
	case "today":
		return today, today
	case "this-week":
		monday := now.AddDate(0, 0, -(int(now.Weekday())+6)%7)
		return pair(monday, monday.AddDate(0, 0, 6))
	case "this-month":
		first := now.AddDate(0, 0, 1-now.Day())
		return pair(first, first.AddDate(0, 1, -1))
	case "this-year":
		return pair(time.Date(now.Year(), 1, 1, 0, 0, 0, 0, time.UTC), time.Date(now.Year(), 12, 31, 0, 0, 0, 0, time.UTC))
	}
	return value, value
}
