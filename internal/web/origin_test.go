package web_test

import (
	"net/http"
	"testing"

	"continuum/internal/web"
)

const friend = "https://app.example.org"

func TestPreflight(t *testing.T) {
	preflight := func(t *testing.T, allowed []string, origin string) answer {
		t.Helper()
		server, _ := start(t, web.Config{AllowedOrigins: allowed})
		return send(t, request(t, server, func(r *http.Request) {
			r.Method = "OPTIONS"
			r.Header = http.Header{
				"Origin":                         {origin},
				"Access-Control-Request-Method":  {"POST"},
				"Access-Control-Request-Headers": {"authorization,content-type,x-workspace"},
			}
			setBody(r, "")
		}))
	}
	tests := map[string]struct {
		allowed []string
		origin  string
		want    string
	}{
		"listed":             {[]string{friend}, friend, friend},
		"listed in capitals": {[]string{"https://APP.example.org"}, friend, friend},
		"not listed":         {[]string{friend}, "https://evil.example.org", ""},
		"another scheme":     {[]string{friend}, "http://app.example.org", ""},
		"a longer name":      {[]string{friend}, friend + ".evil.org", ""},
		"null":               {[]string{friend}, "null", ""},
		"an empty list":      {nil, friend, ""},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			got := preflight(t, test.allowed, test.origin)
			if origin := got.header.Get("Access-Control-Allow-Origin"); origin != test.want {
				t.Errorf("allowed %q, want %q", origin, test.want)
			}
			if got.header.Get("Access-Control-Allow-Credentials") != "" {
				t.Error("cookies are allowed")
			}
		})
	}
}

func TestCrossOrigin(t *testing.T) {
	header := func(pairs ...string) func(*http.Request) {
		return func(r *http.Request) {
			for i := 0; i < len(pairs); i += 2 {
				r.Header.Set(pairs[i], pairs[i+1])
			}
		}
	}
	tests := map[string]struct {
		change func(*http.Request)
		want   int
	}{
		"a program":              {nil, 200},
		"the page of the server": {header("Sec-Fetch-Site", "same-origin"), 200},
		"a listed site":          {header("Sec-Fetch-Site", "cross-site", "Origin", friend), 200},
		"another site":           {header("Sec-Fetch-Site", "cross-site", "Origin", "https://evil.org"), 403},
		"a neighbouring site":    {header("Sec-Fetch-Site", "same-site", "Origin", "https://evil.example.org"), 403},
		"another, older browser": {header("Origin", "https://evil.org"), 403},
		"another without origin": {header("Sec-Fetch-Site", "cross-site", "Origin", "null"), 403},
	}
	server, _ := start(t, web.Config{AllowedOrigins: []string{friend}})
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			got := send(t, request(t, server, test.change))
			if got.status != test.want {
				t.Fatalf("got %d %s, want %d", got.status, got.body, test.want)
			}
			if test.want == 403 && got.code(t) != "FORBIDDEN" {
				t.Errorf("code %s", got.code(t))
			}
		})
	}
}
