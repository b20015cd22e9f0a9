package content

import (
	"fmt"
	"slices"
	"strings"
	"sync"
)

// Rule is one rule of the handbook, numbered so that a dispensation or a control
// can point at it alone.
type Rule struct {
	No      string // R-01; never reused
	Chapter string
	Title   string
	Text    string   // who does what, when, with what evidence
	Themes  []string // keys of package theme
}

var handbook = sync.OnceValue(func() []Rule {
	rules, err := parseHandbook(read("handbook.yaml"))
	if err != nil {
		panic(err)
	}
	return rules
})

// Handbook returns the rules in order.
func Handbook() []Rule { return slices.Clone(handbook()) }

func parseHandbook(data []byte) ([]Rule, error) {
	var f struct {
		Chapters []struct {
			Title string
			Rules []struct {
				No, Title, Text string
				Themes          []string
			}
		}
	}
	if err := decode("handbook.yaml", data, &f); err != nil {
		return nil, err
	}
	var rules []Rule
	for _, c := range f.Chapters {
		for _, r := range c.Rules {
			if n := len(rules); n > 0 && r.No <= rules[n-1].No {
				return nil, fmt.Errorf("handbook.yaml: rule %s stands after %s", r.No, rules[n-1].No)
			}
			rules = append(rules, Rule{r.No, c.Title, r.Title, strings.TrimSpace(r.Text), r.Themes})
		}
	}
	return rules, nil
}
