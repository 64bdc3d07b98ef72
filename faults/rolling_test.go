//go:build faults

package faults_test

import (
	"context"
	"database/sql"
	"fmt"
	"net"
	"net/http"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
)

// Two servers behind HAProxy, both behind PgBouncer, are started anew one after the other while clients read and write:
// no request is lost, and what was answered is there.
func TestRollingRestart_LosesNoRequest(t *testing.T) {
	address, env := opsDatabase(t)
	ann, _ := opsDemo(t, env)
	ports := []string{opsFreePort(t), opsFreePort(t)}
	start := func(i int) *opsServer {
		return opsStart(t, append(env, "CONTINUUM_LISTEN="+ports[i], "CONTINUUM_DRAIN_DELAY=2s"))
	}
	servers := []*opsServer{start(0), start(1)}
	front := opsBalance(t, ports)

	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	var clients sync.WaitGroup
	var written, read atomic.Int64
	for n := range 8 {
		clients.Go(func() {
			client := &http.Client{Transport: &http.Transport{}}
			for i := 0; ctx.Err() == nil; i++ {
				query, want, done := `{profiles(first:2){nodes{id}}}`, `"prof_`, &read
				if n%2 == 0 {
					query = fmt.Sprintf(`mutation{createProfile(input:{givenName:"Rolling%d",familyName:"N%d"}){profile{id}}}`, n, i)
					done = &written
				}
				// An answer is waited for even when the test has seen enough: it counts.
				status, text, err := opsAsk(context.WithoutCancel(ctx), client, front, ann, query, nil)
				if err != nil || status != http.StatusOK || !strings.Contains(text, want) {
					t.Errorf("lost: %s: %d %s %v", query, status, text, err)
					return
				}
				done.Add(1)
			}
		})
	}
	more := func() {
		t.Helper()
		w, r := written.Load()+50, read.Load()+50
		opsUntil(t, "requests go on", func() bool { return t.Failed() || written.Load() > w && read.Load() > r })
	}
	more()
	for i, s := range servers {
		s.stop()
		if err := s.wait(); err != nil {
			t.Errorf("server %d ended with %v", i, err)
		}
		more()
		servers[i] = start(i)
		more()
	}
	stop()
	clients.Wait()
	db, err := sql.Open("postgres", address)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	var there int64
	if err := db.QueryRowContext(t.Context(), `SELECT count(*) FROM profiles WHERE given_name LIKE 'Rolling%'`).Scan(&there); err != nil {
		t.Fatal(err)
	}
	if there != written.Load() {
		t.Errorf("%d changes were answered, and %d are there", written.Load(), there)
	}
	t.Logf("%d written, %d read", written.Load(), read.Load())
}

// opsFreePort is an address that nobody listens at.
func opsFreePort(t *testing.T) string {
	t.Helper()
	l, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

// opsBalance starts HAProxy before two servers, with the settings that operators are told to use.
func opsBalance(t *testing.T, ports []string) (url string) {
	t.Helper()
	program, err := exec.LookPath("haproxy")
	if err != nil {
		program = "/usr/sbin/haproxy"
	}
	settings, err := filepath.Abs("../deploy/haproxy.cfg")
	if err != nil {
		t.Fatal(err)
	}
	front, said := opsFreePort(t), &opsText{}
	cmd := exec.Command(program, "-db", "-f", settings)
	cmd.Env = []string{"FRONT=" + front, "ONE=" + ports[0], "TWO=" + ports[1]}
	cmd.Stdout, cmd.Stderr = said, said
	if err := cmd.Start(); err != nil {
		t.Fatalf("haproxy is not installed: %v", err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
		if t.Failed() {
			t.Logf("what HAProxy said:\n%s", said)
		}
	})
	s := &opsServer{t: t, url: "http://" + front}
	opsUntil(t, "HAProxy finds the servers", func() bool { return s.status("/livez") == http.StatusOK })
	return s.url
}
