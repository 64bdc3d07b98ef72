package main

import (
	"database/sql"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"entgo.io/ent/dialect"
	"entgo.io/ent/dialect/sql/schema"
	"github.com/pressly/goose/v3"

	"continuum/internal/store"
)

// Dropping a column makes SQLite rebuild the parent's table. Without the care that format takes, the children would go
// with the old one.
func TestFormat_KeepsChildrenWhenAParentIsRebuilt(t *testing.T) {
	folder := t.TempDir()
	db := openFile(t)
	apply(t, db, folder, "1_initial.sql", plan(t, db, tables(t)))
	for _, statement := range []string{
		"INSERT INTO workspaces (id, created_at, updated_at, name, kind, policies) VALUES ('ws_1', '2026-01-01', '2026-01-01', 'x', 'x', '{}')",
		"INSERT INTO units (id, created_at, updated_at, kind, name, sort_name, workspace_id) VALUES ('unit_1', '2026-01-01', '2026-01-01', 'x', 'x', 'x', 'ws_1')",
		// No edge to a workspace cascades so far. The name hides this one from the planner, which would drop it.
		"CREATE TABLE goose_children (id text, workspace_id text REFERENCES workspaces (id) ON DELETE CASCADE)",
		"INSERT INTO goose_children VALUES ('child_1', 'ws_1')",
	} {
		if _, err := db.Exec(statement); err != nil {
			t.Fatal(err)
		}
	}
	changed := tables(t)
	for _, table := range changed {
		if table.Name == "workspaces" {
			table.Columns = slices.DeleteFunc(table.Columns, func(c *schema.Column) bool { return c.Name == "version" })
		}
	}
	apply(t, db, folder, "2_rebuild.sql", plan(t, db, changed))
	for _, table := range []string{"workspaces", "units", "goose_children"} {
		var n int
		if err := db.QueryRow("SELECT count(*) FROM " + table).Scan(&n); err != nil || n != 1 {
			t.Errorf("%d rows in %s: %v", n, table, err)
		}
	}
	var keys bool
	if err := db.QueryRow("PRAGMA foreign_keys").Scan(&keys); err != nil || !keys {
		t.Errorf("foreign keys were left off: %v", err)
	}
}

func openFile(t *testing.T) *sql.DB {
	t.Helper()
	db, err := sql.Open("sqlite", "file:"+filepath.Join(t.TempDir(), "test.db")+"?_pragma=foreign_keys(ON)")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	// The pragma must meet the statements that follow it on their own connection.
	db.SetMaxOpenConns(1)
	return db
}

func tables(t *testing.T) []*schema.Table {
	t.Helper()
	tables, err := store.Tables(dialect.SQLite)
	if err != nil {
		t.Fatal(err)
	}
	return tables
}

func plan(t *testing.T, db *sql.DB, tables []*schema.Table) []byte {
	t.Helper()
	changes, err := diff(t.Context(), dialect.SQLite, db, openFile(t), tables)
	if err != nil {
		t.Fatal(err)
	}
	if len(changes) == 0 {
		t.Fatal("nothing planned")
	}
	return format(changes)
}

func apply(t *testing.T, db *sql.DB, folder, name string, content []byte) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(folder, name), content, 0o600); err != nil {
		t.Fatal(err)
	}
	provider, err := goose.NewProvider(goose.DialectSQLite3, db, os.DirFS(folder))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := provider.Up(t.Context()); err != nil {
		t.Fatalf("%v\n%s", err, content)
	}
}
