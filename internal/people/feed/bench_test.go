package feed_test

import (
	"context"
	"database/sql"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"vaern/internal/access"
	"vaern/internal/field"
	"vaern/internal/filter"
	"vaern/internal/people"
	"vaern/internal/people/feed"
	"vaern/internal/record"
	"vaern/internal/store"
	"vaern/internal/store/storetest"

	_ "github.com/jackc/pgx/v5/stdlib"
	_ "modernc.org/sqlite"
)

// identities is how many people the benchmark takes in; 650000 is every
// municipality of the country in one file, which VAERN_IDENTITIES may say, too.
var identities = flag.Int("identities", many(), "people in the file that is taken in")

func many() int {
	if n, err := strconv.Atoi(os.Getenv("VAERN_IDENTITIES")); err == nil {
		return n
	}
	return 20_000
}

const perUnit = 18 // people in a unit, so 650,000 work in some 35,000

// BenchmarkFeed takes a file of units and one of people in, and the second one
// again, on every database, beside the bare driver inserting the same rows of
// people and employments into the same tables.
func BenchmarkFeed(b *testing.B) {
	for _, url := range storetest.URLs(b) {
		engine := "sqlite"
		if strings.HasPrefix(url, "postgres") {
			engine = "postgres"
		}
		b.Run(engine, func(b *testing.B) {
			for b.Loop() {
				b.StopTimer()
				bare := bareInsert(b, url)
				s := storetest.Open(b, url, people.Schema())
				ctx := access.With(context.Background(), access.Machine("personnel", may...))
				begin(b, ctx, s)
				unit := clocked(b, func() (*feed.Report, error) {
					return feed.Units(ctx, s, unitFile(*identities/perUnit), feed.Options{})
				})
				b.StartTimer()
				first := clocked(b, func() (*feed.Report, error) {
					return feed.People(ctx, s, peopleFile(*identities), feed.Options{})
				})
				again := clocked(b, func() (*feed.Report, error) {
					return feed.People(ctx, s, peopleFile(*identities), feed.Options{Full: true})
				})
				for name, reach := range map[string]access.Reach{"whole": {Whole: true}, "narrow": {Tops: []string{someUnit(b, ctx, s)}}} {
					b.ReportMetric(listed(b, s, reach).Seconds()*1000, "list-"+name+"-ms")
				}
				b.ReportMetric(unit.Seconds(), "units-s")
				b.ReportMetric(first.Seconds(), "people-s")
				b.ReportMetric(again.Seconds(), "again-s")
				b.ReportMetric(bare.Seconds(), "bare-s")
				b.ReportMetric(first.Seconds()/bare.Seconds(), "of-bare")
				b.ReportMetric(first.Seconds()*1e6/float64(*identities), "µs/person")
				b.ReportMetric(bare.Seconds()*1e6/float64(*identities), "bare-µs/person")
				b.ReportMetric(float64(*identities)/first.Seconds(), "people/s")
			}
		})
	}
}

func begin(b *testing.B, ctx context.Context, s *store.Store) {
	err := s.Change(ctx, store.Intent{Verb: "test.set", Need: "test"}, func(c *store.Write) error {
		if err := people.FoundTop(c); err != nil {
			return err
		}
		top := people.Unit{Head: record.Head{ID: people.Top, Unit: people.Top}, Number: "0", Name: "Landet", Kind: "municipality"}
		return people.Units.Add(c, &top)
	})
	if err != nil {
		b.Fatal(err)
	}
}

func clocked(b *testing.B, fn func() (*feed.Report, error)) time.Duration {
	b.Helper()
	begun := time.Now()
	r, err := fn()
	if err != nil || r.Counts[feed.Wrong] > 0 {
		b.Fatalf("%+v %v", r, err)
	}
	return time.Since(begun)
}

// someUnit is a unit with few below it.
func someUnit(b *testing.B, ctx context.Context, s *store.Store) (id string) {
	err := s.View(ctx, "test", func(q *store.Read) error {
		return q.Row(`SELECT id FROM unit WHERE number = '20'`, nil, &id)
	})
	if err != nil {
		b.Fatal(err)
	}
	return id
}

// listed is how long the slowest of twenty first pages of people takes.
func listed(b *testing.B, s *store.Store, reach access.Reach) (slowest time.Duration) {
	ctx := access.With(context.Background(), access.Actor{ID: "ida", Name: "Ida", May: map[access.Permission]access.Reach{"person.see": reach}})
	for range 20 {
		begun := time.Now()
		if p, err := people.Persons.List(ctx, s, record.Query{Filter: filter.All, Sort: "name", Limit: 50}); err != nil || len(p.Items) == 0 {
			b.Fatal(p, err)
		}
		slowest = max(slowest, time.Since(begun))
	}
	return slowest
}

