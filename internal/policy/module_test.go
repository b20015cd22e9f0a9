package policy

import (
	"testing"

	"vaern/internal/module"
	"vaern/internal/moduletest"
	"vaern/internal/register/control"
)

func TestOwnIndicatorsAreAWholeRegister(t *testing.T) {
	beside := []module.Module{control.Module()}
	e := NewEngine(nil, beside)
	moduletest.Exercise(t, e.ownModule(), moduletest.Beside(e.Modules), moduletest.Example{
		"register": moduletest.Always("control"), "within": moduletest.Always(""), "good": moduletest.Always("due >= today"),
		"goal": moduletest.OneOf("90", "95", "100"), "warning": moduletest.Always("70"),
	})
}
