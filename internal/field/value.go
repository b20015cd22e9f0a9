package field

import (
	"bytes"
	"database/sql/driver"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"unicode/utf8"

	"golang.org/x/text/collate"
	"golang.org/x/text/language"
	"vaern/internal/i18n"
)

// Date is a day, 2026-12-31; "" when absent, and NULL in the database.
type Date string

// Scan reads NULL as "".
func (d *Date) Scan(v any) error {
	switch v := v.(type) {
	case nil:
		*d = ""
	case string:
		*d = Date(v)
	default:
		return fmt.Errorf("date from %T", v)
	}
	return nil
}

// Value writes "" as NULL.
func (d Date) Value() (driver.Value, error) {
	if d == "" {
		return nil, nil
	}
	return string(d), nil
}

// Of returns the field's place in a record.
func (f *Field) Of(rec reflect.Value) reflect.Value { return rec.FieldByIndex(f.index) }

// Dest is where a row is scanned to.
func (f *Field) Dest(rec reflect.Value) any { return f.Of(rec).Addr().Interface() }

// Arg is what a statement gets.
func (f *Field) Arg(rec reflect.Value) any {
	switch v := f.Of(rec); f.Kind {
	case Int:
		return v.Int()
	case Bool:
		if v.Bool() {
			return int64(1)
		}
		return int64(0)
	case Day:
		return Date(v.String())
	default:
		return v.String()
	}
}

// Raw is the value as a form or a file writes it.
func (f *Field) Raw(rec reflect.Value) string {
	switch v := f.Of(rec); f.Kind {
	case Int:
		return strconv.FormatInt(v.Int(), 10)
	case Bool:
		if v.Bool() {
			return "1"
		}
		return ""
	default:
		return v.String()
	}
}

// Show is the value as a person reads it.
func (f *Field) Show(raw string, l i18n.Lang) string {
	switch {
	case f.Kind == Choice:
		return f.label(raw, l)
	case f.Kind == Several:
		var labels []string
		for _, code := range strings.Fields(raw) {
			labels = append(labels, f.label(code, l))
		}
		return strings.Join(labels, ", ")
	case f.Kind == Bool && raw == "1":
		return i18n.Text{"ja", "yes"}.In(l)
	case f.Kind == Bool:
		return i18n.Text{"nej", "no"}.In(l)
	case f.Kind == Day && raw != "":
		return l.Date(raw)
	case f.Kind == Int:
		if n, err := strconv.ParseInt(raw, 10, 64); err == nil {
			return l.Number(n)
		}
	}
	return raw
}

// What can be wrong with a field.
var (
	NoNumber = i18n.Text{"Skriv et helt tal.", "Write a whole number."}
	NoDate   = i18n.Text{"Skriv en dato, for eksempel 31.12.2026.", "Write a date, for example 2026-12-31."}
	Needed   = i18n.Text{"Skal udfyldes.", "Is required."}
	TooLong  = i18n.Text{"Teksten er for lang.", "The text is too long."}
	NoText   = i18n.Text{"Teksten indeholder tegn, der ikke kan gemmes.", "The text holds characters that cannot be stored."}
	NotThere = i18n.Text{"Feltet findes ikke, eller det kan ikke udfyldes.", "There is no such field, or it cannot be set."}
	Fine     = i18n.Text{}
)

// NoChoice says of which choices a value must be one, in the words of people.
func (f *Field) NoChoice() i18n.Text {
	return i18n.Text{"Vælg en af disse: " + f.Offered(i18n.Da, AtAGlance) + ".", "Choose one of these: " + f.Offered(i18n.En, AtAGlance) + "."}
}

// AtAGlance is how many choices are named where a value is none of them.
const AtAGlance = 12

// Offered are the first choices in words, and how many more there are.
func (f *Field) Offered(l i18n.Lang, most int) string {
	return named(f.Choices, most, func(c [3]string) string { return c[1+l] }, moreOf[l])
}

var moreOf = i18n.Text{" og %d til", " and %d more"}

func named(all Choices, most int, name func([3]string) string, more string) string {
	var words []string
	for _, c := range all[:min(len(all), most)] {
		words = append(words, name(c))
	}
	text := strings.Join(words, ", ")
	if len(all) > most {
		text += fmt.Sprintf(more, len(all)-most)
	}
	return text
}

// label is a choice in words; a code that is no choice any more is shown as it is.
func (f *Field) label(code string, l i18n.Lang) string {
	if c, ok := f.choice(code); ok {
		return c[1+l]
	}
	return code
}

