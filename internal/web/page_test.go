package web_test

import (
	"net/http"
	"strings"
	"testing"
	"testing/fstest"

	"continuum/internal/web"
)

func TestPage(t *testing.T) {
	server, _ := start(t, web.Config{})
	got := get(t, server.URL+"/")
	if got.status != 200 || !strings.HasPrefix(got.header.Get("Content-Type"), "text/html") {
		t.Fatalf("got %d %s", got.status, got.header.Get("Content-Type"))
	}
	host := strings.TrimPrefix(server.URL, "http://")
	wantPolicy := "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; " +
		"font-src 'self' data:; connect-src 'self' ws://" + host + " wss://" + host + "; " +
		"frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
	if policy := got.header.Get("Content-Security-Policy"); policy != wantPolicy {
		t.Errorf("policy is %q, want %q", policy, wantPolicy)
	}
	if got.header.Get("Referrer-Policy") != "no-referrer" {
		t.Errorf("referrer policy is %q", got.header.Get("Referrer-Policy"))
	}
}

func TestHostWritesNoPolicy(t *testing.T) {
	server, _ := start(t, web.Config{})
	r := request(t, server, func(r *http.Request) {
		r.Method, r.URL.Path, r.Host = "GET", "/", "a;script-src'unsafe-inline'"
		setBody(r, "")
	})
	if policy := send(t, r).header.Get("Content-Security-Policy"); strings.Contains(policy, "a;") {
		t.Errorf("the policy repeats the header: %s", policy)
	}
}

func TestAssetIsLoadedOnce(t *testing.T) {
	server, _ := start(t, web.Config{})
	first := get(t, server.URL+"/assets/graphiql-start.js")
	if first.body != "start()" || !strings.Contains(first.header.Get("Content-Type"), "javascript") {
		t.Fatalf("got %q %s", first.body, first.header.Get("Content-Type"))
	}
	again := request(t, server, func(r *http.Request) {
		r.Method, r.URL.Path = "GET", "/assets/graphiql-start.js"
		r.Header = http.Header{"If-None-Match": {first.header.Get("ETag")}}
		setBody(r, "")
	})
	if got := send(t, again); got.status != 304 {
		t.Errorf("asked again: %d, want 304", got.status)
	}
}

func TestPageThatWasNotBuilt(t *testing.T) {
	server, _ := start(t, web.Config{Page: fstest.MapFS{".gitkeep": {}}})
	got := get(t, server.URL+"/")
	if got.status != 404 || !strings.Contains(got.body, "`make run`") || strings.Count(got.body, "\n") != 1 {
		t.Errorf("got %d %q", got.status, got.body)
	}
	if got := send(t, request(t, server, nil)); got.status != 200 {
		t.Errorf("the API does not work without its page: %d", got.status)
	}
}
