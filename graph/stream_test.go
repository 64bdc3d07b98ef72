package graph_test

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"
)

// stream is an answer by graphql-sse.
type stream struct {
	t      *testing.T
	status int
	header http.Header
	lines  *bufio.Scanner
	end    context.CancelFunc
}

// listen posts an operation as somebody who takes the kinds of answers given.
func (h *house) listen(t *testing.T, who, body, accept string, headers ...string) *stream {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 2*patience)
	t.Cleanup(cancel)
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, h.url, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Accept", accept)
	r.Header.Set("Authorization", "Bearer "+h.keys[who])
	for i := 0; i+1 < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	response, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = response.Body.Close() })
	return &stream{t: t, status: response.StatusCode, header: response.Header, lines: bufio.NewScanner(response.Body), end: cancel}
}

// next waits for an event: its name and its data; no name at the end of the stream.
func (s *stream) next() (event string, data any) {
	s.t.Helper()
	for s.lines.Scan() {
		line := s.lines.Text()
		switch {
		case strings.HasPrefix(line, "event: "):
			event = strings.TrimPrefix(line, "event: ")
		case strings.HasPrefix(line, "data: "):
			if err := json.Unmarshal([]byte(strings.TrimPrefix(line, "data: ")), &data); err != nil {
				s.t.Fatal(err)
			}
		case line == "" && event != "":
			return event, data
		}
	}
	return "", nil
}

const urqlAccepts = "application/graphql-response+json, application/graphql+json, application/json, text/event-stream, multipart/mixed"

func asking(query string, v vars) string {
	out, _ := json.Marshal(vars{"query": query, "variables": v}) // maps of texts always marshal
	return string(out)
}

// Who reads streams alone gets everything as one.
func TestStream_Queries(t *testing.T) {
	eachHouse(t, func(t *testing.T, h *house) {
		s := h.listen(t, "ann", asking(`{viewer{professional{name}}}`, nil), "text/event-stream")
		if kind := s.header.Get("Content-Type"); s.status != 200 || kind != "text/event-stream; charset=utf-8" {
			t.Errorf("%d %s", s.status, kind)
		}
		if event, data := s.next(); event != "next" || at(data, "data.viewer.professional.name") != "Ann Lavoie" {
			t.Errorf("%s %v", event, data)
		}
		if event, _ := s.next(); event != "complete" {
			t.Errorf("then %s", event)
		}
		if event, _ := s.next(); event != "" {
			t.Errorf("and then %s", event)
		}
		s = h.listen(t, "ann", asking(`{nothing}`, nil), "text/event-stream")
		if event, data := s.next(); event != "next" || at(data, "errors.0.message") == nil || at(data, "data") != nil {
			t.Errorf("what cannot run: %s %v", event, data)
		}
		if s = h.listen(t, "ann", `{}`, "text/event-stream"); s.status != 400 {
			t.Errorf("no request: %d", s.status)
		}
	})
}

// Who merely takes streams beside other answers gets one for a subscription alone.
func TestStream_OnlyWhereWanted(t *testing.T) {
	eachHouse(t, func(t *testing.T, h *house) {
		subscription := asking(followProfile, vars{"id": h.names()["Olivier"]})
		for accept, want := range map[string][2]string{
			urqlAccepts:              {"application/graphql-response+json", "text/event-stream"},
			"application/json":       {"application/json", "application/json"},
			"*/*":                    {"application/json", "application/json"},
			"text/event-stream, */*": {"application/json", "text/event-stream"},
			"text/event-stream;q=0.1, application/json;q=0.5":                  {"application/json", "text/event-stream"},
			"text/event-stream;q=0.9, application/graphql-response+json;q=0.5": {"text/event-stream", "text/event-stream"},
		} {
			for i, body := range []string{asking(`{viewer{scopes}}`, nil), subscription} {
				s := h.listen(t, "ann", body, accept)
				if kind, _, _ := strings.Cut(s.header.Get("Content-Type"), ";"); kind != want[i] {
					t.Errorf("%s: %s for operation %d, want %s", accept, kind, i, want[i])
				}
				s.end()
			}
		}
	})
}

// A subscription over a stream shows what one over a socket does, and ends as one does.
func TestStream_Subscription(t *testing.T) {
	eachHouse(t, func(t *testing.T, h *house) {
		names := h.names()
		s := h.listen(t, "ann", asking(followProfile, vars{"id": names["Olivier"]}), urqlAccepts)
		heard := make(chan any, 100)
		go func() {
			defer close(heard)
			for event, data := s.next(); event == "next"; event, data = s.next() {
				heard <- data
			}
		}()
		// Nothing says that the server follows but what it sends.
		following := false
		for turn := 0; !following; turn++ {
			h.touch("bob", names["Olivier"], fmt.Sprint("turn ", turn))
			select {
			case data := <-heard:
				following = at(data, "data.changed.id") == names["Olivier"]
				if !following {
					t.Fatalf("heard %v", data)
				}
			case <-time.After(200 * time.Millisecond):
			}
		}
		stopped := make(chan struct{})
		go func() {
			defer close(stopped)
			h.sockets.Close(context.WithoutCancel(t.Context()))
		}()
		for range heard { // until the server has ended it
		}
		<-stopped
	})
}

func TestStream_OfWhatIsNotThere(t *testing.T) {
	eachHouse(t, func(t *testing.T, h *house) {
		unknown := "prof_" + strings.Repeat("0", 26)
		s := h.listen(t, "ann", asking(followProfile, vars{"id": unknown}), "text/event-stream")
		if event, data := s.next(); event != "next" || at(data, "errors.0.extensions.code") != "NOT_FOUND" {
			t.Errorf("%s %v", event, data)
		}
		if event, _ := s.next(); event != "complete" {
			t.Errorf("then %s", event)
		}
	})
}
