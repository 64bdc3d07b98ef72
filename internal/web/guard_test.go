package web_test

import (
	"net/http"
	"strings"
	"testing"

	"continuum/internal/web"
)

func TestGuard(t *testing.T) {
	const kilobyte = 1 << 10
	sized := func(n int) string {
		return `{"query":"` + strings.Repeat("x", n-len(`{"query":""}`)) + `"}`
	}
	contentType := func(value string) func(*http.Request) {
		return func(r *http.Request) { r.Header.Set("Content-Type", value) }
	}
	body := func(text string) func(*http.Request) {
		return func(r *http.Request) { setBody(r, text) }
	}
	method := func(name string) func(*http.Request) {
		return func(r *http.Request) { r.Method = name }
	}

	tests := map[string]struct {
		change func(*http.Request)
		want   int
	}{
		"POST":                      {nil, 200},
		"GET":                       {func(r *http.Request) { r.Method = "GET"; setBody(r, "") }, 200},
		"HEAD":                      {method("HEAD"), 405},
		"PUT":                       {method("PUT"), 405},
		"DELETE":                    {method("DELETE"), 405},
		"OPTIONS":                   {method("OPTIONS"), 405},
		"a method of one's own":     {method("PROFILE"), 405},
		"type with charset":         {contentType("application/json; charset=UTF-8"), 200},
		"type in capitals":          {contentType("Application/JSON"), 200},
		"a kind of answer unknown":  {func(r *http.Request) { r.Header.Set("Accept", "text/html") }, 406},
		"any kind of answer":        {func(r *http.Request) { r.Header.Set("Accept", "text/html, */*;q=0.1") }, 200},
		"events alone":              {func(r *http.Request) { r.Header.Set("Accept", "text/event-stream") }, 200},
		"another charset":           {contentType("application/json; charset=latin1"), 415},
		"no type":                   {func(r *http.Request) { r.Header.Del("Content-Type") }, 415},
		"plain text":                {contentType("text/plain"), 415},
		"a form":                    {contentType("application/x-www-form-urlencoded"), 415},
		"a multipart form":          {contentType("multipart/form-data; boundary=x"), 415},
		"application/graphql":       {contentType("application/graphql"), 415},
		"a broken type":             {contentType("application/json; charset"), 415},
		"two types":                 {func(r *http.Request) { r.Header.Add("Content-Type", "text/plain") }, 415},
		"compressed":                {func(r *http.Request) { r.Header.Set("Content-Encoding", "gzip") }, 415},
		"256 kB":                    {body(sized(256 * kilobyte)), 200},
		"256 kB and a byte":         {body(sized(256*kilobyte + 1)), 413},
		"too large, length unknown": {func(r *http.Request) { setBody(r, sized(300*kilobyte)); r.ContentLength = -1 }, 413},
		"space around":              {body(" \r\n\t" + question + "\n"), 200},
		"empty":                     {body(""), 400},
		"cut short":                 {body(`{"query":`), 400},
		"two objects":               {body(question + question), 400},
		"something after":           {body(question + " x"), 400},
		"a batch":                   {body("[" + question + "]"), 400},
		"a string":                  {body(`"{ me }"`), 400},
		"null":                      {body("null"), 400},
		"not UTF-8":                 {body("{\"query\":\"\xff\"}"), 400},
		"UTF-16":                    {body("\xff\xfe{\x00}\x00"), 400},
		"byte order mark":           {body("\xef\xbb\xbf" + question), 400},
	}

	server, _ := start(t, web.Config{})
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			r := request(t, server, test.change)
			got := send(t, r)
			if got.status != test.want {
				t.Fatalf("got %d %s, want %d", got.status, got.body, test.want)
			}
			if test.want == 200 {
				return
			}
			if r.Method != http.MethodHead && got.code(t) != "BAD_REQUEST" {
				t.Errorf("code %s", got.code(t))
			}
			if allow := got.header.Get("Allow"); test.want == 405 && allow != "GET, POST" {
				t.Errorf("Allow is %q", allow)
			}
			if strings.Contains(got.body, "xxx") {
				t.Errorf("the answer repeats the request: %.80q", got.body)
			}
		})
	}
}

func TestErrorTypeFollowsAccept(t *testing.T) {
	server, _ := start(t, web.Config{})
	for accept, want := range map[string]string{
		"":                 "application/json; charset=utf-8",
		"*/*":              "application/json; charset=utf-8",
		"application/json": "application/json; charset=utf-8",
		"application/graphql-response+json, application/json;q=0.9": "application/graphql-response+json; charset=utf-8",
	} {
		got := send(t, request(t, server, func(r *http.Request) {
			r.Header.Set("Accept", accept)
			r.Header.Del("Authorization")
		}))
		if kind := got.header.Get("Content-Type"); kind != want {
			t.Errorf("Accept %q is answered with %q, want %q", accept, kind, want)
		}
	}
}
