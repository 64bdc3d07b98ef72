package store_test

import (
	"database/sql"
	"fmt"
	"slices"
	"strings"
	"testing"

	"ariga.io/atlas/sql/migrate"
	"ariga.io/atlas/sql/postgres"
	"ariga.io/atlas/sql/schema"
	"ariga.io/atlas/sql/sqlite"
	"entgo.io/ent/dialect"
)

// fill puts rows into every table, knowing of them only what the database itself tells, so that it can fill the tables
// of any version.
func fill(t *testing.T, engine string, db *sql.DB) {
	t.Helper()
	filled := map[string]bool{}
	_, found := inspect(t, engine, db)
	pending := found.Tables
	for len(pending) > 0 {
		waiting := slices.DeleteFunc(slices.Clone(pending), func(table *schema.Table) bool {
			if !parentsAmong(table, filled) {
				return false
			}
			for row := range 3 {
				insert(t, db, table, row)
			}
			filled[table.Name] = true
			return true
		})
		if len(waiting) == len(pending) {
			t.Fatalf("these tables wait for each other: %v", waiting)
		}
		pending = waiting
	}
}

func inspect(t *testing.T, engine string, db *sql.DB) (migrate.Driver, *schema.Schema) {
	t.Helper()
	open := postgres.Open
	if engine == dialect.SQLite {
		open = sqlite.Open
	}
	driver, err := open(db)
	if err != nil {
		t.Fatal(err)
	}
	found, err := driver.InspectSchema(t.Context(), "", &schema.InspectOptions{
		Mode:    schema.InspectTables,
		Exclude: []string{"goose_*"},
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(found.Tables) == 0 {
		t.Fatal("no tables")
	}
	return driver, found
}

// parentsAmong says whether every row that a row of the table must name exists already.
func parentsAmong(table *schema.Table, filled map[string]bool) bool {
	for _, key := range table.ForeignKeys {
		if key.RefTable != table && !filled[key.RefTable.Name] {
			return false
		}
	}
	return true
}

// insert writes one row with as many parents as the table's checks allow: first all, then each alone, then none.
func insert(t *testing.T, db *sql.DB, table *schema.Table, row int) {
	t.Helper()
	parents := map[string]*schema.ForeignKey{}
	var optional []string
	for _, key := range table.ForeignKeys {
		column := key.Columns[0]
		parents[column.Name] = key
		if column.Type.Null && key.RefTable != table {
			optional = append(optional, column.Name)
		}
	}
	choices := [][]string{optional}
	for _, one := range optional {
		choices = append(choices, []string{one})
	}
	choices = append(choices, nil)
	var err error
	for _, chosen := range choices {
		var names, values []string
		for _, column := range table.Columns {
			key, isParent := parents[column.Name]
			if isParent && column.Type.Null && !slices.Contains(chosen, column.Name) {
				continue
			}
			names = append(names, `"`+column.Name+`"`)
			if isParent {
				values = append(values, text(key.RefTable.Name, row))
			} else {
				values = append(values, value(table, column, row))
			}
		}
		statement := fmt.Sprintf(`INSERT INTO "%s" (%s) VALUES (%s)`, table.Name, strings.Join(names, ", "), strings.Join(values, ", "))
		if _, err = db.ExecContext(t.Context(), statement); err == nil {
			return
		}
	}
	t.Fatalf("fill %s: %v", table.Name, err)
}

func value(table *schema.Table, column *schema.Column, row int) string {
	switch column.Type.Type.(type) {
	case *schema.StringType, *schema.EnumType:
		return text(table.Name, row)
	case *schema.BoolType:
		return "false"
	case *schema.TimeType:
		return "'2026-01-02 03:04:05+00:00'"
	case *schema.JSONType:
		return "'[]'"
	case *schema.BinaryType:
		return "'x'"
	default:
		return fmt.Sprint(row + 1)
	}
}

// text differs by table and row. It begins like a professional's id, as a check on the owner of a record demands.
func text(table string, row int) string { return fmt.Sprintf("'pro_%s_%d'", table, row) }

func countRows(t *testing.T, engine string, db *sql.DB) map[string]int {
	t.Helper()
	counts := map[string]int{}
	_, found := inspect(t, engine, db)
	for _, table := range found.Tables {
		var n int
		if err := db.QueryRowContext(t.Context(), `SELECT count(*) FROM "`+table.Name+`"`).Scan(&n); err != nil {
			t.Fatal(err)
		}
		counts[table.Name] = n
	}
	return counts
}
