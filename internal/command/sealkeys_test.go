package command_test

import (
	"bytes"
	"log/slog"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"testing/fstest"

	"entgo.io/ent/dialect"

	"continuum/internal/command"
	"continuum/internal/seal"
	"continuum/internal/storetest"
)

var place = seal.About{Table: "t", Column: "c", Row: "r", Workspace: "w"}

// started serves until the test has seen that it does, and returns what it logged.
func started(t *testing.T, args ...string) (log string) {
	t.Helper()
	out, logged := newOutput(), newOutput()
	t.Run("start", func(t *testing.T) {
		start(t, command.House{Out: out, Log: slog.New(slog.NewTextHandler(logged, nil)), Page: fstest.MapFS{}}, args...)
		out.find(t, `(http://127\.0\.0\.1:\d+)`)
	})
	return out.String() + logged.String()
}

// besideOf is the file of keys beside a database's.
func besideOf(db string) string {
	return filepath.Join(filepath.Dir(strings.TrimPrefix(db, "--database=sqlite:")), "seal-keys.json")
}

func read(t *testing.T, file string) []byte {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// keysIn are the keys of a file, and what in it nobody else may read.
func keysIn(t *testing.T, text []byte) (*seal.Keys, []string) {
	t.Helper()
	keys, err := seal.Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	var secrets []string
	for _, found := range regexp.MustCompile(`"value": "([^"]+)"`).FindAllStringSubmatch(string(text), -1) {
		secrets = append(secrets, found[1])
	}
	if len(secrets) == 0 {
		t.Fatal("the file holds no key")
	}
	return keys, secrets
}

func tellsNone(t *testing.T, printed string, secrets []string) {
	t.Helper()
	for _, secret := range secrets {
		if strings.Contains(printed, secret) {
			t.Errorf("a key was printed:\n%s", printed)
		}
	}
}

func TestServe_MakesSealKeysOnceOnSQLite(t *testing.T) {
	db := database(t)
	first := started(t, db)
	text := read(t, besideOf(db))
	_, secrets := keysIn(t, text)
	tellsNone(t, first, secrets)
	if n := strings.Count(first, "made the keys of sealed copies"); n != 1 || !strings.Contains(first, besideOf(db)) {
		t.Errorf("the log tells of it %d times:\n%s", n, first)
	}
	info, err := os.Stat(besideOf(db))
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the file has mode %v, %v", info.Mode(), err)
	}
	second := started(t, db)
	if !bytes.Equal(read(t, besideOf(db)), text) || strings.Contains(second, "sealed copies") {
		t.Errorf("the second start made other keys:\n%s", second)
	}
}

func TestServe_TakesSealKeysFromTheSettings(t *testing.T) {
	text, err := run(t, "seal-keys")
	if err != nil {
		t.Fatal(err)
	}
	_, secrets := keysIn(t, []byte(text))
	file := filepath.Join(t.TempDir(), "keys.json")
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	for name, set := range map[string]func(*testing.T) []string{
		"flag":        func(*testing.T) []string { return []string{"--seal-keys-file=" + file} },
		"file":        func(t *testing.T) []string { t.Setenv("CONTINUUM_SEAL_KEYS_FILE", file); return nil },
		"environment": func(t *testing.T) []string { t.Setenv("CONTINUUM_SEAL_KEYS", text); return nil },
	} {
		t.Run(name, func(t *testing.T) {
			db := database(t)
			tellsNone(t, started(t, append(set(t), db)...), secrets)
			if _, err := os.Stat(besideOf(db)); !os.IsNotExist(err) {
				t.Errorf("it made keys besides: %v", err)
			}
		})
	}
}

func TestServe_MakesNoSealKeysForPostgreSQL(t *testing.T) {
	t.Chdir(t.TempDir())
	log := started(t, inFile(t, "database", storetest.URL(t, dialect.Postgres)), "--oidc-issuer=https://id.example.org", "--oidc-audience=x")
	if left, err := os.ReadDir("."); err != nil || len(left) > 0 || strings.Contains(log, "sealed copies") {
		t.Errorf("left %v, %v:\n%s", left, err, log)
	}
}

