package ledger

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
)

// Changed is what a batch did to one of its records: the row after, null when it
// was removed, and of the row before what was otherwise.
type Changed struct {
	About         string
	After, Before json.RawMessage
}

type batchBody struct {
	Changes []Changed
	Reason  json.RawMessage
}

// Changes returns what a batch did to each of its records, in its order.
func (l *Leaf) Changes() ([]Changed, error) {
	body, err := l.batch()
	if err != nil {
		return nil, err
	}
	kind, _, _ := strings.Cut(l.About, "/")
	for i := range body.Changes {
		c := &body.Changes[i]
		var row struct{ ID string }
		text := c.After
		if string(text) == "null" {
			text = c.Before
		}
		if err := json.Unmarshal(text, &row); err != nil || row.ID == "" {
			return nil, fmt.Errorf("change %d names no record", i)
		}
		c.About = kind + "/" + row.ID
	}
	return body.Changes, nil
}

func (l *Leaf) batch() (body batchBody, err error) {
	err = json.Unmarshal(l.Body, &body)
	return body, err
}

// Narrow makes a batch's leaf tell only of one of its records, in the form of a
// leaf of its own. It is for reading: such a leaf has another hash.
func (l *Leaf) Narrow(about interface{ String() string }) error {
	kind, id, _ := strings.Cut(about.String(), "/")
	name, err := Canonical([]byte(`"id":`), id)
	if err != nil {
		return err
	}
	body, err := l.batch()
	if err != nil {
		return err
	}
	for _, c := range body.Changes {
		if bytes.Contains(c.After, name) || bytes.Contains(c.Before, name) {
			l.About = kind + "/" + id
			l.Body = fmt.Appendf(nil, `{"after":%s,"before":%s,"reason":%s}`, c.After, c.Before, body.Reason)
			return nil
		}
	}
	return fmt.Errorf("leaf %d does not speak of %s", l.Seq, about)
}
