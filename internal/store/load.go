package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"iter"
	"strings"

	"continuum/internal/access"
)

// Load adds rows to a table, all or none, much faster than ent can: by COPY on PostgreSQL, by one prepared statement on
// SQLite. It goes past the guard, past ent's defaults and past its checks, so it serves the system alone. A column that
// is not named takes the database's default; JSON is given as text.
func (s *Store) Load(ctx context.Context, table string, columns []string, rows iter.Seq[[]any]) error {
	if !access.IsSystem(ctx) || transactionOf(ctx) != nil {
		return errors.New("store: only the system loads rows, and outside a transaction")
	}
	load := s.insertRows
	if s.postgres() {
		load = s.copyRows
	}
	if err := load(ctx, table, columns, rows); err != nil {
		return fmt.Errorf("store: load %s: %w", table, err)
	}
	return nil
}

func (s *Store) insertRows(ctx context.Context, table string, columns []string, rows iter.Seq[[]any]) error {
	tx, err := s.writers.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	statement := "INSERT INTO " + named(table, columns) + " VALUES (?" + strings.Repeat(", ?", len(columns)-1) + ")"
	if err := feed(ctx, tx, statement, rows); err != nil {
		return errors.Join(err, tx.Rollback())
	}
	return tx.Commit()
}

// copyRows takes a pool of its own: a table may take longer than a statement of a request ever does.
func (s *Store) copyRows(ctx context.Context, table string, columns []string, rows iter.Seq[[]any]) error {
	db, err := s.maintenance()
	if err != nil {
		return err
	}
	defer db.Close()
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	// COPY ends with a row of nothing, and only then tells what was wrong.
	if err := feed(ctx, tx, "COPY "+named(table, columns)+" FROM STDIN", rows, []any{}); err != nil {
		return errors.Join(err, tx.Rollback())
	}
	// Until its rows are counted the planner takes the table for as small as it was.
	if _, err := tx.ExecContext(ctx, `ANALYZE "`+table+`"`); err != nil {
		return errors.Join(err, tx.Rollback())
	}
	return tx.Commit()
}

// named is a table with its columns; the names are the program's own.
func named(table string, columns []string) string {
	return `"` + table + `" ("` + strings.Join(columns, `", "`) + `")`
}

// feed prepares the statement and runs it for each row, and then for those of the tail.
func feed(ctx context.Context, tx *sql.Tx, statement string, rows iter.Seq[[]any], tail ...[]any) error {
	insert, err := tx.PrepareContext(ctx, statement)
	if err != nil {
		return err
	}
	for row := range rows {
		if _, err := insert.ExecContext(ctx, row...); err != nil {
			return errors.Join(err, insert.Close())
		}
	}
	for _, row := range tail {
		if _, err := insert.ExecContext(ctx, row...); err != nil {
			return errors.Join(err, insert.Close())
		}
	}
	return insert.Close()
}
