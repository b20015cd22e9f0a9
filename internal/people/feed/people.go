package feed

import (
	"context"
	"hash/maphash"
	"math"
	"slices"
	"strings"
	"time"

	"vaern/internal/field"
	"vaern/internal/i18n"
	"vaern/internal/people"
	"vaern/internal/record"
	"vaern/internal/store"
)

// job is a row of a file: one employment of one person.
type job struct {
	row                                  int
	number, name, mail, unit, title, who string
	from, until                          string
	category                             people.Category
	unitID, position                     string
}

// counts reports whether the employment has begun and not ended on a day.
func (j *job) counts(day string) bool { return j.from <= day && (j.until == "" || j.until >= day) }

// one is somebody in the file. There may be a million, so it holds nothing that
// the garbage collector would have to follow.
type one struct {
	row   int    // the first about the person
	name  uint64 // a hash
	last  [len(time.DateOnly)]byte
	taken bool // rows about the person were taken in
}

// ends is the last day by this file; "" is none.
func (o one) ends() string {
	if o.last == (one{}).last {
		return ""
	}
	return string(o.last[:])
}

func (o *one) end(day string) {
	o.last = (one{}).last
	copy(o.last[:], day)
}

// seat is a position by what files know of it.
type seat struct{ unit, title string }

func seatOf(unit, title string) seat { return seat{unit, strings.ToLower(title)} }

// crew is a file of people on its way in.
type crew struct {
	*taking
	units     map[string]unitAt // by number
	positions map[seat]string   // → id
	seats     map[string]seat   // the other way round
	bearing   map[string]bool   // positions that carry a role, or are deputy for one that does
	leading   map[string]string // unit → the position that leads there

	all  map[uint64]one // by number; a hash, like the next
	rows map[uint64]int // employments → the first row
	seed maphash.Seed
}

func (c *crew) hash(text string) uint64 { return maphash.String(c.seed, text) }

// about is what the file says of somebody.
func (c *crew) about(number string) one { return c.all[c.hash(number)] }

// took says that rows about somebody were taken in.
func (c *crew) took(number string) {
	is := c.about(number)
	is.taken = true
	c.all[c.hash(number)] = is
}

type unitAt struct{ id, closes string }

// employment is by what an employment is known: number, unit and position.
func (c *crew) employment(number string, at seat) uint64 {
	return c.hash(number + "\x00" + at.unit + "\x00" + at.title)
}

// People takes a file of people: joiners join, movers move and leavers leave,
// by date. The rows about a person are the whole of that person's employments;
// one that the file no longer names ends. Nothing is done about who is not in
// the file, unless it is a full one.
func People(ctx context.Context, s *store.Store, t Table, o Options) (*Report, error) {
	k, err := begin(ctx, s, t, o)
	if err != nil {
		return nil, err
	}
	if err := k.forPeople(t.Head); err != nil {
		return nil, err
	}
	c := &crew{taking: k, units: map[string]unitAt{}, positions: map[seat]string{}, seats: map[string]seat{}, bearing: map[string]bool{},
		leading: map[string]string{}, all: map[uint64]one{}, rows: map[uint64]int{}, seed: maphash.MakeSeed()}
	if err := s.View(ctx, Need, c.know); err != nil {
		return nil, err
	}
	if err := c.survey(); err != nil || k.report.Held && !k.Try {
		return k.report, err
	}
	if err := c.pass(); err != nil {
		return k.report, err
	}
	if o.Full {
		err = c.missing()
	}
	return k.report, err
}

// know loads what rows refer to.
func (c *crew) know(q *store.Read) error {
	names := map[string]unitAt{} // files name units, too; a name that several have says nothing
	err := q.Rows(`SELECT number, name, id, coalesce(closes, '') FROM unit`, nil, func(scan store.Scan) error {
		var number, name string
		var u unitAt
		err := scan(&number, &name, &u.id, &u.closes)
		c.units[strings.ToLower(number)] = u
		if name = strings.ToLower(name); names[name] != (unitAt{}) {
			u = unitAt{id: "several"}
		}
		names[name] = u
		return err
	})
	if err != nil {
		return err
	}
	for name, u := range names {
		if _, is := c.units[name]; !is && u.id != "several" {
			c.units[name] = u
		}
	}
	err = q.Rows(`SELECT id, unit, title FROM position WHERE closes IS NULL OR closes >= :today ORDER BY id DESC`, nil, func(scan store.Scan) error {
		var id, unit, title string
		err := scan(&id, &unit, &title)
		c.seats[id] = seatOf(unit, title)
		c.positions[c.seats[id]] = id
		return err
	})
	if err != nil {
		return err
	}
	return bears(q, c.bearing)
}

