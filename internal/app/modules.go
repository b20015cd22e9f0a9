package app

import (
	"vaern/internal/module"
	"vaern/internal/register/control"
	"vaern/internal/register/document"
	"vaern/internal/register/obligation"
	"vaern/internal/register/org"
	"vaern/internal/register/rule"
)

// Modules is the list of registers. The order is that of what a sentence of
// the policy shows below it.
func Modules() []module.Module {
	all := document.Modules()
	all = append(all, rule.Module(), control.Module(), obligation.Module())
	return append(all, org.Modules()...)
}
