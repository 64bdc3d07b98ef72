package store

import (
	"context"
	"database/sql"
	"errors"

	"entgo.io/ent/dialect"
	entsql "entgo.io/ent/dialect/sql"
)

// driver is ent's driver that tells of each statement.
type driver struct {
	*entsql.Driver
	settings
}

func newDriver(engine string, db *sql.DB, set settings) *driver {
	return &driver{Driver: entsql.OpenDB(engine, db), settings: set}
}

// told reports a statement, sends it, and ends its span.
func (s settings) told(ctx context.Context, query string, send func() error) error {
	s.report(ctx, query)
	ended := s.span(ctx, query)
	err := send()
	ended(err)
	return err
}

func (d *driver) Exec(ctx context.Context, query string, args, v any) error {
	return d.told(ctx, query, func() error { return d.Driver.Exec(ctx, query, args, v) })
}

func (d *driver) Query(ctx context.Context, query string, args, v any) error {
	return untyped(d.told(ctx, query, func() error { return d.Driver.Query(ctx, query, args, v) }), v)
}

// untyped makes ent scan columns that no schema knows, those of a joined row, as whatever value comes: from the types
// of the columns it would conclude that none of them is ever NULL.
func untyped(err error, v any) error {
	if rows, ok := v.(*entsql.Rows); ok && err == nil {
		rows.ColumnScanner = untypedRows{rows.ColumnScanner}
	}
	return err
}

type untypedRows struct{ entsql.ColumnScanner }

var errUntyped = errors.New("store: columns have no types here")

func (untypedRows) ColumnTypes() ([]*sql.ColumnType, error) { return nil, errUntyped }

func (d *driver) Tx(ctx context.Context) (dialect.Tx, error) { return d.BeginTx(ctx, nil) }

func (d *driver) BeginTx(ctx context.Context, opts *sql.TxOptions) (dialect.Tx, error) {
	tx, err := d.Driver.BeginTx(ctx, opts)
	if err != nil {
		return nil, err
	}
	return &driverTx{Tx: tx, settings: d.settings}, nil
}

// driverTx reports likewise, and remembers a failure that another try may mend: the code between here and Tx may have
// turned it into an answer for people, which no longer shows what it was.
type driverTx struct {
	dialect.Tx
	settings
}

func (t *driverTx) Exec(ctx context.Context, query string, args, v any) error {
	return remember(ctx, t.told(ctx, query, func() error { return t.Tx.Exec(ctx, query, args, v) }))
}

func (t *driverTx) Query(ctx context.Context, query string, args, v any) error {
	err := untyped(t.told(ctx, query, func() error { return t.Tx.Query(ctx, query, args, v) }), v)
	if rows, ok := v.(*entsql.Rows); ok && err == nil {
		rows.ColumnScanner = rememberedRows{rows.ColumnScanner, ctx}
	}
	return remember(ctx, err)
}

// rememberedRows remembers what fails after the first row. PostgreSQL finds some collisions no sooner, and whoever
// wants one row, as ent does after an update, closes without looking: the next statement then only says that the
// transaction is aborted.
type rememberedRows struct {
	entsql.ColumnScanner
	ctx context.Context
}

func (r rememberedRows) Err() error { return remember(r.ctx, r.ColumnScanner.Err()) }

func (r rememberedRows) Close() error { return remember(r.ctx, r.ColumnScanner.Close()) }

func remember(ctx context.Context, err error) error {
	if err != nil && passing(err) {
		if tx := transactionOf(ctx); tx != nil {
			tx.passing = err
		}
	}
	return err
}
