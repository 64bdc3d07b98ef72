//go:build faults

package faults_test

import (
	"bytes"
	"context"
	"fmt"
	"net"
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

// patience is how long a test waits for what must come.
const patience = 60 * time.Second

var build = sync.OnceValues(func() (string, error) {
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

// program is a command of the program, not yet started, with further variables in its environment.
func program(t *testing.T, env []string, args ...string) *exec.Cmd {
	t.Helper()
	binary, err := build()
	if err != nil {
		t.Fatal(err)
	}
	command := exec.Command(binary, args...)
	command.Dir, command.Env = t.TempDir(), append(os.Environ(), env...)
	return command
}

// run runs a command of the program to its end, and returns what it says.
func run(t *testing.T, env []string, args ...string) string {
	t.Helper()
	out, err := program(t, env, args...).CombinedOutput()
	if err != nil {
		t.Fatalf("continuum %s: %v\n%s", strings.Join(args, " "), err, out)
	}
	return string(out)
}

// server is one process of the program after another, at an address that it keeps.
type server struct {
	t       *testing.T
	env     []string
	args    []string // of serve
	url     string   // empty until it said where it listens
	process *exec.Cmd
	said    *output
	ended   chan error // how the process ended, once it has
}

// start starts a server and waits until it is ready.
func start(t *testing.T, env []string, args ...string) *server {
	t.Helper()
	s := launch(t, env, args...)
	s.up()
	return s
}

// launch starts a server and waits for nothing.
func launch(t *testing.T, env []string, args ...string) *server {
	t.Helper()
	s := &server{t: t, env: env, args: args, said: &output{}}
	s.launch("127.0.0.1:0")
	t.Cleanup(func() {
		s.kill()
		if t.Failed() {
			t.Logf("the server at %s said at last:\n%s", s.url, s.said.tail())
		}
	})
	return s
}

func (s *server) launch(listen string) {
	s.t.Helper()
	s.process = program(s.t, slices.Concat(s.env, []string{"CONTINUUM_LISTEN=" + listen}), append([]string{"serve"}, s.args...)...)
	s.process.Stdout, s.process.Stderr = s.said, s.said
	if err := s.process.Start(); err != nil {
		s.t.Fatal(err)
	}
	ended, process := make(chan error, 1), s.process
	s.ended = ended
	go func() { ended <- process.Wait() }()
}

var listening = regexp.MustCompile(`http://127\.0\.0\.1:\d+`)

// up waits until the server is ready.
func (s *server) up() {
	s.t.Helper()
	until(s.t, "the server says where it listens", func() bool {
		s.url = listening.FindString(s.said.String())
		return s.url != ""
	})
	until(s.t, "the server is ready", func() bool { return s.status("/readyz") == http.StatusOK })
}

// restart starts the process again where it was.
func (s *server) restart() {
	s.t.Helper()
	s.launch(s.address())
	within(s.t, 20*time.Second, "the server is ready", func() bool { return s.status("/readyz") == http.StatusOK })
}

// address is the host and port that the server listens at.
func (s *server) address() string { return strings.TrimPrefix(s.url, "http://") }

// kill ends the process as a crash does.
func (s *server) kill() {
	_ = s.process.Process.Kill()
	_ = s.wait()
}

// stop sends SIGTERM; wait returns how the process ended.
func (s *server) stop() { _ = s.process.Process.Signal(syscall.SIGTERM) }

func (s *server) wait() error {
	s.t.Helper()
	select {
	case err := <-s.ended:
		s.ended <- err
		return err
	case <-time.After(patience):
		s.t.Fatal("the server never ended")
		return nil
	}
}

// status is what a GET of a path is answered with, 0 for no answer.
func (s *server) status(path string) int {
	ctx, cancel := context.WithTimeout(s.t.Context(), 4*time.Second)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, s.url+path, nil)
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

// output is what a process says, read while it runs.
type output struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (o *output) Write(p []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.text.Write(p)
}

func (o *output) String() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.text.String()
}

func (o *output) tail() string {
	lines := strings.Split(strings.TrimSpace(o.String()), "\n")
	return strings.Join(lines[max(0, len(lines)-30):], "\n")
}

// freeAddress is an address that nobody listens at.
func freeAddress(t *testing.T) string {
	t.Helper()
	l, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

// within waits until something holds, and fails the test when it does not in time.
func within(t *testing.T, limit time.Duration, what string, holds func() bool) {
	t.Helper()
	deadline, again := time.After(limit), time.NewTicker(20*time.Millisecond)
	defer again.Stop()
	for !holds() {
		select {
		case <-again.C:
		case <-deadline:
			t.Fatalf("after %v still not: %s", limit, what)
		}
	}
}

// until waits patiently until something holds.
func until(t *testing.T, what string, holds func() bool) {
	t.Helper()
	within(t, patience, what, holds)
}
