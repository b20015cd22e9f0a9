package policy

import "vaern/internal/record"

// Measures are the newest answers by key.
var Measures = measures

// Owns is the register of own indicators.
func (e *Engine) Owns() *record.Register[Own] { return e.ownRegister() }
