// Package nordkyst makes the people, positions and units of Nordkyst Kommune, the invented municipality of the demo.
package nordkyst

// Municipality is Nordkyst Kommune as it stands on a day, with two years of
// people who came and left. Every key is a stable word, unique among its kind.
type Municipality struct {
	Name      string
	Units     []Unit // a unit stands after its parent
	Positions []Position
	Persons   []Person
	Holdings  []Holding
	Deputies  []Deputy
	Bodies    []Body
	Logins    []Login // one for each role
}

// Unit is a part of the municipality. Names are unique, so that a name says
// which unit it is without the tree around it.
type Unit struct {
	Key, Name string
	Parent    string // empty for the municipality itself
	Level     int    // 0 the municipality, 1 a director's area, 2 a niveau 2-leder's …
	Kind      string // municipality, area, division, school, daycare, team …
}

// Position is a job in a unit. One below leader may be held by many at once.
type Position struct {
	Key, Title string // the title is unique: it ends with the unit's name where needed
	Unit       string
	Level      int // 1 director, 2 niveau 2-leder, 3 and 4 leaders below, 9 everybody else
	Roles      []string
}

// Person is somebody with a way in, by account or by key, now or before.
type Person struct {
	Key, Name string
	Mail      string // empty without a mailbox
	Category  string // employee, council, substitute, student, volunteer, consultant, supplier or keys
}

// Holding says who holds a position from the day to the day, both included.
// An empty To is one without an end; externals mostly have an end to come.
type Holding struct{ Person, Position, From, To string }

// On reports whether the position was held on the day.
func (h Holding) On(day string) bool { return covers(h.From, h.To, day) }

// Deputy says that whoever holds Position stands in for whoever holds For.
type Deputy struct{ Position, For, From, To string }

// On reports whether the deputy stood in on the day.
func (d Deputy) On(day string) bool { return covers(d.From, d.To, day) }

// Body decides or approves. Its members sit by office, or, in the council, as
// elected persons, the mayor included.
type Body struct {
	Key, Name string
	Kind      string // council, executive_board or committee
	Offices   []Office
	Members   []string
}

// Office is a position that gives a seat in a body.
type Office struct {
	Position string
	Chair    bool
}

// Login is somebody to try the demo as. What says in Danish who it is.
type Login struct{ Person, Role, What string }

// Two things that are as they should not be, for the pages to find.
const (
	// VacantPosition is the only niveau 2-leder's position that nobody holds.
	VacantPosition = "ejendomschef"
	// LeaverPosition has the owner role and was left with nobody to take over.
	LeaverPosition = "systemforvalter-for-omsorgssystemet"
)

func covers(from, to, day string) bool { return from <= day && (to == "" || to >= day) }
