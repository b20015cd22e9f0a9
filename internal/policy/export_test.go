package policy

import (
	"strings"

	"vaern/internal/i18n"
	"vaern/internal/indicator"
	"vaern/internal/record"
	"vaern/internal/store"
)

// Measures are the newest answers by key.
func Measures(q *store.Read) (map[string]Measured, error) { return measures(q, "") }

// Owns is the register of own indicators.
func (e *Engine) Owns() *record.Records[Own] { return e.ownRegister() }

// Older reports whether the policy page of an instant tells when data are from.
func Older(now, asked string) bool { return (&policyView{Now: now}).Older(asked) }

// Pictured is what the picture of an indicator says: its heights, its bands from
// the top, and where the line begins.
func Pictured(past []Measured, lim indicator.Limits, today string) (ticks, bands, first string) {
	c := draw(past, indicator.Indicator{Goal: lim.Goal, Warning: lim.Warning, Most: lim.Most}, today, i18n.En)
	var heights, states []string
	for _, t := range c.Pictures[0].Ticks {
		heights = append(heights, t.Text)
	}
	for _, b := range c.Pictures[0].Bands {
		states = append(states, b.State.Code())
	}
	return strings.Join(heights, " "), strings.Join(states, " "), c.First
}
