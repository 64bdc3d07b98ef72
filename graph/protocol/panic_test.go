package protocol_test

import (
	"context"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/99designs/gqlgen/graphql"
)

// A panic anywhere is told as an error, however the operation came, and the server
// stands.
func TestPanic(t *testing.T) {
	onTheClock(t, func(t *testing.T, s *server) {
		s.graph.AroundOperations(func(context.Context, graphql.OperationHandler) graphql.ResponseHandler {
			panic("Tremblay")
		})
		for accept, want := range map[string]int{"application/json": http.StatusInternalServerError, "text/event-stream": http.StatusOK} {
			answer := s.post(`{"query":"{name}"}`, accept)
			body, err := io.ReadAll(answer.body)
			if err != nil {
				t.Fatal(err)
			}
			if answer.status != want || !strings.Contains(string(body), "INTERNAL") || strings.Contains(string(body), "Tremblay") {
				t.Errorf("%s: %d %s", accept, answer.status, body)
			}
		}
		w := s.open()
		for range 2 {
			w.say(subscribe("1", `{"query":"{name}"}`))
			if m := w.hear(); m.Type != "error" || !strings.Contains(string(m.Payload), "INTERNAL") {
				t.Errorf("got %v", m)
			}
		}
	})
}
