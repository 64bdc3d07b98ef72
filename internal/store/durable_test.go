package store_test

import (
	"context"
	"testing"

	"entgo.io/ent/dialect"
	"entgo.io/ent/dialect/sql"

	"continuum/ent"
	"continuum/internal/storetest"
)

// What SQLite has committed outlives the power: each COMMIT is on the disk before it is answered.
func TestSQLite_CommitsToTheDisk(t *testing.T) {
	s := storetest.Open(t, dialect.SQLite)
	err := s.Tx(system(t), func(ctx context.Context, tx *ent.Client) error {
		var found []struct {
			Synchronous int    `sql:"synchronous"`
			Journal     string `sql:"journal_mode"`
		}
		err := tx.Event.Query().Modify(func(q *sql.Selector) {
			*q = *sql.Dialect(dialect.SQLite).SelectExpr(sql.Raw("synchronous, journal_mode")).
				From(sql.Table("pragma_synchronous")).Join(sql.Table("pragma_journal_mode")).OnP(sql.ExprP("1 = 1")).WithContext(q.Context())
		}).Scan(ctx, &found)
		const full = 2
		if err == nil && (len(found) != 1 || found[0].Synchronous != full || found[0].Journal != "wal") {
			t.Errorf("synchronous and journal are %+v", found)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}
