package main

// suite is a benchmark and how many times it is repeated. Those furthest from
// their goals are profiled: they are called something, and say what was done.
type suite struct{ in, bench, times, called, done string }

var suites = []suite{
	{in: "./internal/app", bench: "Sizes", times: "15x"},
	{in: "./internal/app", bench: "Change", times: "3x", called: "changes through HTTP",
		done: "Changes that arrive while the disk is busy share a commit. Statements are understood once. What answers nothing goes to PostgreSQL with the next question; so each change waits for two answers."},
	{in: "./internal/app", bench: "Demo", times: "5x"},
	{in: "./internal/app", bench: "Digest", times: "5x"},
	{in: "./internal/record", bench: "Import", times: "1x"},
	{in: "./internal/people/feed", bench: "Feed", times: "1x", called: "file of people",
		done: "A thousand rows of the file are one change. Rows go many in a statement, to PostgreSQL a list for each column; those that come next, what search finds and the leaf are made while the database is busy. What is known of a million people holds nothing that the garbage collector follows."},
	{in: "./internal/search", bench: "Search", times: "7x"},
	{in: "./internal/register/receipt", bench: "Morning", times: "1x"},
	{in: "./internal/store", bench: "Verify", times: "1x", called: "deriving leaves",
		done: "Hashes come a thousand in a row of the answer. Leaves are read once, and 16 bytes are kept of each record."},
	{in: "./cmd/vaern-verify", bench: "(Verify|NeededHashes)", times: "1x"},
	{in: "./internal/app", bench: "Process", times: "5x"},
	{in: "./internal/app", bench: "Load", times: "1x"},
}

// row is one line of the table: a figure, its baseline, and the goal.
type row struct {
	work, goal string
	bench      string // name of the benchmark; % is the database
	unit       string
	against    string // the benchmark of the baseline, where it is another
	bare       string // unit of the baseline, where it is not bare-unit
	worst      string // instead of bench: the largest of all whose name begins so
	met        func(engine string, value, bare float64) bool
	why        string // what limits it, where it is not met
}

func atMost(most float64) func(string, float64, float64) bool {
	return func(_ string, v, _ float64) bool { return v <= most }
}

func always(string, float64, float64) bool { return true }

// nearBare is the goal of lists: twice the bare driver, or 3 ms where that is more.
func nearBare(_ string, v, bare float64) bool { return v <= max(2*bare, 3) }

// commits is the goal of changes: a share of the bare driver's.
func commits(engine string, v, bare float64) bool {
	return v >= map[string]float64{"sqlite": 0.6, "postgres": 0.4}[engine]*bare
}

func thrice(_ string, v, bare float64) bool { return v <= 3*bare }

