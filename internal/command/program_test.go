package command_test

import (
	"context"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"syscall"
	"testing"

	collector "go.opentelemetry.io/proto/otlp/collector/trace/v1"
	"google.golang.org/protobuf/proto"
)

// program is a server that operators look at.
type program struct {
	out    *output // what it prints and logs
	public string
	admin  string
	stop   func() // of a binary: by SIGTERM, and waits
}

// binary builds the program.
func binary(t *testing.T) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "continuum")
	if text, err := exec.CommandContext(t.Context(), "go", "build", "-o", path, "continuum").CombinedOutput(); err != nil {
		t.Fatalf("go build: %v\n%s", err, text)
	}
	return path
}

// runProgram serves by the real binary, with an admin listener.
func runProgram(t *testing.T, env []string, args ...string) *program {
	t.Helper()
	p := &program{out: newOutput()}
	command := exec.CommandContext(context.WithoutCancel(t.Context()), binary(t), append([]string{"serve", "--listen=127.0.0.1:0", "--admin-listen=127.0.0.1:0"}, args...)...)
	command.Env = append(os.Environ(), env...)
	command.Stdout, command.Stderr = p.out, p.out
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	p.stop = sync.OnceFunc(func() {
		_ = command.Process.Signal(syscall.SIGTERM)
		if err := command.Wait(); err != nil {
			t.Errorf("the program ended with %v:\n%s", err, p.out)
		}
	})
	t.Cleanup(p.stop)
	p.find(t)
	return p
}

// operated serves within the test, with an admin listener; the test's end stops it.
func operated(t *testing.T, args ...string) *program {
	t.Helper()
	p := &program{out: newOutput()}
	told := house(p.out)
	told.Log = slog.New(slog.NewTextHandler(p.out, nil))
	start(t, told, append(args, "--admin-listen=127.0.0.1:0")...)
	p.find(t)
	return p
}

func (p *program) find(t *testing.T) {
	t.Helper()
	p.public = p.out.find(t, `listens at (http://127\.0\.0\.1:\d+)`)
	p.admin = p.out.find(t, `Operators: (http://127\.0\.0\.1:\d+)/metrics`)
}

// receiver takes traces by OTLP over HTTP, as a collector does.
type receiver struct {
	*httptest.Server
	mu       sync.Mutex
	requests []*collector.ExportTraceServiceRequest
}

func newReceiver(t *testing.T) *receiver {
	t.Helper()
	r := &receiver{}
	r.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, request *http.Request) {
		body, err := io.ReadAll(request.Body)
		export := &collector.ExportTraceServiceRequest{}
		if err == nil {
			err = proto.Unmarshal(body, export)
		}
		if err != nil || request.URL.Path != "/v1/traces" {
			http.Error(w, "no traces", http.StatusBadRequest)
			return
		}
		r.mu.Lock()
		defer r.mu.Unlock()
		r.requests = append(r.requests, export)
	}))
	t.Cleanup(r.Close)
	return r
}

// span is what the tests look at.
type span struct {
	name, id, parent, status string
	attributes               map[string]string
}

func (r *receiver) spans() []span {
	r.mu.Lock()
	defer r.mu.Unlock()
	var all []span
	for _, request := range r.requests {
		for _, resource := range request.ResourceSpans {
			for _, scope := range resource.ScopeSpans {
				for _, s := range scope.Spans {
					one := span{s.Name, string(s.SpanId), string(s.ParentSpanId), s.Status.GetMessage(), map[string]string{}}
					for _, a := range s.Attributes {
						one.attributes[a.Key] = a.Value.String()
					}
					all = append(all, one)
				}
			}
		}
	}
	return all
}

// text is everything that was sent, for looking for what must not be in it.
func (r *receiver) text() string {
	r.mu.Lock()
	defer r.mu.Unlock()
	var text string
	for _, request := range r.requests {
		text += request.String()
	}
	return text
}
