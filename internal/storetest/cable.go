package storetest

import (
	"bytes"
	"context"
	"net"
	"net/url"
	"sync"
	"testing"

	"continuum/internal/store"
)

// Cable stands between a store and its PostgreSQL server, and breaks when it is told to.
type Cable struct {
	mu      sync.Mutex
	word    []byte // at which it breaks next; nil for never
	forward bool
}

// OpenBehind opens a database behind a new cable.
func OpenBehind(t testing.TB, address string) (*store.Store, *Cable) {
	t.Helper()
	pooled, direct := Pooled(t, address)
	cable, address := lay(t, pooled)
	return open(t, address, store.WithDirectURL(direct)), cable
}

// lay gives the URL of the server behind a new cable.
func lay(t testing.TB, address string) (*Cable, string) {
	t.Helper()
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal("the address is not a URL")
	}
	server := u.Host
	l, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	c := &Cable{}
	go func() {
		for {
			client, err := l.Accept()
			if err != nil {
				return
			}
			go c.carry(t.Context(), client, server)
		}
	}()
	u.Host = l.Addr().String()
	return c, u.String()
}

// Break lets the cable break once, at a word on the way to the server. With forward, the server still hears it, and
// only its answer is lost.
func (c *Cable) Break(word string, forward bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.word, c.forward = []byte(word), forward
}

// breaks says whether the cable breaks at what is sent, and whether the server still hears it.
func (c *Cable) breaks(sent []byte) (now, forward bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.word == nil || !bytes.Contains(sent, c.word) {
		return false, true
	}
	c.word = nil
	return true, c.forward
}

func (c *Cable) carry(ctx context.Context, client net.Conn, address string) {
	defer func() { _ = client.Close() }()
	server, err := (&net.Dialer{}).DialContext(ctx, "tcp", address)
	if err != nil {
		return
	}
	defer func() { _ = server.Close() }()
	cut := make(chan struct{})
	go answer(client, server, cut)
	buffer := make([]byte, 1<<16)
	for {
		n, err := client.Read(buffer)
		if err != nil {
			return
		}
		now, forward := c.breaks(buffer[:n])
		if !forward {
			return
		}
		if now {
			close(cut)
		}
		if _, err := server.Write(buffer[:n]); err != nil {
			return
		}
	}
}

// answer carries what the server says, until the cable is cut.
func answer(client, server net.Conn, cut <-chan struct{}) {
	buffer := make([]byte, 1<<16)
	for {
		n, err := server.Read(buffer)
		if err != nil {
			_ = client.Close()
			return
		}
		select {
		case <-cut:
			// The answer has come, so the server has done it, and it is lost here.
			_ = client.Close()
			return
		default:
		}
		if _, err := client.Write(buffer[:n]); err != nil {
			return
		}
	}
}
