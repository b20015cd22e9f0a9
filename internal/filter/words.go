package filter

import (
	"strings"

	"vaern/internal/field"
)

// comparison is a way to write an operator; not turns it round.
type comparison struct {
	words []string
	op    Op
	not   bool
	made  []Filter // what it means where no value follows
}

// comparisons, in both languages; the longest that fits is meant.
var comparisons = spelled(map[string]string{
	"er ikke": "!is", "is not": "!is", "er": "is", "is": "is", "=": "is", ":": "is", "!=": "!is",
	"indeholder ikke": "!has", "indeholder": "has", "contains": "has", "has": "has", "does not contain": "!has", "har": "has",
	"er før": "before", "før": "before", "before": "before", "is before": "before", "inden": "before",
	"er efter": "after", "efter": "after", "after": "after", "is after": "after",
	"senest": "at most", "højst": "at most", "at most": "at most", "er højst": "at most", "til og med": "at most", "<=": "at most", "by": "at most",
	"tidligst": "at least", "mindst": "at least", "at least": "at least", "er mindst": "at least", "fra og med": "at least", ">=": "at least", "from": "at least",
	"under": "under", "i": "under", "in": "under", "er under": "under", "hører under": "under", "is under": "under",
	"<": "before", ">": "after", "mere end": "after", "mindre end": "before", "more than": "after", "less than": "before", "over": "after",
	"mangler": "missing", "missing": "missing", "is missing": "missing", "er tom": "missing", "is empty": "missing",
	"er udfyldt": "!missing", "is set": "!missing", "findes": "!missing", "mangler ikke": "!missing",
	"er ikke før": "!before", "ikke før": "!before", "is not before": "!before", "er ikke efter": "!after", "ikke efter": "!after", "is not after": "!after",
	"er inden": "before", "tidligere end": "before", "earlier than": "before", "senere end": "after", "later than": "after", "ikke senere end": "at most",
	"er senest": "at most", "er tidligst": "at least", "fra": "at least", "op til": "at most", "er lig med": "is", "lig med": "is",
	"er mere end": "after", "er mindre end": "before", "er over": "after", "større end": "after", "er større end": "after",
	"starter med": "has", "begynder med": "has", "starts with": "has",
	"er ikke udfyldt": "missing", "ikke udfyldt": "missing", "er ikke sat": "missing", "is not set": "missing", "er ingen": "missing", "er aldrig": "missing", "aldrig": "missing", "never": "missing", "is never": "missing",
	": ingen": "missing", ": nobody": "missing", ": nogen": "!missing", ": somebody": "!missing", ": ikke": "!is", ": not": "!is",
	"overskredet": "late", "er overskredet": "late", "forfalden": "late", "er forfalden": "late", "is overdue": "late", "overdue": "late", "passed": "late",
})

// compares reports whether a comparison stands here, after words that are no field, and says so.
func (p *parser) compares(said []string) bool {
	t, before := p.peek(0), strings.Join(said, " ")
	if t.quoted || !compare[t.lower()] {
		return false
	}
	p.fail(before, "Registret har intet felt, der hedder »"+before+"«. Sæt anførselstegn om det, der skal søges efter.", "The register has no field called “"+before+"”. Put quotes around what is to be searched for.")
	return true
}

// compare are the comparisons that are no everyday word in a text.
var compare = map[string]bool{"er": true, "is": true, "=": true, ":": true, "!=": true, "<": true, "<=": true, ">": true, ">=": true,
	"indeholder": true, "contains": true, "før": true, "before": true, "efter": true, "after": true, "mangler": true, "missing": true}

// late is written for a day that has passed: before today.
const late Op = "late"

// alias are what people call the fields that most registers have, whatever the
// label says.
var alias = map[string][]string{
	"due":   {"frist", "forfald", "deadline"},
	"owner": {"ejer", "ansvarlig"},
	"unit":  {"enhed"},
}

// fits are the operators that each kind of field knows.
var fits = map[field.Kind][]Op{
	field.Text:    {Has, Is, Missing},
	field.Choice:  {Is, Missing},
	field.Several: {Is, Has, Missing},
	field.Int:     {Is, Before, After, AtMost, AtLeast},
	field.Bool:    {Is},
	field.Day:     {Is, Before, After, AtMost, AtLeast, Missing, late},
	field.Ref:     {Is, Has, Under, Missing},
}

// Ops are the comparisons that a field knows, for a form to choose from.
func Ops(f field.Field) (out []Op) {
	for _, op := range fits[f.Kind] {
		if op != late && (op != Under || f.IsUnit()) && (op != Has || f.Kind == field.Text) {
			out = append(out, op)
		}
	}
	return out
}

var (
	ands = map[string]bool{"og": true, "and": true, "samt": true, "&": true, "men": true, "but": true, "hvor": true, "where": true}
	ors  = map[string]bool{"eller": true, "or": true}
	nots = map[string]bool{"ikke": true, "not": true}
	mine = map[string]bool{"mig": true, "me": true, "min": true, "mine": true, "mit": true, "jeg": true}
)

// lacking are words before a field that is missing, and owned and overdue say a condition by themselves.
var (
	lacking = [][]string{{"uden"}, {"mangler"}, {"ingen"}, {"har", "ingen"}, {"der", "mangler"}, {"without"}, {"no"}, {"has", "no"}, {"missing"}}
	owned   = map[string]bool{"mine": true, "my": true}
	overdue = map[string]bool{"forfalden": true, "forfaldne": true, "overskredet": true, "overskredne": true, "overdue": true}
)

// reserved are words that a value writes in quotes.
var reserved = func() map[string]bool {
	out := map[string]bool{}
	for _, set := range []map[string]bool{ands, ors, nots} {
		for w := range set {
			out[w] = true
		}
	}
	return out
}()

func spelled(table map[string]string) (out []comparison) {
	for words, op := range table {
		c := comparison{words: split(words), op: Op(op)}
		if op[0] == '!' {
			c.op, c.not = Op(op[1:]), true
		}
		out = append(out, c)
	}
	return out
}
