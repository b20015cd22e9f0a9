package backup

import (
	"archive/tar"
	"fmt"
	"io"
	"maps"
	"math/rand/v2"
	"strings"
	"testing/fstest"

	"vaern/internal/hostile"
	"vaern/internal/store"
)

var thing = store.Schema{Name: "thing", Files: fstest.MapFS{"0001.sql": {Data: []byte(`
	CREATE TABLE thing (id TEXT PRIMARY KEY, version BIGINT NOT NULL, unit TEXT NOT NULL, updated_at TEXT NOT NULL, updated_by TEXT NOT NULL, title TEXT NOT NULL);
	CREATE TABLE other (id TEXT PRIMARY KEY);`)}}}

// part is an entry as its forger writes it.
type part struct {
	name string
	text string
	long func(io.Writer) // in place of the text
	size int64           // of what long writes
	head tar.Header      // what else is said of it
}

const (
	opening = `{"format":1,"version":"1","origin":"vaern/0123456789abcdef","at":"2026-03-02T09:00:00Z","leaves":0}`
	columns = `["id","version","unit","updated_at","updated_by","title"]`
	heads   = `{"table":"thing","columns":` + columns + "}\n"
	row     = `["a",1,"u","2026","anna","Titel"]` + "\n"
)

func manifest() part          { return part{name: "manifest.json", text: opening} }
func chunk(text string) part  { return part{name: "tables/000001.jsonl", text: text} }
func second(text string) part { return part{name: "tables/000002.jsonl", text: text} }
func file(name string) part   { return part{name: "files/" + name, text: "x"} }
func ending(rows, n int) part {
	return part{name: "end.json", text: fmt.Sprintf(`{"rows":{"thing":%d},"files":%d}`, rows, n)}
}
func inside(p part) []part    { return []part{manifest(), chunk(heads + row), p, ending(1, 1)} }
func rows(text string) []part { return []part{manifest(), chunk(heads + text), ending(1, 0)} }
func filled(again string, times int) part {
	before, after := heads+`["a",1,"u","2026","anna","`, "\"]\n"
	return part{name: "tables/000001.jsonl", long: hostile.Filled(before, again, after, times), size: int64(len(before) + len(again)*times + len(after))}
}

// pack writes entries as the writer does.
func pack(w io.Writer, parts []part) {
	t := tar.NewWriter(w)
	for _, p := range parts {
		h := p.head
		h.Name, h.Mode = p.name, 0o600
		if h.Typeflag == 0 {
			h.Typeflag, h.Size = tar.TypeReg, int64(len(p.text))+p.size
		}
		if err := t.WriteHeader(&h); err != nil {
			panic(fmt.Sprint(p.name, err))
		}
		if p.long != nil {
			p.long(t)
		} else if h.Size > 0 {
			io.WriteString(t, p.text)
		}
	}
	if err := t.Close(); err != nil {
		panic(err)
	}
}

// contents are wrong by what stands in them, and by how each is refused.
func contents() map[string]content {
	all := misplaced()
	maps.Copy(all, misfits())
	maps.Copy(all, misnamed())
	return all
}

type content struct {
	parts []part
	says  string
}

