package field

import (
	"regexp"
	"strconv"
	"strings"
	"time"
)

// Months are what months are called, in both languages, whole and shortened.
var Months = map[string]time.Month{
	"januar": 1, "februar": 2, "marts": 3, "april": 4, "maj": 5, "juni": 6, "juli": 7, "august": 8, "september": 9, "oktober": 10, "november": 11, "december": 12,
	"january": 1, "february": 2, "march": 3, "may": 5, "june": 6, "july": 7, "october": 10,
	"jan": 1, "feb": 2, "mar": 3, "apr": 4, "jun": 6, "jul": 7, "aug": 8, "sep": 9, "sept": 9, "okt": 10, "oct": 10, "nov": 11, "dec": 12,
}

var (
	dayBefore = regexp.MustCompile(`^(?:(?:man|tirs|ons|tors|fre|lør|søn)dag,? |(?:mon|tues|wednes|thurs|fri|satur|sun)day,? )?(?:den |d\. ?|the )?`)
	dayClock  = regexp.MustCompile(`(?:t|,? (?:kl\.? ?)?)\d{1,2}[:.]\d{2}(?:[:.]\d{2})?(?:\.\d+)?(?: ?(?:z|[+-]\d{2}:?\d{2}))?$|,? kl\.? ?\d{1,2}$`)
	dayFirst  = regexp.MustCompile(`^(\d{1,2})[./ -]+(\d{1,2})[./ -]+(\d{4}|\d{2})\.?$`)
	yearFirst = regexp.MustCompile(`^(\d{4})[./-](\d{1,2})[./-](\d{1,2})$`)
	dayNamed  = regexp.MustCompile(`^(\d{1,2})\.?[ -]?(\pL+)\.?,?[ -]?(\d{4}|\d{2})\.?$`)
	nameFirst = regexp.MustCompile(`^(\pL+) (\d{1,2}),? (\d{4})$`)
	digits    = regexp.MustCompile(`^(?:(\d{4})(\d{2})(\d{2})|(\d{2})(\d{2})(\d{2}))$`)
	serial    = regexp.MustCompile(`^(\d{5})(?:\.\d+)?$`)
)

// usual are the forms that take no thinking.
var usual = []string{time.DateOnly, "2-1-2006", "2.1.2006"}

// parseDay reads a day as people and spreadsheets write it: 1.3.2026, 1/3-26, den 1. marts 2026, 2026-03-01 00:00:00.
func parseDay(s string) (string, bool) {
	if s == "" {
		return "", true
	}
	for _, form := range usual { // most files have one of these, half a million times
		if t, err := time.Parse(form, s); err == nil && t.Year() > 0 {
			return t.Format(time.DateOnly), true
		}
	}
	s = Fold(s)
	s = strings.TrimPrefix(s, dayBefore.FindString(s))
	if at := dayClock.FindStringIndex(s); at != nil && at[0] > 5 {
		s = s[:at[0]]
	}
	if m := yearFirst.FindStringSubmatch(s); m != nil {
		return dayOf(m[1], m[2], m[3])
	}
	if m := dayFirst.FindStringSubmatch(s); m != nil {
		return dayOf(m[3], m[2], m[1])
	}
	if m := dayNamed.FindStringSubmatch(s); m != nil {
		return dayOf(m[3], strconv.Itoa(int(Months[m[2]])), m[1])
	}
	if m := nameFirst.FindStringSubmatch(s); m != nil {
		return dayOf(m[3], strconv.Itoa(int(Months[m[1]])), m[2])
	}
	if m := digits.FindStringSubmatch(s); m != nil {
		if m[1] == "" {
			return dayOf(m[6], m[5], m[4])
		}
		if day, ok := dayOf(m[1], m[2], m[3]); ok {
			return day, true
		}
		return dayOf(s[4:], s[2:4], s[:2])
	}
	return "", false
}

// dayOf is the day of a year, a month and a day in figures, where there is one.
func dayOf(year, month, day string) (string, bool) {
	y, _ := strconv.Atoi(year)
	m, _ := strconv.Atoi(month)
	d, _ := strconv.Atoi(day)
	switch { // of two figures, as Excel reads them in the end
	case len(year) == 2 && y < 69:
		y += 2000
	case len(year) == 2:
		y += 1900
	}
	t := time.Date(y, time.Month(m), d, 0, 0, 0, 0, time.UTC)
	if y == 0 || t.Year() != y || int(t.Month()) != m || t.Day() != d {
		return "", false
	}
	return t.Format(time.DateOnly), true
}

// ReadDay reads a day as people write it, "" for none; ok is false for what is
// no day.
func ReadDay(text string) (day string, ok bool) { return parseDay(strings.TrimSpace(text)) }

// ReadCell reads a day as a spreadsheet has it: as people write it, or as the number of days that Excel
// shows where somebody took away the cell's format.
func ReadCell(text string) (day string, ok bool) {
	text = strings.TrimSpace(text)
	if m := serial.FindStringSubmatch(text); m != nil {
		days, _ := strconv.Atoi(m[1])
		return time.Date(1899, 12, 30+days, 0, 0, 0, 0, time.UTC).Format(time.DateOnly), true
	}
	return parseDay(text)
}

// TypedDay is a day as people write it, and what is none as it stands, so that a form can show it again and say what is wrong.
func TypedDay(text string) string {
	if day, ok := ReadDay(text); ok {
		return day
	}
	return text
}
