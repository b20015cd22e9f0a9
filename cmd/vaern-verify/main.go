// Command vaern-verify checks an exported ledger with nothing but the bundle and the public key.
package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"strings"
)

// What the program's exit says.
const (
	exitFits   = 0
	exitMisfit = 1
	exitUsage  = 2
)

const help = `vaern-verify checks a ledger that was exported from Værn.

Usage:
  vaern-verify BUNDLE --key FILE [--known FILE]...

  BUNDLE        the exported ledger
  --key FILE    the ledger's public verification key (from: vaern ledger key)
  --known FILE  a signed checkpoint that left the database earlier; the bundle
                must continue it. May be given several times.

It needs no database and no network. It exits with
  0  every byte of the bundle fits
  1  something does not fit; the first such leaf is named, with the reason
  2  the program was not used as above
`

func main() {
	os.Exit(run(os.Args[1:], os.Stdout, os.Stderr))
}

// run is the program: arguments in, exit code out.
func run(args []string, stdout, stderr io.Writer) int {
	found, err := perform(args)
	var wrong usageError
	switch {
	case errors.Is(err, flag.ErrHelp):
		fmt.Fprint(stdout, help)
		return exitFits
	case errors.As(err, &wrong):
		fmt.Fprintf(stderr, "vaern-verify: %v\n\n%s", err, help)
		return exitUsage
	case err != nil:
		fmt.Fprintf(stdout, "NOT VERIFIED: %v\n", err)
		return exitMisfit
	}
	fmt.Fprint(stdout, found)
	return exitFits
}

// usageError is an error of the caller's, not of the bundle's.
type usageError struct{ error }

func (e usageError) Unwrap() error { return e.error }

// perform verifies what the arguments name. Every error that is neither help
// nor a usageError says what does not fit.
func perform(args []string) (summary, error) {
	order, err := parseOrder(args)
	if err != nil {
		return summary{}, usageError{err}
	}
	key, err := readKey(order.key)
	if err != nil {
		return summary{}, usageError{err}
	}
	bundle, err := os.Open(order.bundle)
	if err != nil {
		return summary{}, usageError{err}
	}
	defer bundle.Close()
	var known []knownCheckpoint
	for _, file := range order.known {
		text, err := readSmall(file)
		if err != nil {
			return summary{}, usageError{err}
		}
		point, err := key.openCheckpoint(text)
		if err != nil {
			return summary{}, fmt.Errorf("the known checkpoint %s %w", file, err)
		}
		known = append(known, knownCheckpoint{point, file})
	}
	return verify(bundle, key, known)
}

// order is what the caller asked for: names of files.
type order struct {
	bundle, key string
	known       []string
}

// parseOrder reads the arguments; flags may stand before and after the bundle.
func parseOrder(args []string) (o order, err error) {
	flags := flag.NewFlagSet("vaern-verify", flag.ContinueOnError)
	flags.SetOutput(io.Discard) // run says it, with our help
	flags.StringVar(&o.key, "key", "", "")
	flags.Func("known", "", func(file string) error {
		o.known = append(o.known, file)
		return nil
	})
	var names []string
	for {
		if err := flags.Parse(args); err != nil {
			return o, err
		}
		if flags.NArg() == 0 {
			break
		}
		names, args = append(names, flags.Arg(0)), flags.Args()[1:]
	}
	if len(names) != 1 {
		return o, fmt.Errorf("name one bundle, not %d", len(names))
	}
	if o.key == "" {
		return o, errors.New("name the public key with --key FILE")
	}
	o.bundle = names[0]
	return o, nil
}

func readKey(file string) (publicKey, error) {
	text, err := readSmall(file)
	if err != nil {
		return publicKey{}, err
	}
	key, err := parseKey(strings.TrimSpace(string(text)))
	if err != nil {
		return publicKey{}, fmt.Errorf("%s holds no public verification key: %w", file, err)
	}
	return key, nil
}

// readSmall reads a key or a note, and no more of a file than that may be.
func readSmall(file string) ([]byte, error) {
	f, err := os.Open(file)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return io.ReadAll(io.LimitReader(f, longestNote+1))
}
