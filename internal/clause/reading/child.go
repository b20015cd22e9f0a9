package reading

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os/exec"
	"sync"
	"syscall"
	"time"
)

// What a child may use to read one PDF: time that it computes, time that it takes where others compute too, and
// memory, beyond what the reader of PDF bounds itself.
const (
	childWork   = 30 * time.Second
	childTime   = time.Minute
	childMemory = 512 << 20
)

// answer is what a child says: the text, or the key of what is wrong with the file.
type answer struct {
	Text string `json:"text"`
	Key  string `json:"key,omitempty"`
}

// Child reads a PDF from stdin and answers on stdout. It is the whole of the hidden command read-pdf. An empty
// file is asked for to have the reader compiled, in a folder, before somebody waits for it.
func Child(stdin io.Reader, stdout io.Writer, folder string) error {
	data, err := io.ReadAll(io.LimitReader(stdin, mostBytes+1))
	if err != nil {
		return fmt.Errorf("the PDF from standard input: %w", err)
	}
	if len(data) > mostBytes {
		return say(stdout, answer{Key: TooLarge})
	}
	if len(data) > 0 && folder != "" {
		if err := bind(); err != nil {
			return fmt.Errorf("the bounds of the reader of PDF: %w", err)
		}
	}
	text, err := ReadPDF(data, folder)
	var wrong *Error
	if errors.As(err, &wrong) {
		return say(stdout, answer{Key: wrong.Key})
	}
	if err != nil {
		return fmt.Errorf("the reader of PDF: %w", err)
	}
	return say(stdout, answer{Text: text})
}

// bind has the system end this process when it takes too much. Compiling takes more.
func bind() error {
	for what, most := range map[int]uint64{syscall.RLIMIT_CPU: uint64(childWork / time.Second), syscall.RLIMIT_DATA: childMemory} {
		if err := syscall.Setrlimit(what, &syscall.Rlimit{Cur: most, Max: most}); err != nil {
			return err
		}
	}
	return nil
}

func say(out io.Writer, a answer) error {
	e := json.NewEncoder(out)
	e.SetEscapeHTML(false)
	return e.Encode(a)
}

// InChild reads each PDF in a process of its own, which runs a program with arguments and ends in Child. The
// child has bounded time and memory and none of this process's environment. One that is stopped or dies on a
// file makes the file count as damaged. Before the first file a child compiles the reader, where there is a
// folder to keep it in; the arguments name it as well.
func InChild(folder, program string, arguments ...string) func(context.Context, []byte) (string, error) {
	p := process{program, arguments, childTime}
	var ready sync.Once
	return func(ctx context.Context, data []byte) (string, error) {
		if folder != "" {
			ready.Do(func() { _, _ = p.read(context.WithoutCancel(ctx), nil) }) // what fails, the file tells
		}
		return p.read(ctx, data)
	}
}

// process is how a child is started, and how long it may take.
type process struct {
	program   string
	arguments []string
	most      time.Duration
}

func (p process) read(ctx context.Context, data []byte) (string, error) {
	bounded, cancel := context.WithTimeout(ctx, p.most)
	defer cancel()
	child := exec.CommandContext(bounded, p.program, p.arguments...)
	child.Env = []string{fmt.Sprintf("GOMEMLIMIT=%d", childMemory/2)}
	child.Stdin = bytes.NewReader(data)
	child.WaitDelay = time.Second
	out := &bounds{left: mostText*2 + 1024} // JSON writes some signs longer
	child.Stdout = out
	err := child.Run()
	switch {
	case ctx.Err() != nil:
		return "", ctx.Err()
	case errors.Is(err, exec.ErrNotFound):
		return "", fmt.Errorf("the reader of PDF: %w", err)
	case err != nil:
		return "", &Error{Damaged}
	}
	var a answer
	if err := json.Unmarshal(out.taken.Bytes(), &a); err != nil {
		return "", &Error{Damaged}
	}
	if a.Key != "" {
		return "", &Error{a.Key}
	}
	return a.Text, nil
}

var errTooMuch = errors.New("more than expected")

// bounds takes so much and no more. Write is its only way in: a buffer that could
// be asked to read for itself, as bytes.Buffer can, would be filled past the bound.
type bounds struct {
	taken bytes.Buffer
	left  int
}

func (b *bounds) Write(p []byte) (int, error) {
	if b.left -= len(p); b.left < 0 {
		return 0, errTooMuch
	}
	return b.taken.Write(p)
}
