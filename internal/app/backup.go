package app

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"filippo.io/age"

	"vaern/internal/access"
	"vaern/internal/backup"
	"vaern/internal/i18n"
	"vaern/internal/ledger"
	"vaern/internal/policy"
	"vaern/internal/store"
)

// makeBackup is the permission that backing up works with.
const makeBackup access.Permission = "backup.make"

// keeper is who makes backups: the program itself.
var keeper = access.Machine("backup", makeBackup)

type backupWrite struct {
	place
	Out        string   `help:"File to write." required:"" type:"path" placeholder:"FILE"`
	Recipient  []string `help:"A public key (age1…) that can open it; see backup-key. May be said several times." placeholder:"AGE1…"`
	Passphrase string   `help:"A file whose first line is the passphrase that opens it." name:"passphrase-file" type:"existingfile" placeholder:"FILE"`
}

// Run writes the backup and reads it back.
func (c *backupWrite) Run(call *call) error {
	to, identity, err := recipients(c.Recipient, c.Passphrase)
	if err != nil {
		return err
	}
	t, err := c.open(call)
	if err != nil {
		return err
	}
	defer t.Close()
	end, err := t.backup(call, call.build.Version, c.Out, to, identity)
	if err != nil {
		return err
	}
	digest, err := backup.Digest(c.Out)
	if err != nil {
		return err
	}
	rows := int64(0)
	for _, n := range end.Rows {
		rows += n
	}
	fmt.Fprintf(call.out, "Written to %s and read back.\n%d rows of %d tables, %d files\nsha256 %s\n", c.Out, rows, len(end.Rows), end.Files, digest)
	return nil
}

// backup writes one backup of the municipality.
func (t *town) backup(ctx context.Context, version, path string, to []age.Recipient, identity age.Identity) (backup.End, error) {
	src := backup.Source{Store: t.Store, Need: makeBackup, Folder: t.data, Version: version, Leave: notBackedUp}
	return backup.Write(access.With(ctx, keeper), src, path, to, identity)
}

// notBackedUp are files of the folder that are another's: the database itself,
// what this machine remembers, and what begins with a dot, such as compiled code.
func notBackedUp(name string) bool {
	first, _, _ := strings.Cut(name, string(filepath.Separator))
	return first == checkpointFile || strings.HasPrefix(first, databaseFile) || strings.HasPrefix(first, ".") || strings.HasSuffix(first, backupEnding)
}

// recipients are who can open a backup; with a passphrase the program can too,
// and reads the whole backup once more.
func recipients(public []string, passphraseFile string) ([]age.Recipient, age.Identity, error) {
	if (len(public) == 0) == (passphraseFile == "") {
		return nil, nil, errors.New("say who can open the backup: --recipient AGE1… or --passphrase-file FILE. A backup holds everything, so it is never written in the clear")
	}
	if passphraseFile != "" {
		phrase, err := passphrase(passphraseFile)
		if err != nil {
			return nil, nil, err
		}
		to, identity, err := backup.Passphrase(phrase)
		return []age.Recipient{to}, identity, err
	}
	var to []age.Recipient
	for _, text := range public {
		r, err := age.ParseX25519Recipient(text)
		if err != nil {
			return nil, nil, fmt.Errorf("the recipient %q is no public key: %w", text, err)
		}
		to = append(to, r)
	}
	return to, nil, nil
}

func passphrase(file string) (string, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return "", err
	}
	phrase, _, _ := strings.Cut(string(text), "\n")
	if phrase = strings.TrimSpace(phrase); len([]rune(phrase)) < 12 {
		return "", errors.New("the passphrase is shorter than 12 characters")
	}
	return phrase, nil
}

type backupKey struct {
	Out string `help:"File to write the private key to." required:"" type:"path" placeholder:"FILE"`
}

// Run makes a pair of keys: the private one goes to the file, and away from
// this machine; the public one is printed.
func (c *backupKey) Run(call *call) error {
	pair, err := age.GenerateX25519Identity()
	if err != nil {
		return err
	}
	f, err := os.OpenFile(c.Out, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintln(f, pair)
	if err := errors.Join(err, f.Sync(), f.Close()); err != nil {
		return err
	}
	fmt.Fprintln(call.out, pair.Recipient())
	return nil
}

type restore struct {
	place
	In         string   `help:"The backup." required:"" type:"existingfile" placeholder:"FILE"`
	Identity   string   `help:"The file with the private key." type:"existingfile" placeholder:"FILE"`
	Passphrase string   `help:"A file whose first line is the passphrase." name:"passphrase-file" type:"existingfile" placeholder:"FILE"`
	Known      []string `help:"A checkpoint that left the database (a file): says what came after the backup." type:"existingfile" placeholder:"FILE"`
}

// Run fills an empty folder and an empty database, verifies the ledger, and
// says what the backup lacks.
func (c *restore) Run(call *call) error {
	identity, err := c.opens()
	if err != nil {
		return err
	}
	t, err := c.empty(call)
	if err != nil {
		return err
	}
	defer t.Close()
	in, err := os.Open(c.In)
	if err != nil {
		return err
	}
	defer in.Close()
	m, _, err := backup.Restore(call, in, identity, backup.Target{Store: t.Store, Folder: c.Data, Leave: notBackedUp})
	if errors.Is(err, store.ErrInUse) {
		return errors.New("the database holds a municipality already; restore into an empty one. Nothing was changed")
	}
	if err != nil {
		c.abandon(t)
		return err
	}
	if err := t.know(call, c.Data); err != nil {
		return err
	}
	fmt.Fprintf(call.out, "Restored %s from the backup of %s.\n", t.name, m.At)
	return c.compare(call, t)
}

func (c *restore) opens() (age.Identity, error) {
	if (c.Identity == "") == (c.Passphrase == "") {
		return nil, errors.New("say how the backup is opened: --identity FILE or --passphrase-file FILE")
	}
	if c.Passphrase != "" {
		phrase, err := passphrase(c.Passphrase)
		if err != nil {
			return nil, err
		}
		_, identity, err := backup.Passphrase(phrase)
		return identity, err
	}
	text, err := os.ReadFile(c.Identity)
	if err != nil {
		return nil, err
	}
	id, err := age.ParseX25519Identity(strings.TrimSpace(string(text)))
	if err != nil {
		return nil, fmt.Errorf("%s holds no private key: %w", c.Identity, err)
	}
	return id, nil
}

// empty opens a municipality that has nothing in it yet; a folder in use is
// refused.
func (c *restore) empty(ctx context.Context) (*town, error) {
	found, err := os.ReadDir(c.Data)
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return nil, err
	}
	if len(found) > 0 {
		return nil, fmt.Errorf("the folder %s is in use; restore into an empty one. Nothing was changed", c.Data)
	}
	return c.prepare(ctx, now)
}

