package store_test

import (
	"database/sql"
	"io/fs"
	"strings"
	"sync"
	"testing"

	"entgo.io/ent/dialect"
	entsql "entgo.io/ent/dialect/sql"
	entschema "entgo.io/ent/dialect/sql/schema"
	"github.com/pressly/goose/v3"

	"continuum/internal/store"
	"continuum/internal/storetest"
)

func TestMigrations_AgreeWithTheSchema(t *testing.T) {
	for _, engine := range storetest.Engines {
		t.Run(storetest.Name(engine), func(t *testing.T) {
			tables, err := store.Tables(engine)
			if err != nil {
				t.Fatal(err)
			}
			bySchema := openRaw(t, engine, storetest.EmptyURL(t, engine))
			maker, err := entschema.NewMigrate(entsql.OpenDB(engine, bySchema))
			if err != nil {
				t.Fatal(err)
			}
			if err := maker.Create(t.Context(), tables...); err != nil {
				t.Fatal(err)
			}
			byMigration := openRaw(t, engine, storetest.URL(t, engine))
			planner, have := inspect(t, engine, byMigration)
			_, want := inspect(t, engine, bySchema)
			changes, err := planner.SchemaDiff(have, want)
			if err != nil {
				t.Fatal(err)
			}
			if len(changes) == 0 {
				return
			}
			plan, err := planner.PlanChanges(t.Context(), "plan", changes)
			if err != nil {
				t.Fatal(err)
			}
			for _, change := range plan.Changes {
				t.Errorf("run `make migration`, a migration lacks: %s", change.Cmd)
			}
		})
	}
}

// The planner does not see every change of a collation, and one forgotten column would page differently.
func TestMigrations_SortAllTextByBytes(t *testing.T) {
	db := openRaw(t, dialect.Postgres, storetest.URL(t, dialect.Postgres))
	rows, err := db.QueryContext(t.Context(), `SELECT table_name || '.' || column_name FROM information_schema.columns
		WHERE table_schema = 'public' AND table_name NOT LIKE 'goose%'
		AND data_type IN ('text', 'character varying', 'character') AND collation_name IS DISTINCT FROM 'C'`)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		var column string
		if err := rows.Scan(&column); err != nil {
			t.Fatal(err)
		}
		t.Errorf(`%s lacks COLLATE "C"`, column)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
}

func TestMigrations_KeepEveryRow(t *testing.T) {
	for _, engine := range storetest.Engines {
		t.Run(storetest.Name(engine), func(t *testing.T) {
			address := storetest.EmptyURL(t, engine)
			s := storetest.OpenAt(t, address)
			versions := versionsOf(t, engine)
			if err := s.MigrateTo(t.Context(), versions[0]); err != nil {
				t.Fatal(err)
			}
			db := openRaw(t, engine, address)
			fill(t, engine, db)
			before := countRows(t, engine, db)
			for _, version := range versions[1:] {
				if err := s.MigrateTo(t.Context(), version); err != nil {
					t.Fatal(err)
				}
				after := countRows(t, engine, db)
				for table, want := range before {
					// A table that a migration drops is gone on purpose.
					if got, ok := after[table]; ok && got != want {
						t.Errorf("version %d left %d of %d rows in %s", version, got, want, table)
					}
				}
			}
		})
	}
}

