//go:build faults

package faults_test

import (
	"context"
	"fmt"
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
	address, env := pooled(t)
	ann, _ := demo(t, env)
	env = append(env, "CONTINUUM_DRAIN_DELAY=2s")
	servers := []*server{start(t, env), start(t, env)}
	front := balance(t, servers[0], servers[1])

	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	var clients sync.WaitGroup
	var written, read, collided atomic.Int64
	for n := range 8 {
		clients.Go(func() {
			client := &http.Client{Transport: &http.Transport{}}
			for i := 0; ctx.Err() == nil; i++ {
				q, want, done := question{token: ann, query: `{profiles(first:2){nodes{id}}}`}, `"prof_`, &read
				if n%2 == 0 {
					q.query = fmt.Sprintf(`mutation{createProfile(input:{givenName:"Rolling%d",familyName:"N%d"}){profile{id}}}`, n, i)
					q.key, done = fmt.Sprintf("rolling-%d-%d", n, i), &written
				}
				// An answer is waited for even when the test has seen enough: it counts.
				status, text, err := ask(context.WithoutCancel(ctx), client, front, q)
				for err == nil && strings.Contains(text, "UNAVAILABLE") { // writers of two servers collided, and this one was told to come again
					collided.Add(1)
					status, text, err = ask(context.WithoutCancel(ctx), client, front, q)
				}
				if err != nil || status != http.StatusOK || !strings.Contains(text, want) {
					t.Errorf("lost: %s: %d %s %v", q.query, status, text, err)
					return
				}
				done.Add(1)
			}
		})
	}
	more := func() {
		t.Helper()
		w, r := written.Load()+50, read.Load()+50
		until(t, "requests go on", func() bool { return t.Failed() || written.Load() > w && read.Load() > r })
	}
	more()
	for i, s := range servers {
		s.stop()
		if err := s.wait(); err != nil {
			t.Errorf("server %d ended with %v", i, err)
		}
		more()
		s.restart()
		more()
	}
	stop()
	clients.Wait()
	var there int64
	if err := dial(t, address).QueryRowContext(t.Context(), `SELECT count(*) FROM profiles WHERE given_name LIKE 'Rolling%'`).Scan(&there); err != nil {
		t.Fatal(err)
	}
	if there != written.Load() {
		t.Errorf("%d changes were answered, and %d are there", written.Load(), there)
	}
	t.Logf("%d written, %d read, %d asked to come again", written.Load(), read.Load(), collided.Load())
}

// balance starts HAProxy before two servers, with the settings that operators are told to use.
func balance(t *testing.T, one, two *server) (url string) {
	t.Helper()
	haproxy, err := exec.LookPath("haproxy")
	if err != nil {
		haproxy = "/usr/sbin/haproxy"
	}
	settings, err := filepath.Abs("../deploy/haproxy.cfg")
	if err != nil {
		t.Fatal(err)
	}
	front, said := freeAddress(t), &output{}
	cmd := exec.Command(haproxy, "-db", "-f", settings)
	cmd.Env = []string{"FRONT=" + front, "ONE=" + one.address(), "TWO=" + two.address()}
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
	s := &server{t: t, url: "http://" + front}
	until(t, "HAProxy finds the servers", func() bool { return s.status("/livez") == http.StatusOK })
	return s.url
}
