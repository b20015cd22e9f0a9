package ledger

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"golang.org/x/mod/sumdb/tlog"
)

// The edge of the tree must give what tlog computes from all stored hashes.
func TestTreeIsThatOfRFC6962(t *testing.T) {
	var tree Tree
	var stored []Hash
	read := tlog.HashReaderFunc(func(indexes []int64) ([]Hash, error) {
		out := make([]Hash, len(indexes))
		for i, x := range indexes {
			out[i] = stored[x]
		}
		return out, nil
	})
	for n := int64(0); n < 200; n++ {
		leaf := Leaf{Seq: n, At: "t", Actor: "a", Verb: "v.v", About: "k/1", Type: Change, Salt: NewSalt(), Body: []byte("{}")}
		for _, node := range tree.Append(leaf.Hash()) {
			if node.Index != int64(len(stored)) {
				t.Fatalf("leaf %d completes node %d, want %d", n, node.Index, len(stored))
			}
			stored = append(stored, node.Hash)
		}
		want, err := tlog.TreeHash(n+1, read)
		if err != nil {
			t.Fatal(err)
		}
		if got := tree.Root(); got != want {
			t.Fatalf("root of %d leaves is %v, want %v", n+1, got, want)
		}
		again, err := ParseTree(tree.Size, tree.EdgeText())
		if err != nil || again.Root() != want {
			t.Fatalf("the head row loses the tree of %d leaves: %v", n+1, err)
		}
	}
}

func TestCanonicalIsRFC8785(t *testing.T) {
	for _, c := range []struct {
		in   any
		want string
	}{
		{map[string]any{"b": int64(2), "a": "æ", "c": nil}, `{"a":"æ","b":2,"c":null}`},
		{"\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"/", `"€$\u000f\nA'B\"\\\\\"/"`},
		{[]any{true, int64(-7), "<&>\u2028"}, "[true,-7,\"<&>\u2028\"]"},
	} {
		got, err := Canonical(nil, c.in)
		if err != nil || string(got) != c.want {
			t.Errorf("Canonical(%v) = %s, %v, want %s", c.in, got, err, c.want)
		}
	}
	for _, bad := range []any{1.5, int64(1)<<53 + 1, "\xff", map[string]any{"ø": nil}} {
		if got, err := Canonical(nil, bad); err == nil {
			t.Errorf("Canonical(%v) = %s, want an error", bad, got)
		}
	}
}

func TestErasedBodyLeavesTheLeafsHash(t *testing.T) {
	l := Leaf{Seq: 3, At: "t", Actor: "a", Verb: "v.v", About: "k/1", Type: Change, Salt: NewSalt(), Body: []byte(`{"after":null}`)}
	was := l.Hash()
	l.Inner, l.Salt, l.Body = l.InnerHash(), nil, nil
	if !l.Erased() || l.Hash() != was {
		t.Error("the hash changed with the erased body")
	}
}

func TestCheckpointIsBoundToKeyAndTree(t *testing.T) {
	key, err := LoadKey(t.TempDir(), NewOrigin(true))
	if err != nil {
		t.Fatal(err)
	}
	other, err := LoadKey(t.TempDir(), NewOrigin(false))
	if err != nil {
		t.Fatal(err)
	}
	var tree Tree
	for i := range 5 {
		tree.Append(tlog.RecordHash([]byte(fmt.Sprint(i))))
	}
	text, err := key.Checkpoint(tree)
	if err != nil {
		t.Fatal(err)
	}
	size, root, err := Open(text, key.Public)
	if err != nil || size != 5 || root != tree.Root() {
		t.Fatalf("Open = %d, %v, %v", size, root, err)
	}
	if _, _, err := Open(strings.Replace(text, "\n5\n", "\n4\n", 1), key.Public); err == nil {
		t.Error("a changed size passes")
	}
	for _, forged := range []string{"vaern/0000000000000001\n5\n", key.Origin + "\n05\n", key.Origin + "\n+5\n", key.Origin + "\n5\n5\n"} {
		if signed, err := key.sign(forged + tree.Root().String() + "\n"); err != nil {
			t.Fatal(err)
		} else if _, _, err := Open(signed, key.Public); err == nil {
			t.Errorf("%q is taken for a checkpoint", forged)
		}
	}
	if _, _, err := Open(text, other.Public); err == nil {
		t.Error("another key passes")
	}
	if !Demo(key.Origin) || Demo(other.Origin) {
		t.Error("an origin must say whether it is a demo's")
	}
}

func TestBundleRefusesAGap(t *testing.T) {
	key, err := LoadKey(t.TempDir(), NewOrigin(true))
	if err != nil {
		t.Fatal(err)
	}
	b := NewBundle(new(bytes.Buffer), key)
	b.Leaf(&Leaf{Seq: 1, Salt: NewSalt()})
	if b.Close() == nil {
		t.Error("a bundle without leaf 0 was sealed")
	}
}
