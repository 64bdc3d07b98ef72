package main

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/url"
	"strconv"
	"time"
)

// client is one connection that asks and waits, as cheaply as can be: it shares the machine with what it measures.
type client struct {
	conn net.Conn
	read *bufio.Reader
	body []byte
}

// patience is how long an answer may take.
const patience = time.Minute

func dial(ctx context.Context, t *target) (*client, error) {
	conn, err := (&net.Dialer{Timeout: 5 * time.Second}).DialContext(ctx, "tcp", fmt.Sprintf("127.0.0.1:%d", t.port))
	if err != nil {
		return nil, err
	}
	return &client{conn: conn, read: bufio.NewReaderSize(conn, 64<<10)}, nil
}

func (c *client) close() { _ = c.conn.Close() } // it was read to its end

func dialAll(ctx context.Context, t *target, count int) ([]*client, error) {
	clients := make([]*client, 0, count)
	for range count {
		c, err := dial(ctx, t)
		if err != nil {
			closeAll(clients)
			return nil, err
		}
		clients = append(clients, c)
	}
	return clients, nil
}

func closeAll(clients []*client) {
	for _, c := range clients {
		c.close()
	}
}

// message is a whole request, ready to be sent.
func message(t *target, headers map[string]string, body []byte) ([]byte, error) {
	u, err := url.Parse(t.URL)
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	fmt.Fprintf(&b, "POST %s HTTP/1.1\r\nHost: %s\r\nContent-Type: application/json\r\nAccept: application/json\r\n"+
		"Content-Length: %d\r\n", u.RequestURI(), u.Host, len(body))
	for name, value := range headers {
		fmt.Fprintf(&b, "%s: %s\r\n", name, value)
	}
	b.WriteString("\r\n")
	b.Write(body)
	return b.Bytes(), nil
}

// ask sends a message and gives the status and the body, which is good until the next.
func (c *client) ask(message []byte) (int, []byte, error) {
	if err := c.conn.SetDeadline(time.Now().Add(patience)); err != nil {
		return 0, nil, err
	}
	if _, err := c.conn.Write(message); err != nil {
		return 0, nil, err
	}
	line, err := c.line()
	if err != nil {
		return 0, nil, err
	}
	_, after, _ := bytes.Cut(line, []byte(" "))
	code, _, _ := bytes.Cut(after, []byte(" "))
	status, err := strconv.Atoi(string(code))
	if err != nil {
		return 0, nil, fmt.Errorf("no status line: %w", err)
	}
	length, err := c.headers()
	if err != nil {
		return 0, nil, err
	}
	c.body = c.body[:0]
	if length < 0 {
		err := c.chunks()
		return status, c.body, err
	}
	err = c.take(length)
	return status, c.body, err
}

const chunked = -1

// headers reads up to the body, and tells its length.
func (c *client) headers() (length int, err error) {
	for {
		line, err := c.line()
		if err != nil || len(line) == 0 {
			return length, err
		}
		name, value, _ := bytes.Cut(line, []byte(":"))
		switch value = bytes.TrimSpace(value); {
		case bytes.EqualFold(name, []byte("Content-Length")):
			if length, err = strconv.Atoi(string(value)); err != nil {
				return 0, err
			}
		case bytes.EqualFold(name, []byte("Transfer-Encoding")):
			length = chunked
		}
	}
}

func (c *client) chunks() error {
	for {
		line, err := c.line()
		if err != nil {
			return err
		}
		size, err := strconv.ParseUint(string(line), 16, 31)
		if err != nil {
			return err
		}
		if err := c.take(int(size)); err != nil {
			return err
		}
		if line, err = c.line(); err != nil {
			return err
		}
		if size == 0 {
			if len(line) > 0 {
				return errors.New("trailers are not read")
			}
			return nil
		}
	}
}

func (c *client) line() ([]byte, error) {
	line, err := c.read.ReadSlice('\n')
	return bytes.TrimRight(line, "\r\n"), err
}

func (c *client) take(n int) error {
	from := len(c.body)
	c.body = append(c.body, make([]byte, n)...)
	_, err := io.ReadFull(c.read, c.body[from:])
	return err
}
