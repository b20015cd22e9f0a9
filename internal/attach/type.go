package attach

import (
	"bytes"
	_ "embed"
	"encoding/hex"
	"io"
	"maps"
	"path"
	"regexp"
	"slices"
	"strings"

	"vaern/internal/i18n"
	"vaern/internal/problem"
	"vaern/internal/unzip"

	"github.com/gabriel-vasile/mimetype"
	"go.yaml.in/yaml/v3"
)

//go:embed types.yaml
var typesText []byte

// allowed is a kind of file that may be attached.
type allowed struct {
	Is     []string // what its content is
	Active []string // words in the content that make it act
	Parts  []string // parts of a zip that make it act
}

var types = func() (out map[string]allowed) {
	if err := yaml.Unmarshal(typesText, &out); err != nil {
		panic("attach: types.yaml: " + err.Error()) // embedded, and read when the program starts
	}
	return out
}()

// Endings are how the names of files that may be attached end, for the form:
// ".pdf,.docx".
func Endings() string {
	return "." + strings.Join(slices.Sorted(maps.Keys(types)), ",.")
}

func refused(da, en string, values ...any) error {
	return problem.Check(problem.Fields{"file": i18n.Text{da, en}.With(values...)})
}

// sniff says what a file is by its content. It refuses one whose name says
// otherwise, and one that does something when it is opened. It is no virus
// scanner: that is for the machine where a file is opened.
func sniff(name string, content io.ReadSeeker, size int64) (string, error) {
	ending := strings.ToLower(strings.TrimPrefix(path.Ext(name), "."))
	want, ok := types[ending]
	if !ok {
		return "", refused("Filer af typen .%s kan ikke vedhæftes. Gem filen for eksempel som pdf.", "Files of the type .%s cannot be attached. Save the file as pdf, for example.", ending)
	}
	found, err := mimetype.DetectReader(content)
	if err != nil {
		return "", err
	}
	if !slices.ContainsFunc(want.Is, found.Is) {
		return "", refused("Navnet siger .%s, men indholdet er noget andet%s. Giv filen det rigtige navn, eller vælg en anden.",
			"The name says .%s, but the content is something else%s. Give the file its right name, or choose another.", ending, asEnding(found.Extension()))
	}
	active, err := want.acts(content, size)
	if err != nil {
		return "", err
	}
	if active != "" {
		return "", refused("Filen indeholder noget, der kører, når den åbnes (%s). Gem den uden det.", "The file holds something that runs when it is opened (%s). Save it without.", active)
	}
	return want.Is[slices.IndexFunc(want.Is, found.Is)], nil
}

// asEnding is what a kind of file is called as, where it is called something.
func asEnding(ending string) string {
	if ending == "" {
		return ""
	}
	return " (" + ending + ")"
}

// escaped is a letter in a PDF's name that is written by its number:
// /Java#53cript is /JavaScript.
var escaped = regexp.MustCompile(`#[2-7][0-9A-Fa-f]`)

func decoded(code []byte) []byte {
	b, err := hex.DecodeString(string(code[1:]))
	if err != nil {
		return code
	}
	return b
}

// acts finds what in a file acts, "" for nothing.
func (a allowed) acts(content io.ReadSeeker, size int64) (string, error) {
	if len(a.Active)+len(a.Parts) == 0 {
		return "", nil
	}
	if _, err := content.Seek(0, io.SeekStart); err != nil {
		return "", err
	}
	whole, err := io.ReadAll(content)
	if err != nil {
		return "", err
	}
	plain := whole
	if len(a.Active) > 0 {
		plain = escaped.ReplaceAllFunc(whole, decoded)
	}
	for _, word := range a.Active {
		if bytes.Contains(plain, []byte(word)) {
			return word, nil
		}
	}
	if len(a.Parts) == 0 {
		return "", nil
	}
	z, err := unzip.Open(whole, unzip.Bounds{})
	if err != nil {
		return "", refused("Filen er beskadiget og kan ikke læses.", "The file is damaged and cannot be read.")
	}
	for _, name := range z.Names {
		for _, part := range a.Parts {
			if strings.Contains(unzip.Same(name), strings.ToLower(part)) {
				return part, nil
			}
		}
	}
	return "", nil
}
