package policy

import (
	"vaern/internal/i18n"
	"vaern/internal/module"
	"vaern/internal/people"
	"vaern/internal/record"
	"vaern/internal/ref"
	"vaern/internal/store"
)

// found lets search find indicators by what they are called.
var found = []module.Found{{
	Kind: "measure", Many: i18n.Text{"Målepunkter", "Indicators"}, Need: SeeStanding,
	Path: func(key, _ string) string { return "/indicator/" + key },
	Fill: func(w *store.Work, after string, most int) (last string, err error) {
		var keys []string
		var entries []record.Entry
		err = w.Rows(`SELECT id, title FROM record_title WHERE kind = 'measure' AND id > :after ORDER BY id LIMIT :n`,
			store.Args{"after": after, "n": most}, func(scan store.Scan) error {
				var name string
				err := scan(&last, &name)
				keys, entries = append(keys, last), append(entries, findable(last, name))
				return err
			})
		if err != nil {
			return "", err
		}
		return last, record.Reindex(w, "measure", keys, entries)
	},
}}

func findable(key, name string) record.Entry {
	return record.Entry{Ref: ref.Ref{Kind: "measure", ID: key}, Unit: people.Top, Title: name}
}
