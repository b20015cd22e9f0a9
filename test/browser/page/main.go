// Command page serves one page with every part of the front end, through the real assets and under the real content
// policy, so that style and scripts are tested before and apart from any page of the program.
package main

import (
	_ "embed"
	"fmt"
	"html/template"
	"log"
	"net"
	"net/http"
	"time"

	assets "vaern/web"
)

const policy = "default-src 'self'; style-src 'self'; script-src 'self'; img-src 'self' data:"

//go:embed page.html
var page string

// content is what a visit can choose by its query.
type content struct {
	Lang, Version, Text string
	Refused, SignIn     bool
}

func main() {
	log.SetFlags(0)
	parts := template.Must(template.New("page").Funcs(template.FuncMap{"asset": assets.URL}).Parse(page))
	show := func(w http.ResponseWriter, status int, c content) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		w.WriteHeader(status)
		if err := parts.Execute(w, c); err != nil {
			log.Print(err)
		}
	}
	mux := http.NewServeMux()
	mux.Handle("/assets/", assets.Handler())
	mux.HandleFunc("GET /{$}", func(w http.ResponseWriter, r *http.Request) {
		c := content{Lang: "da", Version: "1", Text: "## Formål\n\nVi passer på det, vi har fået betroet.\n"}
		for name, field := range map[string]*string{"lang": &c.Lang, "version": &c.Version, "text": &c.Text} {
			if r.URL.Query().Has(name) {
				*field = r.URL.Query().Get(name)
			}
		}
		show(w, http.StatusOK, c)
	})
	// The four ways a form can be answered.
	mux.HandleFunc("POST /save", func(w http.ResponseWriter, r *http.Request) {
		switch r.FormValue("answer") {
		case "refused":
			show(w, http.StatusUnprocessableEntity, content{Lang: "da", Version: "1", Text: "", Refused: true})
		case "expired":
			http.Redirect(w, r, "/sign-in", http.StatusSeeOther)
		case "broken":
			http.Error(w, "internal error", http.StatusInternalServerError)
		default:
			http.Redirect(w, r, "/saved", http.StatusSeeOther)
		}
	})
	mux.HandleFunc("GET /sign-in", func(w http.ResponseWriter, _ *http.Request) {
		show(w, http.StatusOK, content{Lang: "da", SignIn: true})
	})
	mux.HandleFunc("GET /saved", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		fmt.Fprintf(w, `<!doctype html><html lang="da" data-person="p1"><title>Gemt</title><script type="module" src="%s"></script><h1>Gemt</h1>`, assets.URL("app.js"))
	})
	mux.HandleFunc("GET /piece", func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprint(w, `<p id="piece">Hentet</p>`)
	})
	mux.HandleFunc("GET /slow", func(w http.ResponseWriter, r *http.Request) {
		select {
		case <-time.After(2500 * time.Millisecond):
		case <-r.Context().Done():
		}
		fmt.Fprint(w, `<p id="piece">Endelig</p>`)
	})
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		log.Fatal(err)
	}
	fmt.Printf("http://%s\n", listener.Addr())
	log.Fatal(http.Serve(listener, guard(mux)))
}

func guard(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Security-Policy", policy)
		next.ServeHTTP(w, r)
	})
}
