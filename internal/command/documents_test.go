package command_test

import (
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestServe_TrustedDocuments(t *testing.T) {
	manifest := filepath.Join(t.TempDir(), "documents.json")
	if err := os.WriteFile(manifest, []byte(`{"me":"{ viewer { scopes } }"}`), 0o600); err != nil {
		t.Fatal(err)
	}
	out := serving(t, database(t), "--demo", "--trusted-documents="+manifest, "--trusted-only")
	address, token := out.find(t, `(http://127\.0\.0\.1:\d+)`), out.find(t, `Bearer (ck_\w+)`)
	for body, want := range map[string]string{
		`{"documentId":"me"}`:                   `"scopes":[`,
		`{"query":"{ viewer { __typename } }"}`: "DOCUMENT_NOT_TRUSTED",
	} {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, address+"/graphql", strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		r.Header = http.Header{"Content-Type": {"application/json"}, "Authorization": {"Bearer " + token}, "Sec-Fetch-Site": {"same-origin"}}
		if _, got := answerOf(t, r); !strings.Contains(got, want) {
			t.Errorf("%s: %s", body, got)
		}
	}
}

func TestServe_RefusesUselessDocuments(t *testing.T) {
	broken := filepath.Join(t.TempDir(), "documents.json")
	if err := os.WriteFile(broken, []byte(`{"me":"{ viewer"}`), 0o600); err != nil {
		t.Fatal(err)
	}
	for want, args := range map[string][]string{
		"needs --trusted-documents": {"--trusted-only"},
		`document "me"`:             {"--trusted-documents=" + broken},
	} {
		if _, err := run(t, append([]string{"serve", database(t)}, args...)...); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want %s", err, want)
		}
	}
}
