package signin

import (
	"context"
	"net/http"
	"slices"

	"vaern/internal/access"
	"vaern/internal/field"
	"vaern/internal/i18n"
	"vaern/internal/people"
	"vaern/internal/problem"
	"vaern/internal/ref"
	"vaern/internal/store"
	"vaern/internal/web"
)

// DemandNeed is the permission to say which roles need a code.
const DemandNeed access.Permission = "code_demand.edit"

// roles are those of which a code can be demanded, in the order of the page.
var roles = []access.Role{
	access.Administrator, access.Coordinator, access.Director, access.Executive, access.Manager, access.Owner,
	access.Committee, access.Council, access.DPO, access.Auditor, access.Employee,
}

// demandsOn is SQL for the demands d that a person is under, today or later.
func demandsOn(person string) string {
	return `code_demand n WHERE (n.id = '` + string(access.Employee) + `' OR n.id IN (SELECT g.role FROM role_grant g WHERE g.position IN (` + people.Held(person) + `)))`
}

// lacking is SQL that is 1 where a code is demanded of a person today, who has none.
func lacking(person string) string {
	return `CASE WHEN EXISTS (SELECT 1 FROM ` + demandsOn(person) + ` AND n.starts <= :today)
		AND NOT EXISTS (SELECT 1 FROM credential k WHERE k.id = ` + person + ` AND k.totp = 1) THEN 1 ELSE 0 END`
}

var (
	errLacks = problem.New(problem.Unknown, "Personen bag adgangen skal logge ind og sætte en kode op, før programmet kommer ind igen.",
		"The person behind the token must sign in and set up a code before the program gets in again.")
	errShut = problem.New(problem.Precondition, "Der kræves en kode af personen, og der er ingen. Et link alene lukker ikke ind: to skal være enige om det under Mistet kode.",
		"A code is demanded of the person, and there is none. A link alone lets nobody in: two must agree to it at Lost code.")
)

// demandOn is from which day a code is demanded of a person, "" for never.
func (d *Door) demandOn(ctx context.Context, person string) (from, today string, err error) {
	err = d.Store.Peek(ctx, func(q *store.Read) error {
		today = q.Today
		return q.Row(`SELECT coalesce(min(n.starts), '') FROM `+demandsOn(":id"), store.Args{"id": person}, &from)
	})
	return from, today, err
}

// shut reports whether a person lacks a demanded code, and is an error unless two
// have agreed, or whoever runs the machine has said, that a link lets the person in
// to set one up: what one alone has opened takes the person's password as well.
func shut(q *store.Read, person, now string) (lacks bool, err error) {
	var waived int
	err = q.Row(`SELECT `+lacking("p.id")+`, (SELECT count(*) FROM code_waiver v WHERE v.id = p.id AND v.until > :at
			AND (v.granted_by <> v.asked_by OR v.granted_by LIKE 'machine:%')) FROM person p WHERE p.id = :person`,
		store.Args{"person": person, "at": now}, &lacks, &waived)
	if err == nil && lacks && waived == 0 {
		err = errShut
	}
	return lacks, err
}

// admitted reports whether somebody has opened for a person to set a code up.
func (d *Door) admitted(ctx context.Context, person string) (open bool, err error) {
	err = d.Store.Peek(ctx, func(q *store.Read) error {
		return q.Row(`SELECT count(*) FROM code_waiver WHERE id = :id AND until > :now`, store.Args{"id": person}, &open)
	})
	return open, err
}

var errOut = problem.New(problem.Precondition, "Så lukker du dig selv ude. Slå først din egen kode til under Min konto.",
	"That would shut you out yourself. First turn on your own code at My account.")

var demandPage = web.NewPage[demandView](folder, "demand")

type demandView struct {
	Roles   []demanded
	Easings []easing
	Alone   bool // nobody else can agree to ease a demand
	Errors  []mistake
}

// demanded is a role and from which day it needs a code; "" is never.
type demanded struct {
	Role   access.Role
	Name   i18n.Text
	Starts string
}

func (k *desk) demandRoutes() {
	k.site.Handle("GET /code_demand", DemandNeed, k.demands)
	k.site.Handle("POST /code_demand", DemandNeed, k.demand)
	k.site.Menu(web.Item{Path: "/code_demand", Label: i18n.Text{"Krav om kode", "Demand for codes"}, Need: DemandNeed, Order: 91})
	k.site.Handle("GET "+appPath, web.Public, k.halted(k.offerApp))
	k.site.Handle("POST "+appPath, web.Public, k.halted(k.takeApp))
}

func (k *desk) demands(w http.ResponseWriter, r *http.Request) error {
	return k.showDemands(w, r, http.StatusOK, nil, nil)
}

