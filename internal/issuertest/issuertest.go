// Package issuertest starts an OpenID Connect issuer for a test: real keys, behind a
// real socket.
//
// Its one rule: it signs what it is told to, forgeries too; nothing of it is in the program.
package issuertest

import (
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"encoding/json"
	"maps"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"
)

// Audience is that of the tokens which Token makes.
const Audience = "https://api.example.org"

// Issuer publishes its keys, and counts who asks for them.
type Issuer struct {
	URL string
	RSA *rsa.PrivateKey // its kid is "rsa"

	mu    sync.Mutex
	keys  map[string]any // private, by kid
	info  map[string]any // userinfo by subject
	down  bool
	raw   string // what it answers in the place of its keys
	asked map[string]int
}

// Start starts an issuer that has a key for each algorithm; the test's end stops it.
func Start(t testing.TB) *Issuer {
	t.Helper()
	i := &Issuer{keys: map[string]any{}, info: map[string]any{}, asked: map[string]int{}}
	var err error
	if i.RSA, err = rsa.GenerateKey(rand.Reader, 2048); err != nil {
		t.Fatal(err)
	}
	i.keys["rsa"], i.keys["ec"], i.keys["ed"] = i.RSA, NewKey(t), newEd(t)
	server := httptest.NewServer(i)
	t.Cleanup(server.Close)
	i.URL = server.URL
	return i
}

// NewKey makes a key for ES256, which nobody publishes yet.
func NewKey(t testing.TB) *ecdsa.PrivateKey {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return key
}

func newEd(t testing.TB) ed25519.PrivateKey {
	t.Helper()
	_, key, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return key
}

// Publish puts keys in the place of those that were.
func (i *Issuer) Publish(keys map[string]any) {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.keys = keys
}

// Down makes the issuer answer 500, or stop doing so.
func (i *Issuer) Down(down bool) {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.down = down
}

// Serve makes the issuer answer with this text in the place of its keys.
func (i *Issuer) Serve(text string) {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.raw = text
}

// Tell is what userinfo answers for a subject.
func (i *Issuer) Tell(subject string, claims map[string]any) {
	i.mu.Lock()
	defer i.mu.Unlock()
	claims = maps.Clone(claims)
	if claims["sub"] == nil {
		claims["sub"] = subject
	}
	i.info[subject] = claims
}

// Asked is how often a path was asked for: /keys, /userinfo.
func (i *Issuer) Asked(path string) int {
	i.mu.Lock()
	defer i.mu.Unlock()
	return i.asked[path]
}

// ServeHTTP answers as an issuer does.
func (i *Issuer) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.asked[r.URL.Path]++
	if i.down {
		http.Error(w, "down", http.StatusInternalServerError)
		return
	}
	var answer any
	switch r.URL.Path {
	case "/.well-known/openid-configuration":
		answer = map[string]any{
			"issuer": i.URL, "jwks_uri": i.URL + "/keys", "userinfo_endpoint": i.URL + "/userinfo",
			"authorization_endpoint": i.URL + "/authorize", "token_endpoint": i.URL + "/token",
			// What an issuer says it supports is not what is accepted.
			"id_token_signing_alg_values_supported": []string{"RS256", "HS256", "none"},
		}
	case "/keys":
		if i.raw != "" {
			_, _ = w.Write([]byte(i.raw))
			return
		}
		answer = i.published()
	case "/userinfo":
		answer = i.info[subjectOf(r.Header.Get("Authorization"))]
	}
	if answer == nil {
		http.Error(w, "no", http.StatusForbidden)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(answer)
}

func (i *Issuer) published() jose.JSONWebKeySet {
	var set jose.JSONWebKeySet
	for kid, key := range i.keys {
		private := jose.JSONWebKey{Key: key, KeyID: kid, Use: "sig"}
		set.Keys = append(set.Keys, private.Public())
	}
	return set
}

func subjectOf(header string) string {
	parts := strings.Split(header, ".")
	if len(parts) != 3 {
		return ""
	}
	var claims struct{ Sub string }
	_ = json.Unmarshal(Decode(parts[1]), &claims)
	return claims.Sub
}

// Claims are those of a good token for a subject, from now on for an hour.
func (i *Issuer) Claims(subject string, more map[string]any) map[string]any {
	now := time.Now()
	claims := map[string]any{
		"iss": i.URL, "sub": subject, "aud": Audience,
		"iat": now.Unix(), "nbf": now.Unix(), "exp": now.Add(time.Hour).Unix(),
	}
	for name, value := range more {
		if value == nil {
			delete(claims, name)
		} else {
			claims[name] = value
		}
	}
	return claims
}

// Token is a good token for a subject; more adds claims to it, or takes those away that are nil.
func (i *Issuer) Token(t testing.TB, subject string, more map[string]any) string {
	t.Helper()
	return Sign(t, jose.RS256, i.RSA, map[string]any{"kid": "rsa", "typ": "at+jwt"}, i.Claims(subject, more))
}

// Known is a token that verifies with the issuer's key of that name.
func (i *Issuer) Known(t testing.TB, kid string, alg jose.SignatureAlgorithm, subject string) string {
	t.Helper()
	i.mu.Lock()
	key := i.keys[kid]
	i.mu.Unlock()
	return Sign(t, alg, key, map[string]any{"kid": kid}, i.Claims(subject, nil))
}
