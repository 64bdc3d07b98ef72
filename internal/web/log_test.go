package web_test

import (
	"bufio"
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"

	"continuum/internal/web"
)

// TestLogSaysNothing plants a name wherever a caller can put one, and looks for it in the log.
func TestLogSaysNothing(t *testing.T) {
	const planted = "Tremblay"
	server, log := start(t, web.Config{
		GraphQL: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("X-Answer", planted)
			io.WriteString(w, planted)
			if strings.Contains(r.URL.RawQuery, "panic") {
				panic(planted)
			}
		}),
	})

	plant := func(r *http.Request) {
		r.URL.RawQuery = "name=" + planted
		r.Header.Set("User-Agent", planted)
		r.Header.Set("Referer", server.URL+"/"+planted)
		r.Header.Set("X-Forwarded-For", planted)
		r.Header.Set("X-Request-Id", planted+"_"+planted)
		setBody(r, `{"query":"`+planted+`"}`)
	}
	send(t, request(t, server, plant))
	send(t, request(t, server, func(r *http.Request) { plant(r); r.Method = planted }))
	send(t, request(t, server, func(r *http.Request) { plant(r); r.URL.Path = "/" + planted }))
	send(t, request(t, server, func(r *http.Request) { plant(r); r.Header.Set("Authorization", "Bearer "+planted) }))
	if _, err := http.DefaultTransport.RoundTrip(request(t, server, func(r *http.Request) {
		plant(r)
		r.URL.RawQuery += "&panic"
	})); err == nil {
		t.Log("the broken answer arrived in part") // either is fine: the body is cut off
	}
	server.Close() // the last line is written after the answer

	if text := log.String(); strings.Contains(text, planted) || strings.Contains(text, "127.0.0.1") {
		t.Errorf("the log says too much: %s", text)
	}
	if lines := strings.Count(log.String(), `"msg":"request"`); lines != 5 {
		t.Errorf("%d lines for 5 requests: %s", lines, log)
	}
}

func TestLogLine(t *testing.T) {
	server, log := start(t, web.Config{})
	got := send(t, request(t, server, nil))
	get(t, server.URL+"/nowhere")
	server.Close()

	var lines []map[string]any
	for scanner := bufio.NewScanner(strings.NewReader(log.String())); scanner.Scan(); {
		var line map[string]any
		if err := json.Unmarshal(scanner.Bytes(), &line); err != nil {
			t.Fatal(err)
		}
		lines = append(lines, line)
	}
	if len(lines) != 2 {
		t.Fatalf("got %d lines", len(lines))
	}
	for key, want := range map[string]any{
		"msg": "request", "method": "POST", "route": "/graphql", "status": 200.0,
		"bytes": float64(len(got.body)), "request": got.header.Get("X-Request-Id"),
	} {
		if lines[0][key] != want {
			t.Errorf("%s is %v, want %v", key, lines[0][key], want)
		}
	}
	if lines[0]["duration"].(float64) <= 0 {
		t.Error("no duration")
	}
	if lines[1]["route"] != "none" || lines[1]["status"] != 404.0 {
		t.Errorf("an unknown path is logged as %v", lines[1])
	}
}

func TestPanicIsAnInternalError(t *testing.T) {
	server, log := start(t, web.Config{
		GraphQL: http.HandlerFunc(func(http.ResponseWriter, *http.Request) {
			var profiles map[string]string
			profiles["ann"] = "written to a nil map" //nolint:staticcheck // the fault is the point
		}),
	})
	got := send(t, request(t, server, nil))
	id := got.header.Get("X-Request-Id")
	want := `{"errors":[{"message":"internal error","extensions":{"code":"INTERNAL","requestId":"` + id + `"}}]}`
	if got.status != 500 || got.body != want {
		t.Errorf("got %d %s, want 500 %s", got.status, got.body, want)
	}
	server.Close()
	for _, word := range []string{id, "assignment to entry in nil map", "log_test.go", `"status":500`} {
		if !strings.Contains(log.String(), word) {
			t.Errorf("the log does not say %q: %s", word, log)
		}
	}
}

func TestHalfAnAnswerIsCutOff(t *testing.T) {
	server, _ := start(t, web.Config{
		GraphQL: http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			io.WriteString(w, `{"data":`)
			w.(http.Flusher).Flush()
			panic("halfway")
		}),
	})
	response, err := http.DefaultTransport.RoundTrip(request(t, server, nil))
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	if body, err := io.ReadAll(response.Body); err == nil {
		t.Errorf("the answer looks whole: %s", body)
	}
}
