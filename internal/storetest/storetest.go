// Package storetest gives a test a fresh, migrated database on either engine.
//
// Its one rule: a test runs on both, on real databases, and fails where one is missing; none is ever skipped.
package storetest

import (
	"errors"
	"fmt"
	"testing"

	"entgo.io/ent/dialect"

	"continuum/internal/store"
)

// Engines are those that every promise is kept on.
var Engines = []string{dialect.SQLite, dialect.Postgres}

// Each runs a subtest for each engine, named sqlite and postgres, on a database of its own.
func Each(t *testing.T, test func(t *testing.T, s *store.Store)) {
	t.Helper()
	for _, engine := range Engines {
		t.Run(Name(engine), func(t *testing.T) { test(t, Open(t, engine)) })
	}
}

// Name is the engine's name in the names of tests and folders.
func Name(engine string) string {
	if engine == dialect.SQLite {
		return "sqlite"
	}
	return "postgres"
}

// Open gives a migrated database that ends with the test.
func Open(t testing.TB, engine string, opts ...store.Option) *store.Store {
	t.Helper()
	return OpenAt(t, URL(t, engine), opts...)
}

// Empty gives a database that nothing has been migrated in.
func Empty(t testing.TB, engine string, opts ...store.Option) *store.Store {
	t.Helper()
	return OpenAt(t, EmptyURL(t, engine), opts...)
}

// URL is the address of a migrated database that ends with the test, for tests that open it more than once.
func URL(t testing.TB, engine string) string {
	t.Helper()
	switch engine {
	case dialect.SQLite:
		return sqliteCopy(t)
	case dialect.Postgres:
		return postgresCopy(t)
	default:
		t.Fatalf("no engine is called %q", engine)
		return ""
	}
}

// EmptyURL is the address of an empty database that ends with the test.
func EmptyURL(t testing.TB, engine string) string {
	t.Helper()
	if engine == dialect.SQLite {
		return "sqlite:" + t.TempDir() + "/empty.db"
	}
	return createDatabase(t, "template0")
}

// OpenAt opens the database at a URL, until the test ends.
func OpenAt(t testing.TB, url string, opts ...store.Option) *store.Store {
	t.Helper()
	url, direct := Pooled(t, url)
	return open(t, url, append(opts, store.WithDirectURL(direct))...)
}

func open(t testing.TB, url string, opts ...store.Option) *store.Store {
	t.Helper()
	s, err := store.Open(t.Context(), url, opts...)
	if err != nil {
		t.Fatalf("open a database for the test: %v", err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Errorf("close the database of the test: %v", err)
		}
	})
	return s
}

// migrate brings the database at a URL up to date and lets go of it.
func migrate(t testing.TB, url string) error {
	s, err := store.Open(t.Context(), url)
	if err != nil {
		return fmt.Errorf("open a template: %w", err)
	}
	return errors.Join(s.Migrate(t.Context()), s.Close())
}
