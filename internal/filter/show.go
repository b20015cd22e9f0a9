package filter

import (
	"strings"

	"vaern/internal/field"
	"vaern/internal/i18n"
)

var opWords = map[Op]i18n.Text{
	Is: {"er", "is"}, Has: {"indeholder", "contains"}, Before: {"før", "before"}, After: {"efter", "after"},
	AtMost: {"senest", "by"}, AtLeast: {"tidligst", "from"}, Under: {"hører under", "is under"}, Missing: {"mangler", "is missing"},
}

var numberWords = map[Op]i18n.Text{
	Before: {"mindre end", "less than"}, After: {"mere end", "more than"}, AtMost: {"højst", "at most"}, AtLeast: {"mindst", "at least"},
}

// Word is the comparison as a person reads it.
func (o Op) Word(kind field.Kind) i18n.Text {
	if w, ok := numberWords[o]; ok && kind == field.Int {
		return w
	}
	return opWords[o]
}

var relativeWords = map[string]i18n.Text{
	"today": {"i dag", "today"}, "today+1d": {"i morgen", "tomorrow"}, "today-1d": {"i går", "yesterday"},
	"next-week": {"næste uge", "next week"}, "next-month": {"næste måned", "next month"}, "next-year": {"næste år", "next year"}, "next-quarter": {"næste kvartal", "next quarter"},
	"last-week": {"sidste uge", "last week"}, "last-month": {"sidste måned", "last month"}, "last-year": {"sidste år", "last year"}, "last-quarter": {"sidste kvartal", "last quarter"},
	"this-quarter": {"dette kvartal", "this quarter"}, "today+2d": {"i overmorgen", "in 2 days"}, "today-2d": {"i forgårs", "2 days ago"},
	"this-week": {"denne uge", "this week"}, "this-month": {"denne måned", "this month"}, "this-year": {"i år", "this year"},
}

var spans = map[string][2]i18n.Text{
	"d": {{"dag", "day"}, {"dage", "days"}}, "w": {{"uge", "week"}, {"uger", "weeks"}},
	"m": {{"måned", "month"}, {"måneder", "months"}}, "y": {{"år", "year"}, {"år", "years"}},
}

// Show is the filter as a person reads it; titles tells what records are called
// by their ids.
func (l Language) Show(f Filter, lang i18n.Lang, titles map[string]string) string {
	switch f.Kind {
	case Words:
		return "»" + f.Value + "«"
	case Not:
		if fd := l.field(f.Parts[0].Field); fd != nil && (f.Parts[0].Op == Missing || f.Parts[0].Op == Is && fd.Kind != field.Day) {
			return fd.Label.In(lang) + says(fd, f.Parts[0].Op, true).In(lang) + shown(fd, f.Parts[0].Value, lang, titles)
		}
		return i18n.Text{"ikke ", "not "}.In(lang) + l.Show(f.Parts[0], lang, titles)
	case And, Or:
		word := i18n.Text{" og ", " and "}
		if f.Kind == Or {
			word = i18n.Text{" eller ", " or "}
			if same, ok := l.oneField(f, lang, titles); ok {
				return same
			}
		}
		parts := make([]string, len(f.Parts))
		for i, p := range f.Parts {
			parts[i] = l.Show(p, lang, titles)
		}
		return strings.Join(parts, word.In(lang))
	}
	fd := l.field(f.Field)
	if fd == nil {
		return f.String()
	}
	return fd.Label.In(lang) + says(fd, f.Op, false).In(lang) + shown(fd, f.Value, lang, titles)
}

// says is a comparison between a field's label and the value. Labels that lead up to a name, as "Udføres af" does, bear no verb
// after them: whoever is pointed at stands after a colon.
func says(fd *field.Field, op Op, not bool) i18n.Text {
	at := 0
	if not {
		at = 1
	}
	switch someone := fd.Kind == field.Ref && (fd.To == "position" || fd.To == "person"); {
	case someone && op == Is:
		return [2]i18n.Text{{": ", ": "}, {": ikke ", ": not "}}[at]
	case someone && op == Missing:
		return [2]i18n.Text{{": ingen", ": nobody"}, {": nogen", ": somebody"}}[at]
	case op == Missing:
		return [2]i18n.Text{{" mangler", " is missing"}, {" er udfyldt", " is set"}}[at]
	case not:
		return i18n.Text{" er ikke ", " is not "}
	}
	return i18n.Same(" ").And(op.Word(fd.Kind)).And(i18n.Same(" "))
}