var rows = []row{
	{work: "list of 100 out of 150,000, filter and sort, REST, wide reach", goal: "≤ 2 × bare or 3 ms", bench: "Sizes/%/100/REST/wide", unit: "ms", met: nearBare},
	{work: "the same, narrow reach", goal: "≤ 2 × bare or 3 ms", bench: "Sizes/%/100/REST/narrow", unit: "ms", met: nearBare, why: "SQLite reads all that the unit has and sorts it: scope and order cannot share an index. What is above the bare statement is the scope's lookup, and JSON."},
	{work: "the same as a page, wide reach", goal: "≤ 2 × bare or 3 ms", bench: "Sizes/%/100/list/wide", unit: "ms", met: nearBare, why: "around a hundred rows of eight columns the page writes what can be filtered, chosen and saved, in html/template."},
	{work: "the same as a page, narrow reach", goal: "≤ 2 × bare or 3 ms", bench: "Sizes/%/100/list/narrow", unit: "ms", met: nearBare, why: "both of the above: the sort of all that the unit has, twice with the count, and a hundred rows written."},
	{work: "changes through HTTP, durable, with leaf, 8 at once", goal: "≥ 0.6 × bare on SQLite, 0.4 × on PostgreSQL", bench: "Change/%", unit: "per-s", met: commits, why: "the ledger has one head. Changes that wait share a commit, but run one after another in it, and on PostgreSQL each waits for two answers, where eight bare connections overlap. A create is some eight statements against the baseline's one, beside HTTP, checks and search terms."},
	{work: "policy page of the demo", goal: "≤ 10 ms", bench: "Demo/%/page/policy", unit: "ms", met: atMost(10), why: "the page is 250 KB, what is behind each of 55 sentences included; half of its time is html/template writing it, the rest eight statements."},
	{work: "of which the program computes; PostgreSQL computes beside it", goal: "≤ 10 ms", bench: "Demo/%/page/policy", unit: "cpu-ms", met: atMost(10)},
	{work: "coverage page of the demo", goal: "≤ 10 ms", bench: "Demo/%/page/reading/{id}", unit: "ms", met: atMost(10), why: "how everybody stands, and how receipts were given, is counted by unit, in scans of two indexes; see the bare statements."},
	{work: "of which the program computes; PostgreSQL computes beside it", goal: "≤ 10 ms", bench: "Demo/%/page/reading/{id}", unit: "cpu-ms", met: atMost(10)},
	{work: "slowest page of the demo", goal: "≤ 10 ms", worst: "Demo/%/page", unit: "ms", met: atMost(10), why: "a page that plans a reading compares two versions and says of everybody who fits its audience. The first after somebody came, moved or left reads where everybody is, too, unless asking people has done so."},
	{work: "of which the program computes; PostgreSQL computes beside it", goal: "≤ 10 ms", worst: "Demo/%/page", unit: "cpu-ms", met: atMost(10)},
	{work: "most statements of a page of the demo", goal: "≤ 10", worst: "Demo/%/page", unit: "statements", met: atMost(10), why: "the plan of a reading compares two versions and everybody who is to read; the coverage page shows seven tables."},
	{work: "all indicators of the demo after one change", goal: "≤ 250 ms", bench: "Demo/%/indicators", unit: "ms", met: atMost(250), why: "each indicator is a count over its register, and PostgreSQL answers them one at a time."},
	{work: "whom of the demo's 6,700 people the day's mail has something new for", bench: "Digest/%", unit: "ms", met: always},
	{work: "the same, when it has for hundreds", bench: "Digest/%", unit: "first-ms", met: always},
	{work: "import of 10,000 rows with checks and ledger", goal: "≤ 5 s", bench: "Import/%", unit: "µs/row", against: "Import/%-bare", bare: "µs/row", met: atMost(500)},
	{work: "650,000 people of all municipalities from files of personnel systems; bare: the same rows of people and employments", goal: "≤ 180 s", bench: "Feed/%", unit: "people-s", bare: "bare-s", met: atMost(180), why: "a person and an employment are two recorded rows with their leaf, and what search and links find of each: some six rows with fourteen indexes against the baseline's two."},
	{work: "the same file again, which changes nothing", bench: "Feed/%", unit: "again-s", met: always},
	{work: "the first page of a list of those people, wide reach", bench: "Feed/%", unit: "list-whole-ms", met: always},
	{work: "the same, narrow reach", bench: "Feed/%", unit: "list-narrow-ms", met: always},
	{work: "search of 200,000 records, 20,000 hits, wide reach", goal: "≤ 100 ms", bench: "Search/%/20000/wide", unit: "ns/op", against: "Search/%/20000/bare", bare: "ns/op", met: atMost(100e6)},
	{work: "the same, narrow reach", goal: "≤ 100 ms", bench: "Search/%/20000/narrow", unit: "ns/op", against: "Search/%/20000/bare", bare: "ns/op", met: atMost(100e6)},
	{work: "search with 200,000 hits, the newest 5,000 ranked", bench: "Search/%/all/wide", unit: "ns/op", against: "Search/%/all/bare", bare: "ns/op", met: always},
	{work: "4,900 receipts in a morning, 8 at once; bare: one row a commit", bench: "Morning/%", unit: "receipts/s", bare: "bare-commits/s", met: always},
	{work: "a reader's page meanwhile, 95th percentile", bench: "Morning/%", unit: "page-p95-ms", met: always},
	{work: "asking 4,900 people to read", bench: "Morning/%", unit: "ask-ms", met: always},
	{work: "first start on an empty folder, founding included; bare: the program saying its version", goal: "≤ 300 ms", bench: "Process/%/empty", unit: "ms", met: atMost(300), why: "founding writes all tables, the first records and their leaves, each commit flushed."},
	{work: "later start", goal: "≤ 100 ms", bench: "Process/%/later", unit: "ms", met: atMost(100), why: "reading the program from disk, and what packages make when they are loaded."},
	{work: "start with 150,000 records", goal: "≤ 100 ms", bench: "Process/%/later-150000", unit: "ms", met: atMost(100), why: "the start looks at no record; what it waits for is the same as of any later start."},
	{work: "first start of the demo, which fills ten years of a municipality", goal: "≤ 10 s", bench: "Load", unit: "first-s", met: atMost(10), why: "it makes 6,700 people and ten years of records through the same changes, checks and ledger as people do."},
	{work: "memory idle, empty", goal: "≤ 60 MB", bench: "Process/%/empty", unit: "idle-MB", met: atMost(60)},
	{work: "memory idle, demo", goal: "≤ 60 MB", bench: "Load", unit: "idle-MB", met: atMost(60), why: "Go keeps what the start needed, and the pages of the program that were touched count too."},
	{work: "memory right after eight people without pause, for this many minutes", bench: "Load", unit: "after-MB", bare: "load-min", met: always},
	{work: "memory 90 seconds later", bench: "Load", unit: "rested-MB", met: always},
	{work: "program with front end", goal: "≤ 40 MB", bench: "Process/binary", unit: "MB", met: atMost(40), why: "PDFium in its sandbox is 10 MB of it. SQLite and the PostgreSQL driver are 6 MB with their tables. html/template makes the linker keep every exported method. A further register adds what its own code is, and some 40 KB."},
	{work: "ledger: deriving 100,000 leaves in the database again; bare: hashing the same bytes", goal: "≤ 3 × bare", bench: "Verify/%", unit: "ms", met: thrice, why: "hashing is the smaller part: reading the leaves out of the database and taking their texts apart costs more than SHA-256 does."},
	{work: "ledger: a bundle of 100,000 leaves, stand-alone verifier; bare: the hashes that the format asks for", goal: "≤ 3 × bare", bench: "Verify", unit: "ns/op", against: "NeededHashes", bare: "ns/op", met: thrice},
}