// misplaced are entries where none of their kind belongs, and too few or many.
func misplaced() map[string]content {
	return map[string]content{
		"no manifest":                {[]part{chunk(heads + row), ending(1, 0)}, "damaged"},
		"two manifests":              {[]part{manifest(), manifest(), chunk(heads + row), ending(1, 0)}, "wrong place"},
		"a manifest too late":        {[]part{chunk(heads + row), manifest(), ending(1, 0)}, "damaged"},
		"a manifest of 100 MB":       {[]part{{name: "manifest.json", long: hostile.Filled("", " ", "", 100<<20), size: 100 << 20}}, "too long"},
		"a manifest of brackets":     {[]part{{name: "manifest.json", text: strings.Repeat("[", 1<<20)}}, "damaged"},
		"another version":            {[]part{{name: "manifest.json", text: strings.Replace(opening, "1", "7", 1)}}, "is of format 7"},
		"no end":                     {[]part{manifest(), chunk(heads + row)}, "its end is missing"},
		"an end of nothing":          {[]part{manifest(), chunk(heads + row), {name: "end.json", text: "null"}}, "its end is missing"},
		"two ends":                   {[]part{manifest(), chunk(heads + row), ending(1, 0), ending(1, 0)}, "wrong place"},
		"something after the end":    {append(rows(row), file("x")), "wrong place"},
		"a row too few":              {[]part{manifest(), chunk(heads + row), ending(2, 0)}, "should have 2 rows and has 1"},
		"a row too many":             {[]part{manifest(), chunk(heads + row), ending(0, 0)}, "should have 0 rows and has 1"},
		"fewer than none":            {[]part{manifest(), chunk(heads + row), ending(-1, 0)}, "should have -1 rows"},
		"rows nobody counted":        {[]part{manifest(), chunk(heads + row), {name: "end.json", text: `{"rows":{},"files":0}`}}, "does not speak of"},
		"a count beyond numbers":     {[]part{manifest(), chunk(heads + row), {name: "end.json", text: `{"rows":{"thing":99999999999999999999},"files":0}`}}, "damaged"},
		"a file too few":             {[]part{manifest(), chunk(heads + row), ending(1, 1)}, "should have 1 files"},
		"an entry is missing":        {[]part{manifest(), second(heads + row), ending(1, 0)}, "wrong place"},
		"an entry twice":             {[]part{manifest(), chunk(heads + row), chunk(heads + row), ending(2, 0)}, "wrong place"},
		"entries swapped":            {[]part{manifest(), second(heads + row), chunk(heads + row), ending(2, 0)}, "wrong place"},
		"rows after files":           {[]part{manifest(), file("x"), chunk(heads + row), ending(1, 1)}, "wrong place"},
		"a table twice":              {[]part{manifest(), chunk(heads + row), second(`{"table":"other","columns":["id"]}` + "\n"), {name: "tables/000003.jsonl", text: heads + row}, ending(2, 0)}, "comes twice"},
		"an entry of another kind":   {inside(part{name: "more/x", text: "x"}), "wrong place"},
		"an entry without a name":    {inside(part{text: "x"}), "wrong place"},
		"an empty entry":             {[]part{manifest(), chunk(""), ending(0, 0)}, "is empty"},
		"a manifest by another name": {[]part{{name: "files/x", text: opening}, chunk(heads + row), ending(1, 0)}, "wrong place"},
	}
}

