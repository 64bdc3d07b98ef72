package web_test

import (
	"net/http"
	"testing"

	"continuum/internal/web"
)

func TestDrain_SendsCallersElsewhereAndStillAnswers(t *testing.T) {
	drain := &web.Drain{}
	server, _ := start(t, web.Config{Drain: drain})
	ask := func(change func(*http.Request)) *http.Response {
		t.Helper()
		answer, err := server.Client().Do(request(t, server, change))
		if err != nil {
			t.Fatal(err)
		}
		answer.Body.Close()
		return answer
	}
	get := func(path string) int {
		t.Helper()
		return ask(func(r *http.Request) { r.Method, r.URL.Path, r.Body, r.ContentLength = http.MethodGet, path, nil, 0 }).StatusCode
	}
	for _, test := range []struct {
		draining bool
		ready    int
	}{{false, http.StatusOK}, {true, http.StatusServiceUnavailable}} {
		if test.draining {
			drain.Begin()
		}
		if status := get("/readyz"); status != test.ready {
			t.Errorf("draining %v: /readyz answered %d", test.draining, status)
		}
		if status := get("/livez"); status != http.StatusOK {
			t.Errorf("draining %v: /livez answered %d", test.draining, status)
		}
		if answer := ask(nil); answer.StatusCode != http.StatusOK || answer.Close != test.draining {
			t.Errorf("draining %v: answered %d, and closes the connection: %v", test.draining, answer.StatusCode, answer.Close)
		}
	}
}
