package people

import (
	"slices"
	"strings"

	"vaern/internal/access"
	"vaern/internal/i18n"
	"vaern/internal/problem"
	"vaern/internal/record"
	"vaern/internal/ref"
	"vaern/internal/store"
)

// HandOver is the permission to hand what a position owns to another.
const HandOver access.Permission = "handover.give"

// Handover is an act of handing over.
type Handover struct {
	ID, Unit, At, By string
	Version          int64
	Giver, Taker     string
	Records          int
	State            string // given, undone
}

// Vacancy is a position that owns something and that nobody holds.
type Vacancy struct {
	Position, Title, Unit string
	Records               int
	Last, Left            string // who held it last, and until which day
	Heir                  Heir
}

// Heir is a position that could take over, and why that one.
type Heir struct {
	Position, Title string
	Why             i18n.Text
}

// heldNow is that somebody holds a position today; column is its id.
func heldNow(column string) string {
	return `EXISTS (SELECT 1 FROM holding x WHERE x.position = ` + column + ` AND x.starts <= :today AND (x.ends IS NULL OR x.ends >= :today))`
}

// heirs are the columns that propose who takes over from position p: its
// deputy, the same position in the unit, what leads the unit or one above it.
var heirs = `
	coalesce((SELECT min(d.position) FROM deputy d WHERE d.absent = p.id AND d.starts <= :today AND (d.ends IS NULL OR d.ends >= :today) AND ` + heldNow("d.position") + `), ''),
	coalesce((SELECT min(s.id) FROM position s WHERE s.unit = p.unit AND s.title = p.title AND s.id <> p.id AND (s.closes IS NULL OR s.closes >= :today) AND ` + heldNow("s.id") + `), ''),
	coalesce((SELECT l.id FROM unit_under a JOIN position l ON l.unit = a.top WHERE a.unit = p.unit AND l.level > 0 AND l.id <> p.id AND (l.closes IS NULL OR l.closes >= :today) AND ` + heldNow("l.id") + `
		ORDER BY (SELECT count(*) FROM unit_under b WHERE b.unit = a.top) DESC, l.level, l.id LIMIT 1), '')`

// Vacant is the condition that nobody holds position p today.
var Vacant = `NOT ` + heldNow("p.id")

// owned is the kinds of records that have an owner, as SQL; they are the
// program's own names.
func owned(q *store.Read) string {
	kinds := q.Keeping("owner")
	slices.Sort(kinds)
	return `('` + strings.Join(kinds, `', '`) + `')`
}

// Vacancies are the positions that nobody holds and that own something within
// reach; one only where position says which.
func Vacancies(q *store.Read, position string, most int) (out []Vacancy, err error) {
	which := ``
	if position != "" {
		which = ` AND t.owner = :position`
	}
	titles := map[string]bool{}
	err = q.Rows(`
		SELECT p.id, p.title, u.name, o.n,
			coalesce((SELECT n.name FROM holding h JOIN person n ON n.id = h.person WHERE h.position = p.id AND h.ends < :today ORDER BY h.ends DESC, n.id LIMIT 1), ''),
			coalesce((SELECT max(h.ends) FROM holding h WHERE h.position = p.id AND h.ends < :today), ''), `+heirs+`
		FROM (SELECT t.owner, count(*) AS n FROM record_title t WHERE t.owner <> '' AND t.kind IN `+owned(q)+which+` AND :scope(t.unit) GROUP BY t.owner) o
		JOIN position p ON p.id = o.owner JOIN unit u ON u.id = p.unit
		WHERE `+Vacant+` ORDER BY o.n DESC, p.title_sort, p.id LIMIT :most`, store.Args{"position": position, "most": most},
		func(scan store.Scan) error {
			var v Vacancy
			var deputy, same, leader string
			err := scan(&v.Position, &v.Title, &v.Unit, &v.Records, &v.Last, &v.Left, &deputy, &same, &leader)
			v.Heir = heir(deputy, same, leader)
			titles[v.Heir.Position] = true
			out = append(out, v)
			return err
		})
	if err != nil {
		return nil, err
	}
	called, err := record.Titles(q, func(yield func(string) bool) {
		for id := range titles {
			if !yield(id) {
				return
			}
		}
	})
	for i := range out {
		out[i].Heir.Title = called[out[i].Heir.Position].Title
	}
	return out, err
}

func heir(deputy, same, leader string) Heir {
	switch {
	case deputy != "":
		return Heir{Position: deputy, Why: i18n.Text{"stedfortræder", "deputy"}}
	case same != "":
		return Heir{Position: same, Why: i18n.Text{"samme stilling", "same position"}}
	case leader != "":
		return Heir{Position: leader, Why: i18n.Text{"leder", "manager"}}
	}
	return Heir{}
}

// Owned are the records that a position owns within reach, at most so many.
func Owned(q *store.Read, position string, most int) (out []ref.Ref, err error) {
	err = q.Rows(`SELECT t.kind, t.id FROM record_title t WHERE t.owner = :position AND t.kind IN `+owned(q)+` AND :scope(t.unit) ORDER BY t.kind, t.title, t.id LIMIT :most`,
		store.Args{"position": position, "most": most}, func(scan store.Scan) error {
			var r ref.Ref
			err := scan(&r.Kind, &r.ID)
			out = append(out, r)
			return err
		})
	return out, err
}

// mostHanded is how many records one act hands over: what the writer does
// while everybody else waits.
const mostHanded = 500

// Gift is what one position is to hand to another: the records chosen, or all
// where none are.
type Gift struct {
	Giver, Taker string
	Chosen       []string
}

