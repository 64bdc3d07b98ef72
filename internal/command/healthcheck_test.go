package command_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

func TestHealthcheck_SaysHowTheServerIs(t *testing.T) {
	db := database(t)
	address := serving(t, db, "--demo").find(t, `http://(127\.0\.0\.1:\d+)`)
	for _, listen := range []string{address, "0.0.0.0" + address[strings.Index(address, ":"):], address[strings.Index(address, ":"):]} {
		if _, err := run(t, "healthcheck", "--listen="+listen, "--path=/readyz"); err != nil {
			t.Errorf("%s: %v", listen, err)
		}
	}
	ill := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(http.StatusServiceUnavailable)
	}))
	defer ill.Close()
	for _, listen := range []string{strings.TrimPrefix(ill.URL, "http://"), "127.0.0.1:1", "nowhere"} {
		if _, err := run(t, "healthcheck", "--listen="+listen); err == nil {
			t.Errorf("%s is well", listen)
		}
	}
}