func startsOf(q *store.Read) (map[string]string, error) {
	out := map[string]string{}
	return out, q.Rows(`SELECT id, starts FROM code_demand`, nil, func(scan store.Scan) error {
		var role, starts string
		err := scan(&role, &starts)
		out[role] = starts
		return err
	})
}

// showDemands shows what is demanded, or what somebody wrote where that is not nil.
func (k *desk) showDemands(w http.ResponseWriter, r *http.Request, code int, starts map[string]string, bad []mistake) error {
	v := demandView{Errors: bad}
	err := k.Store.View(r.Context(), DemandNeed, func(q *store.Read) (err error) {
		if starts == nil {
			starts, err = startsOf(q)
		}
		if err == nil {
			v.Easings, err = easings(q)
		}
		if err == nil {
			v.Alone, err = alone(q)
		}
		return err
	})
	if err != nil {
		return err
	}
	for _, role := range roles {
		v.Roles = append(v.Roles, demanded{role, roleName(role), starts[string(role)]})
	}
	return demandPage.Show(k.site, w, r, code, web.Head{Title: i18n.Text{"Krav om kode", "Demand for codes"}}, v)
}

// roleName is what a role is called where a code is demanded of it.
func roleName(role access.Role) i18n.Text {
	if role == access.Employee {
		return i18n.Text{"Alle medarbejdere", "Every employee"}
	}
	return people.RoleName[role]
}

// demand says for which roles a code is demanded, from which day, or answers what
// another has proposed.
func (k *desk) demand(w http.ResponseWriter, r *http.Request) error {
	if r.PostFormValue("agree")+r.PostFormValue("drop") != "" {
		return k.answerEasing(w, r)
	}
	want, bad := map[string]string{}, problem.Fields{}
	for _, role := range roles {
		day, ok := field.ReadDay(r.PostFormValue(string(role)))
		if !ok {
			bad[string(role)], day = field.NoDate, r.PostFormValue(string(role))
		}
		want[string(role)] = day
	}
	err, asked := problem.Check(bad), false
	if err == nil {
		err = k.Store.Change(r.Context(), store.Intent{Verb: "code_demand.set", Need: DemandNeed}, func(w *store.Write) (err error) {
			if asked, err = putDemands(w, want); err != nil {
				return err
			}
			out := false
			err = w.Row(`SELECT `+lacking(":actor"), nil, &out)
			if err == nil && out {
				err = errOut
			}
			return err
		})
	}
	if p := problem.As(err); p != nil && !p.Outage() && p.Kind != problem.Forbidden {
		return k.showDemands(w, r, web.Status(err), want, mistakes(p, i18n.Of(r.Context())))
	}
	if err != nil {
		return err
	}
	if asked {
		return k.site.Done(w, r, "/code_demand", i18n.Text{"Foreslået. Kravet gælder, til en anden administrator siger ja. Resten er gemt.", "Proposed. The demand stands until another administrator agrees. The rest is saved."})
	}
	return k.site.Done(w, r, "/code_demand", i18n.Text{"Gemt. De, der mangler en kode, får det at vide, når de logger ind.", "Saved. Whoever lacks a code is told at sign-in."})
}

// putDemands sets the demands. One in force that would be taken away or put off stands:
// that is proposed, for another to agree to.
func putDemands(w *store.Write, want map[string]string) (asked bool, err error) {
	have, err := startsOf(&w.Read)
	if err != nil {
		return false, err
	}
	waiting, err := easings(&w.Read)
	if err != nil {
		return false, err
	}
	still := true
	for _, role := range roles {
		id := string(role)
		switch {
		case want[id] == have[id]:
			continue
		case have[id] != "" && have[id] <= w.Today && (want[id] == "" || want[id] > w.Today):
			asked = true
			if slices.ContainsFunc(waiting, func(e easing) bool { return e.Role == role && e.Starts == want[id] }) {
				continue
			}
			err = proposed(w.As("code_easing.ask"), role, want[id], waiting)
		default:
			err = putDemand(w, role, have[id], want[id])
		}
		if err != nil {
			return false, err
		}
		still = false
	}
	if still {
		w.Unchanged()
	}
	return asked, nil
}

// putDemand has a role's demand start another day, "" for never.
func putDemand(w *store.Write, role access.Role, have, want string) error {
	about, args := ref.Ref{Kind: "code_demand", ID: string(role)}, store.Args{"id": string(role), "starts": want}
	switch {
	case want == have:
		return nil
	case want == "":
		return w.Do(about, `DELETE FROM code_demand WHERE id = :id`, args)
	case have == "":
		return w.Do(about, `INSERT INTO code_demand (id, version, updated_at, updated_by, starts) VALUES (:id, 1, :now, :actor, :starts)`, args)
	}
	return w.Do(about, `UPDATE code_demand SET version = version + 1, updated_at = :now, updated_by = :actor, starts = :starts WHERE id = :id`, args)
}
