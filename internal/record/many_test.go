package record_test

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"vaern/internal/access"
	"vaern/internal/field"
	"vaern/internal/i18n"
	"vaern/internal/people"
	"vaern/internal/problem"
	"vaern/internal/record"
	"vaern/internal/store"
	"vaern/internal/store/storetest"

	_ "github.com/jackc/pgx/v5/stdlib"
	_ "modernc.org/sqlite"
)

// Asset is a record with a field of every sort that a save treats apart.
type Asset struct {
	record.Head
	Title  string     `da:"Titel" en:"Title" is:"title sort"`
	Number string     `da:"Nr." en:"No." is:"key sort auto:A-"`
	Level  int64      `da:"Niveau" en:"Level" is:"sort range:0-9"`
	Due    field.Date `da:"Frist" en:"Due" is:"sort deadline"`
	Owner  string     `da:"Ejer" en:"Owner" is:"ref:position filter"`
	Secret string     `da:"Hemmeligt" en:"Secret" is:"sensitive"`
}

var assets = record.New(record.Register[Asset]{
	Name: "asset", One: i18n.Text{"Ting", "Asset"}, Many: i18n.Text{"Ting", "Assets"}, About: i18n.Text{"Ting.", "Assets."},
	Check: func(a Asset) problem.Fields {
		if a.Title == "forbudt" {
			return problem.Fields{"title": i18n.Text{"Nej.", "No."}}
		}
		return nil
	},
})

var assetSchema = store.Schema{Name: "asset", Files: fstest.MapFS{"0001.sql": {Data: []byte(`CREATE TABLE asset (
	id TEXT PRIMARY KEY, version BIGINT NOT NULL, unit TEXT NOT NULL, updated_at TEXT NOT NULL, updated_by TEXT NOT NULL, search TEXT NOT NULL,
	title TEXT NOT NULL, title_sort TEXT NOT NULL, number TEXT NOT NULL UNIQUE, number_sort TEXT NOT NULL, level BIGINT NOT NULL, due TEXT,
	owner TEXT NOT NULL, secret TEXT NOT NULL);`)}}}

// settle makes the units a and b, and a position; who is the actor of each test.
func settle(t testing.TB, s *store.Store) (position string) {
	t.Helper()
	ctx := access.With(context.Background(), access.Machine("test", "test"))
	err := s.Change(ctx, store.Intent{Verb: "test.settle", Need: "test"}, func(w *store.Write) error {
		if err := people.FoundTop(w); err != nil {
			return err
		}
		for _, u := range [][2]string{{people.Top, people.Top}, {"a", people.Top}, {"b", people.Top}} {
			rec := people.Unit{Head: record.Head{ID: u[0], Unit: u[1]}, Number: "u" + u[0], Name: "Enhed " + u[0], Kind: "department"}
			if err := people.Units.Add(w, &rec); err != nil {
				return err
			}
		}
		p := people.Position{Head: record.Head{Unit: "a"}, Title: "Testchef"}
		defer func() { position = p.ID }()
		return people.Positions.Add(w, &p)
	})
	if err != nil {
		t.Fatal(err)
	}
	return position
}

var everything = []access.Permission{"asset.see", "asset.create", "asset.edit", "asset.sensitive"}

