package receipt

import (
	"context"
	"errors"
	"strings"
	"time"

	"vaern/internal/access"
	"vaern/internal/field"
	"vaern/internal/i18n"
	"vaern/internal/problem"
	"vaern/internal/record"
	"vaern/internal/ref"
	"vaern/internal/store"
)

// kiosk is a screen that people of a unit share.
type kiosk struct {
	ID, Unit, UnitName, Name, Expires string
	Ended                             bool
	Over                              bool // its time has passed
}

// longestKiosk is for how many days a screen works before it is renewed.
const longestKiosk = 366

// NewKiosk makes a screen for a unit, and returns the path that starts it,
// which is shown once.
func (d *Desk) NewKiosk(ctx context.Context, s *store.Store, unit, name, expires string) (path string, err error) {
	token, hash := access.Secret()
	err = s.Change(ctx, store.Intent{Verb: "kiosk.create", Need: Screens}, func(w *store.Write) error {
		bad := problem.Fields{}
		if name = strings.TrimSpace(name); name == "" || len(name) > 200 {
			bad["name"] = i18n.Text{"Skriv, hvor skærmen står, for eksempel i personalestuen.", "Say where the screen is, for example in the staff room."}
		}
		if _, err := time.Parse(time.DateOnly, expires); err != nil {
			bad["expires"] = field.NoDate
		} else if expires < w.Today || expires > later(w.Today, longestKiosk) {
			bad["expires"] = i18n.Text{"Vælg en dag inden for det næste år.", "Choose a day within the next year."}
		}
		if err := problem.Check(bad); err != nil {
			return err
		}
		if err := within(&w.Read, unit); problem.Of(err) == problem.NotFound {
			return problem.Field("unit", "Vælg en enhed, du har adgang til.", "Choose a unit you have access to.")
		} else if err != nil {
			return err
		}
		id := w.NewID()
		return w.Do(ref.Ref{Kind: "kiosk", ID: id}, `
			INSERT INTO kiosk (id, version, unit, updated_at, updated_by, name, expires, ended, hash_secret)
			VALUES (:id, 1, :unit, :now, :actor, :name, :expires, 0, :hash)`,
			store.Args{"id": id, "unit": unit, "name": name, "expires": expires, "hash": hash})
	})
	return "/screen/" + token, err
}

// EndKiosk stops a screen at once.
func (d *Desk) EndKiosk(ctx context.Context, s *store.Store, id string) error {
	return s.Change(ctx, store.Intent{Verb: "kiosk.end", Need: Screens}, func(w *store.Write) error {
		return w.Do(ref.Ref{Kind: "kiosk", ID: id}, `UPDATE kiosk SET version = version + 1, updated_at = :now, updated_by = :actor, ended = 1
			WHERE id = :id AND ended = 0 AND :scope`, store.Args{"id": id})
	})
}

const kioskQuery = `SELECT k.id, k.unit, u.name, k.name, k.expires, k.ended, CASE WHEN k.expires < :today THEN 1 ELSE 0 END FROM kiosk k JOIN unit u ON u.id = k.unit WHERE `

func kiosks(q *store.Read, where string, args store.Args) (out []kiosk, err error) {
	err = q.Rows(kioskQuery+where+` ORDER BY k.ended, k.id DESC`, args, func(scan store.Scan) error {
		var k kiosk
		err := scan(&k.ID, &k.Unit, &k.UnitName, &k.Name, &k.Expires, &k.Ended, &k.Over)
		out = append(out, k)
		return err
	})
	return out, err
}

var errKiosk = problem.New(problem.NotFound, "Skærmen er ikke i brug mere. Bed en leder om at starte den igen.", "The screen is not in use any more. Ask a manager to start it again.")

// screenOf is the screen that a device's token is of, while it works.
func screenOf(q *store.Read, token string) (kiosk, error) {
	found, err := kiosks(q, `k.hash_secret = :hash AND k.ended = 0 AND k.expires >= :today`, store.Args{"hash": access.Hashed(token)})
	if err == nil && (token == "" || len(found) == 0) {
		err = errKiosk
	}
	if err != nil {
		return kiosk{}, err
	}
	return found[0], nil
}

