package web_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"io/fs"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"testing/fstest"

	"continuum/internal/web"
)

const (
	annsKey  = "ck_ann_0123456789abcdefghijklmnopqrstuvwxyz"
	question = `{"query":"{ profiles { totalCount } }"}`
)

type viewerKey struct{}

// signIn knows one key, one that is refused and one that cannot be checked.
func signIn(ctx context.Context, token string) (context.Context, bool, error) {
	switch token {
	case annsKey:
		return context.WithValue(ctx, viewerKey{}, "ann"), true, nil
	case "ck_down":
		return nil, false, errors.New("dial tcp: driver text")
	}
	return nil, false, nil
}

// execute stands for the GraphQL handler: it says who asks and repeats what was asked.
func execute(w http.ResponseWriter, r *http.Request) {
	viewer, _ := r.Context().Value(viewerKey{}).(string)
	body, err := io.ReadAll(r.Body)
	if err != nil {
		http.Error(w, err.Error(), http.StatusTeapot)
		return
	}
	_, hasDeadline := r.Context().Deadline()
	json.NewEncoder(w).Encode(executed{viewer, string(body), hasDeadline})
}

type executed struct {
	Viewer   string
	Body     string
	Deadline bool
}

// page stands for the built files of GraphiQL.
func page() fs.FS {
	return fstest.MapFS{
		"index.html":        {Data: []byte("<!doctype html><title>GraphiQL</title>")},
		"graphiql-start.js": {Data: []byte("start()")},
		".gitkeep":          {Data: nil},
	}
}

// start runs an edge over the configuration, filling in what the test does not care about.
func start(t *testing.T, c web.Config) (server *httptest.Server, log *journal) {
	t.Helper()
	log = &journal{}
	h := newEdge(t, c, log)
	server = httptest.NewServer(h)
	t.Cleanup(server.Close)
	return server, log
}

func newEdge(t *testing.T, c web.Config, log *journal) http.Handler {
	t.Helper()
	if c.GraphQL == nil {
		c.GraphQL = http.HandlerFunc(execute)
	}
	if c.SignIn == nil {
		c.SignIn = signIn
	}
	if c.Ready == nil {
		c.Ready = func(context.Context) error { return nil }
	}
	if c.Page == nil {
		c.Page = page()
	}
	c.Log = slog.New(slog.NewJSONHandler(log, nil))
	h, err := web.New(c)
	if err != nil {
		t.Fatal(err)
	}
	return h
}

// journal is a log that a test can read while the server still writes.
type journal struct {
	mu  sync.Mutex
	all bytes.Buffer
}

func (j *journal) Write(line []byte) (int, error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.all.Write(line)
}

func (j *journal) String() string {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.all.String()
}

// request is a good signed-in POST; change edits it into the one that a test is about.
func request(t *testing.T, server *httptest.Server, change func(*http.Request)) *http.Request {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, server.URL+"/graphql", strings.NewReader(question))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer "+annsKey)
	r.Header.Set("Content-Type", "application/json")
	if change != nil {
		change(r)
	}
	return r
}

func setBody(r *http.Request, body string) {
	r.Body = io.NopCloser(strings.NewReader(body))
	r.ContentLength = int64(len(body))
}

type answer struct {
	status int
	header http.Header
	body   string
}

// send follows no redirect, so that what is tested is the first answer.
func send(t *testing.T, r *http.Request) answer {
	t.Helper()
	response, err := http.DefaultTransport.RoundTrip(r)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return answer{response.StatusCode, response.Header, string(body)}
}

func get(t *testing.T, address string) answer {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, address, nil)
	if err != nil {
		t.Fatal(err)
	}
	return send(t, r)
}

// code reads the one error that an answer is made of.
func (a answer) code(t *testing.T) string {
	t.Helper()
	var refused struct {
		Errors []struct {
			Message    string
			Extensions struct{ Code string }
		}
		Data *json.RawMessage
	}
	if err := json.Unmarshal([]byte(a.body), &refused); err != nil {
		t.Fatalf("answer %q is not JSON: %v", a.body, err)
	}
	if len(refused.Errors) != 1 || refused.Errors[0].Message == "" || refused.Data != nil {
		t.Fatalf("answer %q is not one GraphQL error", a.body)
	}
	return refused.Errors[0].Extensions.Code
}

func (a answer) executed(t *testing.T) executed {
	t.Helper()
	var e executed
	if err := json.Unmarshal([]byte(a.body), &e); a.status != 200 || err != nil {
		t.Fatalf("got %d %q, want an executed request", a.status, a.body)
	}
	return e
}

func TestGoodRequestIsExecuted(t *testing.T) {
	server, _ := start(t, web.Config{})
	got := send(t, request(t, server, nil))
	if want := (executed{"ann", question, true}); got.executed(t) != want {
		t.Errorf("executed %+v, want %+v", got.executed(t), want)
	}
	if cache := got.header.Get("Cache-Control"); cache != "no-store" {
		t.Errorf("Cache-Control is %q", cache)
	}
}

func TestRoutes(t *testing.T) {
	server, _ := start(t, web.Config{})
	for path, want := range map[string]int{
		"/":                         200,
		"/assets/graphiql-start.js": 200,
		"/livez":                    200,
		"/readyz":                   200,
		"/assets/":                  404,
		"/assets/absent.js":         404,
		"/assets/index.html":        404,
		"/assets/.gitkeep":          404,
		"/assets/..%2fedge.go":      404,
		"/index.html":               404,
		"/graphql/":                 404,
		"/debug/pprof/":             404,
	} {
		got := get(t, server.URL+path)
		if got.status != want {
			t.Errorf("GET %s: %d, want %d", path, got.status, want)
		}
		if got.header.Get("X-Content-Type-Options") != "nosniff" {
			t.Errorf("GET %s: the browser may guess the type", path)
		}
		if got.header.Get("X-Request-Id") == "" {
			t.Errorf("GET %s: no request id", path)
		}
	}
}

func TestNewRefusesBadSettings(t *testing.T) {
	for _, origin := range []string{"*", "https://*.example.org", "example.org", "https://example.org/app", ""} {
		if _, err := web.New(web.Config{AllowedOrigins: []string{origin}}); err == nil {
			t.Errorf("allowed origin %q was taken", origin)
		}
	}
}
