package receipt

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"time"

	"vaern/internal/access"
	"vaern/internal/i18n"
	"vaern/internal/mail"
	"vaern/internal/notify"
	"vaern/internal/store"
	"vaern/internal/task"
)

// The mails that somebody gets about one text, in order. Whoever has confirmed
// gets none of those that are left.
const (
	toldOf   = 1 // asked
	toldSoon = 2 // three days before
	toldDay  = 3 // on the day
	toldLate = 4 // the day after, and a week and two weeks later
	toldLast = 6
)

// soonDays is how long before the day the first reminder comes.
const soonDays = 3

// stage is which mail it is time for.
func stage(today, due string) int {
	left := int(between(today, due))
	switch {
	case left > soonDays:
		return toldOf
	case left > 0:
		return toldSoon
	case left == 0:
		return toldDay
	}
	return min(toldLate+(-left-1)/7, toldLast)
}

// mailKey is what a mail is queued under, so that it is sent once, and can be
// withdrawn when it is answered.
func mailKey(reading string, stage int) string {
	return "reading/" + reading + "/" + strconv.Itoa(stage)
}

// reminded is somebody for whom it is time.
type reminded struct {
	person, name, unit, to, due string
	minutes                     int64
	told, stage                 int
}

// Remind mails those whom it is time for, with a link that needs no login, and
// tells leaders who is late and who has no mail. Only by day: nobody is helped
// by a mail at midnight. Whom the day's mail will tell as well gets no other.
func (d *Desk) Remind(ctx context.Context, s *store.Store, daily *notify.Digest) error {
	ctx = access.With(ctx, asker)
	type round struct {
		Reading
		people []reminded
		notes  []notify.Notice
	}
	var all []round
	err := s.View(ctx, askers, func(q *store.Read) error {
		if !byDay(q.Now) {
			return nil
		}
		open, err := readings(q, `state = 'open'`, nil)
		if err != nil || len(open) == 0 {
			return err
		}
		lead, err := leadersOf(q)
		if err != nil {
			return err
		}
		daily, err := daily.Round(q)
		if err != nil {
			return err
		}
		for _, r := range open {
			people, err := due(q, r, daily)
			if err != nil {
				return err
			}
			notes, err := lead.notices(q, r)
			if err != nil {
				return err
			}
			all = append(all, round{r, people, notes})
		}
		return nil
	})
	for _, r := range all {
		if err != nil {
			return err
		}
		for part := range slices.Chunk(r.people, chunk) {
			if err := mailTo(ctx, s, r.Reading, part); err != nil {
				return err
			}
		}
		if len(r.notes) > 0 {
			err = s.Work(ctx, func(w *store.Work) error { return notify.Tell(w, r.notes...) })
		}
	}
	return err
}

func byDay(now string) bool {
	t, err := time.Parse(store.Time, now)
	hour := t.In(i18n.Zone).Hour()
	return err == nil && 7 <= hour && hour < 20
}

// due are those whom a mail is due to: asked, with a mail address, not told yet
// and not about to be by the day's mail.
func due(q *store.Read, r Reading, daily notify.Round) (out []reminded, err error) {
	err = q.Rows(`
		SELECT p.id, p.name, a.unit, p.mail, a.due, a.minutes, a.told FROM asked a JOIN person p ON p.id = a.person
		WHERE a.reading = :reading AND a.here = 1 AND a.state = 'open' AND p.mail <> ''`, store.Args{"reading": r.ID}, func(scan store.Scan) error {
		var x reminded
		var told string
		if err := scan(&x.person, &x.name, &x.unit, &x.to, &x.due, &x.minutes, &told); err != nil {
			return err
		}
		x.told, _ = strconv.Atoi(told) // "" is none
		if x.stage = stage(q.Today, x.due); x.stage > x.told && !daily.Waits(x.person, x.to, x.stage >= toldDay) {
			out = append(out, x)
		}
		return nil
	})
	return out, err
}

