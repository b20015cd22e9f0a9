package document

import (
	"testing"

	"vaern/internal/moduletest"
)

func TestDocumentsAreAWholeRegister(t *testing.T) { moduletest.Exercise(t, Modules()[0]) }
