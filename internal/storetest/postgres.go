package storetest

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"strings"
	"testing"

	"entgo.io/ent/dialect"

	"continuum/internal/store"
)

// variable holds the address of a PostgreSQL server where tests may create and drop databases.
const variable = "CONTINUUM_TEST_POSTGRES"

func postgresCopy(t testing.TB) string {
	t.Helper()
	return createDatabase(t, postgresTemplate(t))
}

// createDatabase makes a database that is dropped at the end of the test.
func createDatabase(t testing.TB, template string) string {
	t.Helper()
	name := "test_" + strings.ToLower(rand.Text())
	command(t, t.Context(), "CREATE DATABASE "+name+" TEMPLATE "+template)
	t.Cleanup(func() {
		// The test's context has ended by now.
		command(t, context.Background(), "DROP DATABASE IF EXISTS "+name+" WITH (FORCE)")
	})
	return at(t, name)
}

// postgresTemplate names a migrated database to copy. The first test process that needs it makes it; its name holds a
// hash of the migrations, so that a server which outlives them never lends an old one.
func postgresTemplate(t testing.TB) string {
	t.Helper()
	name := "template_" + migrationsHash(t)
	db := server(t)
	// The lock belongs to a session, so all of this is on one connection.
	conn, err := db.Conn(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	execute(t, conn, "SELECT pg_advisory_lock(hashtext('continuum template'))")
	defer execute(t, conn, "SELECT pg_advisory_unlock(hashtext('continuum template'))")
	var made bool
	if err := conn.QueryRowContext(t.Context(),
		"SELECT count(*) > 0 FROM pg_database WHERE datname = $1", name).Scan(&made); err != nil {
		t.Fatal(err)
	}
	if made {
		return name
	}
	// Under another name until it is whole: a process killed midway leaves nothing that passes for a template.
	draft := "draft_" + strings.ToLower(rand.Text())
	execute(t, conn, "CREATE DATABASE "+draft)
	if err := migrate(t, at(t, draft)); err != nil {
		execute(t, conn, "DROP DATABASE "+draft+" WITH (FORCE)")
		t.Fatal(err)
	}
	execute(t, conn, "ALTER DATABASE "+draft+" RENAME TO "+name)
	return name
}

func migrationsHash(t testing.TB) string {
	t.Helper()
	files, err := store.Migrations(dialect.Postgres)
	if err != nil {
		t.Fatal(err)
	}
	hash := sha256.New()
	err = fs.WalkDir(files, ".", func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		content, err := fs.ReadFile(files, path)
		hash.Write(fmt.Appendf(nil, "%s %d\n%s", path, len(content), content))
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return hex.EncodeToString(hash.Sum(nil)[:8])
}

// at is the address of another database on the server.
func at(t testing.TB, database string) string {
	t.Helper()
	u, err := url.Parse(address(t))
	if err != nil {
		t.Fatalf("%s is not a URL", variable)
	}
	u.Path = "/" + database
	return u.String()
}

func address(t testing.TB) string {
	t.Helper()
	value := os.Getenv(variable)
	if value == "" {
		t.Fatalf("%s is not set: run `make test`, or scripts/with-postgres go test ./...", variable)
	}
	return value
}

// server is a connection to the server's own database. The driver is registered by package store.
func server(t testing.TB) *sql.DB {
	t.Helper()
	db, err := sql.Open("postgres", address(t))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	return db
}

func command(t testing.TB, ctx context.Context, statement string) {
	t.Helper()
	db, err := sql.Open("postgres", address(t))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if _, err := db.ExecContext(ctx, statement); err != nil {
		t.Fatalf("%s: %v", statement, err)
	}
}

func execute(t testing.TB, conn *sql.Conn, statement string) {
	t.Helper()
	if _, err := conn.ExecContext(context.WithoutCancel(t.Context()), statement); err != nil {
		t.Fatalf("%s: %v", statement, err)
	}
}