// mailTo queues a mail to each, in one change. Who confirmed meanwhile gets none.
func mailTo(ctx context.Context, s *store.Store, r Reading, people []reminded) error {
	return s.Change(ctx, store.Intent{Verb: "reading.remind", Need: askers}, func(w *store.Write) error {
		for _, x := range people {
			var n int
			err := w.Row(`SELECT count(*) FROM asked WHERE reading = :reading AND person = :person AND state = 'open' AND here + 0 = 1`,
				store.Args{"reading": r.ID, "person": x.person}, &n)
			if err != nil {
				return err
			}
			if n == 0 {
				continue
			}
			path, err := link(w, r.ID, x.person, x.due)
			if err != nil {
				return err
			}
			chosen, err := notify.Chosen(&w.Read, x.person)
			if err != nil {
				return err
			}
			if err := mail.Queue(w, letter(chosen.Lang, r, x, path)); err != nil {
				return err
			}
			if err := w.Also(`UPDATE asked SET told = :told WHERE reading = :reading AND person = :person`,
				store.Args{"reading": r.ID, "person": x.person, "told": strconv.Itoa(x.stage)}); err != nil {
				return err
			}
		}
		return w.Note(r.Ref())
	})
}

// letter is the mail, in the language that the person chose.
func letter(l i18n.Lang, r Reading, x reminded, path string) mail.Message {
	minutes := l.Plural(x.minutes, i18n.Text{"minut", "minute"}, i18n.Text{"minutter", "minutes"})
	text := i18n.Text{"Fristen for at læse »%s« var %s. Gør det nu, så er det gjort.", "“%s” was to be read by %s. Do it now, and it is done."}.With(r.Title, l.Date(x.due))
	switch x.stage {
	case toldOf:
		text = i18n.Text{"Læs »%s«, og kvittér nederst på siden. Det tager ca. %s. Gør det senest %s.",
			"Read “%s”, and confirm at the bottom of the page. It takes about %s. Do it by %s."}.With(r.Title, minutes, l.Date(x.due))
	case toldSoon:
		text = i18n.Text{"Du mangler at læse »%s«. Gør det senest %s.", "You have not read “%s”. Do it by %s."}.With(r.Title, l.Date(x.due))
	case toldDay:
		text = i18n.Text{"I dag er sidste dag for at læse »%s«.", "Today is the last day to read “%s”."}.With(r.Title)
	}
	return mail.Message{
		To: x.to, Person: x.person, Lang: l, Key: mailKey(r.ID, x.stage), Path: path,
		Subject: i18n.Text{"Læs og kvittér: %s", "Read and confirm: %s"}.With(r.Title).In(l),
		Text: i18n.Text{"Hej %s", "Dear %s"}.With(x.name).In(l) + "\n\n" + text.In(l) + "\n\n" + i18n.Text{"Du skal ikke logge ind. Linket er kun til dig, så send det ikke videre.",
			"You need not sign in. The link is for you alone, so do not pass it on."}.In(l),
		Why: i18n.Text{"teksten gælder for dig. Når du har kvitteret, hører du ikke mere om den.", "the text applies to you. Once you have confirmed, you hear no more of it."}.In(l),
	}
}

// Door is a link to a text that the day's mail tells somebody to read: where it
// is shown anyway, since not all can sign in, and where a reminder is due,
// since it takes the place of a mail of its own.
func (d *Desk) Door(ctx context.Context, s *store.Store, person string, t task.Task, shown bool) (path string, sent func(*store.Work) error, err error) {
	if !strings.HasPrefix(t.Source.Key, readKey) {
		return "", nil, nil
	}
	ctx = access.With(ctx, asker)
	var due, told string
	var now int
	err = s.View(ctx, askers, func(q *store.Read) error {
		err := q.Row(`SELECT due, told FROM asked WHERE reading = :reading AND person = :person`, store.Args{"reading": t.ID, "person": person}, &due, &told)
		now = stage(q.Today, due)
		return err
	})
	before, _ := strconv.Atoi(told) // "" is none
	if err != nil || now <= before && !shown {
		return "", nil, err
	}
	err = s.Change(ctx, store.Intent{Verb: "reading.remind", Need: askers}, func(w *store.Write) error {
		if path, err = link(w, t.ID, person, due); err != nil {
			return err
		}
		return w.Note(t.Ref)
	})
	return path, func(w *store.Work) error {
		return w.Do(`UPDATE asked SET told = :told WHERE reading = :reading AND person = :person`,
			store.Args{"reading": t.ID, "person": person, "told": strconv.Itoa(max(now, before))})
	}, err
}

