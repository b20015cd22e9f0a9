package document

import (
	"slices"
	"testing"

	"vaern/internal/clause"
	"vaern/internal/people"
	"vaern/internal/problem"
	"vaern/internal/store"
)

// invented is a policy of no municipality, with a slip and an approval that is
// older than the version.
const invented = `Politik for informationssikkerhed

Skovby Kommune

Version 1.4

12. marts 2025

1. Formål

Kommunen passer på de oplysninger, som borgerne har betroet den.

Alle medarbejdere skal kende deres ansvar for informationssikkerhed.

2. Krav

Kommunen skal sikre, at:

- de vigtigste systemer kan genskabes efter et nedbrud,
- alle hændelser bliver meldt til informationssikkerhedskoordinatoren.

3. Godkendelse

Informationssikkerhedsudvalget består af kommunaldirektøren (formand), it-chefen og juridisk chef.

Politikken er godkendt af Byrådet den 3.februar 2025.

Politikken er godkendt af Direktionen den 12. marts 2025.
`

func (t town) found() clause.Document {
	t.Helper()
	d, err := ImportFile(t.coord, t.Store, "politik.txt", []byte(invented), "2026-03-02")
	t.must(err)
	return d
}

func TestImportStoresADraftWithApprovalsBodiesAndThemes(t *testing.T) {
	each(t, func(t town) {
		d := t.found()
		id, err := Store(t.coord, t.Store, d)
		t.must(err)
		t.view(func(q *store.Read) error {
			e, title, err := Current(q)
			if err != nil || e.ID != id || e.State != Draft || e.Label != "1.4" || e.Dated != "2025-03-12" || title != "Politik for informationssikkerhed" {
				t.Errorf("got %s %s %s of %s: %q, %v", e.State, e.Label, e.Dated, e.ID, title, err)
			}
			var was, is []string
			for _, s := range d.Sections {
				for _, c := range s.Clauses {
					was = append(was, c.ID+" "+c.Text)
				}
			}
			for _, c := range e.Clauses() {
				is = append(is, c.ID+" "+c.Text)
			}
			if !slices.Equal(was, is) {
				t.Errorf("the wording changed:\n%q\n%q", was, is)
			}
			have, err := Approvals(q, id)
			if err != nil || len(have) != 2 || have[0].Kind != people.Council || have[0].Decided != "2025-02-03" {
				t.Errorf("got approvals %+v, %v", have, err)
			}
			var seats int
			if err := q.Row(`SELECT count(*) FROM office o JOIN body b ON b.id = o.body WHERE b.kind = 'committee'`, nil, &seats); err != nil || seats != 3 {
				t.Errorf("the committee has %d seats, want 3 (%v)", seats, err)
			}
			bound, err := Bindings(q, e.Document)
			if len(bound) != len(e.Clauses()) {
				t.Errorf("%d of %d clauses have a proposal", len(bound), len(e.Clauses()))
			}
			for _, b := range bound {
				if b.Accepted {
					t.Errorf("%s is accepted, and nobody looked", b.Clause)
				}
			}
			return err
		})
	})
}

func TestReadingAFileStoresNothing(t *testing.T) {
	each(t, func(t town) {
		t.found()
		t.view(func(q *store.Read) error {
			for _, table := range []string{"document", "edition", "approval", "body", "binding", "work_import"} {
				var n int
				if err := q.Row(`SELECT count(*) FROM `+table, nil, &n); err != nil || n > 0 {
					t.Errorf("%s has %d rows, %v", table, n, err)
				}
			}
			return nil
		})
	})
}

func TestAVersionThatIsHereAlreadyIsFound(t *testing.T) {
	each(t, func(t town) {
		_, err := Store(t.coord, t.Store, t.found())
		t.must(err)
		again := t.found()
		if !slices.ContainsFunc(again.Findings, func(f clause.Finding) bool { return f.Code == VersionKnown }) {
			t.Errorf("got %+v", again.Findings)
		}
		if _, err := Store(t.coord, t.Store, again); problem.As(err) == nil || problem.As(err).Fields["label"][0] == "" {
			t.Errorf("the version is stored twice: %v", err)
		}
	})
}

func TestWhatIsNoPolicyIsRefusedInWords(t *testing.T) {
	for name, data := range map[string]string{"tom.txt": "", "billede.png": "\x89PNG\r\n\x1a\n"} {
		_, err := Read(t.Context(), name, []byte(data), "2026-03-02")
		if p := problem.As(err); p == nil || !p.Fields["file"].Whole() {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestFindingsFollowTheCorrectedFacts(t *testing.T) {
	read := clause.Parse(clause.FromText(invented), "2026-03-02")
	codes := func(p Proposal) (out []string) {
		for _, f := range p.Findings {
			out = append(out, f.Code)
		}
		return out
	}
	was := Propose(read)
	if !slices.Contains(codes(was), clause.RequiredBodyMissing) || !slices.Contains(codes(was), clause.ApprovalOlder) {
		t.Fatalf("the file gives %v", codes(was))
	}
	p := was
	p.review(was, "2026-03-02")
	if !slices.Equal(codes(p), codes(was)) {
		t.Errorf("nothing was corrected, yet %v became %v", codes(was), codes(p))
	}
	p.Approvals = append(slices.Clone(was.Approvals), clause.Approval{Body: "Informationssikkerhedsudvalget", Date: "2025-03-12"}, clause.Approval{Body: "Byrådet", Date: "2025-03-12"})
	p.review(was, "2026-03-02")
	if slices.Contains(codes(p), clause.RequiredBodyMissing) || slices.Contains(codes(p), clause.ApprovalOlder) {
		t.Errorf("with all approvals on the day there is still %+v", p.Findings)
	}
	cleared := p
	cleared.Title, cleared.Approvals = "", nil
	cleared.review(p, "2026-03-02")
	if !slices.Contains(codes(cleared), clause.NoTitle) || !slices.Contains(codes(cleared), clause.NoApproval) {
		t.Errorf("without title and approvals there is %v", codes(cleared))
	}
}
