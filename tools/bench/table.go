package main

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// report lays everything out as Markdown.
func report(all findings, on, day string) string {
	var b strings.Builder
	found := all.Figures
	fmt.Fprintf(&b, `# How fast it is, and how small

Written by `+"`make bench`"+` on %s, on %s. PostgreSQL and the clients ran
there too. Machines differ, and a busy one is slow, so what counts is the ratio to the **bare baseline beside it, measured in turns with it**: the same SQL
statements sent by the database driver alone, unless a row says otherwise. Figures are medians. Both databases flush every commit to disk.

`, day, on)
	goalTable(&b, found)
	b.WriteString("\n## How it grows\n\n1×, 10× and 100× of one municipality's register: 1,500, 15,000 and 150,000 records in fifty units, seen by somebody who reaches all of\nthem and by somebody who reaches one unit. Milliseconds, with the bare statements in brackets. The front page counts what is overdue among all that is reached.\n\n")
	growthTable(&b, found)
	b.WriteString("\n## The slowest pages of the demo\n\nEach of its pages, as the first guest who may open it. Milliseconds, with the bare statements in brackets.\n\n")
	pageTable(&b, found)
	b.WriteString("\n## Where it computes\n\nThe three that are furthest from their goals, on both databases, with what they need beforehand and their baselines: what of the\nprogram's own computing, which PostgreSQL's is no part of, goes where; and what was done about it.\n\n")
	profileTable(&b, all.Profiles)
	return b.String()
}

var engines = []string{"sqlite", "postgres"}

func goalTable(b *strings.Builder, found figures) {
	b.WriteString("| work | goal | SQLite | bare | ratio | PostgreSQL | bare | ratio | met |\n|---|---|---|---|---|---|---|---|---|\n")
	var notes []string
	for _, r := range rows {
		var cells []string
		met, measured := true, false
		for _, e := range engines {
			value, bare, ok := r.of(found, e)
			if !ok {
				cells = append(cells, "", "", "")
				continue
			}
			measured = true
			met = met && r.met(e, value, bare)
			cells = append(cells, show(value, r.unit), show(bare, r.bareUnit()), ratio(value, bare, r.unit))
		}
		verdict := "yes"
		switch {
		case !measured:
			verdict = "not measured"
		case !met:
			verdict = "**no**"
			if r.why != "" {
				notes = append(notes, fmt.Sprintf("- **%s**: %s", r.work, r.why))
			}
		case r.goal == "":
			verdict = ""
		}
		fmt.Fprintf(b, "| %s | %s | %s | %s |\n", r.work, r.goal, strings.Join(cells, " | "), verdict)
	}
	if len(notes) > 0 {
		b.WriteString("\nWhat limits each that is not met:\n\n" + strings.Join(notes, "\n") + "\n")
	}
}

// of is the row's figure and its baseline on one database.
func (r row) of(found figures, engine string) (value, bare float64, ok bool) {
	if r.worst != "" {
		return worst(found, strings.ReplaceAll(r.worst, "%", engine), r.unit)
	}
	name := strings.ReplaceAll(r.bench, "%", engine)
	if name == r.bench && engine != engines[0] {
		return 0, 0, false // it is measured once
	}
	value, ok = found[name][r.unit]
	from := name
	if r.against != "" {
		from = strings.ReplaceAll(r.against, "%", engine)
	}
	return value, found[from][r.bareUnit()], ok
}

// worst is the largest figure of all whose name begins so, with its baseline.
func worst(found figures, begins, unit string) (value, bare float64, ok bool) {
	for name, of := range found {
		if strings.HasPrefix(name, begins) && of[unit] > value {
			value, bare, ok = of[unit], of["bare-"+unit], true
		}
	}
	return value, bare, ok
}

func (r row) bareUnit() string {
	if r.bare != "" {
		return r.bare
	}
	return "bare-" + r.unit
}

// show writes a figure with its unit.
func show(v float64, unit string) string {
	if v == 0 {
		return ""
	}
	unit = strings.TrimPrefix(unit, "bare-")
	switch unit {
	case "ns/op":
		v, unit = v/1e6, "ms"
	case "ask-ms", "first-ms", "page-p95-ms", "cpu-ms", "list-whole-ms", "list-narrow-ms":
		unit = "ms"
	case "receipts/s", "commits/s":
		unit = "/s"
	case "per-s":
		unit = "/s"
	case "µs/row":
		v, unit = v/100, "s" // of 10,000
	case "idle-MB", "after-MB", "rested-MB":
		unit = "MB"
	case "first-s", "people-s", "again-s":
		unit = "s"
	case "load-min":
		unit = "min"
	case "statements":
		return fmt.Sprintf("%.0f", v)
	}
	switch {
	case v >= 100:
		return fmt.Sprintf("%.0f %s", v, unit)
	case v >= 10:
		return fmt.Sprintf("%.1f %s", v, unit)
	}
	return fmt.Sprintf("%.2f %s", v, unit)
}

func ratio(value, bare float64, unit string) string {
	if bare == 0 || unit == "after-MB" {
		return ""
	}
	return fmt.Sprintf("%.2f", value/bare)
}

func growthTable(b *strings.Builder, found figures) {
	b.WriteString("| page | reach | SQLite 1× | 10× | 100× | PostgreSQL 1× | 10× | 100× |\n|---|---|---|---|---|---|---|---|\n")
	for _, page := range []struct{ name, as string }{{"REST", "list through REST"}, {"list", "list as a page"}, {"record", "one record"}, {"front", "front page"}, {"tasks", "my tasks"}} {
		for _, reach := range []string{"wide", "narrow"} {
			fmt.Fprintf(b, "| %s | %s |", page.as, reach)
			for _, e := range engines {
				for _, times := range []int{1, 10, 100} {
					of := found[fmt.Sprintf("Sizes/%s/%d/%s/%s", e, times, page.name, reach)]
					fmt.Fprintf(b, " %s |", pair(of))
				}
			}
			b.WriteString("\n")
		}
	}
}

func pair(of map[string]float64) string {
	if of == nil {
		return ""
	}
	return fmt.Sprintf("%.1f (%.1f)", of["ms"], of["bare-ms"])
}

func pageTable(b *strings.Builder, found figures) {
	const begins = "Demo/sqlite/page"
	type page struct {
		route string
		of    map[string]float64
	}
	var all []page
	over, computes := 0, 0
	for name, of := range found {
		if route, ok := strings.CutPrefix(name, begins); ok {
			all = append(all, page{route, of})
			if of["ms"] > 10 {
				over++
			}
			if of["cpu-ms"] > 10 {
				computes++
			}
		}
	}
	slices.SortFunc(all, func(a, b page) int {
		return cmp.Or(cmp.Compare(b.of["ms"], a.of["ms"]), strings.Compare(a.route, b.route))
	})
	b.WriteString("| page | statements | SQLite | of which computing | PostgreSQL |\n|---|---|---|---|---|\n")
	for _, p := range all[:min(12, len(all))] {
		fmt.Fprintf(b, "| %s | %.0f | %s | %.1f | %s |\n", p.route, p.of["statements"], pair(p.of), p.of["cpu-ms"], pair(found["Demo/postgres/page"+p.route]))
	}
	fmt.Fprintf(b, "\n%d pages in all; %d of them take more than 10 ms on SQLite, %d compute so long.\n", len(all), over, computes)
}