// saveMany saves as somebody who reaches unit a.
func saveMany(t testing.TB, s *store.Store, may []access.Permission, fn func(w *store.Write) []record.Save[Asset]) (wrong []error) {
	t.Helper()
	ctx := access.With(context.Background(), storetest.Actor("anna", access.Reach{Tops: []string{"a"}}, may...))
	err := s.Change(ctx, store.Intent{Verb: "asset.import", Need: may[0]}, func(w *store.Write) (err error) {
		wrong, err = assets.SaveMany(w, w.NewID(), fn(w))
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return wrong
}

func everyRow(t *testing.T, s *store.Store) (out []string) {
	t.Helper()
	err := s.View(storetest.As(t, "x", "asset.see"), "asset.see", func(q *store.Read) error {
		return q.Rows(`SELECT unit, search, title, title_sort, number, number_sort, level, coalesce(due, 'none'), owner, secret,
			(SELECT r.title || r.owner || r.search || r.unit FROM record_title r WHERE r.id = asset.id),
			(SELECT e.title || e.body || e.owner || e.unit FROM search_entry e WHERE e.record = asset.id) FROM asset ORDER BY number`, nil, func(scan store.Scan) error {
			row := make([]any, 12)
			dest := make([]any, 12)
			for i := range row {
				dest[i] = &row[i]
			}
			err := scan(dest...)
			out = append(out, fmt.Sprint(row))
			return err
		})
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func TestSavingManyStoresWhatSavingEachDoes(t *testing.T) {
	var each, many []string
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		position := settle(t, s)
		example := func(i int) Asset {
			a := Asset{Head: record.Head{Unit: "a"}, Title: fmt.Sprintf("Ærø %d", i), Level: int64(i % 9), Secret: fmt.Sprint(i)}
			if i%2 == 0 {
				a.Owner, a.Due = position, "2026-05-01"
			}
			return a
		}
		saveMany(t, s, everything, func(w *store.Write) (out []record.Save[Asset]) {
			for i := range 230 {
				a := example(i)
				out = append(out, record.Save[Asset]{New: &a})
			}
			return out
		})
		saveMany(t, s, everything, func(w *store.Write) (out []record.Save[Asset]) {
			old, err := assets.ByKeys(&w.Read, []string{"A-007", "A-230", "A-999"})
			if err != nil || len(old) != 2 {
				t.Fatalf("%d by key: %v", len(old), err)
			}
			for _, a := range old {
				b := *a
				b.Title, b.Due = "Ændret "+a.Number, ""
				out = append(out, record.Save[Asset]{Old: a, New: &b})
			}
			return out
		})
		many = everyRow(t, s)
		if err := s.Change(storetest.As(t, "x", everything...), store.Intent{Verb: "asset.edit", Need: "asset.edit"}, func(w *store.Write) error {
			for _, n := range []string{"A-001", "A-002"} {
				a, err := assets.ByKeys(&w.Read, []string{n})
				if err != nil {
					return err
				}
				b := *a[n]
				if err := assets.Replace(w, *a[n], &b); err != nil {
					return err
				}
			}
			return nil
		}); err != nil {
			t.Fatal(err)
		}
		if each = everyRow(t, s); !slices.Equal(each, many) { // what Replace stores of the same records
			t.Errorf("a single save stores otherwise:\n%s\n%s", each[0], many[0])
		}
		if len(many) != 230 || !strings.Contains(many[6], "Ændret A-007") || !strings.Contains(many[229], "Ændret A-230") {
			t.Errorf("%d rows, %s", len(many), many[6])
		}
	}, people.Schema(), assetSchema)
}

func TestWhatIsWrongWithOneOfManyStopsOnlyThatOne(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		settle(t, s)
		wrong := saveMany(t, s, everything, func(*store.Write) (out []record.Save[Asset]) {
			for _, a := range []Asset{
				{Head: record.Head{Unit: "a"}, Title: "god", Number: "1"},
				{Head: record.Head{Unit: "b"}, Title: "uden for rækkevidde"},
				{Head: record.Head{Unit: "a"}, Title: "forbudt"},
				{Head: record.Head{Unit: "a"}, Title: "ukendt ejer", Owner: "x"},
				{Head: record.Head{Unit: "a"}, Title: "samme nummer", Number: "1"},
				{Head: record.Head{Unit: "a"}, Title: "for højt", Level: 12},
				{Head: record.Head{Unit: "a"}, Title: "også god"},
			} {
				out = append(out, record.Save[Asset]{New: &a})
			}
			return out
		})
		for i, field := range []string{"", "unit", "title", "owner", "number", "level", ""} {
			p := problem.As(wrong[i])
			if field == "" && p != nil || field != "" && (p == nil || !p.Fields[field].Whole()) {
				t.Errorf("record %d: %v, want %q marked", i, wrong[i], field)
			}
		}
		if n := len(everyRow(t, s)); n != 2 {
			t.Errorf("%d rows were stored", n)
		}
	}, people.Schema(), assetSchema)
}

func TestManyNeedThePermissionsOfOne(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		settle(t, s)
		saveMany(t, s, everything, func(*store.Write) []record.Save[Asset] {
			return []record.Save[Asset]{{New: &Asset{Head: record.Head{Unit: "a"}, Title: "ting", Secret: "navne"}}}
		})
		change := func(title, secret string) func(w *store.Write) []record.Save[Asset] {
			return func(w *store.Write) []record.Save[Asset] {
				old, err := assets.ByKeys(&w.Read, []string{"A-001"})
				if err != nil || len(old) != 1 {
					t.Fatalf("%d by key: %v", len(old), err)
				}
				b := *old["A-001"]
				b.Title, b.Secret = title, secret
				fresh := Asset{Head: record.Head{Unit: "a"}, Title: "helt ny"}
				return []record.Save[Asset]{{Old: old["A-001"], New: &b}, {New: &fresh}}
			}
		}
		wrong := saveMany(t, s, []access.Permission{"asset.create"}, change("x", ""))
		if problem.Of(wrong[0]) != problem.Forbidden || wrong[1] != nil {
			t.Errorf("without edit: %v", wrong)
		}
		wrong = saveMany(t, s, []access.Permission{"asset.edit"}, change("y", ""))
		if problem.Of(wrong[1]) != problem.Forbidden || wrong[0] != nil {
			t.Errorf("without create: %v", wrong)
		}
		if wrong = saveMany(t, s, []access.Permission{"asset.edit", "asset.create"}, change("z", "nyt")); wrong == nil || !problem.As(wrong[0]).Fields["secret"].Whole() {
			t.Errorf("a sensitive field: %v", wrong)
		}
		if row := everyRow(t, s)[0]; !strings.Contains(row, "navne") || !strings.Contains(row, " y ") {
			t.Errorf("what nobody may see did not stay: %s", row)
		}
	}, people.Schema(), assetSchema)
}

