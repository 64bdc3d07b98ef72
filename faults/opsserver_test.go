//go:build faults

package faults_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// opsPatience is how long a test waits for what must come.
const opsPatience = 60 * time.Second

var opsBuild = sync.OnceValues(func() (string, error) {
	folder, err := os.MkdirTemp("", "continuum-faults-")
	if err != nil {
		return "", err
	}
	binary := filepath.Join(folder, "continuum")
	out, err := exec.Command("go", "build", "-o", binary, "continuum").CombinedOutput()
	if err != nil {
		return "", fmt.Errorf("%w: %s", err, out)
	}
	return binary, nil
})

func opsBinary(t *testing.T) string {
	t.Helper()
	binary, err := opsBuild()
	if err != nil {
		t.Fatal(err)
	}
	return binary
}

// opsServer is a running program.
type opsServer struct {
	t     *testing.T
	cmd   *exec.Cmd
	url   string
	text  *opsText
	ended chan error
}

// opsStart starts a server with these variables in its environment, and waits until it is ready.
func opsStart(t *testing.T, env []string, args ...string) *opsServer {
	t.Helper()
	s := opsLaunch(t, env, args...)
	s.url = s.text.find(t, `(http://127\.0\.0\.1:\d+)`)
	opsUntil(t, "the server is ready", func() bool { return s.status("/readyz") == http.StatusOK })
	return s
}

// opsLaunch starts one without waiting for it.
func opsLaunch(t *testing.T, env []string, args ...string) *opsServer {
	t.Helper()
	s := &opsServer{t: t, text: &opsText{}, ended: make(chan error, 1)}
	s.cmd = exec.Command(opsBinary(t), append([]string{"serve"}, args...)...)
	s.cmd.Dir = t.TempDir()
	s.cmd.Env = slices.Concat(os.Environ(), []string{"CONTINUUM_LISTEN=127.0.0.1:0"}, env)
	s.cmd.Stdout, s.cmd.Stderr = s.text, s.text
	if err := s.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	go func() { s.ended <- s.cmd.Wait() }()
	t.Cleanup(func() {
		_ = s.cmd.Process.Kill()
		if t.Failed() {
			t.Logf("what the server at %s said:\n%s", s.url, s.text)
		}
	})
	return s
}

// stop sends SIGTERM; wait returns how the program ended.
func (s *opsServer) stop() { _ = s.cmd.Process.Signal(syscall.SIGTERM) }

func (s *opsServer) wait() error {
	s.t.Helper()
	select {
	case err := <-s.ended:
		s.ended <- err
		return err
	case <-time.After(opsPatience):
		s.t.Fatal("the server never ended")
		return nil
	}
}

func (s *opsServer) status(path string) int {
	r, err := http.NewRequestWithContext(s.t.Context(), http.MethodGet, s.url+path, nil)
	if err != nil {
		s.t.Fatal(err)
	}
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		return 0
	}
	answer.Body.Close()
	return answer.StatusCode
}

type opsVars = map[string]any

// opsAsk posts an operation, and returns the status and the answer.
func opsAsk(ctx context.Context, client *http.Client, url, token, query string, vars opsVars) (int, string, error) {
	body, err := json.Marshal(opsVars{"query": query, "variables": vars})
	if err != nil {
		return 0, "", err
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, url+"/graphql", bytes.NewReader(body))
	if err != nil {
		return 0, "", err
	}
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Authorization", "Bearer "+token)
	answer, err := client.Do(r)
	if err != nil {
		return 0, "", err
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	return answer.StatusCode, string(text), err
}

// must asks, and finds a string in the answer.
func (s *opsServer) must(token, query string, vars opsVars, pattern string) string {
	s.t.Helper()
	status, text, err := opsAsk(s.t.Context(), http.DefaultClient, s.url, token, query, vars)
	m := regexp.MustCompile(pattern).FindStringSubmatch(text)
	if err != nil || status != http.StatusOK || m == nil {
		s.t.Fatalf("%s: %d %s %v", query, status, text, err)
	}
	return m[len(m)-1]
}

// opsText is what a program prints, read while it runs.
type opsText struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (o *opsText) Write(p []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.text.Write(p)
}

func (o *opsText) String() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.text.String()
}

func (o *opsText) find(t *testing.T, pattern string) string {
	t.Helper()
	re, found := regexp.MustCompile(pattern), ""
	opsUntil(t, "the output matches "+pattern, func() bool {
		m := re.FindStringSubmatch(o.String())
		if m != nil {
			found = m[1]
		}
		return m != nil
	})
	return found
}

// opsUntil waits until something is so.
func opsUntil(t *testing.T, what string, so func() bool) {
	t.Helper()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for end := time.After(opsPatience); !so(); {
		select {
		case <-tick.C:
		case <-end:
			t.Fatalf("it never came so far that %s", what)
		}
	}
}

// opsRun runs a command of the program to its end.
func opsRun(t *testing.T, env []string, args ...string) string {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), opsBinary(t), args...)
	cmd.Dir, cmd.Env = t.TempDir(), append(os.Environ(), env...)
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%s: %v\n%s", strings.Join(args, " "), err, out)
	}
	return string(out)
}
