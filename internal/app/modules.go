package app

import (
	"slices"

	"vaern/internal/module"
	"vaern/internal/readers"
	"vaern/internal/register/attention"
	"vaern/internal/register/control"
	"vaern/internal/register/document"
	"vaern/internal/register/obligation"
	"vaern/internal/register/org"
	"vaern/internal/register/rule"
	"vaern/internal/register/webhook"
	"vaern/internal/web/kit"
)

// Modules is the list of registers: one line each. The order is that of what a
// sentence of the policy shows below it.
func Modules() []module.Module {
	return slices.Concat(
		document.Modules(),
		[]module.Module{
			rule.Module(),
			control.Module(),
			obligation.Module(),
		},
		readers.Desk.Modules(),
		org.Modules(),
		attention.Modules(),
		kit.Capabilities(),
		[]module.Module{webhook.Module()},
	)
}
