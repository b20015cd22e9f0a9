package search_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"vaern/internal/access"
	"vaern/internal/web"
)

// visitor asks the pages as somebody.
type visitor struct {
	*town
	site *web.Site
}

func (t *town) visitor(who string, reach access.Reach) visitor {
	actor := access.Of(t.as(who, reach))
	site := web.New(t.s, func(*http.Request) (access.Actor, error) { return actor, nil })
	t.find.Mount(site)
	return visitor{t, site}
}

func (v visitor) get(path string, code int, has ...string) string {
	v.Helper()
	w := httptest.NewRecorder()
	r := httptest.NewRequest("GET", path, nil)
	r.Header.Set("Accept-Language", "da")
	v.site.ServeHTTP(w, r)
	if w.Code != code {
		v.Errorf("%s answers %d, want %d: %s", path, w.Code, code, w.Body)
	}
	for _, h := range has {
		if !strings.Contains(w.Body.String(), h) {
			v.Errorf("%s lacks %q: %s", path, h, w.Body)
		}
	}
	return w.Body.String()
}

func TestPageShowsHitsWithTheWordsMarked(t *testing.T) {
	each(t, func(t *town) {
		long := strings.Repeat("fyld og fyld ", 30) + "så kommer <b>leverandøraftalen</b> endelig " + strings.Repeat("og mere fyld ", 30)
		id := t.add(plain, "a", "Aftalens <i>vilkår</i>", long)
		for range 7 {
			t.add(owned, "a", "Aftale", "")
		}
		v := t.visitor("anna", whole)
		v.get("/search?q=aftale", 200, "<mark>Aftalens</mark> &lt;i&gt;", "&lt;b&gt;<mark>leverandøraftalen</mark>&lt;/b&gt;", "/plain/"+id, "8\u00a0resultater", "Vis alle 7", "Enhed a", "… ")
		one := v.get("/search?q=aftale&kind=owned", 200, "7\u00a0resultater", `aria-current="true"`)
		if strings.Contains(one, "/plain/") || strings.Count(one, `href="/owned/`) != 7 {
			t.Error("the hits of one kind are not those of that kind")
		}
		v.get("/search", 200, "leverandøraftaler")
		v.get("/search?q=findesikke", 200, "Intet passer til »findesikke«")
		v.get("/search/suggest?q=aftal", 200, "/plain/"+id, "Vis alle resultater")
		v.get("/search?q=aftale&kind=nothing", 404)
		v.get("/search?q=aftale&kind=owned&cursor=rubbish", 422)
		v.get("/search?q="+url.QueryEscape(strings.Repeat("ord ", 3000)), 200)
	})
}

func TestPageSaysWhatIsNotInTheIndexYet(t *testing.T) {
	each(t, func(t *town) {
		t.visitor("anna", whole).get("/search?q=aftale", 200, "finder ikke alt endnu")
		if err := t.find.Fill(t.Context()); err != nil {
			t.Fatal(err)
		}
		if page := t.visitor("anna", whole).get("/search?q=aftale", 200); strings.Contains(page, "finder ikke alt endnu") {
			t.Error("the page says that the index is being filled when it is full")
		}
	})
}

func TestRestSearchesAsThePageDoes(t *testing.T) {
	each(t, func(t *town) {
		for range 5 {
			t.add(plain, "a", "Aftale", "")
		}
		t.add(owned, "b", "Leverandøraftale", "")
		v := t.visitor("bo", access.Reach{Tops: []string{"a"}})
		var got struct {
			Items []struct{ Kind, ID, Title, Path string }
			Kinds []struct {
				Kind  string
				Count int
			}
			Next string
		}
		seen := map[string]bool{}
		for range 4 {
			if err := json.Unmarshal([]byte(v.get("/api/v1/search?q=aftale&kind=plain&limit=2&cursor="+got.Next, 200)), &got); err != nil {
				t.Fatal(err)
			}
			for _, item := range got.Items {
				seen[item.ID] = true
			}
			if got.Next == "" {
				break
			}
		}
		if len(seen) != 5 || len(got.Kinds) != 1 || got.Kinds[0].Count != 5 {
			t.Errorf("pages hold %d records; counts %v", len(seen), got.Kinds)
		}
		if all := v.get("/api/v1/search?q=aftale", 200); strings.Contains(all, "owned") {
			t.Errorf("finds what is out of reach: %s", all)
		}
		v.get("/api/v1/search", 200, `"items":[]`)
		v.get("/api/v1/search?q=a&limit=101", 422, "query.limit")
		v.get("/api/v1/search?q=aftale&kind=nothing", 404)
		t.visitor("", whole).get("/api/v1/search?q=aftale", 401)
		t.visitor("", whole).get("/search?q=aftale", 303)
	})
}

// TestABackupLeavesTheIndexToBeFilledAgain holds that the index and how far it
// has been filled go together.
func TestABackupLeavesTheIndexToBeFilledAgain(t *testing.T) {
	each(t, func(t *town) {
		if err := t.find.Fill(t.Context()); err != nil {
			t.Fatal(err)
		}
		tables := 0
		err := t.s.Dump(t.as("anna", whole), plain.Can("see"), func(name string, _ []string) error {
			tables++
			if strings.Contains(name, "search") {
				t.Errorf("a backup holds %s", name)
			}
			return nil
		}, func([]any) error { return nil })
		if err != nil || tables < 10 {
			t.Errorf("%d tables: %v", tables, err)
		}
	})
}
