package assets

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"path"
	"strings"
	"time"
)

const (
	prefix  = "/assets/"
	forever = "public, max-age=31536000, immutable"
)

// types by extension, since the system's own table differs from machine to machine.
var types = map[string]string{
	".css":   "text/css; charset=utf-8",
	".js":    "text/javascript; charset=utf-8",
	".svg":   "image/svg+xml",
	".txt":   "text/plain; charset=utf-8",
	".woff2": "font/woff2",
}

// bundle is one set of files ready to be served.
type bundle struct {
	files map[string]file   // by path below /assets/
	names map[string]string // the name a page asks for → path
}

// file is one asset: its bytes stay in the program and are opened for each request.
type file struct {
	in       fs.FS
	path     string
	packed   bool   // it lies compressed at path + ".gz", and nowhere else
	tag      string // quoted ETag
	lifetime string // Cache-Control
}

// built reads what the build left in dist: hashed files, and the manifest that tells their names.
func built(dist fs.FS) (bundle, error) {
	text, err := fs.ReadFile(dist, "manifest.json")
	if err != nil {
		return bundle{}, err
	}
	b := bundle{files: map[string]file{}}
	if err := json.Unmarshal(text, &b.names); err != nil {
		return bundle{}, fmt.Errorf("manifest of the assets: %w", err)
	}
	if err := b.add(dist, forever); err != nil {
		return bundle{}, err
	}
	for name, target := range b.names {
		if _, ok := b.files[target]; !ok {
			return bundle{}, fmt.Errorf("manifest of the assets: %s is %s, which is not there", name, target)
		}
	}
	if notices, ok := b.files["NOTICES.txt"]; ok {
		notices.lifetime = "no-cache"
		b.files["NOTICES.txt"] = notices
	}
	// Pages written by hand, and mails, may name the sprite without knowing its hash.
	if sprite, ok := b.files[b.names["sprite.svg"]]; ok {
		sprite.lifetime = "no-cache"
		b.files["sprite.svg"] = sprite
	}
	return b, nil
}

// sources serves style/ and script/ as they are written: modules find each other by their own imports.
func sources(all fs.FS) bundle {
	b := bundle{
		files: map[string]file{},
		names: map[string]string{
			"style.css":  "style/vaern.css",
			"sprite.svg": "style/sprite.svg",
			"app.js":     "script/app.js",
			"editor.js":  "script/editor.js",
			"htmx.js":    "script/htmx.js",
		},
	}
	for _, folder := range []string{"style", "script"} {
		sub, err := fs.Sub(all, folder)
		if err != nil {
			panic(err) // only for a name that is no path
		}
		part := bundle{files: map[string]file{}}
		if err := part.add(sub, "no-cache"); err != nil {
			panic(err) // the folder is compiled in
		}
		for name, f := range part.files {
			b.files[folder+"/"+name] = f
		}
	}
	b.files["sprite.svg"] = b.files["style/sprite.svg"]
	return b
}

// add takes in every file of a folder whose type we serve; manifest and README are for the build alone.
func (b bundle) add(folder fs.FS, lifetime string) error {
	entries, err := fs.ReadDir(folder, ".")
	if err != nil {
		return err
	}
	for _, e := range entries {
		name, packed := strings.CutSuffix(e.Name(), ".gz")
		if _, known := types[path.Ext(name)]; !known {
			continue
		}
		body, err := fs.ReadFile(folder, e.Name())
		if err != nil {
			return err
		}
		sum := sha256.Sum256(body)
		b.files[name] = file{in: folder, path: name, packed: packed, tag: hex.EncodeToString(sum[:8]), lifetime: lifetime}
	}
	return nil
}

func (b bundle) url(name string) string {
	if path, ok := b.names[name]; ok {
		return prefix + path
	}
	return prefix + name
}

// ServeHTTP answers GET and HEAD below /assets/, compressed where the browser takes it.
func (b bundle) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		w.Header().Set("Allow", "GET, HEAD")
		http.Error(w, "method not allowed", http.StatusMethodNotAllowed)
		return
	}
	name, ok := strings.CutPrefix(r.URL.Path, prefix)
	f, found := b.files[name]
	if !ok || !found {
		http.NotFound(w, r)
		return
	}
	f.serve(w, r)
}

func (f file) serve(w http.ResponseWriter, r *http.Request) {
	head := w.Header()
	head.Set("Content-Type", types[path.Ext(f.path)])
	head.Set("Cache-Control", f.lifetime)
	head.Set("X-Content-Type-Options", "nosniff")
	tag, read := f.tag, f.whole
	if f.packed {
		head.Set("Vary", "Accept-Encoding")
		if takesGzip(r.Header.Get("Accept-Encoding")) {
			head.Set("Content-Encoding", "gzip")
			tag, read = f.tag+"-gzip", f.lies
		}
	}
	head.Set("ETag", `"`+tag+`"`)
	body, err := read()
	if err != nil {
		http.NotFound(w, r)
		return
	}
	http.ServeContent(w, r, f.path, time.Time{}, bytes.NewReader(body))
}

// lies are the bytes as they lie in the program.
func (f file) lies() ([]byte, error) {
	if f.packed {
		return fs.ReadFile(f.in, f.path+".gz")
	}
	return fs.ReadFile(f.in, f.path)
}

// whole is the file as it was built; few ask for what is packed without taking it so.
func (f file) whole() ([]byte, error) {
	body, err := f.lies()
	if err != nil || !f.packed {
		return body, err
	}
	z, err := gzip.NewReader(bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	return io.ReadAll(z)
}

// takesGzip reads Accept-Encoding: gzip is named and not refused by a weight of nought.
func takesGzip(accept string) bool {
	for choice := range strings.SplitSeq(accept, ",") {
		name, weight, _ := strings.Cut(strings.TrimSpace(choice), ";")
		if strings.EqualFold(strings.TrimSpace(name), "gzip") {
			value, isWeight := strings.CutPrefix(strings.TrimSpace(weight), "q=")
			return !isWeight || strings.Trim(value, "0.") != ""
		}
	}
	return false
}
