package policy_test

import "vaern/internal/field"

func dateOf(day string) field.Date { return field.Date(day) }
