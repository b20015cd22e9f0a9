package policy

import (
	"vaern/internal/record"
	"vaern/internal/store"
)

// Measures are the newest answers by key.
func Measures(q *store.Read) (map[string]Measured, error) { return measures(q, "") }

// Owns is the register of own indicators.
func (e *Engine) Owns() *record.Records[Own] { return e.ownRegister() }

// Older reports whether the policy page of an instant tells when data are from.
func Older(now, asked string) bool { return (&policyView{Now: now}).Older(asked) }
