package policy

import (
	"fmt"
	"net/http"
	"strings"

	"vaern/internal/i18n"
	"vaern/internal/indicator"
	"vaern/internal/pdf"
	"vaern/internal/web"
)

// pdf is the whole policy with its proof, as an annex for the committee.
func (d *desk) pdf(r *http.Request) (web.File, error) {
	v, title, err := d.read(r)
	if err != nil {
		return web.File{}, err
	}
	l := i18n.Of(r.Context())
	doc := pdf.New(pdf.Meta{Title: title + " " + v.Edition.Label, Language: map[i18n.Lang]string{i18n.Da: "da-DK", i18n.En: "en-GB"}[l],
		Author: d.site.Name, Created: v.Now})
	doc.Heading(1, title)
	doc.Paragraph(v.front(l))
	if v.Standing {
		doc.Paragraph(v.stands(l))
	}
	for _, s := range v.Sections {
		doc.Heading(2, strings.TrimSpace(s.Number+" "+s.Title))
		for i := range s.Clauses {
			c := &s.Clauses[i]
			if c.Kind == "heading" {
				doc.Heading(3, c.Text)
				continue
			}
			if cells := c.Cells(); cells != nil {
				doc.Row(c.ID, cells, c.Head, v.margin(c, l))
				continue
			}
			doc.Clause(c.ID, c.Text, v.margin(c, l))
		}
	}
	file, err := doc.Bytes()
	return web.File{Type: "application/pdf", Name: "policy.pdf", Shown: true, Body: file}, err
}

func (v *policyView) front(l i18n.Lang) string {
	parts := []string{i18n.Text{"Version %s", "Version %s"}.With(v.Edition.Label).In(l)}
	if v.Edition.Starts != "" {
		parts = append(parts, i18n.Text{"gældende siden %s", "in force since %s"}.In(l))
		parts[1] = fmt.Sprintf(parts[1], l.Date(string(v.Edition.Starts)))
	} else {
		parts = append(parts, v.Edition.State.Word().In(l))
	}
	for _, a := range v.Approvals {
		parts = append(parts, a.Body+" "+l.Date(a.Decided))
	}
	return strings.Join(parts, " · ")
}

func (v *policyView) stands(l i18n.Lang) string {
	var parts []string
	for _, c := range v.Bar.Counts {
		parts = append(parts, fmt.Sprintf("%d %s", c.N, c.State.Word().In(l)))
	}
	return strings.Join(parts, " · ") + ". " + i18n.Text{"Udskrevet %s.", "Printed %s."}.With(l.Instant(v.Now)).In(l)
}

// margin is the proof beside a sentence: what the page shows, without links.
func (v *policyView) margin(c *Standing, l i18n.Lang) (out []string) {
	if !v.Standing || c.Explains {
		return nil
	}
	state := c.State.Word().In(l)
	if c.Since != "" {
		state += " " + i18n.Text{"siden %s", "since %s"}.With(l.Date(c.Since)).In(l)
	}
	out = append(out, state)
	if len(c.Facts) > 0 && c.Facts[0].State != indicator.NotMeasured {
		f := c.Facts[0]
		out = append(out, fmt.Sprintf("%s: %s %s %s (%s)", f.Indicator.Name.In(l), l.Number(f.Met), i18n.Text{"af", "of"}.In(l), l.Number(f.Total), l.Percent(f.Met, f.Total)))
	}
	if c.Owner != "" {
		out = append(out, c.Owner)
	}
	if served := c.Served(l); served != "" {
		out = append(out, served)
	}
	return out
}
