package receipt

import "vaern/internal/field"

// typedDay reads a date as people type it; what is none is returned as it is.
func typedDay(text string) string {
	if day, ok := field.ReadDay(text); ok {
		return day
	}
	return text
}