// Links that were there before know whose guests their profiles are, and those that come later do.
func TestMigrations_FindGuests(t *testing.T) {
	const before = 20261125170937
	for _, engine := range storetest.Engines {
		t.Run(storetest.Name(engine), func(t *testing.T) {
			address := storetest.EmptyURL(t, engine)
			s := storetest.OpenAt(t, address)
			if err := s.MigrateTo(t.Context(), before); err != nil {
				t.Fatal(err)
			}
			db := openRaw(t, engine, address)
			fill(t, engine, db)
			run(t, db, "UPDATE profiles SET home_workspace_id = "+text("workspaces", 1)+" WHERE id <> "+text("profiles", 2))
			if err := s.Migrate(t.Context()); err != nil {
				t.Fatal(err)
			}
			guests := func(want string) {
				t.Helper()
				var found string
				if err := db.QueryRowContext(t.Context(), `SELECT COALESCE(MIN(record_id || ' ' || guest_of) || ', ' || COUNT(guest_of), 'none') FROM record_links`).Scan(&found); err != nil || found != want {
					t.Errorf("guests %q: %v, want %q", found, err, want)
				}
			}
			guests("pro_records_0 pro_workspaces_0, 1")
			run(t, db, "UPDATE profiles SET home_workspace_id = "+text("workspaces", 0)+" WHERE id = "+text("profiles", 0))
			guests("none")
			run(t, db, "UPDATE records SET workspace_id = "+text("workspaces", 0)+" WHERE id = "+text("records", 2))
			guests("pro_records_2 pro_workspaces_0, 1")
		})
	}
}

func TestMigrate_ByManyAtOnce(t *testing.T) {
	for _, engine := range storetest.Engines {
		t.Run(storetest.Name(engine), func(t *testing.T) {
			address := storetest.EmptyURL(t, engine)
			var group sync.WaitGroup
			for range 3 {
				s := storetest.OpenAt(t, address)
				group.Go(func() {
					if err := s.Migrate(t.Context()); err != nil {
						t.Error(err)
					}
					if state, err := s.State(t.Context()); err != nil || state != store.Current {
						t.Errorf("state %v: %v", state, err)
					}
				})
			}
			group.Wait()
		})
	}
}

func TestState(t *testing.T) {
	for _, engine := range storetest.Engines {
		t.Run(storetest.Name(engine), func(t *testing.T) {
			address := storetest.EmptyURL(t, engine)
			s := storetest.OpenAt(t, address)
			wantState(t, s, store.Fresh)
			if err := s.Migrate(t.Context()); err != nil {
				t.Fatal(err)
			}
			wantState(t, s, store.Current)

			db := openRaw(t, engine, address)
			run(t, db, "UPDATE goose_db_version SET version_id = 1 WHERE version_id > 0")
			wantState(t, s, store.Older)

			run(t, db, "UPDATE goose_db_version SET version_id = 99991231000000 WHERE version_id > 0")
			wantState(t, s, store.Newer)
			err := s.Migrate(t.Context())
			if err == nil || !strings.Contains(err.Error(), "99991231000000") {
				t.Fatalf("migrating a newer database: %v", err)
			}
			_, want, _ := s.Version(t.Context())
			if want == 0 || !strings.Contains(err.Error(), "knows 20") {
				t.Errorf("the error does not name both versions: %v", err)
			}
		})
	}
}

func wantState(t *testing.T, s *store.Store, want store.State) {
	t.Helper()
	got, err := s.State(t.Context())
	if err != nil || got != want {
		t.Fatalf("state %v: %v, want %v", got, err, want)
	}
}

func versionsOf(t *testing.T, engine string) []int64 {
	t.Helper()
	files, err := store.Migrations(engine)
	if err != nil {
		t.Fatal(err)
	}
	names, err := fs.Glob(files, "*.sql")
	if err != nil || len(names) == 0 {
		t.Fatalf("no migrations: %v", err)
	}
	var versions []int64
	for _, name := range names {
		version, err := goose.NumericComponent(name)
		if err != nil {
			t.Fatal(err)
		}
		versions = append(versions, version)
	}
	return versions
}

// openRaw opens a database past the store, as an operator would.
func openRaw(t *testing.T, engine, address string) *sql.DB {
	t.Helper()
	driver := "postgres"
	if file, ok := strings.CutPrefix(address, "sqlite:"); ok {
		driver, address = "sqlite", "file:"+file+"?_pragma=busy_timeout(5000)&_pragma=foreign_keys(ON)"
	}
	db, err := sql.Open(driver, address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	return db
}

func run(t *testing.T, db *sql.DB, statement string) {
	t.Helper()
	if _, err := db.ExecContext(t.Context(), statement); err != nil {
		t.Fatalf("%s: %v", statement, err)
	}
}
