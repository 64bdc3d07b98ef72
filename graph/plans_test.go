//go:build plans

package graph_test

import (
	"cmp"
	"context"
	"crypto/rand"
	"flag"
	"regexp"
	"slices"
	"strings"
	"testing"

	"continuum/ent"
	"continuum/internal/store"
	"continuum/schema"
)

var (
	plansSmall  = flag.Int("plans.small", 100_000, "profiles in the smaller of the two databases of TestPlans")
	plansLarge  = flag.Int("plans.large", 1_000_000, "profiles in the larger")
	plansRounds = flag.Int("plans.rounds", 5, "how often a question is measured")
	plansMode   = flag.String("plans.mode", "", "plan_cache_mode of the sessions, instead of the store's own")
	plansOnly   = flag.String("plans.only", "", "ask only the questions whose viewer and name match this expression, as in 'coordinator, records', and draw their plans")
)

// stand is a server over a database whose statements are explained.
type stand struct {
	*house
	name string
	log  *serverLog
}

// spentOn is what PostgreSQL did for one operation.
type spentOn struct {
	statements, buffers, rows int
	ms                        float64
	plans                     []explained
}

func newStand(t *testing.T, address string) *stand {
	t.Helper()
	name := "plans_" + strings.ToLower(rand.Text())
	// One connection each: a statement is then prepared when it comes the second time.
	data, err := store.Open(t.Context(), explaining(t, address, name), store.WithStatements(note), store.WithConnections(1, 1))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { data.Close() })
	s := &stand{house: houseOver(t, address, data), name: name, log: openServerLog(t, address)}
	s.change(func(ctx context.Context, tx *ent.Client) error {
		for i, v := range kinds {
			if err := s.addKey(ctx, tx, v.name, viewerID(i), schema.AllScopes()...); err != nil {
				return err
			}
		}
		return nil
	})
	return s
}

// spend does something, and tells what PostgreSQL did meanwhile.
func (s *stand) spend(do func()) spentOn {
	s.t.Helper()
	found := spentOn{plans: s.log.during(s.name, do)}
	for _, e := range found.plans {
		found.statements++
		found.buffers += e.buffers()
		found.rows += int(e.Root.Rows * e.Root.Loops)
		found.ms += e.took
	}
	return found
}

// median is the middle one of what is spent on the same thing again and again, by its time.
func median(of []spentOn) spentOn {
	slices.SortFunc(of, func(a, b spentOn) int { return cmp.Compare(a.ms, b.ms) })
	return of[len(of)/2]
}

// TestPlans asks what a front end asks, as a viewer of each kind, in a small and in a large database, and looks at how
// PostgreSQL found each answer: by indexes alone, in as many statements, and touching no more pages than what the viewer
// reaches and what is given account for, however much there is besides.
func TestPlans(t *testing.T) {
	only := regexp.MustCompile(*plansOnly)
	few, many := newStand(t, filled(t, *plansSmall)), newStand(t, filled(t, *plansLarge))
	big := many.log.bigTables()
	t.Logf("%-24s %-20s %5s %5s | %8s %7s | %8s %7s | %s", "viewer", "question", "stmts", "rows", "ms", "pages", "ms", "pages", "x pages")
	for _, v := range kinds {
		a, b := few.meet(v.name, v.scope == "ALL"), many.meet(v.name, v.scope == "ALL")
		check := func(what string, isQuestion, counts bool, x, y spentOn) {
			t.Logf("%-24s %-20s %5d %5d | %8.2f %7d | %8.2f %7d | %.2f", v.name, what, y.statements, y.rows, x.ms, x.buffers, y.ms, y.buffers,
				float64(y.buffers)/float64(x.buffers))
			// A change may have been tried again; and below what the smaller database has none of, nothing is asked.
			if isQuestion && x.rows > 1 && x.statements != y.statements {
				t.Errorf("%s, %s: %d statements, and %d in the larger database", v.name, what, x.statements, y.statements)
			}
			for _, e := range y.plans {
				if tables := e.whole(big); tables != nil {
					t.Errorf("%s, %s: reads all of %v:\n%s", v.name, what, tables, e)
				}
			}
			if most := b.most(y.rows); y.buffers > most && !counts {
				t.Errorf("%s, %s: touches %d pages, more than %d", v.name, what, y.buffers, most)
			}
			if *plansOnly != "" {
				for _, e := range y.plans {
					t.Logf("%.2f ms: %s", e.took, e)
				}
			}
		}
		for _, q := range planQuestions {
			if only.MatchString(v.name + ", " + q.name) {
				check(q.name, true, q.count, a.again(few, q), b.again(many, q))
			}
		}
		if v.creates && *plansOnly == "" {
			x, y := a.changes(few), b.changes(many)
			for i, change := range y {
				check(change.name, false, false, x[i].spentOn, change.spentOn)
			}
		}
	}
}

// again asks a question a few times: the first times prepare the statements.
func (a *asker) again(s *stand, q planQuestion) spentOn {
	var spent []spentOn
	for range 2 + *plansRounds {
		spent = append(spent, s.spend(func() { q.answer(a) }))
	}
	return median(spent[2:])
}

// most is how many pages an answer of so many rows may touch. To find a profile that the viewer reaches takes about 12: a
// record, its link and the profile, each by an index of 3 or 4 levels. A row that is given takes at most 50, with what is
// asked of it. On the way through a directory, of 10 profiles one is in it, and each of the others takes 15.
func (a *asker) most(rows int) int {
	most := 1000 + 20*a.reach + 50*rows
	if a.directory {
		most += 12_000
	}
	return most
}
