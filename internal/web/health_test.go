package web_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"continuum/internal/web"
)

func TestHealth(t *testing.T) {
	server, log := start(t, web.Config{
		Ready: func(context.Context) error { return errors.New("migration 7 is missing") },
	})
	if got := get(t, server.URL+"/livez"); got.status != 200 {
		t.Errorf("livez: %d, want 200 whatever the database says", got.status)
	}
	got := get(t, server.URL+"/readyz")
	if got.status != 503 || got.body != "not ready\n" {
		t.Errorf("readyz: %d %q", got.status, got.body)
	}
	if !strings.Contains(log.String(), "migration 7 is missing") {
		t.Error("the log does not say why")
	}
}
