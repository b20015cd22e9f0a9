package main

import (
	"bytes"
	_ "embed"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
)

// The design system's icons are under the Apache licence, which its package names but does not hold.
//
//go:embed licences/Apache-2.0.txt
var apache []byte

var licenceFile = regexp.MustCompile(`(?i)^(licen[cs]e|copying|notice|patents)([.-]\w+)*$`)

// notices writes the licence of each package in full. A package without one stops the build.
func notices(web string, packages []string) ([]byte, error) {
	var out bytes.Buffer
	out.WriteString("Værn's pages contain the following works of others.\n")
	for _, name := range packages {
		dir := filepath.Join(web, "node_modules", filepath.FromSlash(name))
		version, licence, err := describe(dir)
		if err != nil {
			return nil, fmt.Errorf("notices of %s: %w", name, err)
		}
		heading(&out, fmt.Sprintf("%s %s (%s)", name, version, licence))
		if name == common { // it names its licence and does not hold it; ours is the same
			dir = filepath.Dir(web)
		}
		if err := licences(&out, dir); err != nil {
			return nil, fmt.Errorf("notices of %s: %w", name, err)
		}
		if name == "dkfds" {
			font, err := os.ReadFile(filepath.Join(dir, "dist/fonts/IBMPlexSans/split/woff2/license.txt"))
			if err != nil {
				return nil, fmt.Errorf("notices of the typeface: %w", err)
			}
			heading(&out, "IBM Plex Sans (in dkfds)")
			out.Write(font)
			heading(&out, "Icons (in dkfds)")
			out.Write(apache)
		}
	}
	return out.Bytes(), nil
}

func heading(out *bytes.Buffer, text string) {
	fmt.Fprintf(out, "\n%s\n\n%s\n\n", "----------------------------------------------------------------------", text)
}

func describe(dir string) (version, licence string, err error) {
	body, err := os.ReadFile(filepath.Join(dir, "package.json"))
	if err != nil {
		return "", "", err
	}
	var about struct{ Version, License string }
	err = json.Unmarshal(body, &about)
	return about.Version, about.License, err
}

func licences(out *bytes.Buffer, dir string) error {
	files, err := os.ReadDir(dir)
	if err != nil {
		return err
	}
	found := false
	for _, f := range files {
		if !licenceFile.MatchString(f.Name()) {
			continue
		}
		body, err := os.ReadFile(filepath.Join(dir, f.Name()))
		if err != nil {
			return err
		}
		out.Write(body)
		found = true
	}
	if !found {
		return fmt.Errorf("no licence file in %s", dir)
	}
	return nil
}
