package store_test

import (
	"io/fs"
	"regexp"
	"strings"
	"testing"

	"entgo.io/ent/dialect"

	"continuum/internal/store"
)

// A SQLite migration that drops a table, which is how one is rebuilt, has foreign keys off meanwhile. That takes no
// effect inside a transaction, so the file keeps goose's away and opens its own after the pragma.
var rebuild = regexp.MustCompile(`(?is)^-- \+goose NO TRANSACTION\n.*PRAGMA foreign_keys = off;\s*BEGIN[^;]*;` +
	`.*DROP TABLE.*COMMIT;.*PRAGMA foreign_keys = on;`)

func lint(content string) string {
	upper := strings.ToUpper(content)
	switch {
	case strings.Contains(upper, "DROP TABLE") && !rebuild.MatchString(content):
		return "drops a table with foreign keys on, which empties the tables that refer to it"
	case strings.Contains(upper, "NO TRANSACTION") && !strings.Contains(upper, "BEGIN"):
		return "can stop halfway: it has neither goose's transaction nor its own"
	case strings.Contains(upper, "+GOOSE DOWN"):
		return "says how to go back, which nothing tests"
	default:
		return ""
	}
}

func TestMigrations_OfSQLiteRebuildTablesSafely(t *testing.T) {
	files, err := store.Migrations(dialect.SQLite)
	if err != nil {
		t.Fatal(err)
	}
	names, err := fs.Glob(files, "*.sql")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		content, err := fs.ReadFile(files, name)
		if err != nil {
			t.Fatal(err)
		}
		if complaint := lint(string(content)); complaint != "" {
			t.Errorf("%s %s", name, complaint)
		}
	}
}

func TestLint_FindsWhatLosesRows(t *testing.T) {
	const body = "CREATE TABLE `new_a` (`id` text);\nINSERT INTO `new_a` SELECT `id` FROM `a`;\nDROP TABLE `a`;\nALTER TABLE `new_a` RENAME TO `a`;\n"
	const off, on = "PRAGMA foreign_keys = off;\n", "PRAGMA foreign_keys = on;\n"
	const alone = "-- +goose NO TRANSACTION\n-- +goose Up\n"
	for name, test := range map[string]struct {
		content string
		good    bool
	}{
		"as the generator writes it": {alone + off + "BEGIN IMMEDIATE;\n" + body + "COMMIT;\n" + on, true},
		"keys stay on":               {"-- +goose Up\n" + body, false},
		"pragma in a transaction":    {"-- +goose Up\n" + off + body + on, false},
		"no transaction of its own":  {alone + off + body + on, false},
		"keys are left off":          {alone + off + "BEGIN IMMEDIATE;\n" + body + "COMMIT;\n", false},
		"halfway":                    {alone + "ALTER TABLE a ADD COLUMN b text;\n", false},
		"a way down":                 {"-- +goose Up\nSELECT 1;\n-- +goose Down\nSELECT 1;\n", false},
		"nothing dropped":            {"-- +goose Up\nALTER TABLE a ADD COLUMN b text;\n", true},
	} {
		if complaint := lint(test.content); (complaint == "") != test.good {
			t.Errorf("%s: %q", name, complaint)
		}
	}
}