// Give hands records of one position to another. The records' own history
// tells of it, and UndoHandover takes it back.
func (g Gift) Give(w *store.Write) (h Handover, err error) {
	if err := mayTake(&w.Read, g.Giver, g.Taker); err != nil {
		return h, err
	}
	all, err := Owned(&w.Read, g.Giver, mostHanded)
	if err != nil {
		return h, err
	}
	if len(g.Chosen) > 0 {
		all = slices.DeleteFunc(all, func(r ref.Ref) bool { return !slices.Contains(g.Chosen, r.ID) })
	}
	if len(all) == 0 {
		return h, problem.Field("giver", "Der er intet at give videre. En anden har måske gjort det.", "There is nothing to hand over. Perhaps somebody else did.")
	}
	h = Handover{ID: w.NewID(), Giver: g.Giver, Taker: g.Taker, Records: len(all), State: "given"}
	if err := w.Row(`SELECT unit FROM position WHERE id = :id`, store.Args{"id": g.Giver}, &h.Unit); err != nil {
		return h, err
	}
	err = w.Do(ref.Ref{Kind: "handover", ID: h.ID}, `
		INSERT INTO handover (id, version, unit, updated_at, updated_by, giver, taker, records, state)
		VALUES (:id, 1, :unit, :now, :actor, :giver, :taker, :records, 'given')`,
		store.Args{"id": h.ID, "unit": h.Unit, "giver": g.Giver, "taker": g.Taker, "records": h.Records})
	rows := make([][]any, len(all))
	for i, r := range all {
		rows[i] = []any{h.ID, r.Kind, r.ID}
		if err != nil {
			return h, err
		}
		err = record.Give(w.As(r.Kind+".hand_over"), r, g.Taker)
	}
	if err != nil {
		return h, err
	}
	return h, w.InsertAll("handover_item", []string{"handover", "kind", "record"}, rows, "")
}

// mayTake refuses an heir who is not there, is the giver, or is out of reach.
func mayTake(q *store.Read, giver, taker string) error {
	if giver == taker {
		return problem.Field("taker", "Vælg en anden stilling end den, der giver fra sig.", "Choose another position than the one that hands over.")
	}
	if err := record.Within(q, "giver", giver); err != nil {
		return err
	}
	var n int
	err := q.Row(`SELECT count(*) FROM position p WHERE p.id = :id AND (p.closes IS NULL OR p.closes >= :today) AND `+heldNow("p.id"), store.Args{"id": taker}, &n)
	if err == nil && n == 0 {
		err = problem.Field("taker", "Vælg en stilling, som nogen har i dag.", "Choose a position that somebody holds today.")
	}
	return err
}

// UndoHandover gives back what the taker still has of it, and says how many
// records that were.
func UndoHandover(w *store.Write, id string) (h Handover, back int, err error) {
	if h, err = FindHandover(&w.Read, id); err != nil {
		return h, 0, err
	}
	if h.State != "given" {
		return h, 0, problem.New(problem.Precondition, "Overdragelsen er allerede fortrudt.", "The hand-over is undone already.")
	}
	var still []ref.Ref
	err = w.Rows(`SELECT i.kind, i.record FROM handover_item i JOIN record_title t ON t.id = i.record
		WHERE i.handover = :id AND t.owner = :taker AND :scope(t.unit) ORDER BY i.record`, store.Args{"id": id, "taker": h.Taker}, func(scan store.Scan) error {
		var r ref.Ref
		err := scan(&r.Kind, &r.ID)
		still = append(still, r)
		return err
	})
	for _, r := range still {
		if err != nil {
			return h, 0, err
		}
		err = record.Give(w.As(r.Kind+".hand_back"), r, h.Giver)
	}
	if err != nil {
		return h, 0, err
	}
	return h, len(still), w.Do(ref.Ref{Kind: "handover", ID: id}, `UPDATE handover SET version = version + 1, updated_at = :now, updated_by = :actor, state = 'undone' WHERE id = :id`, store.Args{"id": id})
}

const handoverColumns = `SELECT id, version, unit, updated_at, updated_by, giver, taker, records, state FROM handover WHERE :scope `

func (h *Handover) scan(scan store.Scan) error {
	return scan(&h.ID, &h.Version, &h.Unit, &h.At, &h.By, &h.Giver, &h.Taker, &h.Records, &h.State)
}

// FindHandover returns an act of handing over within reach.
func FindHandover(q *store.Read, id string) (h Handover, err error) {
	found := false
	err = q.Rows(handoverColumns+`AND id = :id`, store.Args{"id": id}, func(scan store.Scan) error {
		found = true
		return h.scan(scan)
	})
	if err == nil && !found {
		err = problem.Missing()
	}
	return h, err
}

// Handovers are the latest acts of handing over within reach.
func Handovers(q *store.Read, most int) (out []Handover, err error) {
	err = q.Rows(handoverColumns+`ORDER BY updated_at DESC, id DESC LIMIT :most`, store.Args{"most": most}, func(scan store.Scan) error {
		var h Handover
		err := h.scan(scan)
		out = append(out, h)
		return err
	})
	return out, err
}

// HandedOver are the records of an act of handing over, and whether the taker
// still has each.
func HandedOver(q *store.Read, h Handover) (out []ref.Ref, still int, err error) {
	err = q.Rows(`SELECT i.kind, i.record, t.owner FROM handover_item i JOIN record_title t ON t.id = i.record WHERE i.handover = :id ORDER BY t.title, t.id`, store.Args{"id": h.ID},
		func(scan store.Scan) error {
			var r ref.Ref
			var owner string
			err := scan(&r.Kind, &r.ID, &owner)
			out = append(out, r)
			if owner == h.Taker {
				still++
			}
			return err
		})
	return out, still, err
}
