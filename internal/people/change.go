package people

import (
	"iter"
	"strings"

	"vaern/internal/field"
	"vaern/internal/i18n"
	"vaern/internal/problem"
	"vaern/internal/record"
	"vaern/internal/store"
)

// Change is a change of the organisation on a day. Until the day comes it is a
// plan that can be altered or cancelled; saved with a day that has come, it
// takes effect in the same moment. Its Head.Unit is the unit that changes.
type Change struct {
	record.Head
	Title     string      `da:"Ændring" en:"Change" is:"title sort set"`
	Act       Act         `da:"Hvad sker der" en:"What happens" eg:"rename" is:"required filter"`
	Subject   string      `da:"Hvilken enhed" en:"Which unit" is:"ref:unit required filter"`
	Target    string      `da:"Til hvilken enhed" en:"To which unit" is:"ref:unit filter" when:"act=move merge close split" helpda:"Flytning: den nye enhed ovenover. Sammenlægning og nedlæggelse: den enhed, der overtager det hele. Opdeling: den enhed, som den nye lægges under, hvis det ikke er samme sted." helpen:"A move: the new unit above. A merger or closing: the unit that takes over everything. A split: the unit under which the new one is put, if that is not the same place."`
	Name      string      `da:"Nyt navn" en:"New name" when:"act=split rename" helpda:"Ved opdeling den nye enheds navn." helpen:"In a split the name of the new unit."`
	Number    string      `da:"Nyt nr." en:"New no." when:"act=split" helpda:"Den nye enheds nummer ved opdeling." helpen:"The number of the new unit in a split."`
	Along     string      `da:"Følger med" en:"Goes along" is:"long" when:"act=split" helpda:"Ved opdeling: de underenheder og stillinger, der følger med over i den nye enhed. Én på hver linje, med nummer eller navn." helpen:"In a split: the units below and the positions that go along to the new unit. One on each line, by number or name."`
	Effective field.Date  `da:"Gælder fra" en:"Effective from" is:"required sort"`
	State     ChangeState `da:"Status" en:"State" is:"filter set"`
	Outcome   string      `da:"Hvad skete der" en:"What happened" is:"long set"`
}

// Act is what happens to a unit.
type Act string

const (
	MoveUnit   Act = "move"
	MergeUnit  Act = "merge"
	SplitUnit  Act = "split"
	CloseUnit  Act = "close"
	RenameUnit Act = "rename"
)

// Choices are the acts.
func (Act) Choices() field.Choices {
	return field.Choices{
		{string(MoveUnit), "Flyt til en anden enhed", "Move to another unit"},
		{string(MergeUnit), "Læg sammen med en anden enhed", "Merge into another unit"},
		{string(SplitUnit), "Del i to", "Split in two"},
		{string(CloseUnit), "Nedlæg", "Close"},
		{string(RenameUnit), "Giv nyt navn", "Give a new name"},
	}
}

// ChangeState is how far a change has come.
type ChangeState string

const (
	Planned   ChangeState = "planned"
	Done      ChangeState = "done"
	Cancelled ChangeState = "cancelled"
	Stuck     ChangeState = "stuck"
)

// Choices are the states.
func (ChangeState) Choices() field.Choices {
	return field.Choices{
		{string(Planned), "Planlagt", "Planned"},
		{string(Done), "Gennemført", "Carried out"},
		{string(Cancelled), "Aflyst", "Cancelled"},
		{string(Stuck), "Kunne ikke gennemføres", "Could not be carried out"},
	}
}

// Changes is the register of what happens to units.
var Changes = record.New(record.Register[Change]{
	Name: "unit_change", Plural: "unit-changes", One: i18n.Text{"Ændring af organisationen", "Change of the organisation"}, Many: i18n.Text{"Ændringer af organisationen", "Changes of the organisation"},
	About:   i18n.Text{"Flytninger, sammenlægninger, opdelinger og nedlæggelser: hvad der er planlagt, og hvad der er sket.", "Moves, mergers, splits and closings: what is planned and what has happened."},
	Settled: true, Fill: fillChange, Check: checkChange, Allow: allowChange, After: takeEffect,
})

func fillChange(q *store.Read, c *Change) error {
	c.Unit = c.Subject
	if c.State != Cancelled && c.State != Stuck {
		c.State = Planned
		if c.Effective != "" && string(c.Effective) <= q.Today {
			c.State = Done
		}
	}
	titles, err := record.Titles(q, func(yield func(string) bool) { _ = yield(c.Subject) && yield(c.Target) })
	if err != nil {
		return err
	}
	subject, target := titles[c.Subject].Title, titles[c.Target].Title
	c.Title = map[Act]string{
		MoveUnit:   subject + " flyttes til " + target,
		MergeUnit:  subject + " lægges sammen med " + target,
		SplitUnit:  subject + " deles: " + c.Name,
		CloseUnit:  subject + " nedlægges",
		RenameUnit: subject + " skifter navn til " + c.Name,
	}[c.Act]
	return nil
}

