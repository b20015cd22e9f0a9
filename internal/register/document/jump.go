package document

import (
	"net/http"

	"vaern/internal/access"
	"vaern/internal/store"
)

// Bindings and remarks have no page of their own: their address leads to the
// clause they are about.

func (d *desk) toBinding(w http.ResponseWriter, r *http.Request) error {
	page := ""
	if d.site.May(r, Bind) {
		page = "/themes"
	}
	return d.jump(w, r, "binding.see", page, `
		SELECT e.id, b.clause FROM binding b JOIN edition e ON e.document = b.document
		JOIN edition_clause c ON c.edition = e.id AND c.clause = b.clause
		WHERE b.id = :id AND :scope(b.unit)
		ORDER BY CASE WHEN e.state = 'in_force' THEN 0 ELSE 1 END, e.id DESC LIMIT 1`)
}

func (d *desk) toRemark(w http.ResponseWriter, r *http.Request) error {
	return d.jump(w, r, "remark.see", "", `SELECT edition, clause FROM remark WHERE id = :id AND :scope`)
}

func (d *desk) jump(w http.ResponseWriter, r *http.Request, need access.Permission, page, query string) error {
	var id, about string
	err := d.site.Store.View(r.Context(), need, func(q *store.Read) error {
		return q.Row(query, store.Args{"id": r.PathValue("id")}, &id, &about)
	})
	if err != nil {
		return err
	}
	to := path(id) + page
	if about != "" {
		to += "#c-" + about
	}
	http.Redirect(w, r, to, http.StatusSeeOther)
	return nil
}
