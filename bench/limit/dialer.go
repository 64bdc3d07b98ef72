package main

import (
	"bufio"
	"context"
	"net"
	"time"
)

// wideDialer opens connections that are read 64 KiB at a time; lib/pq itself reads 4.
type wideDialer struct{ net.Dialer }

type wideConn struct {
	net.Conn
	read *bufio.Reader
}

// Read reads through the buffer.
func (c wideConn) Read(p []byte) (int, error) { return c.read.Read(p) }

func (d wideDialer) wide(c net.Conn, err error) (net.Conn, error) {
	if err != nil {
		return nil, err
	}
	return wideConn{c, bufio.NewReaderSize(c, 64<<10)}, nil
}

// Dial opens a connection.
func (d wideDialer) Dial(network, address string) (net.Conn, error) {
	return d.wide(d.Dialer.Dial(network, address))
}

// DialTimeout opens a connection in time.
func (d wideDialer) DialTimeout(network, address string, timeout time.Duration) (net.Conn, error) {
	ctx, cancel := context.WithTimeout(context.Background(), timeout)
	defer cancel()
	return d.DialContext(ctx, network, address)
}

// DialContext opens a connection while the context lasts.
func (d wideDialer) DialContext(ctx context.Context, network, address string) (net.Conn, error) {
	return d.wide(d.Dialer.DialContext(ctx, network, address))
}
