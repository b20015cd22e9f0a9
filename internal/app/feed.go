package app

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"

	"vaern/internal/i18n"
	"vaern/internal/people/feed"
	"vaern/internal/sheet"
)

type peopleFeed struct {
	acting
	In     string `help:"File of people: .csv or .xlsx." type:"existingfile" placeholder:"FILE"`
	Units  string `help:"File of units, taken before the people." type:"existingfile" placeholder:"FILE"`
	Full   bool   `help:"Everybody is in the file: who came by an earlier one and is missing has left."`
	Date   string `help:"The day from which the file counts; today unless told otherwise." placeholder:"DATE"`
	Reason string `help:"Why so many leave, where that is more than one in ten. It stands in the ledger."`
	DryRun bool   `help:"Only say what would happen."`
}

const (
	largestFeed = 1 << 30
	longFeed    = 16 << 20 // from here a CSV file is read row by row
)

// Run takes files of the personnel system.
func (c *peopleFeed) Run(call *call) error {
	if c.In == "" && c.Units == "" {
		return errors.New("say --in FILE, --units FILE or both")
	}
	t, ctx, err := c.enter(call)
	if err != nil {
		return err
	}
	defer t.Close()
	for _, f := range []struct {
		name  string
		units bool
	}{{c.Units, true}, {c.In, false}} {
		if f.name == "" {
			continue
		}
		if err := c.take(ctx, call, t, f.name, feed.Meant{Units: f.units, Full: c.Full && !f.units, Day: c.Date}); err != nil {
			return err
		}
	}
	if c.DryRun {
		return nil
	}
	return t.sign(call)
}

func (c *peopleFeed) take(ctx context.Context, call *call, t *town, name string, m feed.Meant) error {
	table, small, err := feedFile(name)
	if err != nil {
		return err
	}
	step := func(rows int) error {
		if rows%20_000 < 1000 && rows >= 20_000 {
			fmt.Fprintf(call.err, "%d rows\n", rows)
		}
		return ctx.Err()
	}
	tell := func(l feed.Line) {
		if l.Did == feed.Wrong {
			fmt.Fprintf(call.err, "%s row %d %s %s: %s\n", filepath.Base(name), l.Row, l.Key, l.Name, l.Text.In(i18n.En))
		}
	}
	var k *feed.Kept
	if o := (feed.Options{Reason: c.Reason, Try: c.DryRun, Tell: tell, Step: step}); c.DryRun {
		k, err = feed.Run(ctx, t.Store, table, m, o)
	} else {
		k, err = feed.Receive(ctx, t.Store, feed.File{Name: filepath.Base(name), Meant: m, Table: table, Data: small}, o)
	}
	if err != nil {
		return err
	}
	fmt.Fprintln(call.out, told(filepath.Base(name), k))
	if k.Report.Held && !c.DryRun {
		return fmt.Errorf("%d of %d people would lose their access, which is more than %d in 100. Nothing was done. Look at it under Personnel file, or say with --reason why it is right",
			k.Report.Leaving, k.Report.Of, feed.Usual)
	}
	return nil
}

// feedFile reads a file; small is nil for one that is too long to keep.
func feedFile(name string) (t feed.Table, small *feed.Sheet, err error) {
	f, err := os.Open(name)
	if err != nil {
		return t, nil, err
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, largestFeed+1))
	if err != nil {
		return t, nil, err
	}
	if len(data) > longFeed && !bytes.HasPrefix(data, []byte("PK")) {
		long, err := sheet.ReadLong(data)
		if err != nil {
			return t, nil, err
		}
		return feed.Table{Head: long.Headings, Rows: long.Rows}, nil, nil
	}
	read, err := sheet.Read(bytes.NewReader(data))
	if err != nil {
		return t, nil, err
	}
	small = feed.SheetOf(read)
	return small.Table(), small, nil
}

// told is what a file did, in a line.
func told(name string, k *feed.Kept) string {
	var b bytes.Buffer
	fmt.Fprintf(&b, "%s: %d rows", name, k.Report.Rows)
	for _, d := range []feed.Did{feed.Joined, feed.Moved, feed.Changed, feed.Left, feed.Unchanged, feed.Waits, feed.Wrong} {
		if n := k.Report.Counts[d]; n > 0 {
			fmt.Fprintf(&b, ", %d %s", n, d)
		}
	}
	if from := k.Report.Source; from.Hidden > 0 {
		fmt.Fprintf(&b, "; %d of them hidden in the workbook", from.Hidden)
	}
	if from := k.Report.Source; from.Sheet != "" {
		fmt.Fprintf(&b, "; only the sheet %s was read, not %v", from.Sheet, slices.Concat(from.Left, from.Covered))
	}
	if len(k.Report.Secret) > 0 {
		fmt.Fprintf(&b, "; not read, since it is a personal number: %v", k.Report.Secret)
	}
	if len(k.Report.Unknown) > 0 {
		fmt.Fprintf(&b, "; unknown columns: %v", k.Report.Unknown)
	}
	return b.String()
}
