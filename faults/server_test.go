//go:build faults

package faults_test

import (
	"bytes"
	"context"
	"net"
	"os"
	"os/exec"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// server is one process of the program, at an address that it keeps over restarts.
type server struct {
	url, database, listen string
	extra                 []string // further arguments of serve
	process               *exec.Cmd
	said                  *diary
	ended                 chan struct{} // closed when the process has ended
}

// diary is what a process says.
type diary struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (d *diary) Write(p []byte) (int, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.text.Write(p)
}

func (d *diary) String() string {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.text.String()
}

// run runs a command of the program to its end, and returns what it says.
func run(t *testing.T, database string, args ...string) string {
	t.Helper()
	c := exec.CommandContext(t.Context(), opsBinary(t), args...)
	c.Env = append(os.Environ(), "CONTINUUM_DATABASE="+database)
	c.Dir = t.TempDir()
	output, err := c.CombinedOutput()
	if err != nil {
		t.Fatalf("continuum %s: %v\n%s", args[0], err, output)
	}
	return string(output)
}

// start starts a server over a database and waits until it is ready.
func start(t *testing.T, database string, extra ...string) *server {
	t.Helper()
	listen := freeAddress(t)
	s := &server{url: "http://" + listen, database: database, listen: listen, extra: extra, said: &diary{}}
	t.Cleanup(func() {
		if s.process != nil {
			s.kill()
		}
		if t.Failed() {
			t.Logf("the server said at last:\n%s", tail(s.said.String()))
		}
	})
	s.restart(t)
	return s
}

// restart starts the process again where it was.
func (s *server) restart(t *testing.T) {
	t.Helper()
	s.launch(t)
	within(t, 20*time.Second, "the server is ready", func() bool { return s.ready(t.Context()) })
}

// launch starts the process and waits for nothing.
func (s *server) launch(t *testing.T) {
	t.Helper()
	s.process = exec.Command(opsBinary(t), append([]string{"serve", "--listen", s.listen}, s.extra...)...)
	s.process.Env = append(os.Environ(), "CONTINUUM_DATABASE="+s.database)
	s.process.Dir = t.TempDir()
	s.process.Stdout, s.process.Stderr = s.said, s.said
	if err := s.process.Start(); err != nil {
		t.Fatal(err)
	}
	ended, process := make(chan struct{}), s.process
	s.ended = ended
	go func() { _ = process.Wait(); close(ended) }()
}

// kill ends the process as a crash does.
func (s *server) kill() { s.signal(syscall.SIGKILL) }

// signal sends a signal that ends the process, and waits until it has.
func (s *server) signal(signal syscall.Signal) {
	_ = s.process.Process.Signal(signal)
	<-s.ended
}

func (s *server) ready(ctx context.Context) bool {
	status, _, err := get(ctx, s.url+"/readyz")
	return err == nil && status == 200
}

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

func tail(text string) string {
	lines := strings.Split(strings.TrimSpace(text), "\n")
	return strings.Join(lines[max(0, len(lines)-30):], "\n")
}