// abandon takes away the database that was made for a backup that did not fit.
func (c *restore) abandon(t *town) {
	t.Close()
	if c.Database != "" {
		return
	}
	for _, ending := range []string{"", "-wal", "-shm"} {
		os.Remove(c.url() + ending)
	}
}

// compare verifies what was restored. A known checkpoint beyond it says how
// many changes came after the backup; they are lost unless another copy has them.
func (c *restore) compare(call *call, t *town) error {
	_, head, err := t.ledger(call)
	if err != nil {
		return err
	}
	var known []string
	lost := int64(0)
	for _, name := range c.Known {
		text, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		size, _, err := ledger.Open(string(text), t.key.Public)
		if err != nil {
			return fmt.Errorf("%s is no checkpoint of this ledger: %w", name, err)
		}
		if size > head.Size {
			lost = max(lost, size-head.Size)
			continue
		}
		known = append(known, string(text))
	}
	verifier := access.With(call, access.Machine("restore", policy.ReadLedger))
	v, err := t.Verify(verifier, policy.ReadLedger, t.key.Public, known...)
	if err != nil {
		return err
	}
	if v.Fault != "" {
		return errors.New("The restored ledger does not fit: " + v.Fault)
	}
	fmt.Fprintf(call.out, "The ledger fits.\n%d leaves, %d rows\n", v.Leaves, v.Rows)
	if lost > 0 {
		fmt.Fprintf(call.out, "MISSING: %d leaves were signed after this backup and are not in it.\n", lost)
	}
	return t.remember(verifier)
}

const (
	databaseFile = "vaern.db"
	backupEnding = ".vaernbackup"
)

// backups are made by the server itself, every day at an hour.
type backups struct {
	To   string   `help:"Folder for a backup every day; none without it." name:"backup-to" type:"path" placeholder:"DIR" group:"Backup"`
	For  []string `help:"Public key (age1…) that can open the daily backups." name:"backup-for" placeholder:"AGE1…" group:"Backup"`
	At   string   `help:"When, in the municipality's time." name:"backup-at" default:"02:30" group:"Backup"`
	Keep int      `help:"How many are kept." name:"backup-keep" default:"30" group:"Backup"`
}

// daily makes a backup every day until the program ends.
func (b backups) daily(ctx context.Context, t *town, version string) error {
	to, _, err := recipients(b.For, "")
	if err != nil {
		return err
	}
	at, err := time.Parse("15:04", b.At)
	if err != nil {
		return fmt.Errorf("--backup-at %q is no time of day", b.At)
	}
	if err := os.MkdirAll(b.To, 0o700); err != nil {
		return err
	}
	go func() {
		for sleep(ctx, untilNext(now().In(i18n.Zone), at)) {
			t.attempt(ctx, "backup", func(ctx context.Context) error {
				name := "vaern-" + now().In(i18n.Zone).Format("2006-01-02") + backupEnding
				if _, err := t.backup(ctx, version, filepath.Join(b.To, name), to, nil); err != nil {
					return err
				}
				slog.Info("backup written", "file", name)
				return b.thin()
			})
		}
	}()
	return nil
}

// untilNext is how long it is to the next time the clock shows at.
func untilNext(t, at time.Time) time.Duration {
	y, m, d := t.Date()
	next := time.Date(y, m, d, at.Hour(), at.Minute(), 0, 0, t.Location())
	if !next.After(t) {
		next = time.Date(y, m, d+1, at.Hour(), at.Minute(), 0, 0, t.Location())
	}
	return next.Sub(t)
}

// thin removes the oldest backups beyond those that are kept.
func (b backups) thin() error {
	found, err := filepath.Glob(filepath.Join(b.To, "vaern-*"+backupEnding))
	if err != nil || len(found) <= max(b.Keep, 1) {
		return err
	}
	slices.Sort(found)
	for _, old := range found[:len(found)-max(b.Keep, 1)] {
		if err := os.Remove(old); err != nil {
			return err
		}
	}
	return nil
}