// A screen takes so many wrong numbers in so long: enough for slips, too few
// to try numbers out.
const (
	mostTries = 20
	triesFor  = 10 * time.Minute
)

var (
	errBusy    = problem.New(problem.Busy, "Der er skrevet for mange forkerte numre. Vent ti minutter.", "Too many wrong numbers were typed. Wait ten minutes.")
	errUnknown = problem.New(problem.Invalid, "Der venter ikke noget på det nummer her. Se efter, om du har skrevet det rigtigt.", "Nothing waits for that number here. See whether you typed it right.")
)

// waitsAt finds what waits for whoever has a staff number, in the screen's
// unit. A wrong number and one for whom nothing waits look alike.
func waitsAt(q *store.Read, k kiosk, number string) (reading, person string, err error) {
	same, args := record.Same("p.number", field.Line(strings.TrimSpace(number)))
	args["unit"] = k.Unit
	err = q.Row(`
		SELECT r.id, p.id FROM person p JOIN asked a ON a.person = p.id JOIN reading r ON r.id = a.reading
		WHERE `+same+` AND a.state = 'open' AND a.here + 0 = 1 AND r.state = 'open'
		AND a.unit IN (SELECT unit FROM unit_under WHERE top = :unit)
		ORDER BY a.due, r.id LIMIT 1`, args, &reading, &person)
	if problem.Of(err) == problem.NotFound {
		err = errUnknown
	}
	return reading, person, err
}

// tried counts a wrong number against a screen.
func tried(ctx context.Context, s *store.Store, kiosk string) error {
	return s.Work(ctx, func(w *store.Work) error {
		return w.Do(`INSERT INTO work_kiosk (kiosk, tries, until) VALUES (:kiosk, 1, :until)
			ON CONFLICT (kiosk) DO UPDATE SET tries = CASE WHEN work_kiosk.until < :now THEN 1 ELSE work_kiosk.tries + 1 END,
				until = CASE WHEN work_kiosk.until < :now THEN :until ELSE work_kiosk.until END`,
			store.Args{"kiosk": kiosk, "until": good(w.Now, triesFor)})
	})
}

func rested(q *store.Read, kiosk string) error {
	var n int
	err := q.Row(`SELECT count(*) FROM work_kiosk WHERE kiosk = :kiosk AND tries >= :most AND until >= :now`, store.Args{"kiosk": kiosk, "most": mostTries}, &n)
	if err == nil && n > 0 {
		err = errBusy
	}
	return err
}

// number finds what waits for a staff number that is typed at a screen, the reading
// named where one is. It looks at one number at a time and counts the wrong ones, so
// that no burst tries more of them out.
func (d *Desk) number(ctx context.Context, s *store.Store, token, typed, named string) (reading, person string, err error) {
	d.numbers.Lock()
	defer d.numbers.Unlock()
	var k kiosk
	err = s.View(access.With(ctx, byKiosk), Give, func(q *store.Read) (err error) {
		if k, err = screenOf(q, token); err == nil {
			err = rested(q, k.ID)
		}
		if err == nil {
			reading, person, err = waitsAt(q, k, typed)
		}
		if err == nil && named != "" && named != reading {
			err = errUnknown
		}
		return err
	})
	if errors.Is(err, errUnknown) {
		if failed := tried(ctx, s, k.ID); failed != nil {
			err = failed
		}
	}
	return reading, person, err
}

// signAt makes the receipt of somebody at a screen.
func (d *Desk) signAt(ctx context.Context, s *store.Store, token, number, readingID string) error {
	if _, _, err := d.number(ctx, s, token, number, readingID); err != nil {
		return err
	}
	return s.Change(access.With(ctx, byKiosk), store.Intent{Verb: "receipt.give", Need: Give}, func(w *store.Write) error {
		k, err := screenOf(&w.Read, token)
		if err != nil {
			return err
		}
		reading, person, err := waitsAt(&w.Read, k, number)
		if err != nil {
			return err
		}
		if reading != readingID {
			return errUnknown
		}
		return sign(w, act{reading: reading, person: person, how: Kiosk, note: k.Name})
	})
}
