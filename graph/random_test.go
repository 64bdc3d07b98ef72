package graph_test

import (
	"cmp"
	"flag"
	"fmt"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/vektah/gqlparser/v2/ast"
	"pgregory.net/rapid"

	"continuum/internal/storetest"
)

var equalOperations = flag.Int("equal.operations", 300, "how many random operations to compare with the resolvers' answers, on each engine")

const (
	worldLasts   = 2000 // operations, then another one begins
	changesAfter = 20   // operations, each time
	mostMore     = 125  // statements, where the resolvers send a hundred
	mostFall     = 3    // of a hundred operations without an error, those that the resolvers may answer in the end
)

// TestEqual_RandomOperations draws operations from the schema and has them answered as they are served and by the
// resolvers alone: the answers are the same, byte for byte, while the world changes in between.
func TestEqual_RandomOperations(t *testing.T) {
	first := seedOperations(t)
	for i, engine := range storetest.Engines {
		t.Run(storetest.Name(engine), func(t *testing.T) {
			total := &comparison{t: t, sdl: contract(), covered: coverage{}, codes: map[string]int{}}
			for begun := time.Now(); total.count < *equalOperations; {
				seed := first + uint64(2*total.count+i) // another one for each world
				set(t, "rapid.seed", fmt.Sprint(seed))
				set(t, "rapid.checks", fmt.Sprint(min(worldLasts, *equalOperations-total.count)))
				t.Run(fmt.Sprintf("world from %d", total.count), func(t *testing.T) { total.in(t, engine, seed) })
				if t.Failed() {
					t.Fatalf("seen with -rapid.seed=%d, after %d operations", first, total.count)
				}
				total.tell(begun)
			}
			total.judge()
		})
	}
}

// seedOperations fixes the seed, so that it can be told of a run that passes too.
func seedOperations(t *testing.T) uint64 {
	t.Helper()
	seed, err := strconv.ParseUint(flag.Lookup("rapid.seed").Value.String(), 10, 64)
	if err != nil {
		t.Fatal(err)
	}
	if seed == 0 {
		seed = 1 + rand.Uint64N(1<<32)
	}
	set(t, "rapid.nofailfile", "true") // the seed is enough to see it again
	return seed
}

// set sets a flag until the test ends.
func set(t *testing.T, name, value string) {
	t.Helper()
	before := flag.Lookup(name).Value.String()
	if err := flag.Set(name, value); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = flag.Set(name, before) })
}

// comparison is what came of comparing.
type comparison struct {
	t       *testing.T
	sdl     *ast.Schema
	covered coverage       // the fields that were answered
	swept   int            // the fields that are answered by no resolver
	left    []string       // those that only resolvers answer
	codes   map[string]int // how many answers tell of an error with this code

	count, whole, refused, changed int
	fell, wholeFell                int      // operations that the resolvers answered in the end; those of them without an error
	statements, reference          int      // of those that needed no resolvers
	larger                         []string // operations that took more statements than the resolvers
}

// in compares in a world of its own.
func (c *comparison) in(t *testing.T, engine string, seed uint64) {
	w := newRandomWorld(t, storetest.URL(t, engine), seed)
	swept := w.explore(c.sdl)
	c.swept = len(swept)
	c.left = leftOut(c.sdl, swept)
	drawn := operations(c.sdl, w.pool, func(field string) bool { return !swept[field] })
	learn, parted := func() {}, false
	here := 0
	rapid.Check(t, func(t *rapid.T) {
		// Once something was found, the world stands still: the same draw must find it again.
		if !parted {
			if learn(); here%changesAfter == changesAfter-1 {
				w.live(10)
			}
		}
		o := drawn.Draw(t, "operation")
		fell := w.fell
		reference, served := w.answer(w.alone, o), w.answer(w.served, o)
		if diff := difference(reference, served); diff != "" {
			parted = true
			t.Logf("on %s %s", storetest.Name(engine), diff)
			t.Fatal("the answers part") // in the same words each time, or rapid would not look for a smaller one
		}
		if strings.Contains(reference.body, `"code":"INTERNAL"`) {
			parted = true
			t.Logf("on %s: %s\n%s", storetest.Name(engine), reference.body, w.log.faults())
			t.Fatal("the operation ends in a fault of ours")
		}
		if parted {
			return
		}
		here++
		c.note(o, reference, served, w.fell-fell)
		learn = func() {
			w.pool.learn(o.who, reference.body)
			c.covered.follow(c.sdl, o, reference, w.pool.keep)
		}
	})
	c.changed += w.changed
}

