package content

import (
	"bytes"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"
	"sync"
)

// Document is a guideline, procedure or instruction below the handbook.
type Document struct {
	Slug         string // the file's name
	Level        string // guideline, procedure or instruction
	Title        string
	Owner        string // title of a position
	Audience     string
	ReviewMonths int
	Themes       []string // keys of package theme
	Body         string   // Markdown without the title
}

var documents = sync.OnceValue(func() []Document {
	names, err := fs.Glob(files, "documents/*.md")
	if err != nil {
		panic(err)
	}
	var all []Document
	for _, name := range names {
		d, err := parseDocument(strings.TrimSuffix(path.Base(name), ".md"), read(name))
		if err != nil {
			panic(err)
		}
		all = append(all, d)
	}
	return all
})

// Documents returns the documents ordered by slug.
func Documents() []Document { return slices.Clone(documents()) }

// parseDocument reads front matter between two lines of dashes, then the body.
func parseDocument(slug string, data []byte) (Document, error) {
	rest, opened := bytes.CutPrefix(data, []byte("---\n"))
	front, body, closed := bytes.Cut(rest, []byte("\n---\n"))
	if !opened || !closed {
		return Document{}, fmt.Errorf("%s: no front matter", slug)
	}
	var f struct {
		Level, Title, Owner, Audience string
		ReviewMonths                  int `yaml:"review_months"`
		Themes                        []string
	}
	if err := decode(slug, front, &f); err != nil {
		return Document{}, err
	}
	return Document{
		Slug: slug, Level: f.Level, Title: f.Title, Owner: f.Owner, Audience: f.Audience,
		ReviewMonths: f.ReviewMonths, Themes: f.Themes, Body: strings.TrimSpace(string(body)),
	}, nil
}
