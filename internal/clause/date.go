package clause

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"
)

const monthNames = `januar|january|jan|februar|february|feb|marts|march|mar|april|apr|maj|may|juni|june|jun|juli|july|jul|` +
	`august|aug|september|sept|sep|oktober|october|okt|oct|november|nov|december|dec`

var (
	dayMonth  = regexp.MustCompile(`(?i)\b(\d{1,2})\s?(?:\.|st\b|nd\b|rd\b|th\b)?\s*(?:of\s+)?(` + monthNames + `)\b\.?,?\s*(\d{4})\b`)
	monthDay  = regexp.MustCompile(`(?i)\b(` + monthNames + `)\.?\s+(\d{1,2})(?:st|nd|rd|th)?,?\s+(\d{4})\b`)
	isoDate   = regexp.MustCompile(`\b(\d{4})-(\d{2})-(\d{2})\b`)
	fullYear  = regexp.MustCompile(`\b(\d{1,2})\s?[-./]\s?(\d{1,2})\s?[-./ ]\s?(\d{4})\b`)
	shortYear = regexp.MustCompile(`\b(\d{1,2})[-./](\d{1,2})[-./](\d{2})\b`)
)

// written is a date found in a text, with where it stands.
type written struct {
	date       string // YYYY-MM-DD
	start, end int
}

// dates finds the dates of a text in Danish or English writing, in reading order.
func dates(text string) []written {
	if fewDigits(text) {
		return nil
	}
	var found []written
	take := func(pattern *regexp.Regexp, year, month, day int) {
		for _, at := range pattern.FindAllStringSubmatchIndex(text, -1) {
			group := func(n int) string { return text[at[2*n]:at[2*n+1]] }
			date, ok := calendar(group(year), group(month), group(day))
			if ok && !overlaps(found, at[0], at[1]) {
				found = append(found, written{date, at[0], at[1]})
			}
		}
	}
	take(isoDate, 1, 2, 3)
	take(dayMonth, 3, 2, 1)
	take(monthDay, 3, 1, 2)
	take(fullYear, 3, 2, 1)
	take(shortYear, 3, 2, 1)
	for i := range found { // a handful: insertion keeps reading order
		for j := i; j > 0 && found[j].start < found[j-1].start; j-- {
			found[j], found[j-1] = found[j-1], found[j]
		}
	}
	return found
}

// fewDigits spares most texts the patterns: the shortest date, "1/6 22", has four digits.
func fewDigits(text string) bool {
	count := 0
	for i := range len(text) {
		if text[i] >= '0' && text[i] <= '9' {
			count++
		}
	}
	return count < 4
}

func overlaps(found []written, start, end int) bool {
	for _, w := range found {
		if start < w.end && w.start < end {
			return true
		}
	}
	return false
}

// calendar gives the ISO form of a date that exists between 1970 and 2099.
func calendar(year, month, day string) (string, bool) {
	y, _ := strconv.Atoi(year)
	if len(year) == 2 {
		y += 2000
	}
	m, err := strconv.Atoi(month)
	if err != nil {
		m = monthNumber(month)
	}
	d, _ := strconv.Atoi(day)
	if m > 12 && d <= 12 { // the American order
		m, d = d, m
	}
	date := fmt.Sprintf("%04d-%02d-%02d", y, m, d)
	_, err = time.Parse(time.DateOnly, date)
	return date, err == nil && y >= 1970 && y < 2100
}

func monthNumber(name string) int {
	const starts = "jan feb mar apr maj jun jul aug sep okt nov dec"
	name = strings.ToLower(name)[:3]
	name = strings.NewReplacer("may", "maj", "oct", "okt").Replace(name)
	return strings.Index(starts, name)/4 + 1
}

func startsWithDate(text string) bool {
	found := dates(text[:min(len(text), 40)])
	return len(found) > 0 && found[0].start == 0
}

// yearsAfter moves a date by whole years: "2021-03-01" and 3 give "2024-03-01".
func yearsAfter(date string, years int) string {
	at, err := time.Parse(time.DateOnly, date)
	if err != nil {
		return ""
	}
	return at.AddDate(years, 0, 0).Format(time.DateOnly)
}

// daysAfter moves a date by days.
func daysAfter(date string, days int) string {
	at, err := time.Parse(time.DateOnly, date)
	if err != nil {
		return ""
	}
	return at.AddDate(0, 0, days).Format(time.DateOnly)
}

// danishDate writes a date as people say it: "16. april 2021".
func danishDate(date string) string {
	at, err := time.Parse(time.DateOnly, date)
	if err != nil {
		return date
	}
	months := strings.Fields("januar februar marts april maj juni juli august september oktober november december")
	return fmt.Sprintf("%d. %s %d", at.Day(), months[at.Month()-1], at.Year())
}

// englishDate writes a date as English has it: "16 April 2021".
func englishDate(date string) string {
	at, err := time.Parse(time.DateOnly, date)
	if err != nil {
		return date
	}
	return at.Format("2 January 2006")
}
