// Package script tries the two programs as an administrator does, by the
// scripts beside it.
package script

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"testing"

	"vaern/internal/app"

	"github.com/rogpeppe/go-internal/testscript"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){
		"vaern": func() {
			os.Exit(app.Run(app.Build{Version: "test", Commit: "0123456789ab"}, os.Args[1:], os.Stdin, os.Stdout, os.Stderr))
		},
	})
}

func TestScripts(t *testing.T) {
	verifier := build(t)
	testscript.Run(t, testscript.Params{
		Dir:                 ".",
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
		Setup: func(env *testscript.Env) error {
			env.Setenv("PATH", verifier+string(os.PathListSeparator)+env.Getenv("PATH"))
			return nil
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){"exits": exits, "flip": flip},
	})
}

// build builds the verifier, which shares no code with us and so cannot be
// called, and returns the folder it is in.
func build(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	out, err := exec.Command("go", "build", "-o", dir, "vaern/cmd/vaern-verify").CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	return dir
}

// exits CODE PROGRAM ARGS… runs a program that must exit so; what it printed
// is there for stdout and stderr.
func exits(ts *testscript.TestScript, neg bool, args []string) {
	want, err := strconv.Atoi(args[0])
	if neg || err != nil || want == 0 {
		ts.Fatalf("usage: exits CODE PROGRAM ARGS…, with a code that is not 0")
	}
	err = ts.Exec(args[1], args[2:]...)
	failed, ok := err.(*exec.ExitError)
	if !ok {
		ts.Fatalf("it ended with %v, want exit code %d", err, want)
	}
	if got := failed.ExitCode(); got != want {
		ts.Fatalf("it exited with %d, want %d", got, want)
	}
}

// flip FROM TO N turns one bit of the Nth byte, counted in thousandths of the file.
func flip(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 3 {
		ts.Fatalf("usage: flip FROM TO THOUSANDTH")
	}
	data := []byte(ts.ReadFile(args[0]))
	share, err := strconv.Atoi(args[2])
	if err != nil || share < 0 || share >= 1000 || len(data) == 0 {
		ts.Fatalf("flip takes 0 to 999 of a file that is not empty")
	}
	data[len(data)*share/1000] ^= 1
	ts.Check(os.WriteFile(ts.MkAbs(args[1]), data, 0o600))
	fmt.Fprintf(ts.Stdout(), "byte %d of %s\n", len(data)*share/1000, filepath.Base(args[0]))
}
