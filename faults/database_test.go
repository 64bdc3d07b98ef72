//go:build faults

package faults_test

import (
	"context"
	"database/sql"
	"regexp"
	"strings"
	"testing"

	"entgo.io/ent/dialect"
	_ "github.com/lib/pq" // to read and lock what is there, past the program
	_ "modernc.org/sqlite"

	"continuum/internal/storetest"
)

// over names a database to the program.
func over(database string) []string { return []string{"CONTINUUM_DATABASE=" + database} }

// pooled is an empty database that ends with the test, and the variables that name it through the pooler.
func pooled(t *testing.T) (address string, env []string) {
	t.Helper()
	address = storetest.EmptyURL(t, dialect.Postgres)
	through, direct := storetest.Pooled(t, address)
	if direct == "" {
		t.Fatal("these tests go through a pooler: make servers")
	}
	return address, append(over(through), "CONTINUUM_DIRECT_DATABASE="+direct)
}

// demo fills a database with the demo, and returns the keys of two colleagues.
func demo(t *testing.T, env []string) (ann, ben string) {
	t.Helper()
	out := run(t, env, "seed")
	find := func(who string) string {
		m := regexp.MustCompile(who + `.*(ck_\w+)`).FindStringSubmatch(out)
		if m == nil {
			t.Fatalf("no key of %s", who)
		}
		return m[1]
	}
	return find("Ann Lavoie +clinic +psychologist"), find("Ben Tran")
}

// dial opens a database past the program.
func dial(t *testing.T, database string) *sql.DB {
	t.Helper()
	driver, address := "postgres", database
	if file, lite := strings.CutPrefix(database, "sqlite:"); lite {
		driver, address = "sqlite", file
	}
	db, err := sql.Open(driver, address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	return db
}

// column reads the one column of a query's rows.
func column(t *testing.T, db *sql.DB, query string) (values []string) {
	t.Helper()
	rows, err := db.QueryContext(t.Context(), query)
	if err != nil {
		t.Fatalf("%s: %v", query, err)
	}
	defer rows.Close()
	for rows.Next() {
		var value string
		if err := rows.Scan(&value); err != nil {
			t.Fatal(err)
		}
		values = append(values, value)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return values
}

func execute(t *testing.T, db *sql.DB, statement string) {
	t.Helper()
	if _, err := db.ExecContext(t.Context(), statement); err != nil {
		t.Fatal(err)
	}
}

// lock is a table that nobody else may read.
type lock struct {
	db *sql.DB
	tx *sql.Tx
}

// hold locks a table until the lock is released.
func hold(t *testing.T, database, table string) *lock {
	t.Helper()
	db := dial(t, database)
	tx, err := db.BeginTx(context.WithoutCancel(t.Context()), nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = tx.Rollback() })
	if _, err := tx.ExecContext(t.Context(), "LOCK TABLE "+table+" IN ACCESS EXCLUSIVE MODE"); err != nil {
		t.Fatal(err)
	}
	return &lock{db, tx}
}

// waiting counts who waits for a lock in this database.
func (l *lock) waiting(t *testing.T) (n int) {
	t.Helper()
	if err := l.db.QueryRowContext(t.Context(), "SELECT count(*) FROM pg_locks WHERE NOT granted AND database = (SELECT oid FROM pg_database WHERE datname = current_database())").Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

func (l *lock) release(t *testing.T) {
	t.Helper()
	if err := l.tx.Rollback(); err != nil {
		t.Fatal(err)
	}
}
