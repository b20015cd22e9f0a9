// Package assets serves the style, scripts and fonts of the pages.
package assets

import (
	"embed"
	"io/fs"
	"net/http"
	"sync"
)

// style and script are our own sources; dist is what the build makes of them and of third parties' work. The
// sources are inside so that the program also runs, plainly dressed, where nothing has been built.
//
//go:embed all:dist style script
var embedded embed.FS

var current = sync.OnceValue(func() bundle {
	if dist, err := fs.Sub(embedded, "dist"); err == nil {
		if b, err := built(dist); err == nil {
			return b
		}
	}
	return sources(embedded)
})

// Handler serves everything under /assets/. Files with a hash in their name may be kept for ever by the browser;
// the sprite and the notices, whose names never change, are asked for again and answered 304 while they are the same.
func Handler() http.Handler { return current() }

// Notices are the licences of every third party whose work is in our programs and pages; "" where nothing was built.
func Notices() string {
	notices, ok := current().files["NOTICES.txt"]
	if !ok {
		return ""
	}
	text, err := notices.whole()
	if err != nil {
		return ""
	}
	return string(text)
}

// URL gives the address of an asset by the name that pages use: "style.css", "app.js", "editor.js", "htmx.js" or
// "sprite.svg". Any other name is a mistake in a template and gives an address that is not found.
func URL(name string) string { return current().url(name) }
