package store_test

import (
	"context"
	"fmt"
	"testing"

	"entgo.io/ent/dialect"

	"continuum/ent"
	"continuum/ent/account"
	"continuum/internal/store"
	"continuum/internal/storetest"
)

// A statement that was prepared before a migration must not fail after it, in a transaction or out of one.
func TestPrepared_OutlivesAMigration(t *testing.T) {
	address := storetest.URL(t, dialect.Postgres)
	s := openOne(t, address)
	db := openRaw(t, dialect.Postgres, address)
	read := func(ctx context.Context, client *ent.Client) error {
		_, err := client.Account.Query().Where(account.Subject("ann")).All(ctx)
		return err
	}
	readBothWays := func() {
		t.Helper()
		if err := read(system(t), s.Client()); err != nil {
			t.Fatal(err)
		}
		if err := s.Tx(system(t), read); err != nil {
			t.Fatal(err)
		}
	}
	for _, column := range []string{"text", "varchar"} {
		for range 3 {
			readBothWays()
		}
		run(t, db, `ALTER TABLE accounts ALTER COLUMN locale TYPE `+column)
		readBothWays()
	}
}

// More statements than a connection keeps, and the first of them once more.
func TestPrepared_AreForgottenInTime(t *testing.T) {
	s := openOne(t, storetest.URL(t, dialect.Postgres))
	subjects := []string{}
	for i := range 300 {
		subjects = append(subjects, fmt.Sprint(i))
		for range 2 {
			if _, err := s.Client().Account.Query().Where(account.SubjectIn(subjects...)).Count(system(t)); err != nil {
				t.Fatal(err)
			}
		}
	}
	if _, err := s.Client().Account.Query().Where(account.SubjectIn(subjects[:2]...)).Count(system(t)); err != nil {
		t.Fatal(err)
	}
}

// openOne opens a store with one connection to read and one to write.
func openOne(t *testing.T, address string) *store.Store {
	t.Helper()
	return storetest.OpenAt(t, address, store.WithConnections(1, 1))
}
