// Command register writes the skeleton of a new register: its folder, and its
// line in the list of modules.
//
//	go run ./tools/register supplier "Leverandør/Supplier" "Leverandører/Suppliers"
package main

import (
	"bytes"
	"embed"
	"errors"
	"fmt"
	"go/format"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"text/template"
)

//go:embed skeleton/*
var skeleton embed.FS

// list is where every register has a line.
const list = "internal/app/modules.go"

func main() {
	if err := run(".", os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// register is what the skeleton is filled with.
type register struct {
	Name, Type       string // supplier, Supplier
	OneDa, OneEn     string
	ManyDa, ManyEn   string
	LowerDa, LowerEn string
	Folder           string
}

var noun = regexp.MustCompile(`^[a-z]{3,30}$`)

func run(root string, args []string) error {
	r, err := parse(args)
	if err != nil {
		return err
	}
	files, err := r.files()
	if err != nil {
		return err
	}
	if _, err := os.Stat(filepath.Join(root, r.Folder)); err == nil {
		return fmt.Errorf("%s is there already; nothing was changed", r.Folder)
	}
	for name, text := range files {
		path := filepath.Join(root, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			return err
		}
		if err := os.WriteFile(path, text, 0o644); err != nil {
			return err
		}
	}
	if err := r.enlist(filepath.Join(root, list)); err != nil {
		return err
	}
	fmt.Printf("%s is written and stands in %s. Say its fields in %s/%s.go and schema/0001_%s.sql, then: go test ./%s\n",
		r.Folder, list, r.Folder, r.Name, r.Name, r.Folder)
	return nil
}

func parse(args []string) (r register, err error) {
	usage := errors.New(`use: register NAME "Dansk/English" "Danske/Many in English", for example: register supplier "Leverandør/Supplier" "Leverandører/Suppliers"`)
	if len(args) != 3 {
		return r, usage
	}
	r.Name = args[0]
	if !noun.MatchString(r.Name) {
		return r, fmt.Errorf("%q: a register is called by one English noun in small letters", r.Name)
	}
	var one, many bool
	r.OneDa, r.OneEn, one = strings.Cut(args[1], "/")
	r.ManyDa, r.ManyEn, many = strings.Cut(args[2], "/")
	if !one || !many || r.OneDa == "" || r.OneEn == "" || r.ManyDa == "" || r.ManyEn == "" {
		return r, usage
	}
	r.Type = strings.ToUpper(r.Name[:1]) + r.Name[1:]
	r.LowerDa, r.LowerEn = strings.ToLower(r.ManyDa), strings.ToLower(r.ManyEn)
	r.Folder = "internal/register/" + r.Name
	return r, nil
}

// files are the skeleton's files by their paths from the root.
func (r register) files() (map[string][]byte, error) {
	out := map[string][]byte{}
	for from, to := range map[string]string{
		"register.go.tmpl":      r.Name + ".go",
		"register_test.go.tmpl": r.Name + "_test.go",
		"schema.sql.tmpl":       "schema/0001_" + r.Name + ".sql",
	} {
		t, err := template.ParseFS(skeleton, "skeleton/"+from)
		if err != nil {
			return nil, err
		}
		var b bytes.Buffer
		if err := t.Execute(&b, r); err != nil {
			return nil, err
		}
		out[r.Folder+"/"+to] = b.Bytes()
	}
	return out, nil
}

// enlist adds the register to the list of modules: last of those that are
// named one by one.
func (r register) enlist(path string) error {
	text, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	imports, list, end := []byte("import (\n"), []byte("[]module.Module{\n"), []byte("\t\t},\n")
	begin := bytes.Index(text, list)
	last := bytes.Index(text[max(begin, 0):], end)
	if begin < 0 || last < 0 || bytes.Count(text, imports) != 1 {
		return fmt.Errorf("the folder is written, but %s looks other than expected: add %s.Module() by hand", path, r.Name)
	}
	text = slices.Insert(text, begin+last, []byte("\t\t\t"+r.Name+".Module(),\n")...)
	at := bytes.Index(text, []byte("\t\"vaern/"))
	text = slices.Insert(text, max(at, 0), []byte("\t\"vaern/internal/register/"+r.Name+"\"\n")...)
	if text, err = format.Source(text); err != nil { // sorts the imports too
		return err
	}
	return os.WriteFile(path, text, 0o644)
}
