package clause

import (
	"strings"
	"testing"
	"time"
)

// TestLargeTextsAreReadInBoundedTime reads 250 kB of what costs most. Time may grow with the text, not
// with its square.
func TestLargeTextsAreReadInBoundedTime(t *testing.T) {
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
			text := strings.Repeat(piece, 1<<18/len(piece))
			start := time.Now()
			Markdown(Parse(FromText(text), "2026-01-01"))
			took := time.Since(start)
			t.Logf("%v", took)
			if took > 5*time.Second {
				t.Errorf("got %v, want at most 5 s", took)
			}
		})
	}
}
