package policy

import (
	"net/http"

	"vaern/internal/i18n"
	"vaern/internal/problem"
	"vaern/internal/register/document"
	"vaern/internal/store"
	"vaern/internal/themed"
	"vaern/internal/web"
)

var coveragePage = web.NewPage[*coverageView](folder, "coverage")

// coverageView says what does not meet: sentences that nothing upholds, and
// records that uphold no sentence.
type coverageView struct {
	Total                    int
	NoRule, NoMeasure, NoOne []Standing
	Loose                    []Below // records that serve no sentence
}

func (d *desk) coverage(w http.ResponseWriter, r *http.Request) error {
	v := &coverageView{}
	// The route asks for SeeStanding; the policy is the municipality's, also for somebody whose area is a part of it.
	err := d.Store.View(r.Context(), SeePolicy, func(q *store.Read) error {
		ed, _, err := document.Current(q)
		if err != nil {
			return err
		}
		sections, err := d.Stand(q, ed, "")
		if err != nil {
			return err
		}
		v.gather(sections)
		return d.loose(q, ed, v)
	})
	if problem.Of(err) == problem.NotFound {
		return emptyPage.Show(d.site, w, r, http.StatusOK, web.Head{Title: policyTitle}, emptyView{d.site.May(r, document.Import)})
	}
	if err != nil {
		return err
	}
	head := web.Head{Title: i18n.Text{"Dækning", "Coverage"}, Crumbs: []web.Crumb{{Path: "/policy", Label: policyTitle}}, Path: "/policy"}
	return coveragePage.Show(d.site, w, r, http.StatusOK, head, v)
}

func (v *coverageView) gather(sections []Section) {
	for _, s := range sections {
		for _, c := range s.Clauses {
			if c.Explains {
				continue
			}
			v.Total++
			for what, into := range map[string]*[]Standing{"rule": &v.NoRule, "measure": &v.NoMeasure, "owner": &v.NoOne} {
				if c.Lacks(what) {
					*into = append(*into, c)
				}
			}
		}
	}
}

// loose are the records whose themes no sentence asks for.
func (d *desk) loose(q *store.Read, ed document.Edition, v *coverageView) error {
	bindings, err := document.Bindings(q, ed.Document)
	if err != nil {
		return err
	}
	asked := map[string]bool{}
	for _, c := range ed.Clauses() {
		for _, key := range bindings[c.ID].Themes.Keys() {
			asked[key] = true
		}
	}
	serving, err := links(q)
	if err != nil {
		return err
	}
	met := map[string]bool{}
	var loose Standing
	var themes themed.Themes
	for theme, all := range serving {
		if !asked[theme] {
			themes += themed.Themes(theme + " ")
			continue
		}
		for _, l := range all {
			met["/"+l.kind+"/"+l.id] = true
		}
	}
	d.below(&loose, themes, serving)
	for _, b := range loose.Below {
		kept := b.Items[:0]
		for _, item := range b.Items {
			if !met[item.Path] {
				kept = append(kept, item)
			}
		}
		if b.Items = kept; len(kept) > 0 {
			v.Loose = append(v.Loose, b)
		}
	}
	return nil
}
