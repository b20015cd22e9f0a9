package signin

import (
	"net/http"
	"slices"
	"strconv"

	"vaern/internal/access"
	"vaern/internal/i18n"
	"vaern/internal/notify"
	"vaern/internal/people"
	"vaern/internal/problem"
	"vaern/internal/ref"
	"vaern/internal/store"
	"vaern/internal/web"
)

// easing is that a demand in force be taken away, or wait until a day. It takes two:
// one proposes it, and the demand stands until another agrees.
type easing struct {
	Role           access.Role
	Name           i18n.Text
	Version        int64
	Starts         string // "" is taken away
	AskedBy, Asked string // who proposed it, by id and by name
	Mine           bool
}

func easings(q *store.Read) (out []easing, err error) {
	return out, q.Rows(`SELECT e.id, e.version, e.starts, e.asked_by, coalesce(p.name, '') FROM code_easing e LEFT JOIN person p ON p.id = e.asked_by ORDER BY e.id`, nil,
		func(scan store.Scan) error {
			var e easing
			err := scan(&e.Role, &e.Version, &e.Starts, &e.AskedBy, &e.Asked)
			e.Name, e.Mine = roleName(e.Role), e.AskedBy == q.Actor.ID
			out = append(out, e)
			return err
		})
}

// alone reports whether nobody but the actor can agree to ease a demand.
func alone(q *store.Read) (bool, error) {
	all, err := people.WithRole(q, access.Administrator)
	return !slices.ContainsFunc(all, func(id string) bool { return id != q.Actor.ID }), err
}

// proposed keeps what somebody proposes, in place of what was proposed before.
func proposed(w *store.Write, role access.Role, starts string, waiting []easing) error {
	query := `INSERT INTO code_easing (id, version, updated_at, updated_by, starts, asked_by) VALUES (:id, 1, :now, :actor, :starts, :actor)`
	if slices.ContainsFunc(waiting, func(e easing) bool { return e.Role == role }) {
		query = `UPDATE code_easing SET version = version + 1, updated_at = :now, updated_by = :actor, starts = :starts, asked_by = :actor WHERE id = :id`
	}
	if err := w.Do(easingOf(role), query, store.Args{"id": string(role), "starts": starts}); err != nil {
		return err
	}
	return tellOfEasing(w, role,
		i18n.Text{"%s foreslår at fjerne eller udsætte et krav om kode.", "%s proposes to take away or put off a demand for a code."},
		i18n.Text{"Kravet gælder, til en anden administrator siger ja. Er det ikke aftalt, så spørg, hvad der er sket.", "The demand stands until another administrator agrees. If that was not agreed, ask what has happened."})
}

func easingOf(role access.Role) ref.Ref { return ref.Ref{Kind: "code_easing", ID: string(role)} }

// answerEasing agrees to what another proposed, or drops it.
func (k *desk) answerEasing(w http.ResponseWriter, r *http.Request) error {
	verb, role, act, said := "code_easing.agree", r.PostFormValue("agree"), easing.agree, i18n.Text{"Kravet er ændret.", "The demand is changed."}
	if role == "" {
		verb, role, act, said = "code_easing.drop", r.PostFormValue("drop"), easing.drop, i18n.Text{"Forslaget er fjernet. Kravet gælder.", "The proposal is removed. The demand stands."}
	}
	err := k.Store.Change(r.Context(), store.Intent{Verb: verb, Need: DemandNeed}, func(w *store.Write) error {
		waiting, err := easings(&w.Read)
		if err != nil {
			return err
		}
		for _, e := range waiting {
			if string(e.Role) == role && strconv.FormatInt(e.Version, 10) == r.PostFormValue("version") {
				return act(e, w)
			}
		}
		return problem.New(problem.Conflict, "Forslaget er ændret eller væk. Se på siden, som den er nu.", "The proposal was changed or is gone. Look at the page as it is now.")
	})
	if p := problem.As(err); p != nil && (p.Kind == problem.Conflict || p.Kind == problem.Precondition) {
		return k.showDemands(w, r, web.Status(err), nil, mistakes(p, i18n.Of(r.Context())))
	}
	if err != nil {
		return err
	}
	return k.site.Done(w, r, "/code_demand", said)
}

func (e easing) agree(w *store.Write) error {
	if e.Mine {
		return problem.New(problem.Precondition, "En anden administrator end den, der foreslog det, skal sige ja.", "Another administrator than the one who proposed it must agree.")
	}
	have, err := startsOf(&w.Read)
	if err == nil {
		err = putDemand(w.As("code_demand.set"), e.Role, have[string(e.Role)], e.Starts)
	}
	if err == nil {
		err = e.drop(w)
	}
	if err != nil {
		return err
	}
	return tellOfEasing(w, e.Role,
		i18n.Text{"%s har sagt ja til at fjerne eller udsætte et krav om kode.", "%s has agreed to take away or put off a demand for a code."},
		i18n.Text{"Er det ikke aftalt, så sæt kravet igen, og spørg, hvad der er sket.", "If that was not agreed, set the demand again, and ask what has happened."})
}

func (e easing) drop(w *store.Write) error {
	return w.Do(easingOf(e.Role), `DELETE FROM code_easing WHERE id = :id`, store.Args{"id": string(e.Role)})
}

// tellOfEasing tells the others who administer or coordinate, at once.
func tellOfEasing(w *store.Write, role access.Role, text, why i18n.Text) error {
	watchers, err := people.WithRole(&w.Read, access.Administrator, access.Coordinator)
	if err != nil {
		return err
	}
	for _, watcher := range watchers {
		if watcher == w.Actor.ID {
			continue
		}
		if err := notify.Tell(w, notify.Notice{Person: watcher, About: ref.Ref{Kind: "code_demand", ID: string(role)}, Path: "/code_demand", Urgent: true, Text: text.With(w.Actor.Name), Why: why}); err != nil {
			return err
		}
	}
	return nil
}
