package main

import (
	"bytes"
	"fmt"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
)

// programs adds the licence of every Go module that our programs are linked with, and of the standard library.
func programs(root string) ([]byte, error) {
	list := exec.Command("go", "list", "-e", "-deps", "-f", "{{with .Module}}{{if not .Main}}{{.Path}} {{.Version}}\t{{.Dir}}{{end}}{{end}}", "./cmd/...")
	list.Dir = root
	found, err := list.Output()
	if err != nil {
		return nil, fmt.Errorf("go list: %w", err)
	}
	goroot, err := exec.Command("go", "env", "GOROOT").Output()
	if err != nil {
		return nil, fmt.Errorf("go env: %w", err)
	}
	modules := strings.Split(strings.TrimSpace(string(found)), "\n")
	slices.Sort(modules)
	modules = append(slices.Compact(modules), "Go standard library "+runtime.Version()+"\t"+strings.TrimSpace(string(goroot)))
	var out bytes.Buffer
	out.WriteString("\nVærn's programs contain the following works of others.\n")
	for _, module := range modules {
		name, dir, ok := strings.Cut(module, "\t")
		if !ok || dir == "" {
			continue
		}
		heading(&out, name)
		if err := licences(&out, filepath.Clean(dir)); err != nil {
			return nil, fmt.Errorf("notices of %s: %w", name, err)
		}
		if strings.HasPrefix(name, "github.com/klippa-app/go-pdfium ") {
			// It holds PDFium as WebAssembly, without its licence.
			heading(&out, "PDFium (in go-pdfium), copyright 2014 The PDFium Authors, under the Apache licence; with Abseil, AGG, FreeType, ICU, lcms2, libjpeg-turbo, libpng, libtiff, OpenJPEG and zlib")
			out.Write(apache)
		}
	}
	return out.Bytes(), nil
}
