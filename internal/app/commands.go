package app

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"vaern/internal/clause"
	"vaern/internal/clause/reading"
	"vaern/internal/durable"
	"vaern/internal/ledger"
	"vaern/internal/policy"
	"vaern/internal/register/document"
	"vaern/internal/signin"
	"vaern/internal/store"
	assets "vaern/web"
)

type version struct{}

// Run prints the version.
func (version) Run(call *call) error {
	sqlite, err := store.SQLiteVersion()
	if err != nil {
		return err
	}
	fmt.Fprintf(call.out, "vaern %s\ncommit %s\nSQLite %s\n", call.build.Version, call.build.Commit, sqlite)
	return nil
}

type licences struct{}

// Run prints the licences of others' works.
func (licences) Run(call *call) error {
	text := assets.Notices()
	if text == "" {
		return errors.New("this program was built without its notices; build it with: make build")
	}
	_, err := io.WriteString(call.out, text)
	return err
}

type readPDF struct {
	Compiled string `help:"Folder where the compiled reader is kept."`
}

// Run reads a PDF in this process, which lives no longer than that: whatever a
// hostile file does, it does not do it to the server.
func (c readPDF) Run(call *call) error { return reading.Child(call.in, call.out, c.Compiled) }

// compiledFolder keeps the compiled reader of PDF among the data; no backup
// holds it.
const compiledFolder = ".pdf-reader"

// readPDFs has PDFs read in a process of their own, and the reader compiled once
// for each folder of data. Without a folder each PDF waits for that.
func readPDFs(data ...string) {
	program, err := os.Executable()
	if err != nil {
		return // they are read in this process
	}
	if len(data) == 0 {
		reading.PDF = reading.InChild("", program, "read-pdf")
		return
	}
	folder := filepath.Join(data[0], compiledFolder)
	reading.PDF = reading.InChild(folder, program, "read-pdf", "--compiled", folder)
}

type tokenAdd struct {
	acting
	Person  string `help:"Mail address of the person whose rights it has." required:"" placeholder:"MAIL"`
	Name    string `help:"What it is for." required:""`
	Read    bool   `name:"read-only" help:"It may look and change nothing."`
	Expires string `help:"Last day it works, as 2027-12-31; a year from today unless told otherwise." placeholder:"DATE"`
}

// Run makes a token.
func (c *tokenAdd) Run(call *call) error {
	t, ctx, err := c.enter(call)
	if err != nil {
		return err
	}
	defer t.Close()
	token, err := t.door.NewToken(ctx, signin.AllTokens, c.Person, signin.Grant{Name: c.Name, Expires: c.Expires, Reads: c.Read})
	if err != nil {
		return err
	}
	fmt.Fprintln(call.out, token)
	return t.sign(call) // a server that runs beside hears nothing of this change
}

type codeOff struct {
	place
	Person string `help:"Mail address of the person." required:"" placeholder:"MAIL"`
	Reason string `help:"How you know that it is the person." required:""`
	URL    string `help:"The address people use, for the link." default:"http://127.0.0.1:8080"`
}

// Run turns a code off in the machine's name.
func (c *codeOff) Run(call *call) error {
	t, err := c.open(call)
	if err != nil {
		return err
	}
	defer t.Close()
	link, err := t.door.Readmit(call, c.Person, c.Reason)
	if err != nil {
		return err
	}
	fmt.Fprintf(call.out, "The code is off. This link works once, for a day, and leads to setting up another:\n%s%s\n", strings.TrimRight(c.URL, "/"), link)
	return t.sign(call) // a server that runs beside hears nothing of this change
}

type ledgerVerify struct {
	acting
	Known []string `help:"A checkpoint that left the database earlier (a file); sees a database that was rolled back or rewritten." type:"existingfile" placeholder:"FILE"`
}

// Run verifies the ledger.
func (c *ledgerVerify) Run(call *call) error {
	t, ctx, err := c.enter(call)
	if err != nil {
		return err
	}
	defer t.Close()
	known, err := t.known()
	if err != nil {
		return err
	}
	for _, name := range c.Known {
		text, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		known = append(known, string(text))
	}
	v, err := t.Verify(ctx, policy.ReadLedger, t.key.Public, known...)
	if err != nil {
		return err
	}
	if v.Fault != "" {
		return errors.New("The ledger does not fit: " + v.Fault)
	}
	fmt.Fprintf(call.out, "The ledger fits.\n%d leaves, %d rows, %d earlier rows, %d checkpoints, %d erased bodies\nroot %s\n", v.Leaves, v.Rows, v.Past, v.Checkpoints, v.Erased, v.Root)
	return nil
}

type ledgerExport struct {
	acting
	Out string `help:"File to write." required:"" type:"path" placeholder:"FILE"`
}

// Run writes the bundle beside its place and moves it there when it is whole.
func (c *ledgerExport) Run(call *call) (err error) {
	t, ctx, err := c.enter(call)
	if err != nil {
		return err
	}
	defer t.Close()
	if err := t.sign(ctx); err != nil {
		return err
	}
	err = durable.Write(c.Out, func(f *os.File) error { return t.Export(ctx, policy.ReadLedger, t.key, f) })
	if err != nil {
		return err
	}
	fmt.Fprintf(call.out, "Written to %s. Verify it anywhere with: vaern-verify %s --key KEY\n", c.Out, filepath.Base(c.Out))
	return nil
}

