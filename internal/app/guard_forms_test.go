package app

import (
	"fmt"
	"net/url"
	"strings"
	"testing"

	"golang.org/x/net/html"
)

// form is one form of a page as a browser would send it.
type form struct {
	method, action string
	values         url.Values
	free           map[string]bool // where one can write anything
	wrong          map[string]bool // what was refused
}

// reader reads the forms of a page.
type reader struct {
	out          []form
	f            *form
	choice, area string // the select and the textarea that are open
}

func formsIn(page string) []form {
	z, r := html.NewTokenizer(strings.NewReader(page)), reader{}
	for {
		switch z.Next() {
		case html.ErrorToken:
			return r.out
		case html.TextToken:
			if r.f != nil && r.area != "" {
				r.f.values.Set(r.area, string(z.Text()))
			}
		case html.EndTagToken:
			name, _ := z.TagName()
			r.end(string(name))
		case html.StartTagToken, html.SelfClosingTagToken:
			t := z.Token()
			attr := map[string]string{}
			for _, a := range t.Attr {
				attr[a.Key] = a.Val
			}
			r.begin(t.Data, attr)
		}
	}
}

func (r *reader) end(tag string) {
	switch tag {
	case "form":
		if r.f != nil {
			r.out = append(r.out, *r.f)
		}
		r.f = nil
	case "select":
		r.choice = ""
	case "textarea":
		r.area = ""
	}
}

func (r *reader) begin(tag string, attr map[string]string) {
	if tag == "form" {
		r.f = &form{strings.ToLower(attr["method"]), attr["action"], url.Values{}, map[string]bool{}, map[string]bool{}}
	}
	name, f := attr["name"], r.f
	if f == nil {
		return
	}
	if _, marked := attr["aria-invalid"]; marked {
		f.wrong[name] = true
	}
	switch {
	case tag == "select":
		r.choice = name
	case tag == "option" && r.choice != "":
		if _, marked := attr["selected"]; marked || f.values.Get(r.choice) == "" {
			f.values.Set(r.choice, attr["value"])
		}
	case tag == "textarea" && name != "":
		r.area, f.free[name] = name, true
		f.values.Set(name, "")
	case tag == "input" && name != "":
		kind := attr["type"]
		if _, checked := attr["checked"]; (kind == "radio" || kind == "checkbox") && !checked && f.values.Has(name) {
			return
		}
		if kind == "" || kind == "text" || kind == "search" {
			f.free[name] = true
		}
		f.values.Set(name, attr["value"])
	}
}

// TestFormsAreReadAsABrowserSendsThem keeps the tests above from planting in vain.
func TestFormsAreReadAsABrowserSendsThem(t *testing.T) {
	got := formsIn(`<form method="post" action="/x"><input name="a" value="1"><input type="hidden" name="b" value="2"><select name="c"><option value="">-</option>` +
		`<option value="3" selected>x</option></select><textarea name="d">ord</textarea></form>`)
	if len(got) != 1 || fmt.Sprint(got[0].values) != "map[a:[1] b:[2] c:[3] d:[ord]]" || !got[0].free["a"] || got[0].free["b"] || !got[0].free["d"] || got[0].action != "/x" {
		t.Errorf("%+v", got)
	}
}
