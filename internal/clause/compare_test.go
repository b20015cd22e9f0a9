package clause

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"testing/quick"
)

// made builds sections from "number title: clause | clause".
func made(rows ...string) []Section {
	var out []Section
	for _, row := range rows {
		head, body, _ := strings.Cut(row, ": ")
		number, title, _ := strings.Cut(head, " ")
		s := Section{Number: number, Title: title}
		for i, text := range strings.Split(body, " | ") {
			s.Clauses = append(s.Clauses, Clause{ID: fmt.Sprintf("%s.%d", number, i+1), Kind: Paragraph, Text: text})
		}
		out = append(out, s)
	}
	return out
}

const (
	locks  = "Alle døre til serverrum er låst døgnet rundt."
	locks2 = "Alle døre til serverrum og krydsfelter er låst døgnet rundt."
	guests = "Gæster bærer skilt og følges ad huset af en ansat."
	backup = "Sikkerhedskopier prøves af to gange om året."
	logs   = "Loggen gennemgås hver måned af systemejeren."
	fire   = "Brandalarmen testes i marts."
)

func TestClausesAreFollowedFromVersionToVersion(t *testing.T) {
	t.Parallel()
	before := made("1 Huset: "+locks+" | "+guests, "2 Driften: "+backup+" | "+logs)
	for _, c := range []struct {
		rule string
		new  []Section
		want []string
	}{
		{"nothing changed", before, []string{"1.1 1.1 same", "1.2 1.2 same", "2.1 2.1 same", "2.2 2.2 same"}},
		{"a word more", made("1 Huset: "+locks2+" | "+guests, "2 Driften: "+backup+" | "+logs),
			[]string{"1.1 1.1 reworded", "1.2 1.2 same", "2.1 2.1 same", "2.2 2.2 same"}},
		{"one new first pushes no one", made("1 Huset: "+fire+" | "+locks+" | "+guests, "2 Driften: "+backup+" | "+logs),
			[]string{"- 1.1 added", "1.1 1.2 same", "1.2 1.3 same", "2.1 2.1 same", "2.2 2.2 same"}},
		{"a new section renumbers without moving", made("1 Branden: "+fire, "2 Huset: "+locks+" | "+guests, "3 Driften: "+backup+" | "+logs),
			[]string{"- 1.1 added", "1.1 2.1 same", "1.2 2.2 same", "2.1 3.1 same", "2.2 3.2 same"}},
		{"moved to another section", made("1 Huset: "+locks, "2 Driften: "+backup+" | "+logs+" | "+guests),
			[]string{"1.1 1.1 same", "2.1 2.1 same", "2.2 2.2 same", "1.2 2.3 moved"}},
		{"moved and reworded", made("1 Huset: "+guests, "2 Driften: "+backup+" | "+logs+" | "+locks2),
			[]string{"1.2 1.1 same", "2.1 2.1 same", "2.2 2.2 same", "1.1 2.3 moved_reworded"}},
		{"removed", made("1 Huset: "+guests, "2 Driften: "+backup+" | "+logs),
			[]string{"1.1 - removed", "1.2 1.1 same", "2.1 2.1 same", "2.2 2.2 same"}},
		{"everything new", made("1 Branden: " + fire),
			[]string{"- 1.1 added", "1.1 - removed", "1.2 - removed", "2.1 - removed", "2.2 - removed"}},
	} {
		t.Run(c.rule, func(t *testing.T) {
			t.Parallel()
			var got []string
			for _, p := range Compare(before, c.new) {
				got = append(got, id(p.Old)+" "+id(p.New)+" "+p.Change)
			}
			same(t, "pairs", got, c.want)
		})
	}
}

func id(c *Clause) string {
	if c == nil {
		return "-"
	}
	return c.ID
}

