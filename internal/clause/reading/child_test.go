package reading

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"syscall"
	"testing"
	"time"
)

// children are what the test binary stands in for, by its first argument; each is told where the compiled reader is.
var children = map[string]func(folder string) error{
	"read-pdf": func(folder string) error { return Child(os.Stdin, os.Stdout, folder) },
	"read-for-ever": func(string) error {
		io.Copy(io.Discard, os.Stdin)
		time.Sleep(time.Minute)
		return nil
	},
	"say-too-much": func(string) error { return say(os.Stdout, answer{Text: strings.Repeat("a", mostText*2+1024)}) },
	"say-environment": func(string) error {
		return say(os.Stdout, answer{Text: strings.Join(os.Environ(), "\n")})
	},
	"say-bounds": func(folder string) error {
		if err := Child(os.Stdin, io.Discard, folder); err != nil {
			return err
		}
		var work, memory syscall.Rlimit
		if err := errors.Join(syscall.Getrlimit(syscall.RLIMIT_CPU, &work), syscall.Getrlimit(syscall.RLIMIT_DATA, &memory)); err != nil {
			return err
		}
		return say(os.Stdout, answer{Text: fmt.Sprint(work, memory)})
	},
	"take-too-much": func(folder string) error {
		if err := Child(os.Stdin, io.Discard, folder); err != nil {
			return err
		}
		taken = make([]byte, 4*childMemory)
		return say(os.Stdout, answer{Text: fmt.Sprint(len(taken))})
	},
}

var taken []byte

// child is one of children, as the program starts the one that reads.
func child(t *testing.T, name string) process {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	return process{self, []string{name, os.Getenv(compiledIn)}, childTime}
}

func TestAChildReadsThePDF(t *testing.T) {
	text, err := asProgram(t)(t.Context(), printed(t, false))
	if err != nil || !strings.Contains(text, "Vi låser døren.") {
		t.Errorf("got %q, %v, want the text", text, err)
	}
	if _, err = asProgram(t)(t.Context(), printed(t, true)); key(err) != Encrypted {
		t.Errorf("got %v, want %s through the child", err, Encrypted)
	}
}

// A child ends when nobody waits for it any more, and when it takes too long.
func TestAChildThatDoesNotEndIsStopped(t *testing.T) {
	const most = 300 * time.Millisecond
	for name, c := range map[string]struct {
		waits, takes time.Duration
		want         string
	}{"nobody waits": {most, time.Hour, context.DeadlineExceeded.Error()}, "it takes too long": {time.Hour, most, Damaged}} {
		ctx, cancel := context.WithTimeout(t.Context(), c.waits)
		p := child(t, "read-for-ever")
		p.most = c.takes
		start := time.Now()
		if _, err := p.read(ctx, []byte("%PDF-")); key(err) != c.want {
			t.Errorf("%s: got %v, want %s", name, err, c.want)
		}
		cancel()
		if took := time.Since(start); took > 10*time.Second {
			t.Errorf("%s: the child was stopped after %v", name, took)
		}
	}
}

func TestAChildSaysNoMoreThanATextIsLong(t *testing.T) {
	if text, err := child(t, "say-too-much").read(t.Context(), nil); key(err) != Damaged {
		t.Errorf("%d bytes are taken, %v", len(text), err)
	}
}

func TestAChildHasNothingOfTheEnvironment(t *testing.T) {
	t.Setenv("VAERN_SECRET", "hemmelig")
	if text, err := child(t, "say-environment").read(t.Context(), nil); err != nil || text != fmt.Sprintf("GOMEMLIMIT=%d", childMemory/2) {
		t.Errorf("the child has %q, %v", text, err)
	}
}

// The system itself ends a child that computes too long, though the program around it is gone, and one that takes
// too much memory.
func TestTheSystemBoundsAChild(t *testing.T) {
	whole := printed(t, false)
	if _, err := ReadPDF(nil, os.Getenv(compiledIn)); key(err) != Damaged { // has it compiled, which takes more
		t.Fatal(err)
	}
	want := fmt.Sprintf("{%[1]d %[1]d} {%[2]d %[2]d}", int(childWork/time.Second), childMemory)
	if text, err := child(t, "say-bounds").read(t.Context(), whole); err != nil || text != want {
		t.Errorf("the bounds are %q, %v, want %q", text, err, want)
	}
	if text, err := child(t, "take-too-much").read(t.Context(), whole); key(err) != Damaged {
		t.Errorf("the child takes %s bytes, %v", text, err)
	}
}
