package kit

import (
	"vaern/internal/i18n"
	"vaern/internal/record"
	"vaern/internal/store"
)

// nothing says why perhaps nothing matches: names that nobody has, and words that were searched for and perhaps meant as a condition.
func (f *face) nothing(q *store.Read, asked listing) (why []i18n.Text, err error) {
	lang := f.language(q)
	for _, r := range lang.References(asked.Filter) {
		fd, _ := f.Field(r.Field)
		known, err := record.Known(q, fd.To, r.Value)
		if err != nil {
			return nil, err
		}
		if !known {
			write := i18n.Text{" Skriv en del af navnet, som det står i Værn.", " Write a part of the name as it is in Værn."}
			if record.HasKey(fd.To) {
				write = i18n.Text{" Skriv en del af navnet, som det står i Værn, eller hele nummeret.", " Write a part of the name as it is in Værn, or the whole number."}
			}
			why = append(why, i18n.Text{"Værn kender ikke »%s« som »%s«.", "Værn does not know “%s” as “%s”."}.Naming(i18n.Same(r.Value), fd.Label).And(write))
		}
	}
	if label, condition, ok := lang.Meant(asked.Filter.Search()); ok && !asked.wrong.Whole() {
		why = append(why, i18n.Text{"Værn ledte efter ordene »%s« i teksten. Vil du filtrere på »%s«, så skriv for eksempel: %s", "Værn looked for the words “%s” in the text. To filter by “%s”, write for example: %s"}.
			Naming(i18n.Same(asked.Filter.Search()), label, condition))
	}
	return why, nil
}
