package issuer_test

import (
	"testing"

	"continuum/internal/issuer"
	"continuum/internal/issuertest"
)

func open(t *testing.T, from *issuertest.Issuer) *issuer.Issuer {
	t.Helper()
	i, err := issuer.New(from.URL, issuertest.Audience)
	if err != nil {
		t.Fatal(err)
	}
	return i
}

func TestNew_Refuses(t *testing.T) {
	for _, address := range []string{"", "example.org", "http://id.example.org", "http://10.0.0.1", "ftp://id.example.org",
		"https://id.example.org?x=1", "https://id.example.org#x", "https://u:p@id.example.org", "https://", "http://localhost.evil.org"} {
		if _, err := issuer.New(address, "x"); err == nil {
			t.Errorf("%q is accepted", address)
		}
	}
	if _, err := issuer.New("https://id.example.org", ""); err == nil {
		t.Error("no audience is accepted")
	}
	for _, address := range []string{"https://id.example.org", "https://id.example.org/realms/x", "http://localhost:8080/", "http://127.0.0.1", "http://[::1]:1"} {
		if _, err := issuer.New(address, "x"); err != nil {
			t.Errorf("%q: %v", address, err)
		}
	}
}
