package graph_test

import (
	"cmp"
	"context"
	"fmt"
	"log/slog"
	"maps"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"continuum/graph"
	"continuum/internal/access"
	"continuum/internal/practice"
	"continuum/internal/seal"
)

// randomWorld is a house of which two handlers answer: one as it is served, one by the resolvers alone.
type randomWorld struct {
	*house
	now           time.Time // when it was furnished; nothing moves the clock but an operation that says so
	pool          *pool
	practice      *practice.Practice
	served, alone http.Handler
	seats         map[string]*access.Viewer // by viewer and time
	fell          int                       // operations that the resolvers answered in the end
	dice          *rand.Rand
	changes       *rapid.Generator[operation]
	changed       int // what became of the world meanwhile
}

// newRandomWorld furnishes a house, with crowds, and with keys that lack scopes.
func newRandomWorld(t *testing.T, url string, seed uint64) *randomWorld {
	t.Helper()
	w := &randomWorld{house: furnished(t, url), seats: map[string]*access.Viewer{}, dice: rand.New(rand.NewPCG(seed, 1))}
	keys, err := seal.New()
	if err != nil {
		t.Fatal(err)
	}
	w.practice = practice.New(w.store, practice.WithSeal(keys))
	w.addCrowds()
	w.addNarrowKeys()
	w.now = time.Now().UTC().Truncate(time.Microsecond)
	config := graph.Config{
		Practice: w.practice, Store: w.store, Log: slog.New(slog.NewTextHandler(w.log, nil)),
		RequestID: func(context.Context) string { return "the request" }, Shelf: w.shelf,
		Lasting: func(ctx context.Context) (context.Context, func(), bool) { return ctx, func() {}, true },
		Left:    func() { w.fell++ },
	}
	w.served = graph.New(config)
	config.Resolvers, config.Left = true, nil
	w.alone = graph.New(config)
	w.addSealed()
	w.pool = w.look()
	w.changes = changes(contract(), w.pool)
	w.live(40)
	return w
}

// sit signs somebody in, as of some time after the world was made; nil when their key opens nothing any more.
func (w *randomWorld) sit(who string, later time.Duration) (context.Context, *access.Viewer) {
	w.t.Helper()
	ctx := access.WithClock(w.t.Context(), w.now.Add(later))
	seat := fmt.Sprint(who, later)
	if _, known := w.seats[seat]; !known {
		viewer, err := w.practice.SignIn(ctx, w.keys[who])
		if err != nil {
			w.t.Fatal(err)
		}
		w.seats[seat] = viewer
	}
	return ctx, w.seats[seat]
}

// asked is what came of an operation.
type asked struct {
	status     int
	kind, body string
	statements []string
}

// answer has a handler answer an operation.
func (w *randomWorld) answer(by http.Handler, o operation) asked {
	w.t.Helper()
	spent := &tally{}
	ctx, viewer := w.sit(o.who, o.later)
	ctx = context.WithValue(ctx, tallyKey{}, spent)
	if viewer != nil {
		ctx = access.WithViewer(ctx, viewer)
	}
	r := httptest.NewRequestWithContext(ctx, http.MethodPost, "/graphql", strings.NewReader(o.body()))
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Accept", o.accept)
	recorder := httptest.NewRecorder()
	by.ServeHTTP(recorder, r)
	came := asked{recorder.Code, recorder.Header().Get("Content-Type"), recorder.Body.String(), spent.statements}
	if event, ok := strings.CutPrefix(came.body, ":\n\nevent: next\ndata: "); ok {
		var after string
		came.body, after, _ = strings.Cut(event, "\n")
		came.kind += after
	}
	return came
}

// live lets things happen in the world: what the probes have people do, with rows of theirs and of others, and what is
// drawn from the schema.
func (w *randomWorld) live(changes int) {
	w.t.Helper()
	var all []string
	for _, place := range slices.Sorted(maps.Keys(probes)) {
		if probes[place].kind(place) == "mutation" && !slices.ContainsFunc(ending, func(name string) bool { return strings.Contains(probes[place].query, name) }) {
			all = append(all, place)
		}
	}
	for i := range changes {
		o := w.changes.Example(w.dice.Int())
		if i%2 == 0 {
			o = w.probe(all[w.dice.IntN(len(all))])
		}
		came := w.answer(w.alone, o)
		if !strings.Contains(came.body, `"code":`) {
			w.changed++
		}
		w.pool.learn(o.who, came.body)
	}
	clear(w.seats)
}

// ending are the mutations after which somebody is gone for good: a world in which all are gone has little to ask.
var ending = []string{"endProfessional", "setProfessionalRoles", "revokeApiKey", "archiveProfile"}

// probe is what a probe asks, as somebody, of some row that fits.
func (w *randomWorld) probe(place string) operation {
	who := w.pool.viewers[w.dice.IntN(len(w.pool.viewers))]
	own := map[string]string{}
	for _, prefix := range w.pool.prefixes {
		own[prefix] = w.some(who, prefix)
	}
	id := probes[place].absent()
	if of := probes[place].prefixes(); len(of) > 0 {
		id = cmp.Or(w.some(who, of[w.dice.IntN(len(of))]), id)
	}
	return operation{who: who, text: probes[place].operation(place, own), variables: vars{"id": id}}
}

// some is a row of a type, mostly one that the viewer has been told of.
func (w *randomWorld) some(who, prefix string) string {
	known := w.pool.seen[who][prefix]
	if len(known) == 0 || w.dice.IntN(5) == 0 {
		known = w.pool.all[prefix]
	}
	if len(known) == 0 {
		return ""
	}
	return known[w.dice.IntN(len(known))]
}