func checkChange(c Change) problem.Fields {
	bad := problem.Fields{}
	if c.Target == "" && (c.Act == MoveUnit || c.Act == MergeUnit || c.Act == CloseUnit) {
		bad["target"] = i18n.Text{"Vælg den anden enhed.", "Choose the other unit."}
	}
	if c.Target != "" && c.Target == c.Subject && c.Act != SplitUnit {
		bad["target"] = i18n.Text{"Vælg en anden enhed end den, der ændres.", "Choose another unit than the one that changes."}
	}
	if c.Subject == Top && c.Act != RenameUnit && c.Act != SplitUnit {
		bad["subject"] = i18n.Text{"Kommunen selv kan ikke flyttes eller nedlægges.", "The municipality itself cannot be moved or closed."}
	}
	if c.Name == "" && (c.Act == SplitUnit || c.Act == RenameUnit) {
		bad["name"] = i18n.Text{"Skriv navnet.", "Write the name."}
	}
	if c.Number == "" && c.Act == SplitUnit {
		bad["number"] = i18n.Text{"Giv den nye enhed et nummer.", "Give the new unit a number."}
	}
	return bad
}

// allowChange refuses what is done already, and what the organisation as it
// stands does not allow.
func allowChange(q *store.Read, old *Change, c Change) error {
	if old != nil && (old.State == Done || old.State == Cancelled) {
		return problem.New(problem.Precondition, "Ændringen er afsluttet og kan ikke rettes. Lav en ny.", "The change is over and cannot be altered. Make a new one.")
	}
	if c.State == Cancelled || c.State == Stuck {
		return nil
	}
	for name, id := range map[string]string{"subject": c.Subject, "target": c.Target} {
		if id == "" {
			continue
		}
		if err := record.Within(q, name, id); err != nil {
			return err
		}
		var closes *string
		if err := q.Row(`SELECT closes FROM unit WHERE id = :id`, store.Args{"id": id}, &closes); err != nil {
			return err
		}
		if closes != nil && *closes < string(c.Effective) {
			return problem.Field(name, "Enheden er nedlagt på det tidspunkt.", "The unit is closed by then.")
		}
	}
	if err := afterTheLast(q, c); err != nil {
		return err
	}
	switch c.Act {
	case MoveUnit, MergeUnit, CloseUnit:
		return outside(q, "target", c.Subject, c.Target)
	case SplitUnit:
		_, err := alongOf(q, c)
		return err
	}
	return nil
}

// outside refuses a target that lies under the unit itself.
func outside(q *store.Read, name, subject, target string) error {
	var n int
	err := q.Row(`SELECT count(*) FROM unit_under WHERE top = :subject AND unit = :target`, store.Args{"subject": subject, "target": target}, &n)
	if err == nil && n > 0 {
		err = problem.Field(name, "Den enhed ligger under den, der ændres. Flyt den væk først.", "That unit is below the one that changes. Move it away first.")
	}
	return err
}

// afterTheLast refuses a day in the past before something else that happened to
// the units: the order in which things happened would be lost.
func afterTheLast(q *store.Read, c Change) error {
	if c.State != Done {
		return nil
	}
	var last string
	err := q.Row(`SELECT coalesce(max(starts), '') FROM unit_span WHERE unit IN (:subject, :target)`, store.Args{"subject": c.Subject, "target": c.Target}, &last)
	if err == nil && last > string(c.Effective) {
		err = problem.Check(problem.Fields{"effective": i18n.Text{
			"Enhederne blev senest ændret %s. Vælg den dag eller en senere.", "The units were last changed on %s. Choose that day or a later one.",
		}.Naming(i18n.Text{i18n.Da.Date(last), i18n.En.Date(last)})})
	}
	return err
}

// along are the units below and the positions that go along in a split.
type along struct{ units, positions []string }

// alongOf finds what a split takes along: by number, name or title.
func alongOf(q *store.Read, c Change) (found along, err error) {
	for word := range words(c.Along) {
		var kind, id string
		err := q.Row(`
			SELECT 'unit', id FROM unit WHERE unit = :subject AND id <> :subject AND closes IS NULL AND (number = :word OR name = :word)
			UNION ALL SELECT 'position', id FROM position WHERE unit = :subject AND title = :word
			LIMIT 1`, store.Args{"subject": c.Subject, "word": word}, &kind, &id)
		switch {
		case err != nil && problem.Of(err) == problem.NotFound:
			return found, problem.Check(problem.Fields{"along": i18n.Text{"»%s« er hverken en enhed under den eller en stilling i den.", "“%s” is neither a unit below it nor a position in it."}.With(word)})
		case err != nil:
			return found, err
		case kind == "unit":
			found.units = append(found.units, id)
		default:
			found.positions = append(found.positions, id)
		}
	}
	return found, nil
}

// words are the lines of a text that say something.
func words(text string) iter.Seq[string] {
	return func(yield func(string) bool) {
		for line := range strings.Lines(text) {
			if word := strings.TrimSpace(line); word != "" && !yield(word) {
				return
			}
		}
	}
}

// TryChange says what saving a change would be refused for, and saves nothing.
func TryChange(q *store.Read, c *Change) error {
	if err := fillChange(q, c); err != nil {
		return err
	}
	if err := problem.Check(checkChange(*c)); err != nil {
		return err
	}
	return allowChange(q, nil, *c)
}
