package store_test

import (
	"bytes"
	"context"
	"errors"
	"net"
	"net/url"
	"sync/atomic"
	"testing"

	"entgo.io/ent/dialect"

	"continuum/ent"
	"continuum/internal/store"
	"continuum/internal/storetest"
)

// cable stands between a store and its server, and breaks once, at a word.
type cable struct {
	word    []byte
	forward bool // whether the server still hears the word
	broken  atomic.Bool
}

// lay gives the URL of the server behind the cable.
func (c *cable) lay(t *testing.T, address string) string {
	t.Helper()
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	server := u.Host
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	go func() {
		for {
			client, err := l.Accept()
			if err != nil {
				return
			}
			go c.carry(client, server)
		}
	}()
	u.Host = l.Addr().String()
	return u.String()
}

func (c *cable) carry(client net.Conn, address string) {
	defer client.Close()
	server, err := net.Dial("tcp", address)
	if err != nil {
		return
	}
	defer server.Close()
	cut := make(chan struct{})
	go func() {
		buffer := make([]byte, 1<<16)
		for {
			n, err := server.Read(buffer)
			if err != nil {
				client.Close()
				return
			}
			select {
			case <-cut:
				// The answer has come, so the server has done it, and it is lost here.
				client.Close()
				return
			default:
			}
			if _, err := client.Write(buffer[:n]); err != nil {
				return
			}
		}
	}()
	buffer := make([]byte, 1<<16)
	for {
		n, err := client.Read(buffer)
		if err != nil {
			return
		}
		if bytes.Contains(buffer[:n], c.word) && !c.broken.Swap(true) {
			if !c.forward {
				return
			}
			close(cut)
		}
		if _, err := server.Write(buffer[:n]); err != nil {
			return
		}
	}
}

func openBehind(t *testing.T, c *cable) *store.Store {
	t.Helper()
	s, err := store.Open(t.Context(), c.lay(t, storetest.URL(t, dialect.Postgres)))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

func TestTx_SaysWhenACommitWasLost(t *testing.T) {
	for name, forward := range map[string]bool{"on the way there": false, "on the way back": true} {
		t.Run(name, func(t *testing.T) {
			c := &cable{word: []byte("COMMIT"), forward: forward}
			s := openBehind(t, c)
			runs := 0
			err := s.Tx(system(t), func(ctx context.Context, tx *ent.Client) error {
				runs++
				return addAccount(ctx, tx, "ann")
			})
			if !errors.Is(err, store.ErrUnknownOutcome) {
				t.Errorf("got %v", err)
			}
			if runs != 1 {
				t.Errorf("ran %d times: what may stand already was done again", runs)
			}
			want := 0
			if forward {
				want = 1
			}
			if n := countAccounts(t, s); n != want {
				t.Errorf("%d accounts, want %d", n, want)
			}
		})
	}
}

func TestTx_TriesAgainWhenTheConnectionBreaksBeforeCommit(t *testing.T) {
	c := &cable{word: []byte("INSERT INTO"), forward: true}
	s := openBehind(t, c)
	runs := 0
	err := s.Tx(system(t), func(ctx context.Context, tx *ent.Client) error {
		runs++
		return addAccount(ctx, tx, "ann")
	})
	if err != nil {
		t.Fatal(err)
	}
	if runs != 2 {
		t.Errorf("ran %d times", runs)
	}
	if n := countAccounts(t, s); n != 1 {
		t.Errorf("%d accounts", n)
	}
}
