package web_test

import (
	"context"
	"io"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"continuum/internal/web"
)

func TestRequestID(t *testing.T) {
	type handedOn struct{}
	server, _ := start(t, web.Config{
		WithRequestID: func(ctx context.Context, id string) context.Context {
			return context.WithValue(ctx, handedOn{}, id)
		},
		GraphQL: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			other, _ := r.Context().Value(handedOn{}).(string)
			io.WriteString(w, web.RequestID(r.Context())+" "+other)
		}),
	})

	tests := map[string]struct {
		given []string
		taken bool
	}{
		"none":           {nil, false},
		"well formed":    {[]string{"0b5f8f3e-5f2a-4f0e-9d5c-2f6f0a7b8c9d"}, true},
		"8 letters":      {[]string{"abcdEF01"}, true},
		"64 letters":     {[]string{strings.Repeat("a", 64)}, true},
		"too short":      {[]string{"abc"}, false},
		"too long":       {[]string{strings.Repeat("a", 65)}, false},
		"spaces":         {[]string{"ann tremblay"}, false},
		"markup":         {[]string{"<script>alert</script>"}, false},
		"given twice":    {[]string{"abcdefgh", "ijklmnop"}, false},
		"letters abroad": {[]string{"éééééééé"}, false},
	}
	generated := regexp.MustCompile(`^[A-Z2-7]{26,}$`)
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			got := send(t, request(t, server, func(r *http.Request) { r.Header["X-Request-Id"] = test.given }))
			id := got.header.Get("X-Request-Id")
			if got.body != id+" "+id {
				t.Errorf("the handler knows %q, the answer says %q", got.body, id)
			}
			if test.taken && id != test.given[0] {
				t.Errorf("answered %q, want the given id", id)
			}
			if !test.taken && !generated.MatchString(id) {
				t.Errorf("answered %q, want an id of our own", id)
			}
		})
	}
}
