package nordkyst

import (
	"fmt"
	"maps"
	"reflect"
	"regexp"
	"slices"
	"testing"
)

const today = "2026-11-23"

// active are the persons who hold something on the day, by key.
func active(m Municipality, day string) map[string]Person {
	all := persons(m)
	now := map[string]Person{}
	for _, h := range m.Holdings {
		if h.On(day) {
			now[h.Person] = all[h.Person]
		}
	}
	return now
}

func persons(m Municipality) map[string]Person {
	all := map[string]Person{}
	for _, p := range m.Persons {
		all[p.Key] = p
	}
	return all
}

func positions(m Municipality) map[string]Position {
	all := map[string]Position{}
	for _, p := range m.Positions {
		all[p.Key] = p
	}
	return all
}

func TestSizesAreThoseOfATypicalMunicipality(t *testing.T) {
	m := Make(today)
	got := map[string]int{}
	for _, p := range active(m, today) {
		got[p.Category]++
		got["identities"]++
		if p.Mail != "" {
			got["mailboxes"]++
		}
	}
	for _, p := range m.Positions {
		got[fmt.Sprintf("level %d", p.Level)]++
	}
	want := map[string]int{
		"identities": 6500, "employee": 4900, "council": 27, "substitute": 780, "student": 260,
		"volunteer": 210, "consultant": 96, "supplier": 120, "keys": 107,
		"level 1": 6, "level 2": 16,
	}
	for what, n := range want {
		if got[what] != n {
			t.Errorf("%s: got %d, want %d", what, got[what], n)
		}
	}
	if len(m.Units) != 350 {
		t.Errorf("units: got %d, want 350", len(m.Units))
	}
	between(t, "positions", len(m.Positions), 1700, 1900)
	between(t, "leaders at niveau 3 and 4", got["level 3"]+got["level 4"], 120, 180)
	between(t, "people with a mailbox, per cent", got["mailboxes"]*100/got["identities"], 78, 82)
	t.Logf("%d positions, %v", len(m.Positions), got)
}

func between(t *testing.T, what string, got, low, high int) {
	t.Helper()
	if got < low || got > high {
		t.Errorf("%s: got %d, want %d to %d", what, got, low, high)
	}
}

func TestKeysTitlesNamesAndAddressesAreUnique(t *testing.T) {
	m := Make(today)
	seen := map[string]bool{}
	once := func(what, value string) {
		if seen[what+value] || value == "" {
			t.Errorf("%s %q is empty or there twice", what, value)
		}
		seen[what+value] = true
	}
	for _, u := range m.Units {
		once("unit", u.Key)
		once("unit name", u.Name)
	}
	for _, p := range m.Positions {
		once("position", p.Key)
		once("title", p.Title)
	}
	address := regexp.MustCompile(`^[a-z]+(\.[a-z])?\.[a-z]+\d*@nordkyst\.example$`)
	for _, p := range m.Persons {
		once("person", p.Key)
		if p.Name == "" {
			t.Errorf("%s has no name", p.Key)
		}
		if p.Mail == "" {
			continue
		}
		once("mail", p.Mail)
		if !address.MatchString(p.Mail) {
			t.Errorf("%s has the address %q", p.Name, p.Mail)
		}
	}
}

func TestUnitsAreOneTreeWithParentsFirst(t *testing.T) {
	level := map[string]int{}
	for i, u := range Make(today).Units {
		above, known := level[u.Parent]
		switch {
		case i == 0 && (u.Parent != "" || u.Level != 0):
			t.Errorf("the first unit is %v, want the root", u)
		case i > 0 && !known:
			t.Errorf("%s stands before its parent %q", u.Key, u.Parent)
		case i > 0 && u.Level != above+1:
			t.Errorf("%s: got level %d, want %d", u.Key, u.Level, above+1)
		case u.Kind == "":
			t.Errorf("%s has no kind", u.Key)
		}
		level[u.Key] = u.Level
	}
}

