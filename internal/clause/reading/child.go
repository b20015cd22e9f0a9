package reading

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os/exec"
	"time"
)

// What a child may use to read one PDF.
const (
	childTime   = 20 * time.Second
	childMemory = "GOMEMLIMIT=512MiB"
)

// answer is what a child says: the text, or the key of what is wrong with the file.
type answer struct {
	Text string `json:"text"`
	Key  string `json:"key,omitempty"`
}

// Child reads a PDF from stdin and answers on stdout. It is the whole of the hidden command read-pdf.
func Child(stdin io.Reader, stdout io.Writer) error {
	data, err := io.ReadAll(io.LimitReader(stdin, mostBytes+1))
	if err != nil {
		return fmt.Errorf("the PDF from standard input: %w", err)
	}
	if len(data) > mostBytes {
		return say(stdout, answer{Key: TooLarge})
	}
	text, err := ReadPDF(data)
	var wrong *Error
	if errors.As(err, &wrong) {
		return say(stdout, answer{Key: wrong.Key})
	}
	if err != nil {
		return fmt.Errorf("the reader of PDF: %w", err)
	}
	return say(stdout, answer{Text: text})
}

func say(out io.Writer, a answer) error {
	e := json.NewEncoder(out)
	e.SetEscapeHTML(false)
	return e.Encode(a)
}

// InChild reads each PDF in a process of its own, which runs a program with arguments and ends in Child. The
// child has bounded time and memory and none of this process's environment. One that is stopped or dies on a
// file makes the file count as damaged.
func InChild(program string, arguments ...string) func(context.Context, []byte) (string, error) {
	return func(ctx context.Context, data []byte) (string, error) {
		bounded, cancel := context.WithTimeout(ctx, childTime)
		defer cancel()
		child := exec.CommandContext(bounded, program, arguments...)
		child.Env = []string{childMemory}
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
		if err := json.Unmarshal(out.Bytes(), &a); err != nil {
			return "", &Error{Damaged}
		}
		if a.Key != "" {
			return "", &Error{a.Key}
		}
		return a.Text, nil
	}
}

var errTooMuch = errors.New("more than expected")

// bounds is a buffer that takes so much and no more.
type bounds struct {
	bytes.Buffer
	left int
}

func (b *bounds) Write(p []byte) (int, error) {
	if b.left -= len(p); b.left < 0 {
		return 0, errTooMuch
	}
	return b.Buffer.Write(p)
}