type ledgerErase struct {
	acting
	Leaf   int64  `help:"Number of the leaf whose body goes." required:"" placeholder:"N"`
	Reason string `help:"Why; it stands in the ledger for ever, so name nobody." required:""`
}

// Run erases the body of one leaf (GDPR art. 17): the tree stays whole, and
// the act is recorded.
func (c *ledgerErase) Run(call *call) error {
	t, ctx, err := c.enter(call)
	if err != nil {
		return err
	}
	defer t.Close()
	err = t.Change(ctx, store.Intent{Verb: "ledger.erase", Need: policy.EraseLedger, Reason: c.Reason}, func(w *store.Write) error {
		return w.Erase(c.Leaf)
	})
	if err != nil {
		return err
	}
	if err := t.sign(call); err != nil {
		return err
	}
	fmt.Fprintf(call.out, "The body of leaf %d is erased. Who, when and what kind of act remain.\n", c.Leaf)
	return nil
}

type ledgerProve struct {
	acting
	Leaf  int64  `help:"Prove that the newest checkpoint holds this leaf." default:"-1" placeholder:"N"`
	Since string `help:"Prove that the newest checkpoint continues this earlier one (a file)." type:"existingfile" placeholder:"FILE"`
}

// Run prints a proof of RFC 6962, one hash a line, under the checkpoint it is
// against. A proof that does not hold is refused, never printed.
func (c *ledgerProve) Run(call *call) error {
	if (c.Leaf < 0) == (c.Since == "") {
		return errors.New("say either --leaf or --since")
	}
	t, ctx, err := c.enter(call)
	if err != nil {
		return err
	}
	defer t.Close()
	if err := t.sign(call); err != nil {
		return err
	}
	return t.View(ctx, policy.ReadLedger, func(q *store.Read) error {
		newest, err := q.NewestCheckpoint()
		if err != nil {
			return err
		}
		var proof []ledger.Hash
		if c.Since == "" {
			proof, err = q.ProveLeaf(c.Leaf, newest.Note, t.key.Public)
		} else {
			var since []byte
			if since, err = os.ReadFile(c.Since); err == nil {
				proof, err = q.ProveGrowth(string(since), newest.Note, t.key.Public)
			}
		}
		if err != nil {
			return err
		}
		fmt.Fprintln(call.out, newest.Note)
		for _, h := range proof {
			fmt.Fprintln(call.out, ledger.Text(h[:]))
		}
		return nil
	})
}

type ledgerKey struct{ place }

// Run prints the public key.
func (c *ledgerKey) Run(call *call) error {
	t, err := c.open(call)
	if err != nil {
		return err
	}
	defer t.Close()
	fmt.Fprintln(call.out, t.key.Public)
	return nil
}

type policyImport struct {
	acting
	File   string `arg:"" help:"The policy: .txt, .md, .docx or .pdf." type:"existingfile"`
	DryRun bool   `help:"Only say what was found."`
	JSON   bool   `help:"Say it as JSON."`
}

const largestFile = 20 << 20

// read finds what the file holds and, unless it is a dry run, keeps it as a
// draft. A dry run needs no municipality.
func (c *policyImport) read(call *call, data []byte) (found clause.Document, err error) {
	name := filepath.Base(c.File)
	if c.DryRun {
		return document.Read(call, name, data, today())
	}
	t, ctx, err := c.enter(call)
	if err != nil {
		return found, err
	}
	defer t.Close()
	readPDFs(c.Data)
	if found, err = document.ImportFile(ctx, t.Store, name, data, today()); err != nil {
		return found, err
	}
	if _, err = document.Store(ctx, t.Store, found); err != nil {
		return found, err
	}
	return found, t.sign(call)
}

// Run reads a policy and says what was found.
func (c *policyImport) Run(call *call) error {
	f, err := os.Open(c.File)
	if err != nil {
		return err
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, largestFile+1))
	if err != nil {
		return err
	}
	found, err := c.read(call, data)
	if err != nil {
		return err
	}
	if c.JSON {
		out := json.NewEncoder(call.out)
		out.SetEscapeHTML(false)
		out.SetIndent("", "  ")
		return out.Encode(found)
	}
	clauses := 0
	for _, s := range found.Sections {
		clauses += len(s.Clauses)
	}
	fmt.Fprintf(call.out, "%s: %s %s, %s\n%d sections, %d sentences, %d bodies, %d approvals\n", found.Organisation, found.Title, found.Version, found.Dated,
		len(found.Sections), clauses, len(found.Bodies), len(found.Approvals))
	for _, finding := range found.Findings {
		fmt.Fprintf(call.out, "- %s\n", finding.Said()[1])
	}
	if !c.DryRun {
		fmt.Fprintln(call.out, "Kept as a proposed draft. Look it through and confirm it in the browser.")
	}
	return nil
}
