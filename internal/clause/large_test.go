package clause

import (
	"strings"
	"testing"
	"time"
)

// TestTimeGrowsWithTheTextNotWithItsSquare reads what costs most, once and four times as much of it.
func TestTimeGrowsWithTheTextNotWithItsSquare(t *testing.T) {
	for name, piece := range map[string]string{
		"one line":             "Byrådet vedtog den 1. maj 2024 at det består af ",
		"short lines":          "Alt\n",
		"numbered lines":       "1. alt\n",
		"numbered headings":    "1. Alt\n\nDet er alt, hvad der er.\n\n",
		"words of their own":   "vindmøllelauget vindmøllelaguet\n",
		"lines broken in two":  "det hele er delt over mange linjer og ord-\n",
		"dates":                "1. maj 2024 ",
		"front page":           "Version 2.0\n",
		"bullets going deeper": "- a\n * b\n",
		"Markdown stars":       "# a\n**a** [b](c) \\* _d_\n",
		"contents":             "Indhold\nAlt .... 3\n",
	} {
		t.Run(name, func(t *testing.T) {
			took := func(size int) time.Duration {
				text := strings.Repeat(piece, size/len(piece))
				start := time.Now()
				Markdown(Parse(FromText(text), "2026-01-01"))
				return time.Since(start)
			}
			once, four := took(1<<15), took(1<<17)
			if most := 10*once + time.Second; four > most {
				t.Errorf("got %v for four times what took %v, want at most %v", four, once, most)
			}
		})
	}
}
