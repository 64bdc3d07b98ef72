package command_test

import (
	"path/filepath"
	"strings"
	"testing"

	"entgo.io/ent/dialect"

	"continuum/internal/storetest"
)

func TestBackup_IsProvenBesideAServer(t *testing.T) {
	db := database(t)
	serving(t, db, "--demo").find(t, `Bearer (ck_\w+)`)
	file := filepath.Join(t.TempDir(), "copy.db")
	if said, err := run(t, "backup", db, file); err != nil || !strings.Contains(said, "verify") {
		t.Fatalf("%s %v", said, err)
	}
	original := strings.TrimPrefix(db, "--database=")
	said, err := run(t, "verify", "--database=sqlite:"+file, "--against="+original)
	if err != nil || !strings.Contains(said, "is whole") || !strings.Contains(said, "rows of the original") {
		t.Errorf("%s %v", said, err)
	}
	if _, err := run(t, "backup", db, file); err == nil {
		t.Error("a backup was overwritten")
	}
}

func TestVerify_FindsWhatIsNotAsItWas(t *testing.T) {
	for name, test := range map[string]struct{ statement, want string }{
		"a row less":      {`DELETE FROM addresses WHERE id = (SELECT min(id) FROM addresses)`, "rows, and"},
		"another value":   {`UPDATE profiles SET grade = 'another' WHERE id = (SELECT min(id) FROM profiles)`, "profiles has other rows"},
		"a table less":    {`DROP TABLE notifications`, "tables"},
		"an orphan":       {`PRAGMA foreign_keys = OFF; DELETE FROM profiles`, "lost its row"},
		"another version": {`INSERT INTO goose_db_version (version_id, is_applied) VALUES (29990101000000, 1)`, "newer program"},
		"a copy that stays closed": {`PRAGMA foreign_keys = OFF; INSERT INTO sealed_copies (id, created_at, record_id, transfer_id, holder_id, workspace_id, number, manifest_hash, content)
			SELECT 'seal_1', '2026-01-01 00:00:00+00:00', (SELECT min(id) FROM records), 't', 'p', 'w', 'n', 'h', x'00'`, ""},
	} {
		t.Run(name, func(t *testing.T) {
			db := database(t)
			t.Run("seed", func(t *testing.T) { serving(t, db, "--demo").find(t, `Bearer (ck_\w+)`) })
			file := filepath.Join(t.TempDir(), "copy.db")
			if _, err := run(t, "backup", db, file); err != nil {
				t.Fatal(err)
			}
			execute(t, "--database=sqlite:"+file, test.statement)
			said, err := run(t, "verify", "--database=sqlite:"+file, "--against="+strings.TrimPrefix(db, "--database="))
			if err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("want %q, got %v\n%s", test.want, err, said)
			}
		})
	}
}

func TestBackup_OfPostgreSQLIsForItsOwnTools(t *testing.T) {
	said, err := run(t, "backup", inFile(t, "database", storetest.URL(t, dialect.Postgres)), filepath.Join(t.TempDir(), "x"))
	if err == nil || !strings.Contains(said, "pg_dump") || !strings.Contains(said, "pgBackRest") {
		t.Errorf("%s %v", said, err)
	}
}

func TestBackup_AndVerifyMakeNoDatabase(t *testing.T) {
	for _, args := range [][]string{{"backup", filepath.Join(t.TempDir(), "copy.db")}, {"verify"}} {
		if _, err := run(t, append(args, database(t))...); err == nil || !strings.Contains(err.Error(), "no database") {
			t.Errorf("%s: %v", args[0], err)
		}
	}
}