// misfits are rows that fit no table.
func misfits() map[string]content {
	noise, random := make([]byte, 1<<10), rand.New(rand.NewPCG(1, 2))
	for i := range noise {
		noise[i] = 'a' + byte(random.IntN(26))
	}
	long := string(noise) + strings.Repeat("x", 33<<10) // packs as rows do
	lines := func(before, again string, times int, after string) []part {
		return []part{manifest(), {name: "tables/000001.jsonl", long: hostile.Filled(before, again, after, times), size: int64(len(before) + len(again)*times + len(after))}, ending(1, 0)}
	}
	return map[string]content{
		"a table nobody knows":      {[]part{manifest(), chunk(`{"table":"nobody","columns":["id"]}` + "\n"), ending(0, 0)}, "does not know"},
		"a table by another's name": {[]part{manifest(), chunk(`{"table":"thing (id) SELECT 1; DROP TABLE thing; --","columns":["id"]}` + "\n"), ending(0, 0)}, "does not know"},
		"a column nobody knows":     {[]part{manifest(), chunk(`{"table":"thing","columns":["id) SELECT 1; --"]}` + "\n"), ending(0, 0)}, "does not know"},
		"a column twice":            {[]part{manifest(), chunk(`{"table":"other","columns":["id","id"]}` + "\n"), ending(0, 0)}, "twice"},
		"no columns":                {[]part{manifest(), chunk(`{"table":"thing","columns":[]}` + "\n"), ending(0, 0)}, "names no table"},
		"a million columns":         {lines(`{"table":"thing","columns":["id"`, `,"id"`, 1_000_000, "]}\n"), "a line has more"},
		"a row of 100 MB":           {[]part{manifest(), filled(long, 100<<20/len(long)), ending(1, 0)}, "a line has more"},
		"a row of 34 MB":            {[]part{manifest(), filled(long, 34<<20/len(long)), ending(2, 0)}, "should have 2 rows"},
		"a row of 34 MB, escaped":   {[]part{manifest(), filled(`\n`+long, 34<<20/len(long)), ending(2, 0)}, "should have 2 rows"},
		"a million rows":            {lines(heads, row, 1_000_000, ""), ""},
		"15 million values":         {lines(heads+"[", "1,", 15<<20, "1]\n"), "more than 6"},
		"brackets in brackets":      {lines(heads, "[", 10<<20, "\n"), "what no row does"},
		"a list for a value":        {rows(strings.Replace(row, "1", "[1]", 1)), "what no row does"},
		"a number with a comma":     {rows(strings.Replace(row, "1", "1.5", 1)), "has 2 values"},
		"a number beyond":           {rows(strings.Replace(row, "1", "99999999999999999999999", 1)), "what no row does"},
		"yes for a number":          {rows(strings.Replace(row, "1", "true", 1)), "what no row does"},
		"bytes that are none":       {rows(strings.Replace(row, `"Titel"`, `{"base64":"%%"}`, 1)), "what no row does"},
		"a row cut short":           {rows(row[:20]), "damaged"},
		"a row too short":           {rows(`["a",1,"u"]` + "\n"), "has 3 values"},
		"no UTF-8":                  {rows(strings.Replace(row, "Titel", "\xff\xfe", 1)), "no row"},
		"UTF-16":                    {rows("[\x00\"\x00a\x00\"\x00]\x00\n"), "what no row does"},
		"something after a row":     {rows(strings.Replace(row, "]", "] {}", 1)), "more than 6"},
	}
}

// misnamed are files that would stand elsewhere, or are none.
func misnamed() map[string]content {
	return map[string]content{
		"out of the folder":           {inside(file("../x")), "no name of a file"},
		"out of it by a way round":    {inside(file("a/../../x")), "no name of a file"},
		"from the root":               {inside(file("/etc/x")), "no name of a file"},
		"two slashes":                 {inside(file("a//x")), "no name of a file"},
		"the folder":                  {inside(file(".")), "damaged"},
		"no letters":                  {inside(file("\xff")), "no name of a file"},
		"a name of a megabyte":        {inside(file(strings.Repeat("x", 900<<10))), "damaged"},
		"a name of 300 letters":       {inside(file(strings.Repeat("x", 300))), "cannot be called so"},
		"400 folders deep":            {inside(file(strings.Repeat("x/", 400) + "x")), "no name of a file"},
		"the database":                {inside(file("vaern.db")), "is in no backup"},
		"compiled code":               {inside(file(".pdf-reader/x")), "is in no backup"},
		"a file twice":                {[]part{manifest(), file("x"), file("x"), ending(0, 2)}, "cannot be called so"},
		"a file in a file":            {[]part{manifest(), file("x"), file("x/y"), ending(0, 2)}, "cannot be called so"},
		"a file that is there":        {inside(file("kept")), "is there already"},
		"a link":                      {inside(part{name: "files/x", head: tar.Header{Typeflag: tar.TypeSymlink, Linkname: "/etc/passwd"}}), "is no file"},
		"a hard link":                 {inside(part{name: "files/x", head: tar.Header{Typeflag: tar.TypeLink, Linkname: "../kept"}}), "is no file"},
		"a device":                    {inside(part{name: "files/x", head: tar.Header{Typeflag: tar.TypeBlock}}), "is no file"},
		"a file of zeros":             {inside(part{name: "files/x", long: hostile.Filled("", "\x00", "", 128<<20), size: 128 << 20}), "far more than any backup"},
		"a row that packs to nothing": {[]part{manifest(), filled("x", 128<<20)}, "far more than any backup"},
	}
}
