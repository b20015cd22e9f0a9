// Package attach keeps files that belong to records of any kind: their hashes
// in the ledger, their content by hash.
package attach

import (
	"cmp"
	"context"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"errors"
	"io"
	"path"
	"reflect"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"vaern/internal/access"
	"vaern/internal/field"
	"vaern/internal/i18n"
	"vaern/internal/problem"
	"vaern/internal/record"
	"vaern/internal/ref"
	"vaern/internal/store"
)

//go:embed schema/*.sql
var files embed.FS

// Schema is the tables of files.
func Schema() store.Schema {
	return store.Schema{Name: "attach", Files: store.Folder(files)}
}

// Kind is what a file is called in the ledger.
const Kind = "attachment"

// See opens the pages of files; which are there, the record decides.
const See access.Permission = "attachment.see"

// Largest is how many bytes a file may have.
const Largest = 20 << 20

// Told are the columns of a file that history tells of.
var Told = field.Of(reflect.TypeFor[struct {
	Title   string     `da:"Titel" en:"Title"`
	Starts  field.Date `da:"Gælder fra" en:"Valid from"`
	Ends    field.Date `da:"Gælder til" en:"Valid to"`
	Removed bool       `da:"Fjernet" en:"Removed"`
}]())

// Verbs are how history tells of files.
var Verbs = map[string]i18n.Text{
	"attachment.create": {"vedhæftede en fil til", "attached a file to"},
	"attachment.edit":   {"ændrede oplysninger om en fil på", "changed what is said of a file on"},
	"attachment.remove": {"fjernede en fil fra", "removed a file from"},
}

// File is one file of a record. When it counts is another thing than when it
// was uploaded: evidence is of a time.
type File struct {
	ID, Title, Name, Type, SHA256 string
	Version, Size                 int64
	Starts, Ends                  field.Date
	Uploaded, UploadedBy          string
	Removed                       bool
}

const columns = `id, version, title, name, type, size, sha256, starts, ends, uploaded, uploaded_by, removed`

// Of are the files of a record, the newest first, removed ones too. q sees the
// record.
func Of(q *store.Read, about ref.Ref) ([]File, error) {
	return read(q, ``, about, nil)
}

func read(q *store.Read, more string, about ref.Ref, args store.Args) (out []File, err error) {
	all := store.Args{"kind": about.Kind, "record": about.ID}
	for name, v := range args {
		all[name] = v
	}
	err = q.Rows(`SELECT `+columns+` FROM attachment WHERE record = :record AND kind = :kind`+more+` ORDER BY id DESC`, all, func(scan store.Scan) error {
		var f File
		var removed int64
		err := scan(&f.ID, &f.Version, &f.Title, &f.Name, &f.Type, &f.Size, &f.SHA256, &f.Starts, &f.Ends, &f.Uploaded, &f.UploadedBy, &removed)
		f.Removed = removed != 0
		out = append(out, f)
		return err
	})
	return out, err
}

// Get is one file of a record. q sees the record.
func Get(q *store.Read, about ref.Ref, id string) (File, error) {
	found, err := read(q, ` AND id = :id`, about, store.Args{"id": id})
	if err == nil && len(found) == 0 {
		err = problem.Missing()
	}
	if err != nil {
		return File{}, err
	}
	return found[0], nil
}

// Store keeps files on one shelf.
type Store struct {
	*store.Store
	Shelf Shelf
}

// Upload is a file on its way in: what a person says of it, and its content.
type Upload struct {
	Title, Name  string
	Starts, Ends field.Date
	Content      io.ReadSeeker
	Size         int64
}

// Add attaches a file to a record that the actor edits.
func (s Store) Add(ctx context.Context, about ref.Ref, u Upload) error {
	f, err := u.check()
	if err != nil {
		return err
	}
	err = s.Change(ctx, store.Intent{Verb: "attachment.create", Need: edit(about)}, func(w *store.Write) error {
		if _, _, err := record.Reaching(&w.Read, about, "edit"); err != nil {
			return err
		}
		if _, err := u.Content.Seek(0, io.SeekStart); err != nil {
			return err
		}
		if err := s.Shelf.Put(w, f.SHA256, u.Content); err != nil {
			return err
		}
		id := w.NewID()
		return w.Do(ref.Ref{Kind: Kind, ID: id}, `
			INSERT INTO attachment (id, version, updated_at, updated_by, kind, record, title, name, type, size, sha256, starts, ends, uploaded, uploaded_by, removed)
			VALUES (:id, 1, :now, :actor, :kind, :record, :title, :name, :type, :size, :sha256, :starts, :ends, :now, :actor, 0)`,
			store.Args{"id": id, "kind": about.Kind, "record": about.ID, "title": f.Title, "name": f.Name, "type": f.Type, "size": f.Size,
				"sha256": f.SHA256, "starts": f.Starts, "ends": f.Ends})
	})
	if err != nil {
		return errors.Join(err, s.sweep(ctx, f.SHA256))
	}
	return nil
}

