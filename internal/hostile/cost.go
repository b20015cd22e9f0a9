// Package hostile makes the input that kills programs, for tests: files that
// are cut short, wrongly encoded, lie about themselves or unpack to more than
// a machine has; and it measures what reading them costs. Nothing of it is
// kept as a file: each is made by code.
package hostile

import (
	"bytes"
	"os"
	"os/exec"
	"regexp"
	"runtime/debug"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

// Whole is how much memory the program may use whatever it is sent; Reader is
// what is left for one reader when the program around it has its own 60 MB.
const (
	Whole  = 300 << 20
	Reader = 240 << 20
)

// Patience is how long a reader may compute: what takes longer never ends. The
// largest file that is read took 44 s on a machine that was busy with much else.
const Patience = 2 * time.Minute

const alone = "VAERN_TEST_ALONE"

// Alone runs a test in a process of its own, so that what it measures is its own.
func Alone(t *testing.T, fn func(t *testing.T)) {
	t.Helper()
	if testing.Short() {
		t.Skip("measuring takes a minute")
	}
	if os.Getenv(alone) == t.Name() {
		fn(t)
		return
	}
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	child := exec.CommandContext(t.Context(), self, "-test.run=^"+regexp.QuoteMeta(t.Name())+"$", "-test.v", "-test.timeout=9m")
	child.Env = append(os.Environ(), alone+"="+t.Name())
	out, err := child.CombinedOutput()
	for line := range strings.Lines(string(out)) {
		if strings.Contains(line, " MB ") || err != nil {
			t.Log(strings.TrimSpace(line))
		}
	}
	if err != nil {
		t.Errorf("%v", err)
	}
}

// Cost runs fn and fails the test when it took more memory than most, or more
// time than anybody waits. It measures the whole process: see Alone.
func Cost(t *testing.T, name string, most int64, fn func()) {
	t.Helper()
	debug.FreeOSMemory()
	forget := os.WriteFile("/proc/self/clear_refs", []byte("5"), 0) // the highest use so far, counted anew
	begun := worked()
	fn()
	took := worked() - begun
	peak, ok := Peak("self")
	if !ok || forget != nil {
		t.Logf("%-40s not measured here, %v", name, took.Round(time.Millisecond))
		return
	}
	t.Logf("%-40s %4d MB in %v", name, peak>>20, took.Round(time.Millisecond))
	if peak > most {
		t.Errorf("%s: the process used %d MB, more than %d", name, peak>>20, most>>20)
	}
	if took > Patience {
		t.Errorf("%s: it took %v", name, took)
	}
}

// worked is how long this process has computed, whatever else the machine did.
func worked() time.Duration {
	var used syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &used); err != nil {
		return 0
	}
	return time.Duration(used.Utime.Nano() + used.Stime.Nano())
}

// Peak is the most memory that a process held at once, by its number; ok is
// false where the system does not tell.
func Peak(process string) (n int64, ok bool) {
	text, err := os.ReadFile("/proc/" + process + "/status")
	if err != nil {
		return 0, false
	}
	_, rest, found := bytes.Cut(text, []byte("VmHWM:"))
	kb, _, _ := bytes.Cut(bytes.TrimSpace(rest), []byte(" "))
	n, err = strconv.ParseInt(string(kb), 10, 64)
	return n << 10, found && err == nil
}

// PeakOfChildren is the most memory that any child of this process held.
func PeakOfChildren() int64 {
	var used syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_CHILDREN, &used); err != nil {
		return 0
	}
	return used.Maxrss << 10
}
