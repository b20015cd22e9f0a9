package nordkyst

import (
	"slices"
	"testing"
	"time"
)

func TestHoldingsReferAndRunForwards(t *testing.T) {
	m := Make(today)
	who, what := persons(m), positions(m)
	ends := map[string]string{}
	for _, h := range m.Holdings {
		if who[h.Person].Key == "" || what[h.Position].Key == "" {
			t.Errorf("%v refers to nothing", h)
		}
		for _, day := range []string{h.From, h.To} {
			if _, err := time.Parse(time.DateOnly, day); err != nil && day != "" {
				t.Errorf("%v: %v", h, err)
			}
		}
		if h.From == "" || h.From > today || h.To != "" && h.To < h.From {
			t.Errorf("%v is not sane on %s", h, today)
		}
		if until, twice := ends[h.Person]; twice && (until == "" || until >= h.From) && (h.To == "" || h.To >= until) {
			t.Errorf("%v begins before the last ended on %q", h, until)
		}
		ends[h.Person] = h.To
		if h.To > today && slices.Contains([]string{"employee", "council", "substitute"}, who[h.Person].Category) {
			t.Errorf("%v: only externals have an end to come", h)
		}
	}
	if len(ends) != len(m.Persons) {
		t.Errorf("%d of %d persons ever held a position", len(ends), len(m.Persons))
	}
}

func TestAThousandComeAndAThousandLeaveEachYear(t *testing.T) {
	m := Make(today)
	came, left := map[string]string{}, map[string]string{}
	moved := 0
	for _, h := range m.Holdings {
		if _, before := came[h.Person]; before {
			moved++
		}
		if came[h.Person] == "" || h.From < came[h.Person] {
			came[h.Person] = h.From
		}
		if h.To == "" || h.To >= today {
			left[h.Person] = "9999-12-31"
		}
		left[h.Person] = max(left[h.Person], h.To)
	}
	if moved != 200 {
		t.Errorf("moves: got %d, want 200", moved)
	}
	for _, year := range [][2]string{{"2024-11-24", "2025-11-23"}, {"2025-11-24", today}} {
		joiners, leavers := 0, 0
		for who := range came {
			if came[who] >= year[0] && came[who] <= year[1] {
				joiners++
			}
			if left[who] >= year[0] && left[who] <= year[1] {
				leavers++
			}
		}
		t.Logf("%v: %d came, %d left", year, joiners, leavers)
		between(t, "joiners to "+year[1], joiners, 850, 1150)
		between(t, "leavers to "+year[1], leavers, 850, 1150)
	}
}

func TestMostExternalsHaveAnEndAndAFewDoNot(t *testing.T) {
	m := Make(today)
	who := persons(m)
	ended, endless := 0, 0
	for _, h := range m.Holdings {
		switch c := who[h.Person].Category; {
		case !h.On(today) || c != "consultant" && c != "supplier" && c != "keys" && c != "student":
		case h.To == "":
			endless++
		default:
			ended++
		}
	}
	if ended+endless != 583 {
		t.Errorf("externals: got %d, want 583", ended+endless)
	}
	between(t, "externals without an end", endless, 10, 60)
}

func TestDeputiesAreSingleLivingPositionsInOrder(t *testing.T) {
	m := Make(today)
	held := map[string]int{}
	for _, h := range m.Holdings {
		if h.On(today) {
			held[h.Position]++
		}
	}
	known := positions(m)
	standsIn := map[string]int{}
	for _, d := range m.Deputies {
		if held[d.Position] != 1 {
			t.Errorf("%d people hold %s, which stands in for %s", held[d.Position], d.Position, d.For)
		}
		if known[d.For].Key == "" || d.For == d.Position {
			t.Errorf("%v stands in for nobody", d)
		}
		if d.From == "" || d.From > today || d.To != "" && d.To < d.From {
			t.Errorf("%v is not sane on %s", d, today)
		}
		if d.On(today) {
			standsIn[d.For]++
		}
	}
	for _, p := range m.Positions {
		if p.Level <= 2 && standsIn[p.Key] != 1 {
			t.Errorf("%s: got %d deputies, want 1", p.Key, standsIn[p.Key])
		}
	}
	between(t, "deputies", len(m.Deputies), 60, 100)
}

func TestApprenticesMoveOn(t *testing.T) {
	short := map[string]bool{}
	for _, at := range planOnce().positions {
		short[at.Key] = at.short
	}
	n := 0
	for _, h := range Make(today).Holdings {
		if !short[h.Position] {
			continue
		}
		n++
		if h.To == "" && h.From < "2023-11-01" {
			t.Errorf("%v has stayed for over three years", h)
		}
	}
	if n == 0 {
		t.Error("there are none")
	}
}