// IsChoice reports whether a text means one of the choices.
func (f *Field) IsChoice(text string) bool {
	_, ok := f.choice(text)
	return ok
}

// choice finds a choice by its code or by its words in any language, or by what else people call it.
func (f *Field) choice(text string) (c [3]string, ok bool) {
	code := f.spoken[strings.ToLower(text)]
	i := slices.IndexFunc(f.Choices, func(c [3]string) bool {
		return text == c[0] || strings.EqualFold(text, c[1]) || strings.EqualFold(text, c[2]) || c[0] == code
	})
	if i < 0 {
		return c, false
	}
	return f.Choices[i], true
}

// Parse sets the field to what a person wrote, or returns what is wrong and
// leaves the field alone.
func (f *Field) Parse(rec reflect.Value, text string) i18n.Text {
	text = strings.TrimSpace(text)
	switch v := f.Of(rec); f.Kind {
	case Int:
		n, ok := ReadNumber(text)
		if !ok && text != "" {
			return NoNumber
		}
		v.SetInt(n)
	case Bool:
		v.SetBool(yes[strings.ToLower(text)])
	case Day:
		day, ok := parseDay(text)
		if !ok {
			return NoDate
		}
		v.SetString(day)
	case Choice:
		if c, ok := f.choice(text); ok {
			text = c[0]
		}
		v.SetString(text)
	case Several:
		v.SetString(f.codes(text))
	default:
		v.SetString(strings.ReplaceAll(text, "\r\n", "\n"))
	}
	return Fine
}

var (
	thousands = regexp.MustCompile(`^-?\d{1,3}(?:[. ]\d{3})+(?:,0+)?$`)
	noneAfter = regexp.MustCompile(`[.,]0+$`)
)

// ReadNumber reads a whole number as people and spreadsheets write it: 1200, 1.200 as pages show it, 12,0 and 12.0.
func ReadNumber(text string) (n int64, ok bool) {
	if thousands.MatchString(text) {
		text, _, _ = strings.Cut(text, ",")
		text = strings.NewReplacer(".", "", " ", "").Replace(text)
	}
	n, err := strconv.ParseInt(noneAfter.ReplaceAllString(text, ""), 10, 64)
	return n, err == nil
}

// largest is the largest whole number that JSON and the ledger can hold.
const largest = 1 << 53

// Check returns what is wrong with the value, Fine for nothing.
func (f *Field) Check(rec reflect.Value) i18n.Text {
	v := f.Of(rec)
	switch {
	case f.Kind == Int && (v.Int() > largest || v.Int() < -largest):
		return NoNumber
	case f.Kind == Int && f.Bounded() && (v.Int() < f.Min || v.Int() > f.Max):
		return i18n.Text{"Skriv et tal fra %d til %d.", "Write a number from %d to %d."}.With(f.Min, f.Max)
	case f.Required && v.Kind() == reflect.String && strings.TrimSpace(v.String()) == "":
		return Needed
	case f.Kind == Choice && v.String() != "" && !f.known(v.String()),
		f.Kind == Several && slices.ContainsFunc(strings.Fields(v.String()), func(code string) bool { return !f.known(code) }):
		return f.NoChoice()
	case f.Kind == Day && v.String() != "":
		if day, ok := parseDay(v.String()); !ok || day != v.String() {
			return NoDate
		}
	case v.Kind() == reflect.String && (!utf8.ValidString(v.String()) || strings.ContainsRune(v.String(), 0)):
		return NoText
	case f.Kind == Text && !f.Long && utf8.RuneCountInString(v.String()) > 500,
		f.Kind == Text && utf8.RuneCountInString(v.String()) > 1_000_000:
		return TooLong
	}
	return Fine
}

func (f *Field) known(code string) bool {
	return slices.ContainsFunc(f.Choices, func(c [3]string) bool { return c[0] == code })
}

// codes reads several choices: codes with spaces between, or words with commas.
func (f *Field) codes(text string) string {
	parts := strings.Fields(text)
	if strings.Contains(text, ",") {
		parts = strings.Split(text, ",")
	} else if _, one := f.choice(text); one {
		parts = []string{text}
	}
	var codes []string
	for _, part := range parts {
		part = strings.TrimSpace(part)
		if c, ok := f.choice(part); ok {
			part = c[0]
		}
		if part != "" && !slices.Contains(codes, part) {
			codes = append(codes, part)
		}
	}
	return strings.Join(codes, " ")
}