// BenchmarkImport stores 10,000 records with checks, titles, history and
// ledger, and beside it writes the same rows and titles with the bare driver.
func BenchmarkImport(b *testing.B) {
	const records = 10_000
	for _, url := range storetest.URLs(b) {
		name := "sqlite"
		if strings.HasPrefix(url, "postgres") {
			name = "postgres"
		}
		b.Run(name, func(b *testing.B) {
			s := storetest.Open(b, url, people.Schema(), assetSchema)
			position := settle(b, s)
			n := 0
			for b.Loop() {
				for done := 0; done < records; done += store.BatchRows {
					saveMany(b, s, everything, func(*store.Write) []record.Save[Asset] {
						out := make([]record.Save[Asset], store.BatchRows)
						for i := range out {
							n++
							out[i].New = &Asset{Head: record.Head{Unit: "a"}, Title: fmt.Sprintf("Sag om æbler %d", n), Number: fmt.Sprint("N", n), Due: "2026-05-01", Owner: position}
						}
						return out
					})
				}
			}
			b.ReportMetric(float64(b.Elapsed().Microseconds())/float64(b.N*records), "µs/row")
		})
		b.Run(name+"-bare", func(b *testing.B) { bare(b, url, name, records) })
	}
}

// bare is what no program could leave out: the rows and their titles.
func bare(b *testing.B, url, name string, records int) {
	driver := "pgx"
	if name == "sqlite" {
		driver = "sqlite"
		url = "file:" + url + "?_pragma=journal_mode(wal)&_pragma=synchronous(full)&_txlock=immediate"
	}
	db, err := sql.Open(driver, url)
	if err != nil {
		b.Fatal(err)
	}
	defer db.Close()
	n := 0
	for b.Loop() {
		for done := 0; done < records; done += store.BatchRows {
			tx, err := db.Begin()
			if err != nil {
				b.Fatal(err)
			}
			for range store.BatchRows / 100 {
				var rows, titles []string
				for range 100 {
					n++
					id, title := fmt.Sprintf("bare-%08d", n), fmt.Sprintf("Sag om æbler %d", n)
					rows = append(rows, fmt.Sprintf(`('%s',1,'a','2026','x','%s','%s','%x','B%d','%x',0,'2026-05-01','p','')`, id, title, title, title, n, title))
					titles = append(titles, fmt.Sprintf(`('%s','asset','a','%s','p','%s')`, id, title, title))
				}
				for _, q := range []string{
					`INSERT INTO asset (id, version, unit, updated_at, updated_by, search, title, title_sort, number, number_sort, level, due, owner, secret) VALUES ` + strings.Join(rows, ","),
					`INSERT INTO record_title (id, kind, unit, title, owner, search) VALUES ` + strings.Join(titles, ","),
				} {
					if _, err := tx.Exec(q); err != nil {
						b.Fatal(err)
					}
				}
			}
			if err := tx.Commit(); err != nil {
				b.Fatal(err)
			}
		}
	}
	b.ReportMetric(float64(b.Elapsed().Microseconds())/float64(b.N*records), "µs/row")
}
