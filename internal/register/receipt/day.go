package receipt

import (
	"strings"
	"time"
)

// typedDay reads a date as people type it; what is none is returned as it is.
func typedDay(text string) string {
	text = strings.TrimSpace(text)
	for _, layout := range []string{time.DateOnly, "2.1.2006", "2-1-2006", "2/1/2006"} {
		if t, err := time.Parse(layout, text); err == nil {
			return t.Format(time.DateOnly)
		}
	}
	return text
}
