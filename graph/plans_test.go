//go:build plans

package graph_test

import (
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
	plansRounds = flag.Int("plans.rounds", 5, "how often a question is asked")
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
	whole                     []string
	plans                     []explained
}

func newStand(t *testing.T, address, mode string) *stand {
	t.Helper()
	name := "plans_" + strings.ToLower(rand.Text())
	// One connection each: a statement is then prepared when it comes the second time.
	data, err := store.Open(t.Context(), with(t, explaining(t, address, name), map[string]string{"plan_cache_mode": mode}),
		store.WithStatements(note), store.WithConnections(1, 1))
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
		found.whole = append(found.whole, e.whole()...)
	}
	return found
}

// median is the middle one of what is spent on the same thing again and again, by its time.
func median(of []spentOn) spentOn {
	slices.SortFunc(of, func(a, b spentOn) int { return int(1000 * (a.ms - b.ms)) })
	return of[len(of)/2]
}

func TestPlans(t *testing.T) {
	only := regexp.MustCompile(*plansOnly)
	small, large := filled(t, *plansSmall), filled(t, *plansLarge)
	for _, mode := range []string{"force_custom_plan", "force_generic_plan"} {
		few, many := newStand(t, small, mode), newStand(t, large, mode)
		for _, v := range kinds {
			a, b := few.meet(v.name), many.meet(v.name)
			for _, q := range planQuestions {
				if !only.MatchString(v.name + ", " + q.name) {
					continue
				}
				var x, y []spentOn
				for range *plansRounds {
					x = append(x, few.spend(func() { a.ask(v.name, q.query, a.vars()) }))
					y = append(y, many.spend(func() { b.ask(v.name, q.query, b.vars()) }))
				}
				one, two := median(x[*plansRounds/2:]), median(y[*plansRounds/2:])
				t.Logf("%-8s %-24s %-20s  %2d stmts | %8.2f ms %7d buf %5d rows | %8.2f ms %7d buf %5d rows | x%5.2f ms x%5.2f buf %v",
					mode[6:], v.name, q.name, two.statements, one.ms, one.buffers, one.rows, two.ms, two.buffers, two.rows, two.ms/one.ms, float64(two.buffers)/float64(one.buffers), two.whole)
				if *plansOnly != "" {
					for _, e := range two.plans {
						t.Logf("%.2f ms: %s", e.took, e)
					}
				}
			}
		}
	}
}
