package webhook

import (
	"testing"

	"vaern/internal/moduletest"
)

func TestModule(t *testing.T) { moduletest.Exercise(t, Module()) }
