package command_test

import (
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"entgo.io/ent/dialect"

	"continuum/internal/storetest"
)

// examined runs the doctor over settings, and returns what it says.
func examined(t *testing.T, args ...string) (said string, passed bool) {
	t.Helper()
	said, err := run(t, append([]string{"doctor"}, args...)...)
	if err != nil && !strings.Contains(err.Error(), "must be mended") {
		t.Fatalf("the doctor fell ill: %v", err)
	}
	return said, err == nil
}

// populated is an SQLite database with a key in it, which was served once.
func populated(t *testing.T) (db, file string) {
	t.Helper()
	db = database(t)
	t.Run("serve once", func(t *testing.T) { serving(t, db, "--demo").find(t, `Bearer (ck_\w+)`) })
	return db, strings.TrimPrefix(db, "--database=sqlite:")
}

func TestDoctor_FindsNothingWrongWithAFreshInstallation(t *testing.T) {
	database, _ := populated(t)
	said, passed := examined(t, database)
	if !passed || strings.Contains(said, "FAIL") || strings.Contains(said, "WARN  file") {
		t.Error(said)
	}
	for _, about := range []string{"file mode", "disk", "database", "file ", "migrations", "sign-in", "listen", "seal keys", "sealed copies"} {
		if !regexp.MustCompile(`(?m)^\w+ +` + about).MatchString(said) {
			t.Errorf("nothing about %s:\n%s", about, said)
		}
	}
}

func TestDoctor_SaysWhatIsBroken(t *testing.T) {
	for name, test := range map[string]struct {
		want   string // a pattern
		breaks func(t *testing.T, database, file string) (args []string)
	}{
		"open file": {`FAIL +file mode .*\n.*chmod 600`, func(t *testing.T, _, file string) []string { return nil0(os.Chmod(file, 0o644)) }},
		"damaged": {`FAIL +(file|database)`, func(t *testing.T, _, file string) []string {
			f, err := os.OpenFile(file, os.O_WRONLY, 0)
			if err != nil {
				t.Fatal(err)
			}
			defer f.Close()
			// Whole pages in the middle of it.
			_, err = f.WriteAt(make([]byte, 64<<10), 64<<10)
			return nil0(err)
		}},
		"older": {`FAIL +migrations .*\n.*continuum migrate`, func(t *testing.T, database, _ string) []string {
			execute(t, database, `DELETE FROM goose_db_version WHERE version_id = (SELECT max(version_id) FROM goose_db_version)`)
			return nil
		}},
		"newer": {`FAIL +migrations .*\n.*newer program`, func(t *testing.T, database, _ string) []string {
			execute(t, database, `INSERT INTO goose_db_version (version_id, is_applied) VALUES (29990101000000, 1)`)
			return nil
		}},
		"not there":       {`WARN +database .*there is no`, func(_ *testing.T, _, file string) []string { return []string{"--database=sqlite:" + file + "x"} }},
		"another program": {`FAIL +database`, func(*testing.T, string, string) []string { return []string{"--database=mysql://root@x/y"} }},
		"seal keys for everybody": {`FAIL +seal keys`, func(_ *testing.T, database, _ string) []string {
			return nil0(os.Chmod(besideOf(database), 0o604))
		}},
		"no seal keys at all": {`FAIL +seal keys`, func(_ *testing.T, database, _ string) []string {
			return nil0(os.WriteFile(besideOf(database), []byte("hush"), 0o600))
		}},
		"seal keys that open nothing": {`FAIL +sealed copies`, func(t *testing.T, database, _ string) []string {
			execute(t, database, `INSERT INTO sealed_copies (id, created_at, record_id, transfer_id, holder_id, workspace_id, number, manifest_hash, content)
				VALUES ('seal_1', '2026-01-01 00:00:00+00:00', 'r', 't', 'p', 'w', 'n', 'h', x'00')`)
			return nil
		}},
		"a wrong origin":     {`FAIL +origins`, func(*testing.T, string, string) []string { return []string{"--allowed-origins=https://*.example.org"} }},
		"an origin in clear": {`WARN +origins`, func(*testing.T, string, string) []string { return []string{"--allowed-origins=http://app.example.org"} }},
		"a door without locks": {`FAIL +sign-in`, func(t *testing.T, database, _ string) []string {
			execute(t, database, `UPDATE api_keys SET revoked_at = '2026-01-01 00:00:00+00:00'`)
			return []string{"--listen=0.0.0.0:8080"}
		}},
		"nobody to sign in": {`WARN +sign-in`, func(t *testing.T, database, _ string) []string {
			execute(t, database, `UPDATE api_keys SET revoked_at = '2026-01-01 00:00:00+00:00'`)
			return nil
		}},
		"a URL for everybody": {`FAIL +database URL`, func(t *testing.T, database, _ string) []string {
			file := filepath.Join(t.TempDir(), "url")
			if err := os.WriteFile(file, []byte(strings.TrimPrefix(database, "--database=")), 0o644); err != nil {
				t.Fatal(err)
			}
			return []string{"--database-file=" + file}
		}},
	} {
		t.Run(name, func(t *testing.T) {
			database, file := populated(t)
			args := append([]string{database}, test.breaks(t, database, file)...)
			said, passed := examined(t, args...)
			if !regexp.MustCompile(test.want).MatchString(said) || passed != !strings.Contains(said, "FAIL") {
				t.Errorf("want %s:\n%s", test.want, said)
			}
			if strings.Contains(said, "hush") {
				t.Errorf("a secret is told:\n%s", said)
			}
		})
	}
}

// nil0 is for a break that only may fail, which the doctor would then not find.
func nil0(error) []string { return nil }

func TestDoctor_OnPostgreSQL(t *testing.T) {
	address := storetest.URL(t, dialect.Postgres)
	if said, passed := examined(t, inFile(t, "database", address)); passed || !regexp.MustCompile(`FAIL +sign-in`).MatchString(said) {
		t.Errorf("nobody can sign in, and the doctor is content:\n%s", said)
	}
	said, passed := examined(t, inFile(t, "database", address), "--oidc-issuer=https://id.example.org", "--oidc-audience=continuum")
	if !passed || !regexp.MustCompile(`OK +events`).MatchString(said) || !regexp.MustCompile(`OK +clock`).MatchString(said) {
		t.Error(said)
	}
	wrong, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	wrong.User = url.UserPassword(wrong.User.Username(), "not-the-hush-word")
	for name, test := range map[string]struct{ want, database, direct string }{
		"wrong password":   {`FAIL +database .*\n.*password`, wrong.String(), ""},
		"no TLS":           {`FAIL +database .*\n.*verify-full`, "postgres://u:hush@db.example.org/x?sslmode=disable", ""},
		"nobody there":     {`FAIL +database`, "postgres://u:hush@127.0.0.1:1/x?sslmode=disable", ""},
		"an empty one":     {`WARN +migrations`, storetest.EmptyURL(t, dialect.Postgres), ""},
		"another directly": {`FAIL +events`, address, storetest.EmptyURL(t, dialect.Postgres)},
	} {
		t.Run(name, func(t *testing.T) {
			args := []string{inFile(t, "database", test.database)}
			if test.direct != "" {
				args = append(args, inFile(t, "direct-database", test.direct))
			}
			said, _ := examined(t, args...)
			if !regexp.MustCompile(test.want).MatchString(said) || strings.Contains(said, "hush") {
				t.Errorf("want %s:\n%s", test.want, said)
			}
		})
	}
}