// note counts what an operation was like.
func (c *comparison) note(o operation, reference, served asked, fell int) {
	c.count++
	c.fell += fell
	codes(reference.body, c.codes)
	switch got := apart(reference.body); {
	case got["data"] == "" || got["data"] == "null":
		c.refused++
	case got["errors"] == "":
		c.whole++
		c.wholeFell += fell
	}
	if fell > 0 {
		return // it was tried, and then answered as the reference is
	}
	c.reference, c.statements = c.reference+len(reference.statements), c.statements+len(served.statements)
	if len(served.statements) > len(reference.statements) {
		c.larger = append(c.larger, fmt.Sprintf("%d statements for %d: %#v", len(served.statements), len(reference.statements), o))
	}
}

// tell reports how far it is.
func (c *comparison) tell(begun time.Time) {
	c.t.Helper()
	reached, missed := c.covered.report(c.sdl)
	c.t.Logf("%d operations in %v, %d changes between them: %d answered whole, %d not at all; errors in %v",
		c.count, time.Since(begun).Round(time.Millisecond), c.changed, c.whole, c.refused, c.codes)
	c.t.Logf("the resolvers answered %d in the end, of the whole ones %d; %d fields need none of them, %d do: %v", c.fell, c.wholeFell, c.swept, len(c.left), c.left)
	c.t.Logf("without resolvers %d statements, the reference %d; more in %d answers, of which the shortest is %v", c.statements, c.reference, len(c.larger), slices.MinFunc(append(c.larger, ""), shorter))
	c.t.Logf("%d fields were answered, %d never: %v", reached, len(missed), missed)
}

// shorter orders texts by their length, those that are empty last.
func shorter(a, b string) int {
	switch {
	case a == "":
		return 1
	case b == "":
		return -1
	default:
		return cmp.Compare(len(a), len(b))
	}
}

// judge holds the run to what makes it worth something: most operations are answered whole, most of them by no
// resolvers, and in hardly more statements.
func (c *comparison) judge() {
	c.t.Helper()
	if c.whole < c.count*6/10 || c.refused > c.count*3/10 {
		c.t.Errorf("of %d operations %d were answered whole and %d not at all", c.count, c.whole, c.refused)
	}
	if c.wholeFell > c.whole*mostFall/100 {
		c.t.Errorf("of %d operations without an error the resolvers answered %d in the end", c.whole, c.wholeFell)
	}
	// The same root field under two names is read twice, where the resolvers' loaders read it once.
	if c.statements > c.reference*mostMore/100 {
		c.t.Errorf("%d statements, where the resolvers send %d", c.statements, c.reference)
	}
}

// A comparison that finds nothing in a handler that is wrong is worth nothing.
func TestEqual_FindsWhatIsWrong(t *testing.T) {
	w := newRandomWorld(t, storetest.URL(t, storetest.Engines[0]), 1)
	drawn := operations(contract(), w.pool, func(string) bool { return false })
	var found []string
	for i := range 20 {
		o := drawn.Example(i)
		if diff := difference(w.answer(w.alone, o), w.answer(misspelt(w.served), o)); diff != "" {
			found = append(found, diff)
		}
	}
	if len(found) < 15 {
		t.Errorf("of 20 answers with a wrong letter %d were found: %v", len(found), found)
	}
}
