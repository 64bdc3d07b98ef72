package command_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
)

// The limits that the settings name hold in the server that they start, and are counted.
func TestServe_HoldsItsLimits(t *testing.T) {
	db, _, key := founded(t)
	p := operated(t, db, "--cost-per-minute=60", "--cost-burst=50000", "--failed-sign-ins=6")
	dear := `{ profiles(first: 100) { nodes { records(first: 100) { nodes { id title } } } } }`
	if status, body := ask(t, p.public, key, dear); status != http.StatusOK || !strings.Contains(body, `"cost":{"spent":`) {
		t.Errorf("the first: %d %s", status, body)
	}
	if status, body := ask(t, p.public, key, dear); status != http.StatusTooManyRequests || !strings.Contains(body, "RATE_LIMITED") {
		t.Errorf("the second: %d %s", status, body)
	}
	for i := range 6 {
		if status, body := ask(t, p.public, fmt.Sprintf("ck_%080d", i), `{ __typename }`); status != http.StatusUnauthorized {
			t.Errorf("a made-up key: %d %s", status, body)
		}
	}
	if status, body := ask(t, p.public, fmt.Sprintf("ck_%080d", 6), `{ __typename }`); status != http.StatusTooManyRequests {
		t.Errorf("the seventh made-up key: %d %s", status, body)
	}
	if status, body := ask(t, p.public, key, `{ __typename }`); status != http.StatusOK {
		t.Errorf("a good key from the same address: %d %s", status, body)
	}
	_, metrics := fetch(t, p.admin+"/metrics")
	for _, line := range []string{`continuum_operations_refused_total{code="RATE_LIMITED"} 1`, `continuum_turned_away_total{why="failed sign-ins"} 1`} {
		if !strings.Contains(metrics, line) {
			t.Errorf("the metrics lack %s", line)
		}
	}
}

func TestServe_RefusesLimitsThatLetNobodyIn(t *testing.T) {
	for _, args := range [][]string{
		{"--cost-burst=100"}, {"--cost-per-minute=-1"}, {"--failed-sign-ins=0"}, {"--trusted-proxies=everyone"},
		{"--max-running=-1"}, {"--max-waiting=-1"}, {"--max-wait=0s"},
	} {
		if _, err := run(t, append([]string{"serve", database(t), "--listen=127.0.0.1:0"}, args...)...); err == nil || !strings.Contains(err.Error(), strings.SplitN(args[0], "=", 2)[0]) {
			t.Errorf("%v gave %v", args, err)
		}
	}
}
