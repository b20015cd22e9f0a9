package notify

import (
	"context"
	"reflect"

	"vaern/internal/access"
	"vaern/internal/field"
	"vaern/internal/i18n"
	"vaern/internal/ref"
	"vaern/internal/store"
)

// Pace is how often a person wants mail about what does not burn.
type Pace string

const (
	Daily  Pace = "daily"
	Weekly Pace = "weekly" // on Mondays
	Urgent Pace = "urgent" // never but when it burns
)

// Choices are the paces.
func (Pace) Choices() field.Choices {
	return field.Choices{
		{string(Daily), "Højst én gang om dagen", "Once a day at most"},
		{string(Weekly), "Højst én gang om ugen, om mandagen", "Once a week at most, on Mondays"},
		{string(Urgent), "Kun når det haster", "Only when it is urgent"},
	}
}

// Choice is how a person wants to be told.
type Choice struct {
	Version int64
	Pace    Pace
	Lang    i18n.Lang
}

// ChoiceKind is what the choice is called in the ledger, Choose the permission
// to make one's own.
const (
	ChoiceKind                   = "mail_choice"
	Choose     access.Permission = "mail_choice.set"
)

// Told are the columns of a choice that history tells of.
var Told = field.Of(reflect.TypeFor[struct {
	Pace Pace `da:"Hvor tit" en:"How often"`
}]())

// Chosen is what a person chose; who chose nothing gets one mail a day at most,
// in Danish.
func Chosen(q *store.Read, person string) (Choice, error) {
	c := Choice{Pace: Daily}
	err := q.Rows(`SELECT version, pace, lang FROM mail_choice WHERE id = :id`, store.Args{"id": person}, func(scan store.Scan) error {
		var lang string
		err := scan(&c.Version, &c.Pace, &lang)
		c.Lang = i18n.Parse(lang)
		return err
	})
	return c, err
}

// SetChoice keeps what the person who acts chose.
func SetChoice(ctx context.Context, s *store.Store, c Choice) error {
	return s.Change(ctx, store.Intent{Verb: "mail_choice.set", Need: Choose}, func(w *store.Write) error {
		was, err := Chosen(&w.Read, w.Actor.ID)
		if err != nil {
			return err
		}
		query := `UPDATE mail_choice SET version = version + 1, updated_at = :now, updated_by = :actor, pace = :pace, lang = :lang WHERE id = :actor`
		if was.Version == 0 {
			query = `INSERT INTO mail_choice (id, version, updated_at, updated_by, pace, lang) VALUES (:actor, 1, :now, :actor, :pace, :lang)`
		}
		return w.Do(ref.Ref{Kind: ChoiceKind, ID: w.Actor.ID}, query, store.Args{"pace": string(c.Pace), "lang": c.Lang.String()})
	})
}
