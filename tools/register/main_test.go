package main

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// The skeleton is laid over the house as it stands, so that it is compiled and
// put through what every register must pass.
func TestSkeletonPassesWhatEveryRegisterMust(t *testing.T) {
	const root = "../.."
	r, err := parse([]string{"specimen", "Prøve/Specimen", "Prøver/Specimens"})
	if err != nil {
		t.Fatal(err)
	}
	files, err := r.files()
	if err != nil {
		t.Fatal(err)
	}
	dir, over := t.TempDir(), map[string]string{}
	lay := func(name string, text []byte) {
		real := filepath.Join(dir, strings.ReplaceAll(name, "/", "_"))
		if err := os.WriteFile(real, text, 0o644); err != nil {
			t.Fatal(err)
		}
		place, err := filepath.Abs(filepath.Join(root, name))
		if err != nil {
			t.Fatal(err)
		}
		over[place] = real
	}
	for name, text := range files {
		lay(name, text)
	}
	modules, err := os.ReadFile(filepath.Join(root, list))
	if err != nil {
		t.Fatal(err)
	}
	copied := filepath.Join(dir, "modules.go")
	if err := os.WriteFile(copied, modules, 0o644); err != nil {
		t.Fatal(err)
	}
	if err := r.enlist(copied); err != nil {
		t.Fatal(err)
	}
	enlisted, err := os.ReadFile(copied)
	if err != nil {
		t.Fatal(err)
	}
	lay(list, enlisted)
	path := writeOverlay(t, dir, over)
	program := filepath.Join(dir, "specimen.test")
	for _, c := range []*exec.Cmd{ // the folder is only laid over, so nothing can run in it
		exec.Command("go", "build", "-overlay", path, "./internal/app"),
		exec.Command("go", "test", "-c", "-vet=off", "-overlay", path, "-o", program, "./internal/register/specimen"),
		exec.Command(program),
	} {
		c.Dir = root
		if out, err := c.CombinedOutput(); err != nil {
			t.Fatalf("%s: %v\n%s", strings.Join(c.Args, " "), err, out)
		}
	}
}

// writeOverlay tells the go command which files stand where.
func writeOverlay(t *testing.T, dir string, files map[string]string) string {
	t.Helper()
	overlay, err := json.Marshal(map[string]any{"Replace": files})
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(dir, "overlay.json")
	if err := os.WriteFile(path, overlay, 0o644); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestWrongWordsChangeNothing(t *testing.T) {
	for _, args := range [][]string{nil, {"supplier"}, {"Supplier", "a/b", "c/d"}, {"two words", "a/b", "c/d"}, {"supplier", "a", "c/d"}, {"supplier", "a/", "c/d"}} {
		if _, err := parse(args); err == nil {
			t.Errorf("%q is taken", args)
		}
	}
	dir := t.TempDir()
	if err := os.MkdirAll(filepath.Join(dir, "internal/register/supplier"), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := run(dir, []string{"supplier", "a/b", "c/d"}); err == nil || !strings.Contains(err.Error(), "already") {
		t.Errorf("a register that is there: %v", err)
	}
}