// leads says who leads which unit: the holders of a leading role there.
type leads struct {
	*crowd
	of    map[string][]string // unit → persons
	coord []string            // when nobody leads
}

func leadersOf(q *store.Read) (*leads, error) {
	c, err := units(q)
	if err != nil {
		return nil, err
	}
	l := &leads{crowd: c, of: map[string][]string{}}
	return l, q.Rows(`
		SELECT g.unit, h.person, g.role FROM role_grant g JOIN holding h ON h.position = g.position
		WHERE g.role IN ('manager', 'executive', 'director', 'coordinator') AND h.starts <= :today AND (h.ends IS NULL OR h.ends >= :today)
		ORDER BY g.id, h.id`, nil, func(scan store.Scan) error {
		var unit, person string
		var role access.Role
		if err := scan(&unit, &person, &role); err != nil {
			return err
		}
		if role == access.Coordinator {
			l.coord = append(l.coord, person)
		} else {
			l.of[unit] = append(l.of[unit], person)
		}
		return nil
	})
}

// leader is the nearest who leads a unit, other than the person asked about.
func (l *leads) leader(unit, person string) []string {
	for range len(l.above) {
		if found := l.of[unit]; len(found) > 0 && !slices.Contains(found, person) {
			return found
		}
		if l.above[unit] == unit || l.above[unit] == "" {
			break
		}
		unit = l.above[unit]
	}
	return l.coord
}

// notices are what leaders are to know of a reading: how many in their area
// are late, and how many have no mail and need another way. Names stand on the
// page that they lead to, not here.
func (l *leads) notices(q *store.Read, r Reading) (out []notify.Notice, err error) {
	late, without := map[string]int{}, map[string]int{}
	err = q.Rows(`
		SELECT p.id, a.unit, a.due, CASE WHEN p.mail = '' THEN 1 ELSE 0 END FROM asked a JOIN person p ON p.id = a.person
		WHERE a.reading = :reading AND a.here = 1 AND a.state = 'open' AND (a.due < :today OR p.mail = '')`,
		store.Args{"reading": r.ID}, func(scan store.Scan) error {
			var person, unit, due string
			var noMail bool
			if err := scan(&person, &unit, &due, &noMail); err != nil {
				return err
			}
			for _, to := range l.leader(unit, person) {
				if due < q.Today {
					late[to]++
				}
				if noMail {
					without[to]++
				}
			}
			return nil
		})
	for to, n := range without {
		out = append(out, l.notice(r, to, "nomail", i18n.Text{
			"%d i dit område har ingen mail og skal læse %s. Tag det på et møde, eller brug en fælles skærm.",
			"%d in your area have no mail and are to read %s. Take it at a meeting, or use a shared screen."}.With(n, r.Title)))
	}
	week := strconv.Itoa(min(int(max(between(r.Due, q.Today)-1, 0))/7, toldLast-toldLate))
	for to, n := range late {
		out = append(out, l.notice(r, to, "late/"+week, i18n.Text{
			"%d i dit område mangler at læse %s. Fristen er passeret.", "%d in your area have not read %s. The date has passed."}.With(n, r.Title)))
	}
	slices.SortFunc(out, func(a, b notify.Notice) int { // in one order, or two nodes lock each other out
		if a.Person+a.Key < b.Person+b.Key {
			return -1
		}
		return 1
	})
	return out, err
}

func (l *leads) notice(r Reading, to, about string, text i18n.Text) notify.Notice {
	return notify.Notice{Person: to, About: r.Ref(), Text: text, Path: "/reading/" + r.ID, Key: "reading/" + r.ID + "/" + about, Task: leadTask(about),
		Why: i18n.Text{"Du leder det område, de hører til.", "You lead the area that they belong to."}}
}

// leadTask is the task that a notice to a leader reminds of: none once it is done.
func leadTask(about string) string {
	if about == "nomail" {
		return "reading.nomail"
	}
	return "reading.late"
}
