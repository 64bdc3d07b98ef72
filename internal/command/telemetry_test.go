package command_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"
)

func TestServe_TellsOperators(t *testing.T) {
	db, _, key := founded(t)
	p := operated(t, db, "--operation-names=Known", "--slow-operation=1ns")
	ask(t, p.public, key, `query Known { viewer { scopes } }`)
	ask(t, p.public, key, `query Unknown { profiles(first: 1) { totalCount } }`)
	ask(t, p.public, key, `mutation { createProfile(input: {givenName: "", familyName: ""}) { profile { id } } }`)
	ask(t, p.public, key, `{ nothing }`)

	_, metrics := fetch(t, p.admin+"/metrics")
	for _, line := range []string{
		`continuum_http_request_duration_seconds_count{method="POST",route="/graphql",status="200"} 4`,
		`continuum_operation_duration_seconds_count{kind="query",name="Known"} 1`,
		`continuum_operation_duration_seconds_count{kind="query",name="other"} 1`,
		`continuum_operation_duration_seconds_count{kind="mutation",name=""} 1`,
		`continuum_operation_cost_bucket{kind="query",le="30"} 2`,
		`continuum_operation_errors_total{code="INVALID",kind="mutation"} 2`,
		`continuum_operations_refused_total{code="GRAPHQL_VALIDATION_FAILED"} 1`,
		`continuum_database_connections_limit{pool="writers"} 1`,
		`continuum_sockets_open 0`, `continuum_subscriptions_open 0`, `continuum_requests_running 0`,
		`go_goroutines `, `process_open_fds `,
	} {
		if !strings.Contains(metrics, line) {
			t.Errorf("the metrics lack %s", line)
		}
	}
	if strings.Contains(metrics, "Unknown") {
		t.Error("the metrics tell a name that a caller chose")
	}
	p.out.find(t, `(msg="slow operation" kind=query name=Known document=[0-9a-f]{64} cost=10 )`)
	for path, want := range map[string]int{"/livez": 200, "/readyz": 200, "/debug/pprof/goroutine": 200, "/debug/pprof/cmdline": 404, "/graphql": 404} {
		if got, _ := fetch(t, p.admin+path); got != want {
			t.Errorf("the admin listener answers %s with %d", path, got)
		}
	}
	for _, path := range []string{"/metrics", "/debug/pprof/"} {
		if got, _ := fetch(t, p.public+path); got != http.StatusNotFound {
			t.Errorf("the public listener answers %s with %d", path, got)
		}
	}
}

func TestServe_SendsTraces(t *testing.T) {
	db, _, key := founded(t)
	collector := newReceiver(t)
	t.Setenv("OTEL_EXPORTER_OTLP_ENDPOINT", collector.URL)
	t.Run("server", func(t *testing.T) { // at its end it sends what is left
		p := operated(t, db, "--operation-names=Known")
		ask(t, p.public, key, `query Known { profiles(first: 1) { totalCount } }`)
		ask(t, p.public, key, `mutation { createProfile(input: {givenName: "", familyName: ""}) { profile { id } } }`)
	})

	spans := collector.spans()
	find := func(match func(span) bool) span {
		t.Helper()
		at := slices.IndexFunc(spans, match)
		if at < 0 {
			t.Fatalf("a span is missing among %v", spans)
		}
		return spans[at]
	}
	query := find(func(s span) bool { return s.name == "query Known" })
	request := find(func(s span) bool { return s.id == query.parent })
	statement := find(func(s span) bool { return s.parent == query.id && s.name == "SELECT" })
	mutation := find(func(s span) bool { return s.name == "mutation" })
	if request.name != "POST /graphql" || !strings.Contains(request.attributes["http.response.status_code"], "200") {
		t.Errorf("the request is %v", request)
	}
	if !strings.Contains(query.attributes["continuum.cost"], "int_value") || query.status != "" {
		t.Errorf("the query is %v", query)
	}
	if !strings.Contains(statement.attributes["db.query.text"], "profiles") {
		t.Errorf("the statement is %v", statement)
	}
	if mutation.status != "INVALID INVALID" {
		t.Errorf("the mutation is %v", mutation)
	}
}
