package command_test

import (
	"bytes"
	"context"
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

	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"

	"continuum/ent/share"
	"continuum/internal/access"
	"continuum/internal/command"
	"continuum/internal/store"
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

func TestServe_DemoAnswersWithTheKeyItPrints(t *testing.T) {
	db := database(t)
	out := serving(t, db, "--demo")
	address := out.find(t, `(http://127\.0\.0\.1:\d+)`)
	token := out.find(t, `Bearer (ck_\w+)`)

	status, body := ask(t, address, token, `{ profiles(first: 1) { nodes { displayName } } }`)
	if status != http.StatusOK || !strings.Contains(body, `"displayName"`) {
		t.Errorf("the printed key answered %d %s", status, body)
	}
	if status, body := ask(t, address, "ck_"+strings.Repeat("0", 80), `{ __typename }`); status != http.StatusUnauthorized {
		t.Errorf("a made-up key answered %d %s", status, body)
	}
	for path, want := range map[string]int{"/livez": http.StatusOK, "/readyz": http.StatusOK} {
		if got := get(t, address+path); got != want {
			t.Errorf("%s answered %d", path, got)
		}
	}
}

func TestServe_DemoTellsItsKeysAgain(t *testing.T) {
	db := database(t)
	var tokens []string
	for range 2 {
		t.Run("start", func(t *testing.T) {
			tokens = append(tokens, serving(t, db, "--demo").find(t, `Bearer (ck_\w+)`))
		})
	}
	if tokens[0] != tokens[1] {
		t.Error("a second start printed other keys")
	}
}

// A server tidies what has expired, beside the requests that it answers.
func TestServe_Tidies(t *testing.T) {
	db := database(t)
	t.Run("start", func(t *testing.T) { serving(t, db, "--demo").find(t, `Bearer (ck_\w+)`) })
	execute(t, db, `UPDATE shares SET expires_at = '2020-01-01 00:00:00+00:00' WHERE expires_at IS NOT NULL`)
	data, err := store.Open(t.Context(), strings.TrimPrefix(db, "--database="))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = data.Close() }()

	serving(t, db)
	expired := data.Client().Share.Query().Where(share.StatusEQ(share.StatusEXPIRED))
	ctx, stop := context.WithTimeout(access.System(t.Context(), "a test looks at the rows"), 20*time.Second)
	defer stop()
	for count := 0; count == 0; {
		if count, err = expired.Clone().Count(ctx); err != nil {
			t.Fatalf("nothing was tidied: %v", err)
		}
	}
	if told := data.Client().Notification.Query().CountX(ctx); told == 0 {
		t.Error("nobody was told")
	}
}

func TestServe_KeysFileIsForItsOwner(t *testing.T) {
	db := database(t)
	serving(t, db, "--demo").find(t, `Bearer (ck_\w+)`)
	info, err := os.Stat(filepath.Join(filepath.Dir(strings.TrimPrefix(db, "--database=sqlite:")), "demo-keys.txt"))
	if err != nil {
		t.Fatal(err)
	}
	if info.Mode().Perm() != 0o600 {
		t.Errorf("the keys' file has mode %v", info.Mode())
	}
}

func TestServe_RefusesANewerDatabase(t *testing.T) {
	db := database(t)
	if _, err := run(t, "migrate", db); err != nil {
		t.Fatal(err)
	}
	execute(t, db, `INSERT INTO goose_db_version (version_id, is_applied) VALUES (29990101000000, 1)`)
	if _, err := run(t, "serve", db); err == nil || !strings.Contains(err.Error(), "run the newer program") {
		t.Errorf("got %v", err)
	}
}

func TestWorkspaceAndKey_MakeWaysToSignIn(t *testing.T) {
	db := database(t)
	out, err := run(t, "workspace", db, "Cabinet Test", "--kind=INDIVIDUAL", "--admin=Ada Roy", "--email=ada@example.org")
	if err != nil {
		t.Fatal(err)
	}
	professional := regexp.MustCompile(`pro_\w+`).FindString(out)
	first := regexp.MustCompile(`ck_\w+`).FindString(out)
	out, err = run(t, "key", "create", db, professional, "--scopes=PROFILES_READ", "--expires=1h")
	if err != nil {
		t.Fatal(err)
	}
	second := regexp.MustCompile(`ck_\w+`).FindString(out)

	address := serving(t, db).find(t, `(http://127\.0\.0\.1:\d+)`)
	for token, want := range map[string]string{first: "WORKSPACE_WRITE", second: `["PROFILES_READ"]`} {
		if status, body := ask(t, address, token, `{ viewer { scopes } }`); status != http.StatusOK || !strings.Contains(body, want) {
			t.Errorf("the key answered %d %s, want %s", status, body, want)
		}
	}
}

func TestSeed_AddsLargeData(t *testing.T) {
	out, err := run(t, "seed", database(t), "--profiles=100")
	if err != nil || !strings.Contains(out, "ck_") {
		t.Errorf("got %q, %v", out, err)
	}
}

func TestSDL_IsASchema(t *testing.T) {
	out, err := run(t, "sdl")
	if err != nil {
		t.Fatal(err)
	}
	schema, err := gqlparser.LoadSchema(&ast.Source{Input: out})
	if err != nil {
		t.Fatal(err)
	}
	if schema.Types["Profile"].Description == "" {
		t.Error("the printed schema lost its descriptions")
	}
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

func get(t *testing.T, url string) int {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	_ = answer.Body.Close()
	return answer.StatusCode
}
