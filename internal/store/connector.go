package store

import (
	"context"
	sqldriver "database/sql/driver"
	"encoding/json"
	"fmt"

	"github.com/lib/pq"
)

// connector opens lib/pq connections that send JSON as text.
//
// binary_parameters=yes makes a statement with arguments one round trip, but sends every []byte in binary form, which
// is right for bytea and wrong for jsonb, where ent hands over a json.RawMessage.
type connector struct {
	*pq.Connector
	wrap func(pqConn) sqldriver.Conn
}

func (c connector) Connect(ctx context.Context) (sqldriver.Conn, error) {
	raw, err := c.Connector.Connect(ctx)
	if err != nil {
		return nil, err
	}
	conn, ok := raw.(pqConn)
	if !ok {
		return nil, fmt.Errorf("store: a %T lacks what a connection of lib/pq had", raw)
	}
	return c.wrap(jsonAsText{conn}), nil
}

// plain leaves a connection as it is.
func plain(c pqConn) sqldriver.Conn { return c }

// behind finishes the connections of requests: one to the server itself prepares statements, and one to a pooler, which
// would lose them, does not.
func behind(pooled, reads bool) func(pqConn) sqldriver.Conn {
	switch {
	case !pooled:
		return func(c pqConn) sqldriver.Conn { return newPreparing(c) }
	case reads:
		return func(c pqConn) sqldriver.Conn { return lookOnly{c} }
	default:
		return plain
	}
}

// pqConn is a connection that has a say in its arguments.
type pqConn interface {
	connection
	sqldriver.NamedValueChecker
}

type jsonAsText struct{ pqConn }

func (c jsonAsText) CheckNamedValue(arg *sqldriver.NamedValue) error {
	document, ok := arg.Value.(json.RawMessage)
	switch {
	case !ok:
		return c.pqConn.CheckNamedValue(arg)
	case document == nil:
		arg.Value = nil
	default:
		arg.Value = string(document)
	}
	return nil
}

// BeginTx takes the caller's deadline away from the driver: database/sql rolls back when the context ends, while the
// driver would also break off a COMMIT under way, and nobody could tell how it ended.
func (c jsonAsText) BeginTx(ctx context.Context, opts sqldriver.TxOptions) (sqldriver.Tx, error) {
	return c.pqConn.BeginTx(context.WithoutCancel(ctx), opts)
}
