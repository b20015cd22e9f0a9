package kit

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"vaern/internal/access"
	"vaern/internal/i18n"
	"vaern/internal/link"
	"vaern/internal/ref"
	"vaern/internal/store"
	"vaern/internal/web"
)

// related is how many records of a kind belong with one, and where they stand.
type related struct {
	Path  string
	Label i18n.Text
	N     int
	Over  bool // there are more
}

const mostRelated = 1000 // counted exactly

// relatedTo counts what belongs with a record: the records that point at it,
// and what people linked to it. One statement counts all kinds that the actor
// reaches alike.
func relatedTo(q *store.Read, site *web.Site, about ref.Ref, links []link.Link) (out []related, err error) {
	groups := map[string]*pointing{}
	for _, k := range site.Kinds() {
		need := access.Permission(k.Name + ".see")
		for _, name := range slices.Sorted(maps.Keys(k.Points)) {
			if k.Points[name] != about.Kind || !q.Actor.Can(need) {
				continue
			}
			far := q.Actor.May[need].Key()
			if groups[far] == nil {
				groups[far] = &pointing{need: need}
			}
			groups[far].add(k, name)
		}
	}
	for _, far := range slices.Sorted(maps.Keys(groups)) {
		some, err := groups[far].count(q, about)
		if err != nil {
			return nil, err
		}
		out = append(out, some...)
	}
	for _, k := range site.Kinds() {
		n := 0
		for _, l := range links {
			if l.Other.Kind == k.Name {
				n++
			}
		}
		if n > 0 {
			out = append(out, related{Path: "/on/" + about.String() + "/link#" + k.Name, Label: k.Many.And(i18n.Text{" (forbundet)", " (linked)"}), N: n})
		}
	}
	return out, nil
}

// pointing are fields of kinds that the actor reaches alike.
type pointing struct {
	need   access.Permission
	kinds  []web.Kind
	fields []string
}

func (p *pointing) add(k web.Kind, name string) {
	p.kinds, p.fields = append(p.kinds, k), append(p.fields, name)
}

// count asks for all of them at once. Who owns what stands in one index.
func (p *pointing) count(q *store.Read, about ref.Ref) (out []related, err error) {
	near, err := q.With(p.need)
	if err != nil {
		return nil, err
	}
	var parts []string
	for i, k := range p.kinds {
		from := fmt.Sprintf(`%s WHERE %s = :id`, k.Name, p.fields[i])
		if p.fields[i] == "owner" {
			from = fmt.Sprintf(`record_title WHERE owner = :id AND kind = '%s'`, k.Name)
		}
		parts = append(parts, fmt.Sprintf(`(SELECT count(*) FROM (SELECT 1 FROM %s AND :scope LIMIT :most) AS few%d)`, from, i))
	}
	counts := make([]int, len(parts))
	dest := make([]any, len(parts))
	for i := range counts {
		dest[i] = &counts[i]
	}
	if err := near.Row(`SELECT `+strings.Join(parts, ", "), store.Args{"id": about.ID, "most": mostRelated + 1}, dest...); err != nil {
		return nil, err
	}
	for i, n := range counts {
		if n > 0 {
			out = append(out, related{Path: "/" + p.kinds[i].Name + "?" + p.fields[i] + "=" + about.ID, Label: p.kinds[i].Many, N: min(n, mostRelated), Over: n > mostRelated})
		}
	}
	return out, nil
}
