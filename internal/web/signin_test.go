package web_test

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"continuum/internal/access"
	"continuum/internal/web"
)

func TestSignIn(t *testing.T) {
	header := func(values ...string) func(*http.Request) {
		return func(r *http.Request) { r.Header["Authorization"] = values }
	}
	tests := map[string]struct {
		change func(*http.Request)
		want   int
	}{
		"a known key":           {header("Bearer " + annsKey), 200},
		"small letters":         {header("bearer " + annsKey), 200},
		"no header":             {header(), 401},
		"an empty header":       {header(""), 401},
		"an unknown key":        {header("Bearer ck_bob_0000"), 401},
		"the scheme only":       {header("Bearer"), 401},
		"the key only":          {header(annsKey), 401},
		"another scheme":        {header("Basic " + annsKey), 401},
		"two headers":           {header("Bearer "+annsKey, "Bearer "+annsKey), 401},
		"a good and a bad one":  {header("Bearer "+annsKey, "Bearer x"), 401},
		"two in one header":     {header("Bearer " + annsKey + ", Bearer x"), 401},
		"two spaces":            {header("Bearer  " + annsKey), 401},
		"something after":       {header("Bearer " + annsKey + " x"), 401},
		"endless":               {header("Bearer " + strings.Repeat("x", 9000)), 401},
		"cannot be checked now": {header("Bearer ck_down"), 503},
		"in the address": {func(r *http.Request) {
			r.Header.Del("Authorization")
			r.URL.RawQuery = url.Values{"access_token": {annsKey}, "authorization": {"Bearer " + annsKey}, "key": {annsKey}}.Encode()
		}, 401},
		"in the address of a GET": {func(r *http.Request) {
			r.Method = "GET"
			r.Header.Del("Authorization")
			r.URL.RawQuery = url.Values{"query": {"{me}"}, "access_token": {annsKey}}.Encode()
		}, 401},
		"in a cookie": {func(r *http.Request) {
			r.Header.Del("Authorization")
			r.AddCookie(&http.Cookie{Name: "Authorization", Value: annsKey})
		}, 401},
		"an upgrade by POST": {func(r *http.Request) {
			r.Header.Del("Authorization")
			r.Header.Set("Connection", "Upgrade")
			r.Header.Set("Upgrade", "websocket")
		}, 401},
		"an upgrade to something else": {func(r *http.Request) {
			r.Method = "GET"
			r.Header.Del("Authorization")
			r.Header.Set("Connection", "Upgrade")
			r.Header.Set("Upgrade", "h2c")
		}, 401},
		"an upgrade that nothing connects": {func(r *http.Request) {
			r.Method = "GET"
			r.Header.Del("Authorization")
			r.Header.Set("Upgrade", "websocket")
		}, 401},
	}

	server, log := start(t, web.Config{})
	var refused string
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			got := send(t, request(t, server, test.change))
			if got.status != test.want {
				t.Fatalf("got %d %s, want %d", got.status, got.body, test.want)
			}
			switch test.want {
			case 200:
				if viewer := got.executed(t).Viewer; viewer != "ann" {
					t.Errorf("executed for %q", viewer)
				}
			case 401:
				if got.code(t) != "UNAUTHENTICATED" || got.header.Get("WWW-Authenticate") != "Bearer" {
					t.Errorf("got %s, WWW-Authenticate %q", got.body, got.header.Get("WWW-Authenticate"))
				}
				if refused == "" {
					refused = got.body
				}
				if got.body != refused {
					t.Errorf("this refusal differs: %s, others: %s", got.body, refused)
				}
			case 503:
				if got.code(t) != "UNAVAILABLE" || strings.Contains(got.body, "driver") {
					t.Errorf("got %s", got.body)
				}
				if !strings.Contains(got.body, got.header.Get("X-Request-Id")) || got.header.Get("Retry-After") == "" {
					t.Errorf("got %s %v", got.body, got.header)
				}
			}
		})
	}
	if !strings.Contains(log.String(), "driver text") {
		t.Error("the reason for 503 is not in the log")
	}
}

func TestSignIn_InAWorkspace(t *testing.T) {
	server, _ := start(t, web.Config{SignIn: func(ctx context.Context, token string) (context.Context, bool, error) {
		if asked := access.WorkspaceAsked(ctx); token == annsKey && asked != "" && asked != "ws_hers" {
			return nil, false, access.ErrNoWorkspace
		}
		return signIn(ctx, token)
	}})
	var refused string
	for name, test := range map[string]struct {
		key   string
		named []string
		want  int
	}{
		"hers":                 {annsKey, []string{"ws_hers"}, 200},
		"none":                 {annsKey, nil, 200},
		"another":              {annsKey, []string{"ws_other"}, 403},
		"nothing":              {annsKey, []string{""}, 403},
		"hers twice":           {annsKey, []string{"ws_hers", "ws_hers"}, 403},
		"hers and another":     {annsKey, []string{"ws_hers", "ws_other"}, 403},
		"without end":          {annsKey, []string{strings.Repeat("x", 5000)}, 403},
		"with a key of nobody": {"ck_bob_0000", []string{"ws_other"}, 401},
	} {
		got := send(t, request(t, server, func(r *http.Request) {
			r.Header["Authorization"] = []string{"Bearer " + test.key}
			if test.named != nil {
				r.Header["X-Workspace"] = test.named
			}
		}))
		if got.status != test.want {
			t.Errorf("%s: %d %s", name, got.status, got.body)
		}
		if got.status != 403 {
			continue
		}
		if refused == "" {
			refused = got.body
		}
		if got.code(t) != "NOT_FOUND" || got.body != refused {
			t.Errorf("%s: %s", name, got.body)
		}
	}
}
