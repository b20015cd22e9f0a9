package assets

import (
	"bytes"
	"compress/gzip"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"
	"testing/fstest"
)

var dist = fstest.MapFS{
	"manifest.json":          {Data: []byte(`{"style.css":"style-1A2B3C4D.css","sprite.svg":"sprite-5E6F7A8B.svg"}`)},
	"style-1A2B3C4D.css.gz":  {Data: packed("body{color:red}")},
	"sprite-5E6F7A8B.svg":    {Data: []byte("<svg/>")},
	"Plex-9C0D1E2F.woff2":    {Data: []byte("wOF2")},
	"NOTICES.txt":            {Data: []byte("thanks")},
	"README.md":              {Data: []byte("for people")},
	"unknown-00000000.shtml": {Data: []byte("?")},
}

func testBundle(t *testing.T) bundle {
	t.Helper()
	b, err := built(dist)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestBuiltAssetIsServedAsItsKindDemands(t *testing.T) {
	b := testBundle(t)
	for _, c := range []struct {
		rule, path, accept           string
		status                       int
		kind, encoding, cache, whole string
	}{
		{"hashed style is kept for ever", "/assets/style-1A2B3C4D.css", "", 200, "text/css; charset=utf-8", "", forever, "body{color:red}"},
		{"packed copy goes to who takes it", "/assets/style-1A2B3C4D.css", "br, gzip;q=0.8", 200, "text/css; charset=utf-8", "gzip", forever, string(packed("body{color:red}"))},
		{"weight nought is a refusal", "/assets/style-1A2B3C4D.css", "gzip;q=0.0", 200, "text/css; charset=utf-8", "", forever, "body{color:red}"},
		{"font has no packed copy", "/assets/Plex-9C0D1E2F.woff2", "gzip", 200, "font/woff2", "", forever, "wOF2"},
		{"sprite by plain name is asked for again", "/assets/sprite.svg", "", 200, "image/svg+xml", "", "no-cache", "<svg/>"},
		{"sprite by hashed name is kept", "/assets/sprite-5E6F7A8B.svg", "", 200, "image/svg+xml", "", forever, "<svg/>"},
		{"notices are asked for again", "/assets/NOTICES.txt", "", 200, "text/plain; charset=utf-8", "", "no-cache", "thanks"},
		{"manifest stays inside", "/assets/manifest.json", "", 404, "", "", "", ""},
		{"readme stays inside", "/assets/README.md", "", 404, "", "", "", ""},
		{"unknown kind stays inside", "/assets/unknown-00000000.shtml", "", 404, "", "", "", ""},
		{"packed copy has no address of its own", "/assets/style-1A2B3C4D.css.gz", "", 404, "", "", "", ""},
		{"folder has no listing", "/assets/", "", 404, "", "", "", ""},
		{"nothing above the folder", "/assets/../bundle.go", "", 404, "", "", "", ""},
	} {
		t.Run(c.rule, func(t *testing.T) {
			r := httptest.NewRequest("GET", c.path, nil)
			r.Header.Set("Accept-Encoding", c.accept)
			w := httptest.NewRecorder()
			b.ServeHTTP(w, r)
			if w.Code != c.status {
				t.Fatalf("got status %d, want %d", w.Code, c.status)
			}
			if c.status != 200 {
				return
			}
			head := w.Header()
			got := [4]string{head.Get("Content-Type"), head.Get("Content-Encoding"), head.Get("Cache-Control"), w.Body.String()}
			if want := [4]string{c.kind, c.encoding, c.cache, c.whole}; got != want {
				t.Errorf("got %q, want %q", got, want)
			}
		})
	}
}

func TestUnchangedAssetIsNotSentAgain(t *testing.T) {
	b := testBundle(t)
	first := httptest.NewRecorder()
	b.ServeHTTP(first, httptest.NewRequest("GET", "/assets/sprite.svg", nil))
	r := httptest.NewRequest("GET", "/assets/sprite.svg", nil)
	r.Header.Set("If-None-Match", first.Header().Get("ETag"))
	again := httptest.NewRecorder()
	b.ServeHTTP(again, r)
	if again.Code != http.StatusNotModified {
		t.Errorf("got status %d, want 304", again.Code)
	}
}

func TestAssetsAreOnlyRead(t *testing.T) {
	w := httptest.NewRecorder()
	testBundle(t).ServeHTTP(w, httptest.NewRequest("POST", "/assets/sprite.svg", nil))
	if w.Code != http.StatusMethodNotAllowed {
		t.Errorf("got status %d, want 405", w.Code)
	}
}

func TestManifestThatNamesAMissingFileIsRefused(t *testing.T) {
	_, err := built(fstest.MapFS{"manifest.json": {Data: []byte(`{"app.js":"app-1.js"}`)}})
	if err == nil || !strings.Contains(err.Error(), "app-1.js") {
		t.Errorf("got %v, want an error that names app-1.js", err)
	}
}

func TestUnbuiltProgramServesItsOwnSources(t *testing.T) {
	b := sources(embedded)
	for name, part := range map[string]string{
		"style.css": "/* 1 tokens", "app.js": "./draft.js", "editor.js": "textarea[data-editor]", "sprite.svg": `id="m-met"`,
	} {
		if body := get(t, b, b.url(name)); !strings.Contains(body, part) {
			t.Errorf("%s does not contain %q", b.url(name), part)
		}
	}
	imports := regexp.MustCompile(`from "\./([^"]+)"`)
	for _, found := range imports.FindAllStringSubmatch(get(t, b, b.url("app.js")), -1) {
		get(t, b, "/assets/script/"+found[1])
	}
}

// Every name that pages use has an address that answers, whether or not the front end has been built.
func TestEveryNamedAssetAnswers(t *testing.T) {
	for _, name := range []string{"style.css", "app.js", "editor.js", "htmx.js", "sprite.svg"} {
		w := httptest.NewRecorder()
		Handler().ServeHTTP(w, httptest.NewRequest("GET", URL(name), nil))
		if w.Code != 200 {
			t.Errorf("%s: got status %d, want 200", URL(name), w.Code)
		}
	}
}

func TestBuiltFrontEndIsWhole(t *testing.T) {
	folder, err := fs.Sub(embedded, "dist")
	if err != nil {
		t.Fatal(err)
	}
	b, err := built(folder)
	if err != nil {
		t.Skip("the front end has not been built here; make build does it")
	}
	style := get(t, b, b.url("style.css"))
	for _, part := range []string{"IBM Plex Sans", ".form-input", "--paper", ".clause"} {
		if !strings.Contains(style, part) {
			t.Errorf("style lacks %q", part)
		}
	}
	links := regexp.MustCompile(`url\("?([^")]*)`).FindAllStringSubmatch(style, -1)
	for _, link := range links {
		// The design system's placeholders for a logo are built to nothing.
		if link[1] != "" && !strings.HasPrefix(link[1], "data:") {
			get(t, b, prefix+strings.TrimPrefix(link[1], "./"))
		}
	}
	for _, of := range []string{"dkfds", "SIL OPEN FONT LICENSE", "Apache License", "htmx.org", "@tiptap/core", "prosemirror-view"} {
		if !strings.Contains(get(t, b, "/assets/NOTICES.txt"), of) {
			t.Errorf("notices lack %s", of)
		}
	}
}

// Who takes nothing compressed gets what was compressed when it was built.
func TestWhatIsPackedIsUnpackedForWhoDoesNotTakeItSo(t *testing.T) {
	b := testBundle(t)
	taken := httptest.NewRecorder()
	r := httptest.NewRequest("GET", "/assets/style-1A2B3C4D.css", nil)
	r.Header.Set("Accept-Encoding", "gzip")
	b.ServeHTTP(taken, r)
	if whole := get(t, b, "/assets/style-1A2B3C4D.css"); whole != "body{color:red}" || taken.Body.String() != string(packed(whole)) {
		t.Errorf("got %q, and packed %q", whole, taken.Body)
	}
}

// packed is a text as the build lays it down.
func packed(text string) []byte {
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	z.Write([]byte(text)) // a buffer takes everything
	z.Close()
	return b.Bytes()
}

func get(t *testing.T, b bundle, address string) string {
	t.Helper()
	w := httptest.NewRecorder()
	b.ServeHTTP(w, httptest.NewRequest("GET", address, nil))
	if w.Code != 200 {
		t.Errorf("%s: got status %d, want 200", address, w.Code)
	}
	return w.Body.String()
}