func TestEveryUnitHasALeaderOfItsOwnOrOneStepUp(t *testing.T) {
	m := Make(today)
	leaders := map[string]int{}
	for _, p := range m.Positions {
		if p.Level < 9 {
			leaders[p.Unit]++
		}
	}
	for _, u := range m.Units {
		if leaders[u.Key] > 1 {
			t.Errorf("%s has %d leaders", u.Key, leaders[u.Key])
		}
		if leaders[u.Key]+leaders[u.Parent] == 0 {
			t.Errorf("%s has no leader, nor has %s", u.Key, u.Parent)
		}
		if u.Kind == "division" && leaders[u.Key] == 0 {
			t.Errorf("%s has no niveau 2-leder", u.Key)
		}
	}
}

func TestOnlyTheDescribedPositionsAreVacant(t *testing.T) {
	m := Make(today)
	held := map[string]int{}
	for _, h := range m.Holdings {
		if h.On(today) {
			held[h.Position]++
		}
	}
	var vacant []string
	for _, p := range m.Positions {
		if held[p.Key] == 0 {
			vacant = append(vacant, p.Key)
		}
		if p.Level < 9 && held[p.Key] > 1 {
			t.Errorf("%d people lead as %s", held[p.Key], p.Key)
		}
	}
	slices.Sort(vacant)
	want := []string{VacantPosition, "plejecenterleder.plejecenter-havrimmen", LeaverPosition}
	if !slices.Equal(vacant, want) {
		t.Errorf("vacant: got %v, want %v", vacant, want)
	}
	if p := positions(m)[VacantPosition]; p.Level != 2 {
		t.Errorf("got level %d for %s, want 2", p.Level, VacantPosition)
	}
}

func TestTheLeaverWhoOwnedThingsLeftNobodyInCharge(t *testing.T) {
	m := Make(today)
	if p := positions(m)[LeaverPosition]; !slices.Contains(p.Roles, "owner") {
		t.Errorf("got roles %v, want owner among them", p.Roles)
	}
	for _, d := range m.Deputies {
		if d.For == LeaverPosition {
			t.Errorf("%s stands in", d.Position)
		}
	}
	var last []Holding
	for _, h := range m.Holdings {
		if h.Position == LeaverPosition {
			last = append(last, h)
		}
	}
	if len(last) != 1 || last[0].To == "" || last[0].To >= today {
		t.Fatalf("got %v, want one holding that is over", last)
	}
	if _, stayed := active(m, today)[last[0].Person]; stayed {
		t.Errorf("%s is still here", last[0].Person)
	}
}

func TestBodiesSitByOfficeAndTheCouncilByElection(t *testing.T) {
	m := Make(today)
	known := positions(m)
	sizes := map[string][2]int{}
	for _, b := range m.Bodies {
		sizes[b.Kind] = [2]int{len(b.Offices), len(b.Members)}
		for i, o := range b.Offices {
			if known[o.Position].Key == "" {
				t.Errorf("%s: no position %s", b.Key, o.Position)
			}
			if o.Chair != (i == 0) {
				t.Errorf("%s: got chair %v for office %d", b.Key, o.Chair, i)
			}
		}
		if b.Kind == "committee" && b.Offices[0].Position != "kommunaldirektoer" {
			t.Errorf("the committee's chair is %s", b.Offices[0].Position)
		}
	}
	want := map[string][2]int{"council": {1, 27}, "executive_board": {6, 0}, "committee": {6, 0}}
	if !reflect.DeepEqual(sizes, want) {
		t.Errorf("offices and members: got %v, want %v", sizes, want)
	}
	for kind, role := range map[string]string{"committee": "committee", "council": "council"} {
		for _, b := range m.Bodies {
			for _, o := range b.Offices {
				if b.Kind == kind && !slices.Contains(known[o.Position].Roles, role) {
					t.Errorf("%s sits in %s without the role %s", o.Position, b.Key, role)
				}
			}
		}
	}
}

var roles = []string{
	"administrator", "coordinator", "director", "executive", "manager", "owner",
	"employee", "auditor", "dpo", "council", "committee",
}

