//go:build faults

package faults_test

import (
	"net"
	"net/url"
	"sync"
	"testing"
)

// hose stands between a server and its PostgreSQL. Pinched, it takes what is sent and passes nothing on, nor says so: a
// network that swallows. Let go, it delivers, as TCP does.
type hose struct {
	mu      sync.Mutex
	flowing *sync.Cond
	pinched bool
}

// lay puts a hose before the database at an address, and gives the address of its other end.
func lay(t *testing.T, address string) (*hose, string) {
	t.Helper()
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	behind := u.Host
	l, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	h := &hose{}
	h.flowing = sync.NewCond(&h.mu)
	t.Cleanup(func() { l.Close(); h.let() })
	go func() {
		for {
			near, err := l.Accept()
			if err != nil {
				return
			}
			go func() {
				far, err := (&net.Dialer{}).DialContext(t.Context(), "tcp", behind)
				if err != nil {
					near.Close()
					return
				}
				go h.pass(near, far)
				h.pass(far, near)
			}()
		}
	}()
	u.Host = l.Addr().String()
	return h, u.String()
}

func (h *hose) pass(to, from net.Conn) {
	defer to.Close()
	defer from.Close()
	buffer := make([]byte, 1<<15)
	for {
		n, err := from.Read(buffer)
		h.mu.Lock()
		for h.pinched {
			h.flowing.Wait()
		}
		h.mu.Unlock()
		if n > 0 {
			if _, err := to.Write(buffer[:n]); err != nil {
				return
			}
		}
		if err != nil {
			return
		}
	}
}

func (h *hose) pinch() { h.mu.Lock(); h.pinched = true; h.mu.Unlock() }

func (h *hose) let() { h.mu.Lock(); h.pinched = false; h.mu.Unlock(); h.flowing.Broadcast() }
