package web_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/fstest"

	"vaern/internal/i18n"
	"vaern/internal/store/storetest"
	"vaern/internal/web"
)

// What stands in a template is written as it is, in the language of who asks,
// also in attributes and inside of what is only sometimes shown.
func TestWordsOfATemplateAreWrittenInItsLanguage(t *testing.T) {
	page := web.NewPage[[]string](fstest.MapFS{"words.html": {Data: []byte(`{{define "main"}}<i title="{{t "Én \"af\" <os>" "One \"of\" <us>"}}">` +
		`{{range .}}{{if .}}{{t "Gem & luk" "Save & close"}} {{.}}{{else}}{{t "intet" "nothing"}}{{end}}{{end}}</i>{{end}}`)}}, "words")
	s := web.New(storetest.Open(t, storetest.URLs(t)[0]), nil)
	for lang, want := range map[i18n.Lang]string{
		i18n.Da: `<i title="Én &#34;af&#34; &lt;os&gt;">Gem &amp; luk &lt;b&gt;intet</i>`,
		i18n.En: `<i title="One &#34;of&#34; &lt;us&gt;">Save &amp; close &lt;b&gt;nothing</i>`,
	} {
		w, r := httptest.NewRecorder(), httptest.NewRequest("GET", "/", nil)
		if err := page.Show(s, w, r.WithContext(i18n.With(r.Context(), lang)), http.StatusOK, web.Head{Title: i18n.Same("x")}, []string{"<b>", ""}); err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(w.Body.String(), want) {
			t.Errorf("%s: %s is not in %s", lang, want, w.Body.String())
		}
	}
}