func TestEachRoleHasALoginWhoHoldsItTodayAndHasAMailbox(t *testing.T) {
	m := Make(today)
	who, what := persons(m), positions(m)
	var seen []string
	for _, l := range m.Logins {
		seen = append(seen, l.Role)
		holds := slices.ContainsFunc(m.Holdings, func(h Holding) bool {
			return h.Person == l.Person && h.On(today) && slices.Contains(what[h.Position].Roles, l.Role)
		})
		if !holds || who[l.Person].Mail == "" || l.What == "" {
			t.Errorf("%v: holds the role %v, mail %q", l, holds, who[l.Person].Mail)
		}
	}
	slices.Sort(seen)
	if want := slices.Sorted(slices.Values(roles)); !slices.Equal(seen, want) {
		t.Errorf("got %v, want %v", seen, want)
	}
}

func TestRolesThatMustStayApartDo(t *testing.T) {
	for _, p := range Make(today).Positions {
		for i, role := range p.Roles {
			if !slices.Contains(roles, role) || slices.Contains(p.Roles[:i], role) {
				t.Errorf("%s has the role %q, unknown or twice", p.Key, role)
			}
		}
		for _, alone := range []string{"dpo", "auditor", "administrator", "council"} {
			if slices.Contains(p.Roles, alone) && !slices.Equal(p.Roles, []string{alone, "employee"}) {
				t.Errorf("%s has roles %v, want %s and employee alone", p.Key, p.Roles, alone)
			}
		}
		if !slices.Contains(p.Roles, "employee") {
			t.Errorf("%s is not among everybody: %v", p.Key, p.Roles)
		}
	}
}

func TestEveryKeyInTheDescriptionExists(t *testing.T) {
	p := planOnce()
	known := positions(Make(today))
	keys := slices.AppendSeq(slices.Collect(maps.Keys(p.Cast)), maps.Keys(p.Roles))
	for _, v := range p.Vacant {
		keys = append(keys, v.Position)
	}
	for _, k := range keys {
		if known[k].Key == "" {
			t.Errorf("no position %s", k)
		}
	}
	titles := map[string]bool{}
	kinds := map[string]bool{}
	for _, at := range p.positions {
		titles[at.title] = true
	}
	for _, u := range p.units {
		kinds[u.Kind] = true
	}
	listed := slices.Concat(p.WithoutMailbox, p.ShortStays, p.Owners, p.DeputiesByTitle)
	for _, category := range p.Titles {
		listed = append(listed, category...)
	}
	for _, title := range listed {
		if !titles[title] {
			t.Errorf("nobody is %s", title)
		}
	}
	for kind := range p.Every {
		if !kinds[kind] {
			t.Errorf("no unit is a %s", kind)
		}
	}
}

func TestTheSameDayGivesTheSameMunicipality(t *testing.T) {
	if !reflect.DeepEqual(Make(today), Make(today)) {
		t.Error("two calls differ")
	}
}

func TestAnotherDayGivesTheSamePeople(t *testing.T) {
	for _, day := range []string{"2024-02-29", "2026-01-01", "2027-12-31", "2030-07-15"} {
		was, is := Make(today), Make(day)
		if !reflect.DeepEqual(was.Persons, is.Persons) || !reflect.DeepEqual(was.Bodies, is.Bodies) {
			t.Errorf("%s: other people", day)
		}
		if n := len(active(is, day)); n != 6500 {
			t.Errorf("%s: got %d identities, want 6500", day, n)
		}
	}
}

func TestWhatOneCallerChangesNoOtherSees(t *testing.T) {
	m := Make(today)
	m.Units[0].Name, m.Positions[0].Roles[0] = "Andeby", "duck"
	if n := Make(today); n.Units[0].Name == "Andeby" || n.Positions[0].Roles[0] == "duck" {
		t.Error("the change came through")
	}
}

func TestWhatIsNoDateMakesNothing(t *testing.T) {
	defer func() {
		if recover() == nil {
			t.Error("23.11.2026 was taken for a date")
		}
	}()
	Make("23.11.2026")
}

func BenchmarkMake(b *testing.B) {
	for b.Loop() {
		Make(today)
	}
}
