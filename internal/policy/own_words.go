package policy

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"vaern/internal/field"
	"vaern/internal/i18n"
	"vaern/internal/module"
	"vaern/internal/record"
)

// An expression is stored with the names of fields and choices, which no language
// changes: due >= today. People read and write it with what pages call them.

var (
	piece  = regexp.MustCompile(`"[^"]*"|[A-Za-z_]\w*|[<>=!]=`)
	spoken = map[string]i18n.Text{"today": {"i dag", "today"}, "and": {"og", "and"}, "or": {"eller", "or"}, "not": {"ikke", "not"},
		"true": {"ja", "yes"}, "false": {"nej", "no"}, ">=": {"≥", "≥"}, "<=": {"≤", "≤"}, "==": {"=", "="}, "!=": {"≠", "≠"}}
	anyWord  = regexp.MustCompile(`"[^"]*"|[\p{L}_][\p{L}\d_]*`)
	typedDay = regexp.MustCompile(`^(\d{1,2}[./]\s?\d{1,2}[./]\s?\d{4}|\d{4}-\d{2}-\d{2})\b`)
)

// wording is how people say an expression of an own indicator.
func (e *Engine) wording() record.Wording[Own] {
	return record.Wording[Own]{
		Show: func(o Own, stored string, l i18n.Lang) string {
			m, ok := e.register(o.Register)
			if !ok {
				return stored
			}
			return said(m, stored, l, true)
		},
		Read: func(o Own, typed string) string {
			m, ok := e.register(o.Register)
			if !ok {
				return typed
			}
			return meant(m, typed)
		},
	}
}

// inWords is an expression with the names that people know: due >= today is Næste frist ≥ i dag.
func inWords(m module.Module, text string) (out i18n.Text) {
	for l := range out {
		out[l] = said(m, text, i18n.Lang(l), false)
	}
	return out
}

// said is an expression in a language. A text is looked up among the choices of the field before it. Where the
// expression is to be typed again, texts keep their quotes, and a label that two fields share is not used.
func said(m module.Module, text string, l i18n.Lang, again bool) string {
	var asked field.Field
	return piece.ReplaceAllStringFunc(text, func(p string) string {
		if word, ok := spoken[p]; ok {
			return word[l]
		}
		if i := slices.IndexFunc(m.Fields, func(f field.Field) bool { return f.Name == p }); i >= 0 {
			asked = m.Fields[i]
			if again && meant(m, asked.Label[l]) != p {
				return p
			}
			return asked.Label[l]
		}
		value := strings.Trim(p, `"`)
		switch {
		case p[0] != '"':
			return p
		case asked.Choices != nil && again:
			return `"` + asked.Show(value, l) + `"`
		case asked.Choices != nil:
			return asked.Show(value, l)
		case asked.Kind == field.Day && typedDay.MatchString(value):
			if again && l == i18n.En { // as days are typed
				return value
			}
			return l.Date(value)
		}
		return p
	})
}

// phrase is a way to say a piece of an expression.
type phrase struct{ says, means string }

// phrases are all ways, the longest first; a field's own before the words of the language.
func phrases(m module.Module) (out []phrase) {
	for _, f := range m.Fields {
		out = append(out, phrase{f.Label[i18n.Da], f.Name}, phrase{f.Label[i18n.En], f.Name})
	}
	for means, text := range spoken {
		out = append(out, phrase{text[i18n.Da], means}, phrase{text[i18n.En], means})
	}
	out = append(out, phrase{"er ikke", "!="}, phrase{"is not", "!="}, phrase{"er", "=="}, phrase{"is", "=="})
	slices.SortStableFunc(out, func(a, b phrase) int { return len(b.says) - len(a.says) })
	return out
}

// meant is an expression as it is stored, of one in either language. What is no phrase stays as it was typed.
func meant(m module.Module, text string) string {
	all := phrases(m)
	var out strings.Builder
	var asked *field.Field
	for text != "" {
		took, means := next(m, all, asked, text)
		if i := slices.IndexFunc(m.Fields, func(f field.Field) bool { return f.Name == means }); i >= 0 {
			asked = &m.Fields[i]
		}
		out.WriteString(means)
		text = text[took:]
	}
	return out.String()
}

// next is how long the piece is that a text begins with, and what it means.
func next(m module.Module, all []phrase, asked *field.Field, text string) (took int, means string) {
	if text[0] == '"' {
		end := strings.IndexByte(text[1:], '"')
		if end < 0 {
			return len(text), text
		}
		return end + 2, `"` + coded(asked, text[1:end+1]) + `"`
	}
	if name := piece.FindString(text); strings.HasPrefix(text, name) && slices.ContainsFunc(m.Fields, func(f field.Field) bool { return f.Name == name }) {
		return len(name), name
	}
	if found := typedDay.FindString(text); found != "" && asked != nil && asked.Kind == field.Day {
		if day, ok := field.ReadDay(found); ok {
			return len(found), `"` + day + `"`
		}
	}
	for _, sign := range []string{">=", "<=", "!=", "=="} {
		if strings.HasPrefix(text, sign) {
			return len(sign), sign
		}
	}
	for _, p := range all {
		if n := len(p.says); n <= len(text) && strings.EqualFold(text[:n], p.says) && ends(p.says, text[n:]) {
			return n, p.means
		}
	}
	n := strings.IndexFunc(text, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) && r != '_' })
	if n < 0 {
		n = len(text)
	}
	if n == 0 {
		_, n = utf8.DecodeRuneInString(text)
	}
	return n, text[:n]
}

// ends reports whether a phrase ends before the rest: no word goes on.
func ends(says, rest string) bool {
	last, _ := utf8.DecodeLastRuneInString(says)
	first, _ := utf8.DecodeRuneInString(rest)
	word := func(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) || r == '_' }
	return rest == "" || !word(last) || !word(first)
}

// coded is the code of a choice that is written as people know it.
func coded(asked *field.Field, value string) string {
	if asked == nil {
		return value
	}
	for _, c := range asked.Choices {
		if c[0] == value {
			return value
		}
	}
	for _, c := range asked.Choices {
		if strings.EqualFold(c[1], value) || strings.EqualFold(c[2], value) {
			return c[0]
		}
	}
	return value
}

// misunderstood says what is wrong with an expression, and what one can write.
func misunderstood(m module.Module, stored string) (out i18n.Text) {
	wrong := ""
	for _, p := range anyWord.FindAllString(stored, -1) {
		_, word := spoken[p]
		if p[0] != '"' && !word && !slices.ContainsFunc(m.Fields, func(f field.Field) bool { return f.Name == p }) {
			wrong = p
			break
		}
	}
	for _, l := range i18n.Langs {
		var names []string
		for _, f := range m.Fields {
			names = append(names, f.Label[l])
		}
		fields := strings.Join(names, ", ")
		if wrong != "" {
			out[l] = i18n.Text{"Ordet »%s« hører ikke til noget felt. Felterne er: %s. Tekster skal stå i anførselstegn.",
				"The word “%s” belongs to no field. The fields are: %s. Texts must stand in quotation marks."}.With(wrong, fields).In(l)
			continue
		}
		out[l] = i18n.Text{"Det kan ikke forstås. Sammenlign et felt med noget, for eksempel: Næste frist ≥ i dag. Felterne er: %s. Tekster skal stå i anførselstegn.",
			"It cannot be understood. Compare a field with something, for example: Next due ≥ today. The fields are: %s. Texts must stand in quotation marks."}.With(fields).In(l)
	}
	return out
}
