package app

import (
	"debug/buildinfo"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	assets "vaern/web"
)

// TestEveryModuleInsideHasItsLicence builds the programs and asks them what
// they are made of.
func TestEveryModuleInsideHasItsLicence(t *testing.T) {
	if testing.Short() {
		t.Skip("linking takes seconds")
	}
	notices := assets.Notices()
	if notices == "" {
		t.Skip("nothing has been built here; make build does it")
	}
	dir := t.TempDir()
	build := exec.CommandContext(t.Context(), "go", "build", "-o", dir+string(os.PathSeparator), "./cmd/...")
	build.Dir = root
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	modules := 0
	for _, name := range []string{"vaern", "vaern-verify"} {
		about, err := buildinfo.ReadFile(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range about.Deps {
			modules++
			if !strings.Contains(notices, "\n"+m.Path+" "+m.Version+"\n") {
				t.Errorf("%s has %s %s inside and not its licence; run make build", name, m.Path, m.Version)
			}
		}
	}
	if modules < 30 || !strings.Contains(notices, "Go standard library go1.") {
		t.Errorf("only %d modules, or no standard library", modules)
	}
}
