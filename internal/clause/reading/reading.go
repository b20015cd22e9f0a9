// Package reading takes the text out of a file that holds a policy: plain text, Markdown, Word or PDF.
package reading

import (
	"bytes"
	"context"
	"path/filepath"
	"strings"
	"unicode"

	"vaern/internal/clause"
)

// Bounds on what is read. A policy of two hundred pages has about half a megabyte of text.
const (
	mostBytes   = 20 << 20 // of a file
	mostText    = 2 << 20  // of the text in it
	longestLine = 50_000   // bytes: twenty pages without a paragraph are no policy
	mostLines   = 50_000   // a thousand pages
)

// Keys of what can be wrong with a file, for the sentence that the user sees.
const (
	Empty     = "error.file.empty"
	Kind      = "error.file.kind"
	Damaged   = "error.file.damaged"
	Encrypted = "error.file.encrypted"
	TooLarge  = "error.file.too_large"
	NoText    = "error.file.no_text"
)

// Error is what is wrong with a file, by the key of its sentence.
type Error struct{ Key string }

func (e *Error) Error() string { return e.Key }

// PDF gives the text of a PDF, pages parted by form feeds. The program sets it once, at its start, to InChild;
// tests read in the process itself.
var PDF = func(_ context.Context, data []byte) (string, error) { return ReadPDF(data, "") }

// Read gives the blocks of a file. What kind of file it is, its content tells; the name only parts Markdown
// from plain text. Errors about the file are of type *Error.
func Read(ctx context.Context, name string, data []byte) ([]clause.Block, error) {
	var text string
	var err error
	blocks := clause.FromText
	switch {
	case len(data) > mostBytes:
		return nil, &Error{TooLarge}
	case len(bytes.TrimSpace(data)) == 0:
		return nil, &Error{Empty}
	case bytes.Contains(data[:min(len(data), 1024)], []byte("%PDF-")):
		text, err = textOfPDF(ctx, data)
	case bytes.HasPrefix(data, []byte("PK\x03\x04")):
		return readDocx(data)
	case bytes.HasPrefix(data, []byte("\xd0\xcf\x11\xe0")):
		return nil, &Error{oldOffice(data)}
	default:
		text, err = decode(data)
		if ext := strings.ToLower(filepath.Ext(name)); ext == ".md" || ext == ".markdown" {
			blocks = clause.FromMarkdown
		}
	}
	if err != nil {
		return nil, err
	}
	if tooLong(text) {
		return nil, &Error{TooLarge}
	}
	return withText(blocks(text))
}

// pdfEnd ends every PDF (ISO 32000, 7.5.5), with little behind it. One that was cut short lacks it, and yet the
// reader of PDF may find pages in it, and say nothing of what is missing.
const pdfEnd = "%%EOF"

func textOfPDF(ctx context.Context, data []byte) (string, error) {
	if !bytes.Contains(data[max(0, len(data)-1024):], []byte(pdfEnd)) {
		return "", &Error{Damaged}
	}
	return PDF(ctx, data)
}

// tooLong reports whether a text is longer than any policy, by its lines.
func tooLong(text string) bool {
	filled := 0
	for line := range strings.Lines(text) {
		if strings.TrimSpace(line) != "" {
			filled++
		}
		if len(line) > longestLine || filled > mostLines {
			return true
		}
	}
	return false
}

// oldOffice tells an encrypted Word file from one of before 2007, which wear the same coat.
func oldOffice(data []byte) string {
	if bytes.Contains(data, []byte("E\x00n\x00c\x00r\x00y\x00p\x00t\x00e\x00d\x00P\x00a\x00c\x00k\x00a\x00g\x00e\x00")) {
		return Encrypted
	}
	return Kind
}

// withText passes blocks on if there is a letter in them. A scanned page has none.
func withText(blocks []clause.Block) ([]clause.Block, error) {
	if len(blocks) > mostLines {
		return nil, &Error{TooLarge}
	}
	letters := false
	for _, b := range blocks {
		if len(b.Text) > longestLine {
			return nil, &Error{TooLarge}
		}
		letters = letters || strings.ContainsFunc(b.Text, unicode.IsLetter)
	}
	if !letters {
		return nil, &Error{NoText}
	}
	return blocks, nil
}
