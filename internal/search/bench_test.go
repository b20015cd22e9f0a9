package search_test

import (
	"database/sql"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"vaern/internal/access"
	"vaern/internal/module"
	"vaern/internal/people"
	"vaern/internal/record"
	"vaern/internal/ref"
	"vaern/internal/search"
	"vaern/internal/store"
	"vaern/internal/store/storetest"

	_ "github.com/jackc/pgx/v5/stdlib"
	_ "modernc.org/sqlite"
)

const (
	entries = 200_000
	units   = 500
)

// BenchmarkSearch asks 200,000 entries in 500 units, as somebody who reaches all
// and as somebody who reaches five units, beside the bare driver running the
// same two statements.
func BenchmarkSearch(b *testing.B) {
	for _, url := range storetest.URLs(b) {
		engine := "sqlite"
		if strings.HasPrefix(url, "postgres") {
			engine = "postgres"
		}
		b.Run(engine, func(b *testing.B) {
			s := storetest.Open(b, url, module.Schemas(modules())...)
			fill(b, s)
			if err := s.Learn(b.Context()); err != nil {
				b.Fatal(err)
			}
			bare := openBare(b, url)
			find := search.NewEngine(s, modules())
			if err := find.Begin(b.Context()); err != nil {
				b.Fatal(err)
			}
			if err := find.Fill(b.Context()); err != nil {
				b.Fatal(err)
			}
			for _, c := range []struct{ name, words string }{
				{"rare", "sjældenhed"}, {"20000", "tilsyn"}, {"20000-part", "øvelse"}, {"all", "aftale"}, {"two", "tilsyn aftale"}, {"prefix", "ti"}, {"none", "findesikke"},
			} {
				for name, reach := range map[string]access.Reach{"wide": whole, "narrow": {Tops: []string{"t0"}}} {
					b.Run(c.name+"/"+name, func(b *testing.B) {
						a := access.Actor{ID: "bo", Name: "bo", May: map[access.Permission]access.Reach{"plain.see": reach}}
						ctx := access.With(b.Context(), a)
						n := 0
						for b.Loop() {
							got, err := find.Search(ctx, search.Ask{Words: c.words, Most: 5})
							if err != nil {
								b.Fatal(err)
							}
							n, _ = got.Total()
						}
						b.ReportMetric(float64(n), "hits")
					})
				}
				if base, ok := bareWords[c.name]; ok {
					b.Run(c.name+"/bare", func(b *testing.B) {
						for b.Loop() {
							bare(b, base)
						}
					})
				}
			}
		})
	}
}

// fill makes the entries: one in ten is about tilsyn, one in ten has a compound
// with øvelse, all have one with aftale.
func fill(b *testing.B, s *store.Store) {
	words := make([]string, 3000)
	dice := rand.New(rand.NewPCG(1, 2))
	for i := range words {
		var w strings.Builder
		for range 2 + dice.IntN(3) {
			w.WriteString([]string{"ka", "lo", "mer", "sti", "hun", "vej", "bro", "dal", "fjor", "gri"}[dice.IntN(10)])
		}
		words[i] = w.String()
	}
	ctx := access.With(b.Context(), access.Machine("test", "test"))
	err := s.Change(ctx, store.Intent{Verb: "test.make", Need: "test"}, func(w *store.Write) error {
		if err := w.Also(`INSERT INTO unit_under (top, unit) VALUES (:top, :top)`, store.Args{"top": people.Top}); err != nil {
			return err
		}
		for u := range units {
			for _, top := range []string{people.Top, fmt.Sprint("u", u), fmt.Sprint("t", u/5)} {
				if err := w.Also(`INSERT INTO unit_under (top, unit) VALUES (:top, :unit)`, store.Args{"top": top, "unit": fmt.Sprint("u", u)}); err != nil {
					return err
				}
			}
		}
		return w.Note(ref.Ref{Kind: "unit", ID: people.Top})
	})
	if err != nil {
		b.Fatal(err)
	}
	for at := 0; at < entries; at += 1000 {
		some := make([]record.Entry, 1000)
		for i := range some {
			n := at + i
			title := words[dice.IntN(len(words))] + " leverandøraftale"
			if n%10 == 0 {
				title += " tilsyn"
			}
			if n%10 == 5 {
				title += " beredskabsøvelse"
			}
			if n%10_000 == 7 {
				title += " sjældenhed"
			}
			body := make([]string, 15)
			for j := range body {
				body[j] = words[dice.IntN(len(words))]
			}
			some[i] = record.Entry{Ref: ref.Ref{Kind: "plain", ID: fmt.Sprint("r", n)}, Unit: fmt.Sprint("u", n%units), Title: title, Body: strings.Join(body, " ")}
		}
		if err := s.Work(b.Context(), func(w *store.Work) error { return record.AddEntries(w.InsertAll, some) }); err != nil {
			b.Fatal(err)
		}
	}
}

