package practice_test

import (
	"strings"
	"testing"

	"entgo.io/ent/dialect"
	"entgo.io/ent/dialect/sql"

	"continuum/internal/store"
)

// tables are the rows of tables as they are stored, column by column, by "table id".
func (c *clinic) tables(t *testing.T, names ...string) map[string]map[string]string {
	t.Helper()
	known, err := store.Tables(c.store.Engine())
	if err != nil {
		t.Fatal(err)
	}
	found := map[string]map[string]string{}
	for _, name := range names {
		var columns []string
		for _, table := range known {
			if table.Name == name {
				for _, column := range table.Columns {
					columns = append(columns, column.Name)
				}
			}
		}
		if len(columns) == 0 {
			t.Fatalf("there is no table %s", name)
		}
		for _, row := range c.rows(t, name, columns) {
			stored := map[string]string{}
			for i, column := range columns {
				stored[column] = row[i]
			}
			found[name+" "+stored["id"]] = stored
		}
	}
	return found
}

// rows reads all rows of a table, each column as the engine writes it.
func (c *clinic) rows(t *testing.T, table string, columns []string) [][]string {
	t.Helper()
	texts := make([]string, len(columns))
	for i, column := range columns {
		texts[i] = "COALESCE(CAST(" + column + " AS TEXT), 'NULL')"
	}
	const between = "\x1f"
	var found []struct {
		Line string `sql:"line"`
	}
	err := c.store.Client().Event.Query().Modify(func(s *sql.Selector) {
		char := "char(31)"
		if s.Dialect() == dialect.Postgres {
			char = "chr(31)"
		}
		*s = *sql.Dialect(s.Dialect()).SelectExpr(sql.Expr(strings.Join(texts, " || "+char+" || ") + " AS line")).
			From(sql.Table(table)).WithContext(s.Context())
	}).Scan(c.now(t), &found)
	if err != nil {
		t.Fatal(err)
	}
	rows := make([][]string, len(found))
	for i, row := range found {
		rows[i] = strings.Split(row.Line, between)
	}
	return rows
}
