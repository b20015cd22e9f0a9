// Package content holds the texts that Værn comes with: themes, handbook, documents and the demo's policy.
package content

import (
	"bytes"
	"embed"
	"fmt"

	"go.yaml.in/yaml/v3"
)

//go:embed themes.yaml handbook.yaml obligations.yaml documents/*.md nordkyst/policy.md nordkyst/policy-2.0.md
var files embed.FS

// ThemesFile returns themes.yaml as it is written; package theme reads it.
func ThemesFile() []byte { return read("themes.yaml") }

// Policy returns the demo municipality's policy in force, as Markdown.
func Policy() string { return string(read("nordkyst/policy.md")) }

// PolicyBefore returns the version that Policy replaced, as Markdown.
func PolicyBefore() string { return string(read("nordkyst/policy-2.0.md")) }

// read returns an embedded file. The names are written in this package, so a
// missing one is a bug.
func read(name string) []byte {
	data, err := files.ReadFile(name)
	if err != nil {
		panic(err)
	}
	return data
}

// decode reads one YAML document into to; a key that to does not have is an error.
func decode(name string, data []byte, to any) error {
	dec := yaml.NewDecoder(bytes.NewReader(data))
	dec.KnownFields(true)
	if err := dec.Decode(to); err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	return nil
}
