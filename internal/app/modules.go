package app

import (
	"slices"
	"strings"

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

// A webhook cannot ask to be told of what nobody does.
func init() {
	told := module.Told(Modules())
	webhook.Known = func(event string) bool {
		kind, verb, _ := strings.Cut(event, ".")
		_, is := told[kind]
		return is && (verb == "*" || told.Says(event))
	}
}
