package store

import (
	"bufio"
	"context"
	"net"
	"time"
)

// dialer makes connections that fail when the other side is silent for longer than patience. Without it, a server
// behind a broken network holds a connection until the system gives up, a quarter of an hour later.
type dialer struct{ patience time.Duration }

func (d dialer) Dial(network, address string) (net.Conn, error) {
	return d.DialContext(context.Background(), network, address)
}

func (d dialer) DialTimeout(network, address string, limit time.Duration) (net.Conn, error) {
	ctx, cancel := context.WithTimeout(context.Background(), limit)
	defer cancel()
	return d.DialContext(ctx, network, address)
}

func (d dialer) DialContext(ctx context.Context, network, address string) (net.Conn, error) {
	conn, err := (&net.Dialer{}).DialContext(ctx, network, address)
	if err != nil {
		return nil, err
	}
	c := &impatient{Conn: conn, patience: d.patience}
	// lib/pq reads 4 KiB at a time; a page of profiles is ten times that.
	c.ahead = bufio.NewReaderSize(reader{c}, 64<<10)
	return c, nil
}

// impatient bounds each read and write. The driver reads only when an answer is due, so a quiet connection in the pool
// is not hurt.
type impatient struct {
	net.Conn
	patience time.Duration
	ahead    *bufio.Reader
	// deadline is the driver's own, for the handshake; it wins when it is sooner.
	deadline time.Time
}

func (c *impatient) SetDeadline(t time.Time) error {
	c.deadline = t
	return c.Conn.SetDeadline(t)
}

func (c *impatient) Read(b []byte) (int, error) { return c.ahead.Read(b) }

func (c *impatient) Write(b []byte) (int, error) {
	if err := c.SetWriteDeadline(c.limit()); err != nil {
		return 0, err
	}
	return c.Conn.Write(b)
}

func (c *impatient) limit() time.Time {
	limit := time.Now().Add(c.patience)
	if !c.deadline.IsZero() && c.deadline.Before(limit) {
		return c.deadline
	}
	return limit
}

// reader is what ahead reads from.
type reader struct{ c *impatient }

func (r reader) Read(b []byte) (int, error) {
	if err := r.c.SetReadDeadline(r.c.limit()); err != nil {
		return 0, err
	}
	return r.c.Conn.Read(b)
}
