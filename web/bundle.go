package assets

import (
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
	packed   bool   // a compressed copy lies at path + ".gz"
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
		if _, known := types[path.Ext(e.Name())]; !known {
			continue
		}
		body, err := fs.ReadFile(folder, e.Name())
		if err != nil {
			return err
		}
		sum := sha256.Sum256(body)
		_, err = fs.Stat(folder, e.Name()+".gz")
		b.files[e.Name()] = file{
			in: folder, path: e.Name(), packed: err == nil,
			tag: hex.EncodeToString(sum[:8]), lifetime: lifetime,
		}
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
	source, tag := f.path, f.tag
	if f.packed {
		head.Set("Vary", "Accept-Encoding")
		if takesGzip(r.Header.Get("Accept-Encoding")) {
			head.Set("Content-Encoding", "gzip")
			source, tag = f.path+".gz", f.tag+"-gzip"
		}
	}
	head.Set("ETag", `"`+tag+`"`)
	opened, err := f.in.Open(source)
	if err != nil {
		http.NotFound(w, r)
		return
	}
	defer opened.Close()
	// Embedded files can always be sought.
	http.ServeContent(w, r, f.path, time.Time{}, opened.(io.ReadSeeker))
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
