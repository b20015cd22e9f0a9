package ledger

import (
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"

	"vaern/internal/durable"
)

// Key signs the checkpoints of one ledger. Its name is the ledger's origin.
type Key struct {
	Origin string
	Public string // as vaern-verify takes it
	signer note.Signer
}

const keyFile = "ledger.key"

// NewOrigin names a new ledger; a demo's name says so for ever.
func NewOrigin(demo bool) string {
	b := make([]byte, 8)
	rand.Read(b)
	if demo {
		return "vaern-demo/" + hex.EncodeToString(b)
	}
	return "vaern/" + hex.EncodeToString(b)
}

// Demo reports whether an origin is a demo's.
func Demo(origin string) bool { return strings.HasPrefix(origin, "vaern-demo/") }

// LoadKey reads the key in a folder, or makes one when there is none and origin
// names the new ledger. The file is readable by its owner alone; whoever has it
// can sign in the ledger's name.
func LoadKey(dir, origin string) (*Key, error) {
	path := filepath.Join(dir, keyFile)
	text, err := os.ReadFile(path)
	if errors.Is(err, os.ErrNotExist) && origin != "" {
		private, public, err := note.GenerateKey(rand.Reader, origin)
		if err != nil {
			return nil, err
		}
		text = []byte(private + "\n" + public + "\n")
		if err := durable.Text(path, text); err != nil {
			return nil, fmt.Errorf("the ledger's key: %w", err)
		}
	} else if err != nil {
		return nil, fmt.Errorf("the ledger's key: %w", err)
	}
	private, public, _ := strings.Cut(strings.TrimSpace(string(text)), "\n")
	signer, err := note.NewSigner(private)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return &Key{Origin: signer.Name(), Public: strings.TrimSpace(public), signer: signer}, nil
}

// Checkpoint signs the head of a tree.
func (k *Key) Checkpoint(t Tree) (string, error) {
	root := t.Root()
	return k.sign(fmt.Sprintf("%s\n%d\n%s\n", k.Origin, t.Size, Text(root[:])))
}

func (k *Key) sign(text string) (string, error) {
	b, err := note.Sign(&note.Note{Text: text}, k.signer)
	return string(b), err
}

// Open verifies a checkpoint with a public key and returns its size and root.
func Open(checkpoint, public string) (size int64, root Hash, err error) {
	v, err := note.NewVerifier(public)
	if err != nil {
		return 0, root, fmt.Errorf("the public key: %w", err)
	}
	n, err := note.Open([]byte(checkpoint), note.VerifierList(v))
	if err != nil {
		return 0, root, fmt.Errorf("the checkpoint: %w", err)
	}
	lines := strings.Split(n.Text, "\n")
	if len(lines) != 4 || lines[0] != v.Name() { // three lines, each ended
		return 0, root, errors.New("the checkpoint is of another ledger")
	}
	size, err = strconv.ParseInt(lines[1], 10, 64)
	if err != nil || lines[1] != strconv.FormatInt(size, 10) {
		return 0, root, fmt.Errorf("the checkpoint's size: %q", lines[1])
	}
	root, err = ParseHash(lines[2])
	return size, root, err
}
