package command_test

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	_ "modernc.org/sqlite" // for execute

	"continuum/internal/command"
)

// output is what a command prints, read while it still runs.
type output struct {
	mu   sync.Mutex
	text bytes.Buffer
	more chan struct{}
}

func newOutput() *output { return &output{more: make(chan struct{}, 1)} }

func (o *output) Write(p []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	select {
	case o.more <- struct{}{}:
	default:
	}
	return o.text.Write(p)
}

func (o *output) String() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.text.String()
}

// find waits until the output matches, and returns the first group.
func (o *output) find(t *testing.T, pattern string) string {
	t.Helper()
	re := regexp.MustCompile(pattern)
	deadline := time.After(20 * time.Second)
	for {
		if m := re.FindStringSubmatch(o.String()); m != nil {
			return m[1]
		}
		select {
		case <-o.more:
		case <-deadline:
			t.Fatalf("the output never matched %s:\n%s", pattern, o)
		}
	}
}

func run(t *testing.T, args ...string) (string, error) {
	t.Helper()
	out := newOutput()
	err := command.Run(t.Context(), args, house(out))
	return out.String(), err
}

func house(out io.Writer) command.House {
	return command.House{Out: out, Log: slog.New(slog.NewTextHandler(io.Discard, nil)), Page: fstest.MapFS{}}
}

func database(t *testing.T) string {
	t.Helper()
	return "--database=sqlite:" + filepath.Join(t.TempDir(), "data", "continuum.db")
}

// inFile is a setting of a URL that holds a password: the name of a file that holds it.
func inFile(t *testing.T, setting, address string) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "url")
	if err := os.WriteFile(file, []byte(address), 0o600); err != nil {
		t.Fatal(err)
	}
	return "--" + setting + "-file=" + file
}

// founded is a database with one workspace, its administrator's id, and their key.
func founded(t *testing.T) (db, admin, key string) {
	t.Helper()
	db = database(t)
	out, err := run(t, "workspace", db, "Cabinet Test", "--kind=INDIVIDUAL", "--admin=Ada Roy", "--email=ada@example.org")
	if err != nil {
		t.Fatal(err)
	}
	return db, regexp.MustCompile(`pro_\w+`).FindString(out), regexp.MustCompile(`ck_\w+`).FindString(out)
}

// serving starts a server and returns its output; the test's end stops it, and sees
// that it stopped well.
func serving(t *testing.T, args ...string) *output {
	t.Helper()
	out := newOutput()
	start(t, house(out), args...)
	return out
}

func start(t *testing.T, house command.House, args ...string) {
	t.Helper()
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() {
		ended <- command.Run(ctx, append([]string{"serve", "--listen=127.0.0.1:0"}, args...), house)
	}()
	t.Cleanup(func() {
		stop()
		if err := <-ended; err != nil {
			t.Errorf("serve: %v", err)
		}
	})
}

func ask(t *testing.T, address, token, query string) (int, string) {
	t.Helper()
	return askIn(t, address, token, "", query)
}

// askIn asks in a workspace, when one is named.
func askIn(t *testing.T, address, token, workspace, query string) (int, string) {
	t.Helper()
	body, err := json.Marshal(map[string]string{"query": query})
	if err != nil {
		t.Fatal(err)
	}
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, address+"/graphql", bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Authorization", "Bearer "+token)
	if workspace != "" {
		r.Header.Set("X-Workspace", workspace)
	}
	return answerOf(t, r)
}

func answerOf(t *testing.T, r *http.Request) (int, string) {
	t.Helper()
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = answer.Body.Close() }()
	text, err := io.ReadAll(answer.Body)
	if err != nil {
		t.Fatal(err)
	}
	return answer.StatusCode, string(text)
}

// fetch reads a page.
func fetch(t *testing.T, url string) (int, string) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	return answerOf(t, r)
}

// execute changes a database behind the program's back.
func execute(t *testing.T, database, statement string) {
	t.Helper()
	db, err := sql.Open("sqlite", strings.TrimPrefix(database, "--database=sqlite:"))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	if _, err := db.ExecContext(t.Context(), statement); err != nil {
		t.Fatal(err)
	}
}