func edit(about ref.Ref) access.Permission { return access.Permission(about.Kind + ".edit") }

// check is the file that an upload becomes.
func (u Upload) check() (f File, err error) {
	f = File{Title: strings.TrimSpace(u.Title), Name: plain(u.Name), Starts: u.Starts, Ends: u.Ends, Size: u.Size}
	switch {
	case u.Content == nil || u.Name == "":
		return f, refused("Vælg en fil.", "Choose a file.")
	case u.Size == 0:
		return f, refused("Filen er tom.", "The file is empty.")
	case u.Size > Largest:
		return f, refused("Filen er for stor. Den må højst fylde %d MB.", "The file is too large. It may take %d MB at most.", Largest>>20)
	case u.Starts != "" && u.Ends != "" && u.Ends < u.Starts:
		return f, problem.Field("ends", "Den sidste dag ligger før den første.", "It ends before it begins.")
	case utf8.RuneCountInString(f.Title) > 200:
		return f, problem.Field("title", "Skriv det kortere, højst 200 tegn.", "Make it shorter, at most 200 characters.")
	case !utf8.ValidString(f.Title) || strings.ContainsRune(f.Title, 0):
		return f, problem.Check(problem.Fields{"title": field.NoText})
	}
	if f.Title == "" {
		f.Title = cmp.Or(strings.TrimSpace(strings.TrimSuffix(f.Name, path.Ext(f.Name))), f.Name)
	}
	if f.Type, err = sniff(f.Name, u.Content, u.Size); err != nil {
		return f, err
	}
	if _, err := u.Content.Seek(0, io.SeekStart); err != nil {
		return f, err
	}
	sum := sha256.New()
	if _, err := io.Copy(sum, u.Content); err != nil {
		return f, err
	}
	f.SHA256 = hex.EncodeToString(sum.Sum(nil))
	return f, nil
}

// devices are what Windows means by these names, whatever ending they have: no
// file there can be called so.
var devices = regexp.MustCompile(`(?i)^(con|prn|aux|nul|(com|lpt)[0-9¹²³])[ .]`)

// plain is a file's name without folders and what no name should hold, as every
// system takes it.
func plain(name string) string {
	name = name[strings.LastIndexAny(name, `/\`)+1:]
	name = strings.Map(func(r rune) rune {
		switch {
		case unicode.IsControl(r) || r == utf8.RuneError || unicode.In(r, unicode.Bidi_Control, unicode.Zl, unicode.Zp):
			return -1
		case strings.ContainsRune(`<>:"|?*`, r):
			return '_'
		}
		return r
	}, name)
	if devices.MatchString(name) {
		name = "_" + name
	}
	if runes := []rune(name); len(runes) > 150 {
		ending := []rune(path.Ext(name))
		name = string(runes[:140]) + string(ending[:min(len(ending), 10)])
	}
	return name
}

// Remove marks a file as removed; its content goes when nothing else holds it.
// That it was there, and its hash, stay.
func (s Store) Remove(ctx context.Context, about ref.Ref, seen File, reason string) error {
	var hash string
	err := s.Change(ctx, store.Intent{Verb: "attachment.remove", Need: edit(about), Reason: reason}, func(w *store.Write) error {
		if _, _, err := record.Reaching(&w.Read, about, "edit"); err != nil {
			return err
		}
		f, err := Get(&w.Read, about, seen.ID)
		if err == nil && (f.Removed || f.Version != seen.Version) {
			err = problem.New(problem.Stale, "En anden har ændret filen imens. Se den her, og prøv igen.", "Somebody else changed the file meanwhile. See it here, and try again.")
		}
		if err != nil {
			return err
		}
		hash = f.SHA256
		return w.Do(ref.Ref{Kind: Kind, ID: f.ID}, `UPDATE attachment SET version = version + 1, updated_at = :now, updated_by = :actor, removed = 1 WHERE id = :id`,
			store.Args{"id": f.ID})
	})
	if err != nil {
		return err
	}
	return s.sweep(ctx, hash)
}

// sweep drops content that no file holds, while no change can bring one.
func (s Store) sweep(ctx context.Context, hash string) error {
	return s.Work(context.WithoutCancel(ctx), func(w *store.Work) error {
		if err := w.Hold(); err != nil {
			return err
		}
		var n int
		err := w.Row(`SELECT count(*) FROM attachment WHERE sha256 = :hash AND removed = 0`, store.Args{"hash": hash}, &n)
		if err != nil || n > 0 {
			return err
		}
		return s.Shelf.Drop(w, hash)
	})
}

// Open opens the content of a file that was not removed.
func (s Store) Open(q *store.Read, f File) (io.ReadSeekCloser, error) {
	if f.Removed {
		return nil, problem.New(problem.NotFound, "Filen er fjernet.", "The file was removed.")
	}
	return s.Shelf.Open(q, f.SHA256)
}

// Count is how many files a record (:kind, :id) has, as part of a statement.
const Count = `(SELECT count(*) FROM attachment WHERE record = :id AND kind = :kind AND removed = 0)`