// invented makes n clauses of random words.
func invented(n int, seed uint64) []Section {
	random := rand.New(rand.NewPCG(seed, 1))
	words := strings.Fields("adgang bruger log system leder ansvar risiko plan kopi nøgle dør gæst aftale møde rapport år dag uge frist regel krav brud svar råd")
	var rows []string
	for s := 1; s <= n/10; s++ {
		var clauses []string
		for range 10 {
			var text []string
			for range 30 {
				text = append(text, words[random.IntN(len(words))]+fmt.Sprint(random.IntN(9)))
			}
			clauses = append(clauses, strings.Join(text, " "))
		}
		rows = append(rows, fmt.Sprintf("%d Afsnit: %s", s, strings.Join(clauses, " | ")))
	}
	return made(rows...)
}

// BenchmarkCompare compares five hundred clauses of which no two are alike: the
// slowest case.
func BenchmarkCompare(b *testing.B) {
	old, new := invented(500, 1), invented(500, 2)
	for b.Loop() {
		if pairs := Compare(old, new); len(pairs) != 1000 {
			b.Fatalf("got %d pairs, want 500 added and 500 removed", len(pairs))
		}
	}
}

func TestEveryClauseIsInExactlyOnePair(t *testing.T) {
	t.Parallel()
	old := invented(60, 3)
	mixed := invented(60, 3)
	random := rand.New(rand.NewPCG(9, 9))
	random.Shuffle(len(mixed), func(i, j int) { mixed[i], mixed[j] = mixed[j], mixed[i] })
	mixed[0].Clauses = mixed[0].Clauses[3:]
	seen := map[*Clause]int{}
	for _, p := range Compare(old, mixed) {
		seen[p.Old]++
		seen[p.New]++
	}
	for _, sections := range [][]Section{old, mixed} {
		for i := range sections {
			for j := range sections[i].Clauses {
				if n := seen[&sections[i].Clauses[j]]; n != 1 {
					t.Fatalf("clause %s is in %d pairs, want one", sections[i].Clauses[j].ID, n)
				}
			}
		}
	}
}

func TestWordsShowWhatCameAndWent(t *testing.T) {
	t.Parallel()
	got := Words("Loggen gennemgås hver måned af lederen.", "Loggen gennemgås nøje hver uge af lederen.")
	want := []Span{{Kept, "Loggen gennemgås "}, {Inserted, "nøje "}, {Kept, "hver "}, {Deleted, "måned "}, {Inserted, "uge "}, {Kept, "af lederen."}}
	if !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestSpansGiveBothTextsBack(t *testing.T) {
	t.Parallel()
	whole := func(a, b []byte) bool {
		old, new := sentence(a), sentence(b)
		var was, is string
		for _, s := range Words(old, new) {
			if s.Kind != Inserted {
				was += s.Text
			}
			if s.Kind != Deleted {
				is += s.Text
			}
		}
		return was == old && is == new
	}
	if err := quick.Check(whole, nil); err != nil {
		t.Error(err)
	}
	long := strings.Repeat("ord ", 5000)
	if !whole([]byte(long), []byte("andre "+long+"til sidst")) {
		t.Error("a very long text is not given back")
	}
}

// sentence makes words of few kinds, so that texts share some.
func sentence(seed []byte) string {
	var words []string
	for _, b := range seed {
		words = append(words, string(rune('a'+b%5)))
	}
	return strings.Join(words, " ")
}

func TestIDsAreGivenOnceAndNeverReused(t *testing.T) {
	t.Parallel()
	first := made("1 Huset: "+locks+" | "+guests, "2 Driften: "+backup+" | "+logs)
	used := map[string]bool{"1.3": true} // given in a version before
	second := Carry(first, used, made("1 Huset: "+fire+" | "+locks2, "2 Driften: "+logs+" | "+backup))
	same(t, "second version", ids(second), []string{"1.4", "1.1", "2.2", "2.1"})
	for _, id := range append(ids(first), ids(second)...) {
		used[id] = true
	}
	third := Carry(second, used, made("1 Huset: "+guests+" | "+locks2, "2 Branden: "+fire, "3 Driften: "+logs))
	same(t, "third version", ids(third), []string{"1.5", "1.1", "1.4", "2.2"})
	same(t, "used is not changed", len(used), 6)
}

func ids(sections []Section) []string {
	var out []string
	for _, s := range sections {
		for _, c := range s.Clauses {
			out = append(out, c.ID)
		}
	}
	return out
}
