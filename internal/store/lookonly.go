package store

import (
	"context"
	sqldriver "database/sql/driver"
	"errors"
	"strings"
)

// lookOnly is a connection that reads. Without a pooler PostgreSQL itself sees to that, by a setting of the session;
// behind one a session's settings are anybody's, and here it is seen to instead. The statements are the program's own,
// so their first word tells what they do.
type lookOnly struct{ pqConn }

var errLookOnly = errors.New("store: a write outside of a transaction")

func (c lookOnly) QueryContext(ctx context.Context, query string, args []sqldriver.NamedValue) (sqldriver.Rows, error) {
	if word, _, _ := strings.Cut(strings.TrimSpace(query), " "); !strings.EqualFold(word, "SELECT") {
		return nil, errLookOnly
	}
	return c.pqConn.QueryContext(ctx, query, args)
}

func (lookOnly) ExecContext(context.Context, string, []sqldriver.NamedValue) (sqldriver.Result, error) {
	return nil, errLookOnly
}

func (lookOnly) PrepareContext(context.Context, string) (sqldriver.Stmt, error) {
	return nil, errLookOnly
}

// BeginTx says so when it begins: nothing in the program reads in a transaction but what writes in it.
func (c lookOnly) BeginTx(ctx context.Context, opts sqldriver.TxOptions) (sqldriver.Tx, error) {
	if !opts.ReadOnly {
		return nil, errLookOnly
	}
	return c.pqConn.BeginTx(ctx, opts)
}
