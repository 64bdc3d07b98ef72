// Command newmigration writes the SQL that leads from the migrations there are to the schema there is, for both
// engines: `make migration NAME=add_grade`. Its one rule: a machine writes, a person reads before it is committed.
package main

import (
	"context"
	"errors"
	"fmt"
	"log"
	"os"
	"path/filepath"
	"regexp"
	"time"

	"entgo.io/ent/dialect"

	"continuum/internal/store"
)

// initial is the migration that may be rewritten until the first release; its version never changes.
const (
	initial        = "initial"
	initialVersion = "20260101000000"
)

func main() {
	log.SetFlags(0)
	if len(os.Args) != 2 || !regexp.MustCompile(`^[a-z0-9_]+$`).MatchString(os.Args[1]) {
		log.Fatal("usage: make migration NAME=add_grade")
	}
	if err := run(context.Background(), os.Args[1]); err != nil {
		log.Fatal("newmigration: ", err)
	}
}

func run(ctx context.Context, name string) error {
	version := time.Now().UTC().Format("20060102150405")
	if name == initial {
		version = initialVersion
	}
	s, err := newScratch()
	if err != nil {
		return err
	}
	for engine, folder := range map[string]string{dialect.SQLite: "sqlite", dialect.Postgres: "postgres"} {
		path := filepath.Join("internal", "store", "migrations", folder, version+"_"+name+".sql")
		if err := write(ctx, s, engine, path, name); err != nil {
			return errors.Join(fmt.Errorf("%s: %w", folder, err), s.remove(ctx))
		}
	}
	return s.remove(ctx)
}

// write migrates a scratch database as far as the files go, and writes what is missing.
func write(ctx context.Context, s *scratch, engine, path, name string) error {
	address, from, err := s.database(ctx, engine)
	if err != nil {
		return err
	}
	if name != initial {
		if err := catchUp(ctx, address); err != nil {
			return err
		}
	}
	_, empty, err := s.database(ctx, engine)
	if err != nil {
		return err
	}
	tables, err := store.Tables(engine)
	if err != nil {
		return err
	}
	changes, err := diff(ctx, engine, from, empty, tables)
	if err != nil {
		return err
	}
	if len(changes) == 0 {
		log.Printf("nothing to do: no %s", path)
		return nil
	}
	log.Print(path)
	return os.WriteFile(path, format(changes), 0o644)
}

func catchUp(ctx context.Context, address string) error {
	s, err := store.Open(ctx, address)
	if err != nil {
		return err
	}
	return errors.Join(s.Migrate(ctx), s.Close())
}