// What cannot be the right keys stops the start: copies sealed meanwhile would be lost.
func TestServe_RefusesSealKeysThatAreNone(t *testing.T) {
	const none = "top secret, and no keyset"
	file := filepath.Join(t.TempDir(), "keys.json")
	if err := os.WriteFile(file, []byte(none), 0o600); err != nil {
		t.Fatal(err)
	}
	refuses := func(t *testing.T, want string, args ...string) {
		t.Helper()
		_, err := run(t, append([]string{"serve", "--listen=127.0.0.1:0"}, args...)...)
		if err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "secret") {
			t.Errorf("got %v, want %q", err, want)
		}
	}
	t.Run("file", func(t *testing.T) { refuses(t, file, database(t), "--seal-keys-file="+file) })
	t.Run("environment", func(t *testing.T) {
		t.Setenv("CONTINUUM_SEAL_KEYS", none)
		refuses(t, "CONTINUUM_SEAL_KEYS", database(t))
	})
	t.Run("beside the database", func(t *testing.T) {
		db := database(t)
		started(t, db)
		if err := os.WriteFile(besideOf(db), []byte(none), 0o600); err != nil {
			t.Fatal(err)
		}
		refuses(t, "seal-keys.json", db)
	})
	t.Run("gone, with copies there", func(t *testing.T) {
		db := database(t)
		started(t, db)
		execute(t, db, `INSERT INTO sealed_copies (id, created_at, record_id, transfer_id, holder_id, workspace_id, number, manifest_hash, content)
			VALUES ('seal_1', '2026-01-01 00:00:00+00:00', 'r', 't', 'p', 'w', 'n', 'h', x'00')`)
		if err := os.Remove(besideOf(db)); err != nil {
			t.Fatal(err)
		}
		refuses(t, "their keys are not there", db)
		if _, err := os.Stat(besideOf(db)); !os.IsNotExist(err) {
			t.Errorf("it made other keys: %v", err)
		}
	})
}

func TestSealKeys_PrintsAFreshKeyset(t *testing.T) {
	var printed []string
	for range 2 {
		text, err := run(t, "seal-keys")
		if err != nil {
			t.Fatal(err)
		}
		keysIn(t, []byte(text))
		printed = append(printed, text)
	}
	if printed[0] == printed[1] {
		t.Error("the same keys twice")
	}
}

func TestSealKeys_AddsAKey(t *testing.T) {
	text, err := run(t, "seal-keys")
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "keys.json")
	if err := os.WriteFile(file, []byte(text), 0o640); err != nil {
		t.Fatal(err)
	}
	old, _ := keysIn(t, []byte(text))
	before, err := old.Seal([]byte("before"), place)
	if err != nil {
		t.Fatal(err)
	}
	said, err := run(t, "seal-keys", "--add="+file)
	if err != nil {
		t.Fatal(err)
	}
	now, secrets := keysIn(t, read(t, file))
	if tellsNone(t, said, secrets); len(secrets) != 2 {
		t.Errorf("the file holds %d keys", len(secrets))
	}
	if opened, err := now.Open(before, place); err != nil || string(opened) != "before" {
		t.Errorf("what the old key sealed opens as %q, %v", opened, err)
	}
	after, err := now.Seal([]byte("after"), place)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := old.Open(after, place); err == nil {
		t.Error("the old key still seals")
	}
	info, err := os.Stat(file)
	if err != nil || info.Mode().Perm() != 0o640 {
		t.Errorf("the file has mode %v, %v", info.Mode(), err)
	}
	if left, err := os.ReadDir(filepath.Dir(file)); err != nil || len(left) != 1 {
		t.Errorf("beside it is left %v, %v", left, err)
	}
}

func TestSealKeys_AddsNoneToWhatIsNoKeyset(t *testing.T) {
	file := filepath.Join(t.TempDir(), "keys.json")
	if err := os.WriteFile(file, []byte("top secret"), 0o600); err != nil {
		t.Fatal(err)
	}
	_, err := run(t, "seal-keys", "--add="+file)
	if err == nil || strings.Contains(err.Error(), "secret") || string(read(t, file)) != "top secret" {
		t.Errorf("got %v, and the file is %q", err, read(t, file))
	}
}
