package practice_test

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"pgregory.net/rapid"

	"continuum/internal/access"
	"continuum/internal/oracle"
	"continuum/internal/practice"
	"continuum/internal/seal"
	"continuum/internal/store"
	"continuum/internal/storetest"
)

var oracleSteps = flag.Int("oracle.steps", 800, "how many steps of random histories to compare with the oracle, on each engine")

// TestOracle lives random histories of sharing and handing over, one operation at a time
// and several at once, and compares what comes of each with the oracle.
func TestOracle(t *testing.T) {
	seed := seedOracle(t)
	for _, engine := range storetest.Engines {
		t.Run(storetest.Name(engine), func(t *testing.T) {
			t.Parallel()
			s := storetest.Open(t, engine)
			keys, err := seal.New()
			if err != nil {
				t.Fatal(err)
			}
			p := practice.New(s, practice.WithSeal(keys))
			tally, broken := &tally{begin: time.Now(), came: map[string]int{}}, false
			rapid.Check(t, func(t *rapid.T) {
				if tally.steps >= *oracleSteps && !broken {
					return
				}
				l := newLife(t, s, p, tally)
				whole := false
				defer func() { broken = broken || !whole }()
				l.live(t)
				whole = true
			})
			t.Logf("oracle: %s seed %d, %s", storetest.Name(engine), seed, tally)
			if testing.Verbose() {
				t.Log(tally.came)
			}
		})
	}
}

// tally counts what has been compared.
type tally struct {
	begin                          time.Time
	steps, done, concurrent, weary int
	came                           map[string]int // how often which operation came to what
}

func (c *tally) String() string {
	return fmt.Sprintf("%d steps (%d concurrent) compared in %v; %d were done, %d given up by a busy database",
		c.steps, c.concurrent, time.Since(c.begin).Round(time.Millisecond), c.done, c.weary)
}

// seedOracle fixes the seed, so that it can be told of a run that passes too.
func seedOracle(t *testing.T) uint64 {
	t.Helper()
	seed, err := strconv.ParseUint(flag.Lookup("rapid.seed").Value.String(), 10, 64)
	if err != nil {
		t.Fatal(err)
	}
	if seed == 0 {
		seed = rand.Uint64N(1 << 32)
	}
	for name, value := range map[string]string{
		"rapid.seed": fmt.Sprint(seed), "rapid.checks": fmt.Sprint(*oracleSteps + 1),
		"rapid.nofailfile": "true", "rapid.shrinktime": "20s",
	} {
		before := flag.Lookup(name).Value.String()
		if err := flag.Set(name, value); err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = flag.Set(name, before) })
	}
	return seed
}

// life is a world in which professionals try things, told twice: to a practice over a
// database, and to the oracle.
type life struct {
	rapid.TB
	*practice.Practice
	store   *store.Store
	facts   *oracle.World
	names   map[string]string         // of ids, so that people can read a failure
	viewers map[string]*access.Viewer // as they last signed in
	actors  []string                  // the professionals, in their order
	hot     map[string]bool           // the records and principals that it is about
	focus   string                    // the record that things happen to, when they happen at once
	first   map[string]string         // rows that nothing here may change, as they began
	owners  map[string]string         // of records, to begin with
	trace   []string
	tally   *tally
	turn    int
	minted  int
}

// A history is this many steps, so that to begin a world does not count for much.
const lifetime = 90

func newLife(t rapid.TB, s *store.Store, p *practice.Practice, c *tally) *life {
	return &life{TB: t, store: s, Practice: p, tally: c, facts: oracle.New(dawn),
		names: map[string]string{}, viewers: map[string]*access.Viewer{}}
}

// dawn is when every world begins.
var dawn = time.Date(2026, 1, 5, 8, 0, 0, 0, time.UTC)