// oneField is "Stand er delvist eller ikke opfyldt": the field said once.
func (l Language) oneField(f Filter, lang i18n.Lang, titles map[string]string) (string, bool) {
	var values []string
	for _, p := range f.Parts {
		if p.Kind != Condition || p.Op == Missing || p.Field != f.Parts[0].Field || p.Op != f.Parts[0].Op {
			return "", false
		}
		fd := l.field(p.Field)
		if fd == nil {
			return "", false
		}
		values = append(values, shown(fd, p.Value, lang, titles))
	}
	first := l.Show(f.Parts[0], lang, titles)
	return strings.TrimSuffix(first, values[0]) + strings.Join(values, i18n.Text{" eller ", " or "}.In(lang)), true
}

func (l Language) field(name string) *field.Field {
	for i := range l.Fields {
		if l.Fields[i].Name == name {
			return &l.Fields[i]
		}
	}
	return nil
}

func shown(fd *field.Field, value string, lang i18n.Lang, titles map[string]string) string {
	switch {
	case value == "": // of what is missing
		return ""
	case fd.Kind == field.Ref && value == "me":
		return i18n.Text{"mig", "me"}.In(lang)
	case fd.Kind == field.Ref && titles[value] != "":
		return titles[value]
	case fd.Kind == field.Bool:
		return map[string]i18n.Text{"yes": {"ja", "yes"}, "no": {"nej", "no"}}[value].In(lang)
	case fd.Kind == field.Day:
		return dayWords(value, lang)
	}
	return fd.Show(value, lang)
}

func dayWords(value string, lang i18n.Lang) string {
	if w, ok := relativeWords[value]; ok {
		return w.In(lang)
	}
	if m := relative.FindStringSubmatch(value); m != nil {
		words := spans[m[3]][1]
		if m[2] == "1" {
			words = spans[m[3]][0]
		}
		if m[1] == "+" {
			return i18n.Text{"om ", "in "}.In(lang) + m[2] + " " + words.In(lang)
		}
		return m[2] + " " + words.In(lang) + i18n.Text{" siden", " ago"}.In(lang)
	}
	if from, to, ok := strings.Cut(value, ".."); ok {
		return lang.Date(from) + "–" + lang.Date(to)
	}
	return lang.Date(value)
}

// References are the filter's conditions that mention a record by its id or its title.
func (l Language) References(f Filter) (out []Filter) {
	if f.Kind == Condition {
		if fd := l.field(f.Field); fd != nil && fd.Kind == field.Ref && f.Op != Missing && f.Value != "me" {
			return []Filter{f}
		}
		return nil
	}
	for _, p := range f.Parts {
		out = append(out, l.References(p)...)
	}
	return out
}

// Example is a filter that the register's own fields make possible, for the
// help under the search field.
func (l Language) Example(lang i18n.Lang) string {
	var parts []string
	for _, kind := range []field.Kind{field.Ref, field.Choice, field.Day} {
		if f := l.exemplary(kind); f != nil && len(parts) < 2 {
			parts = append(parts, example(f, lang))
		}
	}
	return strings.Join(parts, i18n.Text{" og ", " and "}.In(lang))
}

// example is a condition on a field.
func example(f *field.Field, lang i18n.Lang) string {
	end := map[field.Kind]i18n.Text{field.Ref: {" mangler", " is missing"}, field.Day: {" før 1/3", " before 1/3"}, field.Int: {" mindst 2", " at least 2"},
		field.Bool: {" er ja", " is yes"}, field.Text: {" indeholder aftale", " contains agreement"}}[f.Kind].In(lang)
	switch {
	case f.Kind == field.Ref && (f.To == "position" || f.To == "person"):
		end = i18n.Text{": mig", ": me"}.In(lang)
	case len(f.Choices) > 0:
		end = i18n.Text{" er ", " is "}.In(lang) + strings.ToLower(f.Choices[0][1+lang])
	}
	name, _, _ := strings.Cut(f.Label.In(lang), " (")
	return strings.ToLower(name) + end
}

// Meant is a field that is named in words which are searched for as text, and a condition on it: they were perhaps meant as one.
func (l Language) Meant(words string) (label, condition i18n.Text, ok bool) {
	p := l.parser(words)
	for ; p.pos < len(p.all); p.pos++ {
		if f, _ := p.named(); f != nil && !f.Title {
			return f.Label, i18n.Text{example(f, i18n.Da), example(f, i18n.En)}, true
		}
	}
	return label, condition, false
}

// exemplary is the field of a kind that people ask for most.
func (l Language) exemplary(kind field.Kind) (found *field.Field) {
	for i := range l.Fields {
		f := &l.Fields[i]
		if f.Kind != kind || f.Sensitive || f.IsUnit() || kind == field.Ref && f.To != "position" && f.To != "person" {
			continue
		}
		if found == nil || f.Name == "due" {
			found = f
		}
	}
	return found
}
