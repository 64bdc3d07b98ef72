package command_test

import (
	"context"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"

	"continuum/ent/share"
	"continuum/internal/access"
	"continuum/internal/store"
)

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
		if got, _ := fetch(t, address+path); got != want {
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
	db, admin, first := founded(t)
	out, err := run(t, "key", "create", db, admin, "--scopes=PROFILES_READ", "--expires=1h")
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