// live begins a world in an empty database and lets things happen in it.
func (l *life) live(t *rapid.T) {
	l.clear()
	l.beginWorld(t)
	atOnce := rapid.Bool().Draw(t, "several at once")
	for steps := 0; steps < lifetime; {
		n := 1
		if atOnce && rapid.IntRange(0, 2).Draw(t, "together") > 0 {
			n = l.together(t)
		} else {
			l.one(t)
		}
		steps += n
		l.tally.steps += n
	}
	l.end()
}

// attempt is one operation that somebody tries.
type attempt struct {
	who, what string
	touches   []string // types of which it changes rows
	signs     bool     // it may change what those who sign in are
	do        func(ctx context.Context) error
	tell      func(w *oracle.World) oracle.Outcome
}

// one lets one thing happen, and compares what comes of it.
func (l *life) one(t *rapid.T) {
	a := l.draw(t)
	code, err := l.try(a)
	want := a.tell(l.facts)
	l.note("", a, code)
	if err != nil {
		l.fail("the practice broke: %v", err)
	}
	if !want.Allows(code) {
		l.fail("the practice said %q, the oracle %s", code, want)
	}
	l.settle(a.touches, a.signs, want.Done())
}

// note remembers what came of an attempt.
func (l *life) note(how string, a attempt, code string) {
	l.trace = append(l.trace, fmt.Sprintf("%s%s: %s: %q", how, l.names[a.who], a.what, code))
	verb, _, _ := strings.Cut(a.what, " ")
	if l.names[verb] != "" {
		verb = "fate"
	}
	l.tally.came[verb+" "+code]++
}

// settle compares the rows that a change has touched, and what everybody may do since.
func (l *life) settle(touches []string, signs, done bool) {
	if !done {
		return
	}
	l.tally.done++
	l.compareRows(touches)
	if signs {
		l.signIn()
	}
	l.compareRights()
}

// try lets the practice do an attempt, and tells with which code it was refused.
func (l *life) try(a attempt) (code string, fault error) {
	err := a.do(l.ctx(a.who))
	if err == nil {
		return "", nil
	}
	if failures := practice.UserErrors(err); len(failures) > 0 {
		return string(failures[0].Code), nil
	}
	return "", err
}

// ctx asks as of the world's instant, for somebody as they last signed in.
func (l *life) ctx(who string) context.Context {
	ctx := access.WithClock(context.Background(), l.facts.Now)
	if v := l.viewers[who]; v != nil {
		now := *v
		now.At = l.facts.Now
		return access.WithViewer(ctx, &now)
	}
	return ctx
}

func (l *life) system() context.Context { return access.System(l.ctx(""), "a test's facts") }

// signIn reads who everybody is. Whoever may no longer act keeps the face they had.
func (l *life) signIn() {
	var faces sync.Map
	l.each(func(m string) error {
		v, err := access.Load(l.ctx(""), l.store.Client(), m, allScopes)
		if err == nil && (v != nil) != (l.facts.Principals(m) != nil) {
			err = fmt.Errorf("%s signs in: %v, the oracle says otherwise", l.names[m], v != nil)
		}
		if v != nil {
			faces.Store(m, v)
		}
		return err
	})
	for m, v := range faces.Range {
		l.viewers[m.(string)] = v.(*access.Viewer)
	}
}

// each asks for every professional, several at a time.
func (l *life) each(ask func(m string) error) {
	faults := make([]error, len(l.actors))
	var wg sync.WaitGroup
	for i, m := range l.actors {
		wg.Go(func() { faults[i] = ask(m) })
	}
	wg.Wait()
	if err := errors.Join(faults...); err != nil {
		l.fail("%v", err)
	}
}

// fail ends the history with the last of what has happened in it.
func (l *life) fail(format string, args ...any) {
	text := strings.Join(l.trace[max(0, len(l.trace)-25):], "\n") + "\n" + fmt.Sprintf(format, args...)
	for _, id := range slices.Backward(keys(l.names)) {
		text = strings.ReplaceAll(text, id, l.names[id])
	}
	l.Fatalf("%s", text)
}
