package web_test

import (
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"continuum/internal/web"
)

func TestSlowCallers(t *testing.T) {
	tests := map[string]struct {
		sent   string
		within time.Duration
	}{
		"headers that never end": {"GET / HTTP/1.1\r\nHost: x\r\n", 5 * time.Second},
		"a body that never ends": {"POST /graphql HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n" +
			"Authorization: Bearer " + annsKey + "\r\nContent-Length: 100\r\n\r\n{", 20 * time.Second},
		"silence after an answer": {"GET /livez HTTP/1.1\r\nHost: x\r\n\r\n", 75 * time.Second},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				p, stop, ended := serve(t, newEdge(t, web.Config{}, &journal{}))
				conn, err := p.dial()
				if err != nil {
					t.Fatal(err)
				}
				start := time.Now()
				go io.WriteString(conn, test.sent)
				io.Copy(io.Discard, conn) // until the server closes it
				if took := time.Since(start); took < test.within || took > test.within+time.Second {
					t.Errorf("kept for %v, want %v", took, test.within)
				}
				stop()
				<-ended
			})
		})
	}
}

func TestHeadersAreLimited(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p, stop, ended := serve(t, newEdge(t, web.Config{}, &journal{}))
		conn, err := p.dial()
		if err != nil {
			t.Fatal(err)
		}
		response, err := talk(conn, "GET /livez HTTP/1.1\r\nHost: x\r\nX-Long: "+strings.Repeat("x", 40<<10)+"\r\n\r\n")
		if err != nil {
			t.Fatal(err)
		}
		if response.StatusCode != http.StatusRequestHeaderFieldsTooLarge {
			t.Errorf("40 kB of headers: %d, want 431", response.StatusCode)
		}
		conn.Close()
		stop()
		<-ended
	})
}

func TestExecutionHasADeadline(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := newEdge(t, web.Config{GraphQL: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			start := time.Now()
			<-r.Context().Done()
			fmt.Fprint(w, time.Since(start), " ", r.Context().Err())
		})}, &journal{})
		p, stop, ended := serve(t, h)
		conn, err := p.dial()
		if err != nil {
			t.Fatal(err)
		}
		response, err := talk(conn, "GET /graphql?query={me} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n"+
			"Authorization: Bearer "+annsKey+"\r\n\r\n")
		if err != nil {
			t.Fatal(err)
		}
		body, _ := io.ReadAll(response.Body)
		if string(body) != "10s context deadline exceeded" {
			t.Errorf("got %q", body)
		}
		stop()
		<-ended
	})
}
