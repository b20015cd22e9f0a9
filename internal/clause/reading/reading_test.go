package reading

import (
	"context"
	"errors"
	"strings"
	"testing"
	"unicode/utf16"

	"golang.org/x/text/encoding/charmap"

	"vaern/internal/clause"
)

const danish = "1. Æbler\r\n\r\nVi har på øen både æbler og pærer, og de er gode.\r\n"

func inUTF16(text string, big bool) []byte {
	var out []byte
	for _, u := range utf16.Encode([]rune(text)) {
		if big {
			out = append(out, byte(u>>8), byte(u))
			continue
		}
		out = append(out, byte(u), byte(u>>8))
	}
	return out
}

func TestTextIsReadInTheUsualEncodings(t *testing.T) {
	t.Parallel()
	windows, err := charmap.Windows1252.NewEncoder().Bytes([]byte(danish))
	if err != nil {
		t.Fatal(err)
	}
	for name, data := range map[string][]byte{
		"UTF-8":                   []byte(danish),
		"UTF-8 with a mark":       []byte("\ufeff" + danish),
		"UTF-16":                  inUTF16("\ufeff"+danish, false),
		"UTF-16, the other order": inUTF16("\ufeff"+danish, true),
		"UTF-16 without a mark":   inUTF16(danish, false),
		"Windows-1252":            windows,
		"letters in two parts":    []byte(strings.ReplaceAll(danish, "å", "a\u030a")),
	} {
		blocks, err := Read(context.Background(), "a.txt", data)
		if err != nil || len(blocks) != 2 || blocks[0].Text != "Æbler" || blocks[1].Text != "Vi har på øen både æbler og pærer, og de er gode." {
			t.Errorf("%s: got %+v, %v", name, blocks, err)
		}
	}
}

func TestMarkdownIsToldByNameOrByItsHeadings(t *testing.T) {
	t.Parallel()
	for name, data := range map[string]string{"a.md": "**Alt**\n\nDet hele.", "a.txt": "# Alt\n\nDet hele."} {
		blocks, err := Read(context.Background(), name, []byte(data))
		if err != nil || len(blocks) != 2 || blocks[0].Kind != clause.Heading || blocks[0].Text != "Alt" {
			t.Errorf("%s: got %+v, %v", name, blocks, err)
		}
	}
}

func TestFilesThatCannotBeReadSayWhy(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ data, key string }{
		"nothing":                 {"", Empty},
		"only spaces":             {" \n\t ", Empty},
		"a picture":               {"\x89PNG\r\n\x1a\n\x00\x01\x02\x03\x04\x05\x06", Kind},
		"rich text":               {`{\rtf1\ansi Politik}`, Kind},
		"a web page":              {"<!DOCTYPE html><p>Politik", Kind},
		"Word of 2003":            {"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1WordDocument", Kind},
		"Word with a password":    {"\xd0\xcf\x11\xe0" + string(inUTF16("EncryptedPackage", false)), Encrypted},
		"a broken archive":        {"PK\x03\x04 and nothing", Damaged},
		"numbers alone":           {"1\n2\n3\n", NoText},
		"larger than any policy":  {strings.Repeat("a", mostBytes+1), TooLarge},
		"more text than a policy": {strings.Repeat("alt ", mostText/4+1), TooLarge},
	} {
		_, err := Read(context.Background(), "politik.txt", []byte(c.data))
		var got *Error
		if !errors.As(err, &got) || got.Key != c.key {
			t.Errorf("%s: got %v, want %s", name, err, c.key)
		}
	}
}
