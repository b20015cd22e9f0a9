package policy

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"vaern/internal/i18n"
	"vaern/internal/indicator"
)

// chart is the last twelve months of an indicator as a line that steps: what
// was known holds until something else is.
type chart struct {
	Pictures    []picture // the same, for paper and a desk, and for a phone
	Empty       bool
	From, Until string
	First, Last string
}

// picture is the line with what it is to be read against.
type picture struct {
	canvas
	Path       string
	EndY       float64
	NowY       float64 // what it says now stands under the end of the line, or over it
	Goal, Warn float64 // heights of the limits
	Ticks      []tick
	Months     []tick
	Bands      []band // none where there is no room beside the line
}

type tick struct {
	At   float64
	Text string
}

// band is between two limits: how an indicator stands there, and where the word is.
type band struct {
	State indicator.State
	At    float64
}

// Top is where its mark begins.
func (b band) Top() float64 { return b.At - 7 }

// canvas is the size of a picture and the edges of what is drawn in it.
type canvas struct {
	Class                    string
	Wide, High               float64
	Left, Right, top, bottom float64
	every                    int  // how many months between two names
	words                    bool // whether the bands are named
}

var canvases = []canvas{{"broad", 600, 280, 54, 488, 12, 248, 1, true}, {"slim", 288, 220, 54, 280, 12, 188, 3, false}}

// Foot is where the months are named.
func (k canvas) Foot() float64 { return k.High - 8 }

// apart is how close two words may stand above each other.
const apart = 20.0

func draw(past []Measured, in indicator.Indicator, today string, l i18n.Lang) (c chart) {
	end, err := time.Parse(time.DateOnly, today)
	past = slices.DeleteFunc(slices.Clone(past), func(m Measured) bool { return m.Total == 0 })
	if err != nil || len(past) == 0 {
		return chart{Empty: true}
	}
	begin := end.AddDate(-1, 0, 0)
	// What was replaced before the year began is not in the picture.
	for len(past) > 1 && past[1].At < begin.Format(time.DateOnly) {
		past = past[1:]
	}
	last := past[len(past)-1]
	c.First, c.Last = l.Percent(past[0].Met, past[0].Total), l.Percent(last.Met, last.Total)
	c.From, c.Until = l.Date(begin.Format(time.DateOnly)), l.Date(today)
	for _, k := range canvases {
		c.Pictures = append(c.Pictures, k.draw(past, in.Limits(), begin, end, l))
	}
	return c
}

func percent(m Measured) int64 { return m.Met * 100 / m.Total }

// draw is the line of what was measured from one day to another.
func (k canvas) draw(past []Measured, lim indicator.Limits, begin, end time.Time, l i18n.Lang) picture {
	low := lowest(past, lim)
	x := func(t time.Time) float64 {
		return min(k.Right, max(k.Left, k.Left+(k.Right-k.Left)*t.Sub(begin).Hours()/end.AddDate(0, 0, 1).Sub(begin).Hours()))
	}
	y := func(percent int64) float64 { return k.bottom - (k.bottom-k.top)*float64(percent-low)/float64(100-low) }
	p := picture{canvas: k, Goal: y(lim.Goal), Warn: y(lim.Warning), Bands: k.bands(lim, low, y)}
	var path strings.Builder
	for i, m := range past {
		p.EndY = y(percent(m))
		at, err := time.Parse(time.RFC3339Nano, m.At)
		if err != nil {
			at = begin
		}
		if i == 0 {
			fmt.Fprintf(&path, "M%.1f %.1f", x(at), p.EndY)
		} else {
			fmt.Fprintf(&path, "H%.1fV%.1f", x(at), p.EndY)
		}
	}
	fmt.Fprintf(&path, "H%.1f", k.Right)
	p.Path, p.NowY = path.String(), p.EndY+24
	below := func(m Measured, until string) bool {
		t, err := time.Parse(time.RFC3339Nano, until)
		return err == nil && x(t) > k.Right-64 && y(percent(m)) > p.EndY
	}
	rose := false
	for i := range past[1:] {
		rose = rose || below(past[i], past[i+1].At)
	}
	if rose || p.NowY > k.bottom-4 { // where the line is not
		p.NowY = p.EndY - 12
	}
	for _, at := range []int64{lim.Goal, lim.Warning, 100, low} { // the limits first: they are what is read
		if !slices.ContainsFunc(p.Ticks, func(t tick) bool { return math.Abs(t.At-y(at)) < apart }) {
			p.Ticks = append(p.Ticks, tick{y(at), l.Percent(at, 100)})
		}
	}
	for m := time.Date(begin.Year(), begin.Month(), 15, 0, 0, 0, 0, time.UTC); m.Before(end); m = m.AddDate(0, k.every, 0) {
		if !m.Before(begin) {
			p.Months = append(p.Months, tick{x(m), month[m.Month()-1].In(l)})
		}
	}
	return p
}

// lowest is where the picture begins: at a quarter that everything in it is above.
func lowest(past []Measured, lim indicator.Limits) int64 {
	least := min(lim.Goal, lim.Warning)
	for _, m := range past {
		least = min(least, percent(m))
	}
	return max(0, (least-1)/25*25)
}

// bands names what lies between the limits, from the top; words that would
// stand on each other move down.
func (k canvas) bands(lim indicator.Limits, low int64, y func(int64) float64) (out []band) {
	if !k.words {
		return nil
	}
	states, at := []indicator.State{indicator.Met, indicator.Partly, indicator.Unmet}, []int64{100, lim.Goal, lim.Warning, low}
	if lim.Most {
		states, at = []indicator.State{indicator.Unmet, indicator.Partly, indicator.Met}, []int64{100, lim.Warning, lim.Goal, low}
	}
	for i, s := range states {
		if at[i] == at[i+1] && s != indicator.Met {
			continue // there is no such band
		}
		b := band{s, (y(at[i]) + y(at[i+1])) / 2}
		if n := len(out); n > 0 {
			b.At = max(b.At, out[n-1].At+apart)
		}
		out = append(out, b)
	}
	return out
}

var month = []i18n.Text{
	{"jan.", "Jan"}, {"feb.", "Feb"}, {"mar.", "Mar"}, {"apr.", "Apr"}, {"maj", "May"}, {"juni", "June"},
	{"juli", "July"}, {"aug.", "Aug"}, {"sep.", "Sep"}, {"okt.", "Oct"}, {"nov.", "Nov"}, {"dec.", "Dec"},
}
