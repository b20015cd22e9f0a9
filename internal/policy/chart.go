package policy

import (
	"fmt"
	"strings"
	"time"

	"vaern/internal/i18n"
	"vaern/internal/indicator"
)

// chart is the last twelve months of an indicator as a line that steps: what
// was known holds until something else is.
type chart struct {
	Path        string // the line, in a picture of 600 by 280
	EndX, EndY  float64
	Goal, Warn  float64 // heights of the limits
	Ticks       []tick
	Months      []tick
	Now         string
	Empty       bool
	From, Until string
	First, Last string
}

type tick struct {
	At   float64
	Text string
}

// The picture: left and right edge of the line, top and bottom.
const (
	left, right = 54.0, 488.0
	top, bottom = 12.0, 248.0
)

func draw(past []Measured, in indicator.Indicator, today string, l i18n.Lang) (c chart) {
	end, err := time.Parse(time.DateOnly, today)
	if err != nil || len(past) == 0 {
		return chart{Empty: true}
	}
	begin := end.AddDate(-1, 0, 0)
	x := func(at string) float64 {
		t, err := time.Parse(time.RFC3339Nano, at)
		if err != nil || t.Before(begin) {
			return left
		}
		return min(right, left+(right-left)*t.Sub(begin).Hours()/end.AddDate(0, 0, 1).Sub(begin).Hours())
	}
	y := func(percent int64) float64 { return bottom - (bottom-top)*float64(percent)/100 }
	var path strings.Builder
	begun := false
	for _, m := range past {
		if m.Total == 0 {
			continue
		}
		p := m.Met * 100 / m.Total
		if !begun {
			fmt.Fprintf(&path, "M%.1f %.1f", x(m.At), y(p))
			begun, c.First = true, l.Percent(m.Met, m.Total)
		} else {
			fmt.Fprintf(&path, "H%.1fV%.1f", x(m.At), y(p))
		}
		c.EndY, c.Last = y(p), l.Percent(m.Met, m.Total)
	}
	if !begun {
		return chart{Empty: true}
	}
	fmt.Fprintf(&path, "H%.1f", right)
	c.Path, c.EndX, c.Now = path.String(), right, c.Last
	c.Goal, c.Warn = y(in.Goal), y(in.Warning)
	for _, p := range []int64{0, 25, 50, 75, 100} {
		c.Ticks = append(c.Ticks, tick{y(p), l.Percent(p, 100)})
	}
	for m := time.Date(begin.Year(), begin.Month()+1, 1, 0, 0, 0, 0, time.UTC); m.Before(end); m = m.AddDate(0, 2, 0) {
		c.Months = append(c.Months, tick{x(m.Format(time.RFC3339)), month[m.Month()-1].In(l)})
	}
	c.From, c.Until = l.Date(begin.Format(time.DateOnly)), l.Date(today)
	return c
}

var month = []i18n.Text{
	{"jan.", "Jan"}, {"feb.", "Feb"}, {"mar.", "Mar"}, {"apr.", "Apr"}, {"maj", "May"}, {"juni", "June"},
	{"juli", "July"}, {"aug.", "Aug"}, {"sep.", "Sep"}, {"okt.", "Oct"}, {"nov.", "Nov"}, {"dec.", "Dec"},
}
