package store

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/binary"
	"errors"
	"fmt"
	"time"
)

// Holding is what one table holds.
type Holding struct {
	Table string
	Rows  int
	// Digest is the same for the same rows, in whatever order they stand.
	Digest uint64
}

// Inventory reads every row of every table. Nobody may write meanwhile, or the tables are of different instants.
func (s *Store) Inventory(ctx context.Context) ([]Holding, error) {
	db, err := s.maintenance()
	if err != nil {
		return nil, err
	}
	defer db.Close()
	tables := "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name"
	if s.postgres() {
		tables = "SELECT tablename FROM pg_tables WHERE schemaname = current_schema() ORDER BY tablename COLLATE \"C\""
	}
	list, err := names(ctx, db, tables)
	if err != nil {
		return nil, fmt.Errorf("store: list the tables: %w", err)
	}
	var all []Holding
	for _, table := range list {
		h, err := holding(ctx, db, table)
		if err != nil {
			return nil, fmt.Errorf("store: read %s: %w", table, err)
		}
		all = append(all, h)
	}
	return all, nil
}

func holding(ctx context.Context, db *sql.DB, table string) (Holding, error) {
	h := Holding{Table: table}
	rows, err := db.QueryContext(ctx, `SELECT * FROM "`+table+`"`)
	if err != nil {
		return h, err
	}
	defer rows.Close()
	columns, err := rows.Columns()
	if err != nil {
		return h, err
	}
	values, into := make([]any, len(columns)), make([]any, len(columns))
	for i := range values {
		into[i] = &values[i]
	}
	for rows.Next() {
		if err := rows.Scan(into...); err != nil {
			return h, err
		}
		hash := sha256.New()
		for i, value := range values {
			if at, ok := value.(time.Time); ok {
				value = at.UTC().Format(time.RFC3339Nano)
			}
			_, _ = fmt.Fprintf(hash, "%s=%T:%q;", columns[i], value, fmt.Sprint(value))
		}
		h.Rows++
		h.Digest += binary.BigEndian.Uint64(hash.Sum(nil))
	}
	return h, rows.Err()
}

// Whole says what is wrong inside of the database: a torn page, a row without its parent, an index or a constraint that
// does not hold. Nil means nothing.
func (s *Store) Whole(ctx context.Context) error {
	db, err := s.maintenance()
	if err != nil {
		return err
	}
	defer db.Close()
	if s.postgres() {
		broken, err := names(ctx, db, `SELECT conname FROM pg_constraint WHERE NOT convalidated AND connamespace = current_schema()::regnamespace
			UNION ALL SELECT c.relname FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
			WHERE NOT i.indisvalid AND c.relnamespace = current_schema()::regnamespace`)
		if err == nil && len(broken) > 0 {
			err = fmt.Errorf("store: not valid: %v", broken)
		}
		return err
	}
	found, err := names(ctx, db, "PRAGMA integrity_check(10)")
	switch {
	case err != nil:
		return fmt.Errorf("store: check the file: %w", err)
	case len(found) != 1 || found[0] != "ok":
		return errors.New("store: the file is damaged: " + fmt.Sprint(found))
	}
	return orphans(ctx, db)
}
