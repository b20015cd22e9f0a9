package main

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/evanw/esbuild/pkg/api"
)

// metafile is what we read of esbuild's account of a build.
type metafile struct {
	Outputs map[string]struct {
		EntryPoint string                       `json:"entryPoint"`
		Inputs     map[string]map[string]uint64 `json:"inputs"`
	} `json:"outputs"`
	Inputs map[string]json.RawMessage `json:"inputs"`
}

// manifest maps the name a page asks for to the hashed file: "app.js" to "app-1A2B3C4D.js".
func (m metafile) manifest() map[string]string {
	names := map[string]string{}
	for out, about := range m.Outputs {
		for _, e := range entries {
			if about.EntryPoint == e.InputPath {
				names[e.OutputPath+filepath.Ext(e.InputPath)] = filepath.Base(out)
			}
		}
	}
	return names
}

// packages lists the npm packages of which something was read into the bundle, sorted.
func (m metafile) packages() []string {
	found := map[string]bool{}
	for input := range m.Inputs {
		_, path, ok := strings.Cut(input, "node_modules/")
		if !ok {
			continue
		}
		parts := strings.SplitN(path, "/", 3)
		name := parts[0]
		if strings.HasPrefix(name, "@") {
			name += "/" + parts[1]
		}
		found[name] = true
	}
	return slices.Sorted(maps.Keys(found))
}

// texts are what is built besides what pages ask for.
type texts struct{ notices, passwords []byte }

// write replaces what dist holds. The committed README.md stays, so that the folder can be embedded unbuilt.
func write(dist string, outputs []api.OutputFile, manifest map[string]string, and texts) error {
	if err := sweep(dist); err != nil {
		return err
	}
	sizes := map[string][2]int{}
	for _, f := range outputs {
		packed, err := store(dist, filepath.Base(f.Path), f.Contents)
		if err != nil {
			return err
		}
		sizes[filepath.Base(f.Path)] = [2]int{len(f.Contents), packed}
	}
	if _, err := store(dist, "NOTICES.txt", and.notices); err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(dist, "passwords.packed"), and.passwords, 0o644); err != nil {
		return err
	}
	for _, name := range slices.Sorted(maps.Keys(manifest)) {
		size := sizes[manifest[name]]
		fmt.Printf("%-12s %7d bytes, %6d compressed\n", name, size[0], size[1])
	}
	text, err := json.MarshalIndent(manifest, "", "  ")
	if err != nil {
		return err
	}
	// The manifest comes last: it is what make compares with the sources.
	return os.WriteFile(filepath.Join(dist, "manifest.json"), append(text, '\n'), 0o644)
}

func sweep(dist string) error {
	if err := os.MkdirAll(dist, 0o755); err != nil {
		return err
	}
	files, err := os.ReadDir(dist)
	if err != nil {
		return err
	}
	for _, f := range files {
		if f.Name() == "README.md" {
			continue
		}
		if err := os.RemoveAll(filepath.Join(dist, f.Name())); err != nil {
			return err
		}
	}
	return nil
}

// store writes the file, compressed where that saves a tenth, and answers its size. It lies there in one form
// only: the folder is a part of the program.
func store(dist, name string, body []byte) (int, error) {
	path := filepath.Join(dist, name)
	var packed bytes.Buffer
	z, err := gzip.NewWriterLevel(&packed, gzip.BestCompression)
	if err != nil {
		return 0, err
	}
	if _, err := z.Write(body); err != nil {
		return 0, err
	}
	if err := z.Close(); err != nil {
		return 0, err
	}
	if len(body) < 1000 || packed.Len() > len(body)*9/10 {
		return len(body), os.WriteFile(path, body, 0o644)
	}
	return packed.Len(), os.WriteFile(path+".gz", packed.Bytes(), 0o644)
}
