package nordkyst

import (
	"math"
	"math/rand/v2"
	"strconv"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// slug spells a name with a–z, digits and hyphens: "Børn og Unge" is boern-og-unge.
func slug(name string) string { return strings.Join(latin(name), "-") }

var danish = strings.NewReplacer("æ", "ae", "ø", "oe", "å", "aa")

// latin returns the words of a text in a–z and digits.
func latin(text string) []string {
	spelt := norm.NFD.String(danish.Replace(strings.ToLower(text)))
	spelt = strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Mn, r) {
			return -1
		}
		return r
	}, spelt)
	return strings.FieldsFunc(spelt, func(r rune) bool { return (r < 'a' || r > 'z') && (r < '0' || r > '9') })
}

// register names people and gives them mail addresses, each address once.
type register struct {
	firstLast
	draw *rand.Rand
	used map[string]bool
}

// newRegister keeps the plain addresses of the named people for them.
func newRegister(p plan, draw *rand.Rand) *register {
	r := &register{firstLast: p.firstLast, draw: draw, used: map[string]bool{}}
	for _, name := range p.Cast {
		r.used[local(latin(name))] = true
	}
	for _, v := range p.Vacant {
		r.used[local(latin(v.Last))] = true
	}
	return r
}

// name draws a name, common ones more often; half of them have a middle name.
func (r *register) name() string {
	first, last := pick(r.draw, r.First), pick(r.draw, r.Last)
	middle := pick(r.draw, r.Last)
	if middle == last || r.draw.IntN(2) == 0 {
		return first + " " + last
	}
	return first + " " + middle + " " + last
}

// pick draws one of a list that begins with the common ones.
func pick(draw *rand.Rand, list []string) string {
	return list[int(math.Pow(draw.Float64(), 1.6)*float64(len(list)))]
}

// mail gives out an address that nobody has: first and last name, then with
// the middle initial, then with a number.
func (r *register) mail(name string) string {
	words := latin(name)
	plain := local(words)
	try := plain
	if r.used[try] && len(words) > 2 {
		try = words[0] + "." + words[1][:1] + "." + words[2]
	}
	for n := 2; r.used[try]; n++ {
		try = plain + strconv.Itoa(n)
	}
	r.used[try] = true
	return address(try)
}

// local is the part of an address before the @, from the words of a name.
func local(words []string) string { return words[0] + "." + words[len(words)-1] }

func address(local string) string { return local + "@nordkyst.example" }