// unitFile is a tree of units in which each has six below it.
func unitFile(n int) feed.Table {
	return feed.Table{Head: []string{"Nr", "Navn", "Overordnet"}, Rows: func(yield func(int, []string) bool) {
		for i := 1; i <= n; i++ {
			if !yield(i+1, []string{strconv.Itoa(i), fmt.Sprintf("Enhed %d", i), strconv.Itoa((i - 1) / 6)}) {
				return
			}
		}
	}}
}

var titles = []string{"Pædagog", "Lærer", "Social- og sundhedsassistent", "Sygeplejerske", "Leder"}

func peopleFile(n int) feed.Table {
	head := []string{"Medarbejdernr", "Fornavn", "Efternavn", "E-mail", "Enhed", "Stilling", "Ansat fra", "Fratrådt"}
	return feed.Table{Head: head, Rows: func(yield func(int, []string) bool) {
		for i := range n {
			row := []string{strconv.Itoa(1_000_000 + i), given[i%len(given)], family[i/7%len(family)], fmt.Sprintf("p%d@kommune.dk", i),
				strconv.Itoa(i%(n/perUnit) + 1), titles[i%len(titles)], "01-08-2020", ""}
			if !yield(i+2, row) {
				return
			}
		}
	}}
}

var (
	given  = []string{"Anne", "Bent", "Camilla", "Dorthe", "Erik", "Freja", "Gustav", "Hanne", "Ib", "Jytte", "Kim"}
	family = []string{"Andersen", "Bach", "Christensen", "Dahl", "Eriksen", "Friis", "Gram", "Hansen", "Iversen", "Jensen", "Krogh", "Lund", "Møller"}
)

// bareInsert is how long the driver alone takes for the same people and
// employments, a hundred rows a statement and five hundred a transaction, into
// tables with the same indexes.
func bareInsert(b *testing.B, like string) time.Duration {
	driver, url, mark := "sqlite", filepath.Join(b.TempDir(), "bare.db"), func(int) string { return "?" }
	if strings.HasPrefix(like, "postgres") {
		for _, u := range storetest.URLs(b) {
			url = u
		}
		driver, mark = "pgx", func(n int) string { return "$" + strconv.Itoa(n) }
	}
	s := storetest.Open(b, url, people.Schema())
	ctx := access.With(context.Background(), access.Machine("personnel", may...))
	begin(b, ctx, s)
	if err := s.Change(ctx, store.Intent{Verb: "test.set", Need: "test"}, func(c *store.Write) error {
		return people.Positions.Add(c, &people.Position{Head: record.Head{ID: "seat", Unit: people.Top}, Title: "Alle"})
	}); err != nil {
		b.Fatal(err)
	}
	if driver == "sqlite" {
		url += "?_pragma=journal_mode(WAL)&_pragma=synchronous(FULL)"
	}
	db, err := sql.Open(driver, url)
	if err != nil {
		b.Fatal(err)
	}
	defer db.Close()
	begun := time.Now()
	var persons, seats [][]any
	flush := func() {
		tx, err := db.Begin()
		if err != nil {
			b.Fatal(err)
		}
		for i := 0; i < len(persons); i += 100 {
			insert(b, tx, mark, `person (id, version, unit, updated_at, updated_by, search, number, number_sort, name, name_sort, mail, category, sponsor, fed)`, persons[i:min(i+100, len(persons))])
			insert(b, tx, mark, `holding (id, version, unit, updated_at, updated_by, search, title, title_sort, person, position, starts, fed)`, seats[i:min(i+100, len(seats))])
		}
		if err := tx.Commit(); err != nil {
			b.Fatal(err)
		}
		persons, seats = persons[:0], seats[:0]
	}
	at := "2026-03-02T09:00:00.000000Z"
	for n, row := range peopleFile(*identities).Rows {
		id, name := fmt.Sprintf("0195%08x-0000-7000-8000-000000000000", n), row[1]+" "+row[2]
		persons = append(persons, []any{id, 1, people.Top, at, "x", field.Fold(name), row[0], field.SortKey(row[0]), name, field.SortKey(name), row[3], "employee", "", 1})
		seats = append(seats, []any{"h" + id, 1, people.Top, at, "x", field.Fold(name), name + ", " + row[5], field.SortKey(name + ", " + row[5]), id, "seat", "2020-08-01", 1})
		if len(persons) == store.BatchRows {
			flush()
		}
	}
	flush()
	return time.Since(begun)
}

func insert(b *testing.B, tx *sql.Tx, mark func(int) string, into string, rows [][]any) {
	if len(rows) == 0 {
		return
	}
	var text strings.Builder
	text.WriteString(`INSERT INTO ` + into + ` VALUES `)
	var args []any
	for i, row := range rows {
		if i > 0 {
			text.WriteByte(',')
		}
		for j, v := range row {
			text.WriteString(map[bool]string{true: "(", false: ","}[j == 0])
			args = append(args, v)
			text.WriteString(mark(len(args)))
		}
		text.WriteByte(')')
	}
	if _, err := tx.Exec(text.String(), args...); err != nil {
		b.Fatal(err)
	}
}
