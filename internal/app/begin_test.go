package app

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"vaern/internal/demo"
	"vaern/internal/ledger"
	"vaern/internal/store/storetest"
)

// empty runs fn on an empty database of every kind, with a data folder.
func empty(t *testing.T, fn func(t *testing.T, in *town, data string)) {
	t.Helper()
	for _, at := range storetest.URLs(t) {
		t.Run(engineOf(at), func(t *testing.T) {
			p := place{Data: t.TempDir(), Database: at}
			in, err := p.prepare(t.Context(), storetest.Clock())
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { in.Close() })
			fn(t, in, p.Data)
		})
	}
}

func TestMunicipalityThatWasNotFoundedMayBeTriedAgain(t *testing.T) {
	empty(t, func(t *testing.T, in *town, data string) {
		if err := in.begin(t.Context(), data, false); err != nil {
			t.Fatal(err)
		}
		if _, err := in.found(t.Context(), "", "anna@example.dk"); err == nil {
			t.Fatal("a municipality without a name was founded")
		}
		if err := in.begin(t.Context(), data, true); err == nil {
			t.Error("what was begun as a real municipality became a demo")
		}
		if err := in.begin(t.Context(), data, false); err != nil {
			t.Fatalf("the second try: %v", err)
		}
		if _, err := in.found(t.Context(), "Prøve Kommune", "anna@example.dk"); err != nil {
			t.Fatalf("the second try: %v", err)
		}
		if err := in.begin(t.Context(), data, false); err == nil {
			t.Error("a municipality was begun where one stands")
		}
		storetest.Verify(t, in.Store)
	})
}

func TestKeyOfAnotherLedgerIsNeverTakenOver(t *testing.T) {
	empty(t, func(t *testing.T, in *town, data string) {
		if err := in.begin(t.Context(), data, true); err != nil {
			t.Fatal(err)
		}
		other, err := place{Data: t.TempDir()}.prepare(t.Context(), storetest.Clock())
		if err != nil {
			t.Fatal(err)
		}
		defer other.Close()
		if err := other.begin(t.Context(), data, false); err == nil || !strings.Contains(err.Error(), "key of another ledger") {
			t.Errorf("got %v", err)
		}
		if origin, _, err := other.ledger(t.Context()); origin != "" || err != nil {
			t.Errorf("it was begun all the same: %q, %v", origin, err)
		}
	})
}

func TestDemoThatWasCutShortIsNotServed(t *testing.T) {
	empty(t, func(t *testing.T, in *town, data string) {
		clock := demo.NewClock(now)
		if err := in.begin(t.Context(), data, true); err != nil {
			t.Fatal(err)
		}
		if _, err := in.found(t.Context(), "Halv Kommune", "anna@example.dk"); err != nil {
			t.Fatal(err)
		}
		if err := in.fill(t.Context(), data, clock); err == nil || !strings.Contains(err.Error(), data) {
			t.Errorf("got %v, want what to remove", err)
		}
		if err := in.sign(t.Context()); err != nil {
			t.Fatal(err)
		}
		if err := in.fill(t.Context(), data, clock); err != nil {
			t.Errorf("one that is whole: %v", err)
		}
	})
}

// A server that runs beside hears nothing of what a command changes, so the
// command signs it.
func TestCommandSignsWhatItChanged(t *testing.T) {
	data := t.TempDir()
	for _, args := range [][]string{
		{"init", "--data", data, "--name", "Prøve Kommune", "--admin", "anna@example.dk"},
		{"token", "add", "--data", data, "--person", "anna@example.dk", "--name", "prøve"},
	} {
		var errs bytes.Buffer
		if code := Run(Build{}, args, strings.NewReader(""), &errs, &errs); code != done {
			t.Fatalf("%v: %d %s", args, code, &errs)
		}
		in, err := place{Data: data}.open(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if _, head, err := in.ledger(t.Context()); err != nil || head.Size == 0 || head.Signed != head.Size {
			t.Errorf("after %s: %d of %d leaves are signed, %v", args[0], head.Signed, head.Size, err)
		}
		in.Close()
	}
}

// Whoever rewrites the database waits for the server to sign it: the checkpoint
// that had left must stay, and stop that.
func TestACheckpointGivesWayOnlyToOneThatContinuesIt(t *testing.T) {
	empty(t, func(t *testing.T, in *town, data string) {
		if err := in.begin(t.Context(), data, false); err != nil {
			t.Fatal(err)
		}
		if _, err := in.found(t.Context(), "Prøve Kommune", "anna@example.dk"); err != nil {
			t.Fatal(err)
		}
		other := ledger.Tree{}
		other.Append(ledger.Hash{1})
		left, err := in.key.Checkpoint(other)
		if err != nil {
			t.Fatal(err)
		}
		path := filepath.Join(data, checkpointFile)
		if err := os.WriteFile(path, []byte(left), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := in.sign(t.Context()); err == nil || !strings.Contains(err.Error(), "rewritten") {
			t.Errorf("signed: %v", err)
		}
		if _, err := in.Sign(t.Context(), in.key); err != nil { // another node, which knows nothing
			t.Fatal(err)
		}
		if err := in.remember(t.Context()); err == nil {
			t.Error("the other's signature takes the place of what is known")
		}
		if now, err := os.ReadFile(path); err != nil || string(now) != left {
			t.Errorf("the file is now %s, %v", now, err)
		}
		if err := os.Remove(path); err != nil { // somebody has looked
			t.Fatal(err)
		}
		if err := in.remember(t.Context()); err != nil {
			t.Error(err)
		}
	})
}

// Secrets stand in the database, whoever made the folder.
func TestNobodyElseOnTheMachineReadsWhatIsMade(t *testing.T) {
	data := t.TempDir()
	if err := os.Chmod(data, 0o755); err != nil {
		t.Fatal(err)
	}
	var said bytes.Buffer
	if code := Run(Build{}, []string{"init", "--data", data, "--name", "Prøve Kommune", "--admin", "anna@example.dk"}, strings.NewReader(""), &said, &said); code != done {
		t.Fatal(said.String())
	}
	in, err := place{Data: data}.open(t.Context()) // with its log beside it
	if err != nil {
		t.Fatal(err)
	}
	defer in.Close()
	all, err := os.ReadDir(data)
	if err != nil || len(all) < 3 {
		t.Fatal(all, err)
	}
	for _, entry := range all {
		if info, err := entry.Info(); err != nil || info.Mode().Perm()&0o077 != 0 {
			t.Errorf("%s: %v, %v", entry.Name(), info.Mode(), err)
		}
	}
}