// JSON appends the value as JSON.
func (f *Field) JSON(b []byte, rec reflect.Value) []byte {
	v := f.Of(rec)
	switch {
	case f.Kind == Int:
		return strconv.AppendInt(b, v.Int(), 10)
	case f.Kind == Bool:
		return strconv.AppendBool(b, v.Bool())
	case f.Null() && v.String() == "":
		return append(b, "null"...)
	}
	if f.Kind == Several {
		list, _ := json.Marshal(append([]string{}, strings.Fields(v.String())...)) // strings cannot fail
		return append(b, list...)
	}
	text, _ := json.Marshal(v.String()) // a string cannot fail
	return append(b, text...)
}

// SetJSON sets the field from JSON, or returns what is wrong: it may have set it
// then. null empties it.
func (f *Field) SetJSON(rec reflect.Value, raw []byte) i18n.Text {
	v := f.Of(rec)
	v.SetZero()
	if f.Kind == Several {
		var codes []string
		if json.Unmarshal(raw, &codes) != nil {
			return f.wrongType()
		}
		if slices.ContainsFunc(codes, func(code string) bool { return !f.known(code) }) {
			return f.noCode()
		}
		v.SetString(strings.Join(codes, " "))
		return Fine
	}
	if json.Unmarshal(raw, v.Addr().Interface()) != nil {
		return f.wrongType()
	}
	// Half a pair of surrogates would silently become another character.
	if v.Kind() == reflect.String && strings.Count(v.String(), "\uFFFD") != bytes.Count(raw, []byte("\uFFFD"))+bytes.Count(bytes.ToLower(raw), []byte(`\ufffd`)) {
		return NoText
	}
	switch day, ok := parseDay(v.String()); {
	case f.Kind == Choice && v.String() != "" && !f.known(v.String()):
		return f.noCode()
	case f.Kind == Day && (!ok || day != v.String()):
		return i18n.Text{"Skriv datoen sådan: 2026-12-31.", "Write the date like this: 2026-12-31."}
	}
	return Fine
}

// noCode says which codes a program may send.
func (f *Field) noCode() i18n.Text {
	code := func(c [3]string) string { return c[0] }
	return i18n.Text{"Send en af disse koder: " + named(f.Choices, AtAGlance, code, moreOf[i18n.Da]) + ".", "Send one of these codes: " + named(f.Choices, AtAGlance, code, moreOf[i18n.En]) + "."}
}

// wrongType says of which type a value in JSON must be.
func (f *Field) wrongType() i18n.Text {
	switch f.Kind {
	case Int:
		return i18n.Text{"Værdien skal være et helt tal.", "The value must be a whole number."}
	case Bool:
		return i18n.Text{"Værdien skal være true eller false.", "The value must be true or false."}
	case Several:
		return i18n.Text{"Værdien skal være en liste af koder.", "The value must be a list of codes."}
	}
	return i18n.Text{"Værdien skal være tekst.", "The value must be text."}
}

var yes = map[string]bool{"1": true, "ja": true, "yes": true, "true": true, "sand": true, "x": true, "on": true}

// sorter is a collator with the four kilobytes that it makes a key in.
type sorter struct {
	*collate.Collator
	room collate.Buffer
}

var sorters = sync.Pool{New: func() any { return &sorter{Collator: collate.New(language.Danish)} }}

// SortKey is text that sorts as Danish does on every database.
func SortKey(s string) string {
	c := sorters.Get().(*sorter)
	defer sorters.Put(c)
	c.room.Reset()
	key := c.KeyFromString(&c.room, s)
	return hex.EncodeToString(key[:min(len(key), 64)])
}

// SortsAlike is where the sort keys lie of what differs from s in the case of letters at most, and little else: from one key to
// before another. Letters stand first in a key, then two zeros, then what tells them apart.
func SortsAlike(s string) (from, until string) {
	letters, whole := lettersOf(s)
	if !whole {
		return letters, letters + "g"
	}
	return letters + "0000", letters + "0001"
}

// SortsBehind is where the sort keys lie of what begins with s, whatever the case of letters, and of little else; "" for what
// has no letters or figures.
func SortsBehind(s string) (from, until string) {
	letters, _ := lettersOf(strings.TrimSpace(s))
	if letters == "" {
		return "", ""
	}
	return letters, letters + "g"
}

// lettersOf is what stands first in the sort key of a text, and whether that is all of its letters: a key is cut off.
func lettersOf(s string) (letters string, whole bool) {
	key := SortKey(s)
	for i := 0; i+4 <= len(key); i += 4 {
		if key[i:i+4] == "0000" {
			return key[:i], true
		}
	}
	return key, false
}

// Fold is text as search compares it: lower case, single spaces.
func Fold(s string) string { return strings.ToLower(strings.Join(strings.Fields(Composed(s)), " ")) }
