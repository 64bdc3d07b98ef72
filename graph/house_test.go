package graph_test

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"continuum/graph"
	"continuum/graph/document"
	"continuum/internal/access"
	"continuum/internal/practice"
	"continuum/internal/seed"
	"continuum/internal/store"
	"continuum/internal/storetest"
	"continuum/internal/web"
)

// house is a server as it is wired in earnest, over a database of its own.
type house struct {
	t         testing.TB
	store     *store.Store
	url       string
	data      string            // the URL of the database
	keys      map[string]string // who -> token
	log       *diary
	sockets   *web.Sockets
	shelf     *document.Shelf
	spent     *tally // the statements of operations, sign-in left out
	counting  sync.Mutex
	allowance *graph.Allowance
	watch     graph.Watch
	crowd     graph.Crowd
}

// eachHouse runs a test against a server on either engine, with the demo and the
// neighbours of world_test.go in it.
func eachHouse(t *testing.T, test func(*testing.T, *house)) {
	t.Helper()
	for _, engine := range storetest.Engines {
		t.Run(storetest.Name(engine), func(t *testing.T) {
			test(t, furnished(t, storetest.URL(t, engine)))
		})
	}
}

func furnished(t testing.TB, url string) *house {
	t.Helper()
	h := demoHouse(t, url)
	h.addNeighbours()
	h.addHanded()
	return h
}

// demoHouse serves the demo, and nothing else.
func demoHouse(t testing.TB, url string) *house {
	t.Helper()
	h := newHouse(t, url)
	h.settle()
	return h
}

// settle writes the demo, and keeps its keys.
func (h *house) settle() {
	h.t.Helper()
	cast, err := seed.Demo(h.t.Context(), h.store)
	if err != nil {
		h.t.Fatal(err)
	}
	for _, k := range cast.Keys {
		h.keys[nameOf(k)] = k.Token
	}
}

// nameOf is how the tests call the holder of a key: ann, noor@school.
func nameOf(k seed.Key) string {
	first, _, _ := strings.Cut(strings.ToLower(k.Name), " ")
	switch {
	case strings.HasPrefix(k.Role, "integration"):
		return "program"
	case first == "noor":
		return first + "@" + k.Workspace
	default:
		return first
	}
}

// newHouse serves the database at the URL, whatever it holds.
func newHouse(t testing.TB, url string) *house {
	t.Helper()
	data, err := store.Open(t.Context(), url, store.WithStatements(note))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = data.Close() })
	return houseOver(t, url, data)
}

// houseOver serves a store that is open.
func houseOver(t testing.TB, url string, data *store.Store) *house {
	t.Helper()
	h := &house{t: t, store: data, data: url, keys: map[string]string{}, log: &diary{}, sockets: &web.Sockets{}, shelf: document.NewShelf(nil, false), spent: &tally{}}
	h.serve()
	return h
}

// serve opens the door, anew when the test has changed how it is wired.
func (h *house) serve() {
	server := httptest.NewServer(h.wire())
	h.t.Cleanup(server.Close)
	h.t.Cleanup(func() { h.sockets.Close(context.WithoutCancel(h.t.Context())) })
	h.url = server.URL + "/graphql"
}

// wire is what the command serve does.
func (h *house) wire() http.Handler {
	log := slog.New(slog.NewTextHandler(h.log, nil))
	work := practice.New(h.store)
	signIn := func(ctx context.Context, token string) (context.Context, bool, error) {
		viewer, err := work.SignIn(ctx, token)
		if err != nil || viewer == nil {
			return ctx, false, err
		}
		return access.WithViewer(ctx, viewer), true, nil
	}
	edge, err := web.New(web.Config{
		GraphQL: h.counted(graph.New(graph.Config{
			Practice: work, Store: h.store, Log: log, SignIn: signIn, RequestID: web.RequestID,
			Lasting: web.Lasting, Shelf: h.shelf,
			Allowance: h.allowance, Watch: h.watch, Crowd: h.crowd,
		})),
		SignIn: signIn, Ready: h.store.Ping, Log: log, Sockets: h.sockets,
	})
	if err != nil {
		h.t.Fatal(err)
	}
	return edge
}

// tally is the statements of one operation.
type tally struct {
	sync.Mutex
	statements []string
}

type tallyKey struct{}

// counted puts a fresh tally into the context of each operation. Whoever signed in did
// so before, outside of it.
func (h *house) counted(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		fresh := &tally{}
		h.counting.Lock() // twins come at once
		h.spent = fresh
		h.counting.Unlock()
		next.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), tallyKey{}, fresh)))
	})
}

func note(ctx context.Context, statement string) {
	if spent, ok := ctx.Value(tallyKey{}).(*tally); ok {
		spent.Lock()
		spent.statements = append(spent.statements, statement)
		spent.Unlock()
	}
}

// diary keeps the log.
type diary struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (d *diary) Write(line []byte) (int, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.text.Write(line)
}

func (d *diary) String() string {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.text.String()
}

// vars are the variables of an operation.
type vars = map[string]any

// ask posts an operation as somebody, and takes whatever comes back.
func (h *house) ask(who, query string, v vars) answer {
	h.t.Helper()
	body, err := json.Marshal(map[string]any{"query": query, "variables": v})
	if err != nil {
		h.t.Fatal(err)
	}
	return h.post(who, string(body))
}

func (h *house) post(who, body string) answer {
	h.t.Helper()
	r, err := http.NewRequestWithContext(h.t.Context(), http.MethodPost, h.url, strings.NewReader(body))
	if err != nil {
		h.t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/json")
	return h.send(who, r)
}

func (h *house) send(who string, r *http.Request) answer {
	h.t.Helper()
	if who != "" {
		if h.keys[who] == "" {
			h.t.Fatalf("nobody is called %q", who)
		}
		r.Header.Set("Authorization", "Bearer "+h.keys[who])
	}
	response, err := http.DefaultClient.Do(r)
	if err != nil {
		h.t.Fatal(err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		h.t.Fatal(err)
	}
	return read(h.t, response.StatusCode, response.Header, body)
}

// must asks, and fails the test when anything went wrong. That the program's key lacks a scope is an answer: nothing
// came of the operation, and the error names the scope.
func (h *house) must(who, query string, v vars) answer {
	h.t.Helper()
	a := h.ask(who, query, v)
	if who == "program" && a.status == http.StatusOK && a.lacksScope() {
		return a
	}
	if a.status != http.StatusOK || len(a.Errors) > 0 {
		h.t.Fatalf("%s asks %s: %d %s\n%s", who, query, a.status, a.body, h.log.faults())
	}
	return a
}

// faults are the lines about what went wrong.
func (d *diary) faults() string {
	var lines []string
	for line := range strings.Lines(d.String()) {
		if strings.Contains(line, "level=ERROR") || strings.Contains(line, "level=WARN") {
			lines = append(lines, line)
		}
	}
	return strings.Join(lines, "")
}
