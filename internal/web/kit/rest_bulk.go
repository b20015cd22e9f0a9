package kit

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"

	"vaern/internal/access"
	"vaern/internal/i18n"
	"vaern/internal/problem"
	"vaern/internal/record"
	"vaern/internal/store"
	"vaern/internal/web"
)

// mostInBulk bounds one request: it holds the writer until all of it is stored.
const mostInBulk = 500

// order is one item of a bulk request.
type order struct {
	body   []byte
	create bool
	id     string
	ver    int64
	wrong  error // what is wrong with the item itself
}

// dealt is what became of an item.
type dealt struct {
	Status   int             `json:"status"`
	Location string          `json:"location,omitempty"`
	ETag     string          `json:"etag,omitempty"`
	Record   json.RawMessage `json:"record,omitempty"`
	Problem  *web.Fault      `json:"problem,omitempty"`
}

var errAllWrong = errors.New("nothing of it could be stored")

// restBulk creates and patches many records in one change. Each item is
// answered by its own status; atomic stores all of them or none.
func (f *face) restBulk(c *web.Call) (a *web.Answer, err error) {
	need := f.Can("edit")
	if !c.Actor.Can(need) {
		need = f.Can("create")
	}
	if _, err := access.Require(c.Context(), need); err != nil {
		return nil, err
	}
	orders, atomic, err := readBulk(c.Body)
	if err != nil {
		return nil, err
	}
	var out []dealt
	err = f.s.Change(c.Context(), store.Intent{Verb: f.Name + ".edit", Need: need}, func(w *store.Write) (err error) {
		a, err = c.Once(w, func() (*web.Answer, error) {
			var failed int
			if out, failed, err = f.deal(w, c, orders); err != nil {
				return nil, err
			}
			if failed == len(orders) || atomic && failed > 0 {
				return nil, errAllWrong
			}
			return &web.Answer{Status: http.StatusOK, Body: bulkBody(out)}, nil
		})
		return err
	})
	switch {
	case errors.Is(err, errAllWrong) && atomic:
		none := problem.New(problem.Invalid, "Intet er gemt, for mindst én af dem er forkert. Se items.", "Nothing was stored, since at least one of them is wrong. See items.")
		return nil, web.ExplainItems(none, undone(out))
	case errors.Is(err, errAllWrong):
		return &web.Answer{Status: http.StatusOK, Body: bulkBody(out)}, nil
	}
	return a, err
}

// deal stores the items one by one; one that is wrong leaves nothing behind.
func (f *face) deal(w *store.Write, c *web.Call, orders []order) (out []dealt, failed int, err error) {
	seen := map[string]bool{}
	for i := range orders {
		o := &orders[i]
		if o.id != "" && seen[o.id] {
			o.wrong = problem.Field("id", "Den står to gange. Skriv det hele ét sted.", "It stands twice. Write it all in one place.")
		}
		seen[o.id] = true
		var rec record.Rec
		failure := o.wrong
		if failure == nil {
			failure = w.Try(func() (err error) {
				rec, err = f.store(w, c, o)
				return err
			})
		}
		if failure != nil && problem.As(failure) == nil {
			return nil, 0, failure // not the item's fault
		}
		if failure != nil {
			failed++
			at := func(name string) string { return fmt.Sprintf("body.items[%d].%s", i, name) }
			fault := web.FaultOf(c.Context(), f.told(failure), at)
			out = append(out, dealt{Status: fault.Status, Problem: fault})
			continue
		}
		d := dealt{Status: http.StatusOK, ETag: tag(rec), Record: f.JSON(nil, rec)}
		if o.create {
			d.Status, d.Location = http.StatusCreated, f.api()+"/"+rec.Head().ID
		}
		out = append(out, d)
	}
	return out, failed, nil
}

// store creates or patches what one item says.
func (f *face) store(w *store.Write, c *web.Call, o *order) (rec record.Rec, err error) {
	if o.create {
		w, err := w.As(f.Name + ".create").Needing(f.Can("create"))
		if err != nil {
			return rec, err
		}
		rec, err := f.fresh(c.Actor, o.body)
		if err == nil {
			err = f.Add(w, rec)
		}
		return rec, err
	}
	w, err = w.As(f.Name + ".edit").Needing(f.Can("edit"))
	if err != nil {
		return rec, err
	}
	old, err := f.Get(&w.Read, o.id)
	if err != nil {
		return rec, err
	}
	rec = old.Copy()
	if err := f.members(rec, o.body); err != nil {
		return rec, err
	}
	rec.Head().Version = o.ver
	return rec, f.Replace(w, old, rec)
}

// readBulk reads {"atomic": …, "items": [{"create": {…}}, {"id": …, "version": …, "patch": {…}}]}.
func readBulk(body []byte) (orders []order, atomic bool, err error) {
	members, err := web.Members(body)
	if err != nil {
		return nil, false, err
	}
	bad := problem.Fields{}
	var items []json.RawMessage
	for _, m := range members {
		switch m.Name {
		case "atomic":
			if json.Unmarshal(m.Value, &atomic) != nil {
				bad["atomic"] = i18n.Text{"Værdien skal være true eller false.", "The value must be true or false."}
			}
		case "items":
			if json.Unmarshal(m.Value, &items) != nil {
				items = nil
			}
		default:
			bad[m.Name] = i18n.Text{"Feltet findes ikke.", "There is no such field."}
		}
	}
	if len(items) == 0 || len(items) > mostInBulk {
		bad["items"] = i18n.Text{"Send en liste med 1 til %d.", "Send a list of 1 to %d."}.With(mostInBulk)
	}
	if err := problem.Check(bad); err != nil {
		return nil, false, err
	}
	for _, item := range items {
		orders = append(orders, readOrder(item))
	}
	return orders, atomic, nil
}

func readOrder(item []byte) (o order) {
	members, err := web.Members(item)
	if err != nil {
		return order{wrong: err}
	}
	bad, patch := problem.Fields{}, false
	for _, m := range members {
		switch m.Name {
		case "create":
			o.create, o.body = true, m.Value
		case "patch":
			patch, o.body = true, m.Value
		case "id":
			if json.Unmarshal(m.Value, &o.id) != nil {
				bad["id"] = i18n.Text{"Værdien skal være tekst.", "The value must be text."}
			}
		case "version":
			if json.Unmarshal(m.Value, &o.ver) != nil {
				bad["version"] = i18n.Text{"Værdien skal være et helt tal.", "The value must be a whole number."}
			}
		default:
			bad[m.Name] = i18n.Text{"Feltet findes ikke.", "There is no such field."}
		}
	}
	switch {
	case o.create == patch, o.create && o.id != "":
		bad["create"] = i18n.Text{"Skriv create alene, eller patch med id og version.", "Give create alone, or patch with id and version."}
	case patch && o.ver == 0 && len(bad) == 0:
		return order{wrong: problem.New(problem.NoVersion, "Skriv i version, hvilken udgave du ændrer.", "Say in version which version you change.")}
	}
	o.wrong = problem.Check(bad)
	return o
}

func bulkBody(items []dealt) []byte {
	b, _ := json.Marshal(map[string]any{"items": items}) // texts, numbers and JSON of our own
	return b
}

// undone is what each item would have been answered, where none was stored.
func undone(items []dealt) []byte {
	for i := range items {
		if items[i].Problem == nil {
			items[i] = dealt{Status: http.StatusFailedDependency}
		}
	}
	b, _ := json.Marshal(items) // as above
	return b
}
