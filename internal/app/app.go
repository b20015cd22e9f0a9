// Package app puts the program together: the list of registers, the wiring,
// and the commands.
package app

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os/signal"
	"syscall"

	"vaern/internal/problem"

	"github.com/alecthomas/kong"
)

// Build says what was built.
type Build struct{ Version, Commit string }

// How a command ends.
const (
	done    = 0
	refused = 1
	misused = 2
)

// commands are what the program can do; the field names are theirs.
type commands struct {
	Serve  serve   `cmd:"" help:"Run Værn and serve its pages."`
	Init   initial `cmd:"" help:"Make an empty municipality and print a link for the first person."`
	Policy struct {
		Import policyImport `cmd:"" help:"Read a policy from a file and keep it as a proposed draft."`
	} `cmd:"" help:"Work with the policy."`
	CodeOff codeOff `cmd:"" name:"code-off" help:"Turn off the code of a person who lost it, where no two others can, and print a sign-in link."`
	Token   struct {
		Add tokenAdd `cmd:"" help:"Make a token for a program, with one person's rights. It is shown once."`
	} `cmd:"" help:"Work with tokens."`
	Ledger struct {
		Verify ledgerVerify `cmd:"" help:"Derive the whole ledger again and say whether it fits."`
		Export ledgerExport `cmd:"" help:"Write a bundle that a stranger can verify with vaern-verify."`
		Erase  ledgerErase  `cmd:"" help:"Erase the body of one leaf for good; that it was done is recorded."`
		Prove  ledgerProve  `cmd:"" help:"Print a proof that a leaf is in the ledger, or that it continues an earlier checkpoint."`
		Key    ledgerKey    `cmd:"" help:"Print the public key that verifies the ledger."`
	} `cmd:"" help:"Work with the record of every change."`
	People struct {
		Feed peopleFeed `cmd:"" help:"Take files of people and units from the personnel system."`
	} `cmd:"" help:"Work with who is who."`
	Gallery   gallery     `cmd:"" help:"Show every page of an invented municipality in every state, for review."`
	Backup    backupWrite `cmd:"" help:"Write the whole municipality to one encrypted file, while it is served."`
	BackupKey backupKey   `cmd:"" help:"Make the pair of keys that backups are written for and opened with."`
	Restore   restore     `cmd:"" help:"Fill an empty folder, or an empty PostgreSQL database, from a backup."`
	Version   version     `cmd:"" help:"Print the version."`
	Licences  licences    `cmd:"" help:"Print the licences of all works of others that are inside."`
	ReadPDF   readPDF     `cmd:"" name:"read-pdf" hidden:"" help:"Read a PDF on standard input; for the program itself."`
}

// call is what a command runs with.
type call struct {
	context.Context
	build    Build
	in       io.Reader
	out, err io.Writer
}

// Run runs one command and returns its exit code: 0 done, 1 refused with a
// reason, 2 wrong use.
func Run(build Build, args []string, in io.Reader, out, errs io.Writer) int {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGINT, syscall.SIGTERM)
	defer stop()
	readPDFs()
	asked := -1
	var c commands
	parser, err := kong.New(&c, kong.Name("vaern"), kong.Writers(out, errs), kong.Exit(func(code int) { asked = code }),
		kong.Description("Værn keeps the promises of a municipality's information security policy: from policy to proof."),
		kong.UsageOnError(), kong.DefaultEnvars("VAERN"), kong.ConfigureHelp(kong.HelpOptions{Compact: true}))
	if err != nil {
		panic(err) // the declaration above is wrong
	}
	chosen, err := parser.Parse(args)
	if asked >= 0 {
		return asked // help was asked for, and given
	}
	if err != nil {
		fmt.Fprintf(errs, "%v\nSee: vaern --help\n", err)
		return misused
	}
	err = chosen.Run(&call{ctx, build, in, out, errs})
	if err == nil {
		return done
	}
	fmt.Fprintln(errs, reason(err))
	return refused
}

// reason is why something was refused, as one sentence.
func reason(err error) string {
	if p := problem.As(err); p != nil && !p.Outage() {
		return p.Error()
	}
	if errors.Is(err, context.Canceled) {
		return "Stopped before it was done; nothing was changed."
	}
	return err.Error()
}
