package protocol_test

import (
	"bufio"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"
)

// posted is an answer, whose body is closed by the end of the test.
type posted struct {
	status int
	kind   string
	body   io.Reader
}

// post sends a request of somebody who has signed in.
func (s *server) post(body, accept string) posted {
	s.t.Helper()
	r, err := http.NewRequestWithContext(s.t.Context(), http.MethodPost, "http://server/graphql", strings.NewReader(body))
	if err != nil {
		s.t.Fatal(err)
	}
	r.Header = http.Header{
		"Content-Type": {"application/json"}, "Accept": {accept}, "Authorization": {"Bearer good"},
	}
	response, err := s.client.Do(r)
	if err != nil {
		s.t.Fatal(err)
	}
	s.t.Cleanup(func() { _ = response.Body.Close() })
	return posted{response.StatusCode, response.Header.Get("Content-Type"), response.Body}
}

// listen asks for a stream, and returns its lines.
func (s *server) listen() *bufio.Scanner {
	s.t.Helper()
	answer := s.post(follow, "text/event-stream")
	if answer.status != http.StatusOK || answer.kind != "text/event-stream; charset=utf-8" {
		s.t.Fatalf("%d %s", answer.status, answer.kind)
	}
	return bufio.NewScanner(answer.body)
}

// rest reads a stream to its end.
func rest(lines *bufio.Scanner) string {
	var text strings.Builder
	for lines.Scan() {
		text.WriteString(lines.Text() + "\n")
	}
	return text.String()
}

// A stream outlives the deadlines of requests, answers and readers, and says every
// quarter of a minute that it lives.
func TestStream_Lasts(t *testing.T) {
	onTheClock(t, func(t *testing.T, s *server) {
		lines := s.listen()
		time.AfterFunc(time.Hour, s.graph.SendNextSubscriptionMessage)
		time.AfterFunc(time.Hour+time.Minute, s.graph.SendCompleteSubscriptionMessage)
		start := time.Now()
		text := rest(lines)
		if !strings.Contains(text, "event: next\ndata: {\"data\":{\"name\":\"test\"}}\n\n") || !strings.HasSuffix(text, "event: complete\ndata:\n\n") {
			t.Errorf("heard %s", text)
		}
		if signs := strings.Count(text, ":\n\n"); signs < 4*60 || signs > 4*62 {
			t.Errorf("%d signs of life in an hour", signs)
		}
		if took := time.Since(start); took != time.Hour+time.Minute {
			t.Errorf("it took %v", took)
		}
	})
}

// A stopping server ends its streams, without saying that they are over.
func TestStream_EndsWithTheServer(t *testing.T) {
	onTheClock(t, func(t *testing.T, s *server) {
		lines := s.listen()
		time.AfterFunc(time.Minute, s.stop)
		if text := rest(lines); strings.Contains(text, "complete") {
			t.Errorf("heard %s", text)
		}
	})
}

func TestStream_EndsWithTheSignIn(t *testing.T) {
	onTheClock(t, func(t *testing.T, s *server) {
		start := time.Now()
		ends := start.Add(time.Hour)
		s.expires = &ends
		if text := rest(s.listen()); !strings.HasSuffix(text, "event: complete\ndata:\n\n") || !strings.Contains(text, "UNAUTHENTICATED") {
			t.Errorf("heard %s", text)
		}
		if took := time.Since(start); took != time.Hour {
			t.Errorf("it took %v", took)
		}
	})
}