// bareWords are the terms of the count and of the best rank with hits.
var bareWords = map[string]struct{ sqliteAll, sqliteBest, postgresAll, postgresBest string }{
	"20000": {
		`("k:plain") AND ("tilsyn"* OR "=tilsyn" OR "~tilsyn" OR "~tilsyn"*)`, `("k:plain") AND ("^tilsyn")`,
		`'k:plain' & ('tilsyn':* | '=tilsyn' | '~tilsyn' | '~tilsyn':*)`, `'k:plain' & '^tilsyn'`,
	},
	"all": {
		`("k:plain") AND ("aftale"* OR "=aftal" OR "aftal" OR "~aftal" OR "~aftale"*)`, `("k:plain") AND ("~aftal" OR "~aftale"*)`,
		`'k:plain' & ('aftale':* | '=aftal' | 'aftal' | '~aftal' | '~aftale':*)`, `'k:plain' & ('~aftal' | '~aftale':*)`,
	},
}

// openBare opens the same database by the driver alone.
func openBare(b *testing.B, url string) func(*testing.B, struct{ sqliteAll, sqliteBest, postgresAll, postgresBest string }) {
	driver, dsn := "sqlite", "file:"+url+"?_pragma=query_only(1)"
	count := `SELECT count(*) FROM (SELECT 1 FROM search_index i CROSS JOIN search_entry e ON e.id = i.rowid WHERE i.search_index MATCH $1 LIMIT 1001) AS hit`
	take := `SELECT e.id, e.record, e.title, e.body FROM search_index i CROSS JOIN search_entry e ON e.id = i.rowid WHERE i.search_index MATCH $1 ORDER BY i.rowid DESC LIMIT 6`
	if strings.HasPrefix(url, "postgres") {
		driver, dsn = "pgx", url
		count = `SELECT count(*) FROM (SELECT 1 FROM search_entry e WHERE e.words @@ CAST($1 AS tsquery) LIMIT 1001) AS hit`
		take = `SELECT e.id, e.record, e.title, e.body FROM search_entry e WHERE e.words @@ CAST($1 AS tsquery) ORDER BY e.id DESC LIMIT 6`
	}
	db, err := sql.Open(driver, dsn)
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { db.Close() })
	return func(b *testing.B, w struct{ sqliteAll, sqliteBest, postgresAll, postgresBest string }) {
		all, best := w.sqliteAll, w.sqliteBest
		if driver == "pgx" {
			all, best = w.postgresAll, w.postgresBest
		}
		var n int
		if err := db.QueryRow(count, all).Scan(&n); err != nil || n == 0 {
			b.Fatal(n, err)
		}
		rows, err := db.Query(take, best)
		if err != nil {
			b.Fatal(err)
		}
		defer rows.Close()
		for rows.Next() {
			var id int64
			var rec, title, body string
			if err := rows.Scan(&id, &rec, &title, &body); err != nil {
				b.Fatal(err)
			}
		}
	}
}