// bears finds the positions that carry a role, or are deputy for one that does.
func bears(q *store.Read, into map[string]bool) error {
	return q.Rows(`SELECT position FROM role_grant UNION SELECT d.position FROM deputy d JOIN role_grant g ON g.position = d.absent`, nil, func(scan store.Scan) error {
		var id string
		err := scan(&id)
		into[id] = true
		return err
	})
}

// pass takes the rows in, a chunk at a time; external people last, since
// somebody else in the file may answer for them.
func (c *crew) pass() error {
	var waiting, external []job
	before := c.report.Done
	for n, row := range c.Table.Rows {
		if strings.Join(row, "") == "" {
			continue
		}
		if n > before.Row {
			c.report.Rows++
		}
		j, wrong := c.read(n, row)
		switch {
		case wrong != (i18n.Text{}):
			if n > before.Row {
				c.say(Line{Row: n, Key: j.number, Name: j.name, Did: Wrong, Text: wrong})
			}
			continue
		case j.category.External() && n > before.External:
			external = append(external, j)
			continue
		case j.category.External() || n <= before.Row:
			c.took(j.number) // before it was cut off
			continue
		}
		if waiting = append(waiting, j); len(waiting) == atOnce {
			if err := c.take(waiting, Done{Row: n}); err != nil {
				return err
			}
			waiting = waiting[:0]
		}
	}
	if err := c.take(waiting, Done{Row: math.MaxInt, External: before.External}); err != nil {
		return err
	}
	for jobs := range slices.Chunk(external, atOnce) {
		if err := c.take(jobs, Done{Row: math.MaxInt, External: jobs[len(jobs)-1].row}); err != nil {
			return err
		}
	}
	return nil
}

// atOnce is how many rows of the file one change takes. They are short: a change
// of so many is as long as one of store.BatchRows of other registers, and pages
// of an index that all of them touch are written fewer times.
const atOnce = 2 * store.BatchRows

// take takes some rows in, with which the file is done so far.
func (c *crew) take(jobs []job, until Done) error {
	p := &part{crew: c, jobs: jobs, until: until}
	if err := p.run(); err != nil {
		return err
	}
	return c.step()
}

// missing ends the access of those who came by a file and are not in this one.
func (c *crew) missing() error {
	var gone []string
	err := c.s.View(c.ctx, Need, func(q *store.Read) error {
		return q.Rows(`SELECT number FROM person WHERE fed = 1 AND (ends IS NULL OR ends >= :day) ORDER BY number`, store.Args{"day": c.Day}, func(scan store.Scan) error {
			var n string
			err := scan(&n)
			if _, is := c.all[c.hash(n)]; !is {
				gone = append(gone, n)
			}
			return err
		})
	})
	for part := range slices.Chunk(gone, atOnce) {
		if err != nil {
			return err
		}
		err = c.change("person.feed", c.report.Done, func(w *store.Write) ([]Line, bool, error) { return c.end(w, part) })
	}
	return err
}

// end lets people leave the day before the file counts.
func (c *crew) end(w *store.Write, numbers []string) (lines []Line, did bool, err error) {
	q, err := w.With("person.edit")
	if err != nil {
		return nil, false, err
	}
	known, err := people.Persons.ByKeys(q, numbers)
	if err != nil {
		return nil, false, err
	}
	var saves []record.Save[people.Person]
	for _, number := range numbers {
		if old := known[number]; old != nil {
			is := *old
			is.FedEnds = people.DayBefore(c.Day)
			is.Ends = is.FedEnds
			saves = append(saves, record.Save[people.Person]{Old: old, New: &is})
		}
	}
	wrong, err := people.Persons.SaveMany(w, c.report.Batch, saves)
	if err != nil {
		return nil, false, err
	}
	for i, s := range saves {
		l := Line{Key: s.New.Number, Name: s.New.Name, Did: Left, Text: notThere.And(accessEnds(s.New.Ends))}
		if wrong != nil && wrong[i] != nil {
			l.Did, l.Text = Wrong, plainly(wrong[i])
		} else {
			did = true
		}
		lines = append(lines, l)
	}
	return lines, did, nil
}

var notThere = i18n.Text{"Står ikke i filen. ", "Is not in the file. "}

func accessEnds(last field.Date) i18n.Text {
	return i18n.Text{"Adgangen slutter %s.", "Access ends on %s."}.Naming(dayText(string(last)))
}

func dayText(day string) i18n.Text { return i18n.Text{i18n.Da.Date(day), i18n.En.Date(day)} }
