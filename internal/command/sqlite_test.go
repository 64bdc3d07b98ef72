package command_test

import (
	"database/sql"
	"strings"
	"testing"

	_ "modernc.org/sqlite" // to change a database behind the program's back
)

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
