package issuer_test

import (
	"bytes"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"

	"continuum/internal/issuer"
	"continuum/internal/issuertest"
)

// verifies says whether a token is believed; a fault fails the test.
func verifies(t *testing.T, i *issuer.Issuer, token string) bool {
	t.Helper()
	who, err := i.Verify(t.Context(), token, time.Now())
	if err != nil {
		t.Fatal(err)
	}
	return who != nil
}

func TestVerify_GoodTokens(t *testing.T) {
	from := issuertest.Start(t)
	i := open(t, from)
	now := time.Now()
	for name, token := range map[string]string{
		"RS256":            from.Known(t, "rsa", jose.RS256, "ann"),
		"ES256":            from.Known(t, "ec", jose.ES256, "ann"),
		"EdDSA":            from.Known(t, "ed", jose.EdDSA, "ann"),
		"without a kid":    issuertest.Sign(t, jose.RS256, from.RSA, nil, from.Claims("ann", nil)),
		"several hearers":  from.Token(t, "ann", map[string]any{"aud": []string{"other", issuertest.Audience}}),
		"without nbf":      from.Token(t, "ann", map[string]any{"nbf": nil}),
		"a clock behind":   from.Token(t, "ann", map[string]any{"nbf": now.Add(20 * time.Second).Unix()}),
		"a clock before":   from.Token(t, "ann", map[string]any{"exp": now.Add(-20 * time.Second).Unix()}),
		"a scope of words": from.Token(t, "ann", map[string]any{"scope": "openid email"}),
		"a list of scopes": from.Token(t, "ann", map[string]any{"scope": []string{"openid"}}),
	} {
		who, err := i.Verify(t.Context(), token, now)
		if err != nil || who == nil || who.Subject != "ann" || who.Issuer != from.URL {
			t.Errorf("%s: %+v, %v", name, who, err)
		}
	}
	who, _ := i.Verify(t.Context(), from.Token(t, "ann", map[string]any{"exp": 4102444800}), now)
	if who == nil || !who.Expires.Equal(time.Unix(4102444800, 0).Add(issuer.Skew)) {
		t.Errorf("it expires: %+v", who)
	}
}

// forgeries are tokens that nobody may believe, each wrong in one way.
func forgeries(t *testing.T, from *issuertest.Issuer) map[string]string {
	t.Helper()
	good := from.Token(t, "ann", nil)
	parts := strings.Split(good, ".")
	now := time.Now()
	der, err := x509.MarshalPKIXPublicKey(from.RSA.Public())
	if err != nil {
		t.Fatal(err)
	}
	stranger, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	by := func(alg jose.SignatureAlgorithm, key any, headers map[string]any) string {
		return issuertest.Sign(t, alg, key, headers, from.Claims("ann", nil))
	}
	saying := func(more map[string]any) string { return from.Token(t, "ann", more) }
	header := func(h map[string]any) string { return issuertest.Encode(t, h) }
	own := jose.JSONWebKey{Key: stranger.Public(), KeyID: "own", Algorithm: "RS256", Use: "sig"}
	pemKey := pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der})
	pkcs1 := pem.EncodeToMemory(&pem.Block{Type: "RSA PUBLIC KEY", Bytes: x509.MarshalPKCS1PublicKey(&from.RSA.PublicKey)})
	return map[string]string{
		"alg none":                         header(map[string]any{"alg": "none", "kid": "rsa"}) + "." + parts[1] + ".",
		"alg None":                         header(map[string]any{"alg": "None", "kid": "rsa"}) + "." + parts[1] + ".",
		"alg none with a signature":        header(map[string]any{"alg": "none"}) + "." + parts[1] + "." + parts[2],
		"no alg":                           header(map[string]any{"kid": "rsa"}) + "." + parts[1] + "." + parts[2],
		"no signature":                     parts[0] + "." + parts[1] + ".",
		"HS256 by the public key, PEM":     by(jose.HS256, pemKey, map[string]any{"kid": "rsa"}),
		"HS256 by the public key, trimmed": by(jose.HS256, bytes.TrimSpace(pemKey), map[string]any{"kid": "rsa"}),
		"HS256 by the public key, PKCS 1":  by(jose.HS256, pkcs1, map[string]any{"kid": "rsa"}),
		"HS256 by the public key, DER":     by(jose.HS256, der, map[string]any{"kid": "rsa"}),
		"RS512 by the right key":           by(jose.RS512, from.RSA, map[string]any{"kid": "rsa"}),
		"PS256 by the right key":           by(jose.PS256, from.RSA, map[string]any{"kid": "rsa"}),
		"a stranger's key":                 by(jose.RS256, stranger, map[string]any{"kid": "rsa"}),
		"a stranger's key, no kid":         by(jose.RS256, stranger, nil),
		"an unknown kid":                   by(jose.RS256, stranger, map[string]any{"kid": "other"}),
		"the kid of a key of another alg":  by(jose.RS256, from.RSA, map[string]any{"kid": "ec"}),
		"a kid that is a path":             by(jose.RS256, stranger, map[string]any{"kid": "../../dev/null"}),
		"an embedded jwk":                  by(jose.RS256, stranger, map[string]any{"jwk": own, "kid": "own"}),
		"an embedded jwk, known kid":       by(jose.RS256, stranger, map[string]any{"jwk": own, "kid": "rsa"}),
		"a jku":                            by(jose.RS256, stranger, map[string]any{"jku": from.URL + "/stolen", "kid": "own"}),
		"an x5u":                           by(jose.RS256, stranger, map[string]any{"x5u": from.URL + "/stolen", "kid": "own"}),
		"a crit that nobody knows":         header(map[string]any{"alg": "RS256", "kid": "rsa", "crit": []string{"exp"}, "exp": 1}) + "." + parts[1] + "." + parts[2],
		"a logout token":                   by(jose.RS256, from.RSA, map[string]any{"kid": "rsa", "typ": "logout+jwt"}),
		"another issuer":                   saying(map[string]any{"iss": "https://evil.example.org"}),
		"a slash after the issuer":         saying(map[string]any{"iss": from.URL + "/"}),
		"no issuer":                        saying(map[string]any{"iss": nil}),
		"another audience":                 saying(map[string]any{"aud": "https://other.example.org"}),
		"an audience that begins so":       saying(map[string]any{"aud": issuertest.Audience + ".evil.org"}),
		"no audience":                      saying(map[string]any{"aud": nil}),
		"an empty audience":                saying(map[string]any{"aud": []string{}}),
		"expired":                          saying(map[string]any{"exp": now.Add(-time.Minute).Unix()}),
		"no exp":                           saying(map[string]any{"exp": nil}),
		"an exp of text":                   saying(map[string]any{"exp": "tomorrow"}),
		"an endless exp":                   saying(map[string]any{"exp": json.RawMessage("1e300")}),
		"not yet valid":                    saying(map[string]any{"nbf": now.Add(time.Minute).Unix()}),
		"an nbf of text":                   saying(map[string]any{"nbf": "now"}),
		"no subject":                       saying(map[string]any{"sub": nil}),
		"a subject without end":            saying(map[string]any{"sub": strings.Repeat("x", 256)}),
		"a subject that cannot be stored":  saying(map[string]any{"sub": "ann\x00"}),
		"an ID token, by its nonce":        saying(map[string]any{"nonce": "n-0S6_WzA2Mj"}),
		"an ID token, by its hash":         saying(map[string]any{"at_hash": "MTIzNDU2Nzg5MDEyMzQ1Ng"}),
		"an ID token, by its type":         saying(map[string]any{"typ": "ID"}),
		"a tampered payload":               parts[0] + "." + issuertest.Encode(t, from.Claims("bob", nil)) + "." + parts[2],
		"a tampered header":                header(map[string]any{"alg": "RS256", "kid": "rsa", "x": 1}) + "." + parts[1] + "." + parts[2],
		"a tampered signature":             parts[0] + "." + parts[1] + "." + parts[2][1:] + "A",
		"nothing":                          "",
		"two dots":                         "..",
		"two parts":                        parts[0] + "." + parts[1],
		"four parts":                       good + "." + parts[2],
		"encrypted, by its form":           good + ".a.b",
		"garbage":                          "a.b.c",
		"oversized":                        saying(map[string]any{"x": strings.Repeat("x", 9<<10)}),
		"the JSON form":                    fmt.Sprintf(`{"protected":%q,"payload":%q,"signature":%q}`, parts[0], parts[1], parts[2]),
	}
}

func TestVerify_Forgeries(t *testing.T) {
	from := issuertest.Start(t)
	i := open(t, from)
	for name, token := range forgeries(t, from) {
		if verifies(t, i, token) {
			t.Errorf("believed: %s", name)
		}
	}
	if n := from.Asked("/stolen"); n != 0 {
		t.Errorf("an address that a token named was asked %d times", n)
	}
	if !verifies(t, i, from.Token(t, "ann", nil)) {
		t.Error("a good token is refused")
	}
}

func TestVerify_AFloodOfUnknownKeysAsksOnce(t *testing.T) {
	from := issuertest.Start(t)
	i := open(t, from)
	now := time.Now()
	var clock sync.Mutex
	i.At(func() time.Time {
		clock.Lock()
		defer clock.Unlock()
		return now
	})
	later := func(by time.Duration) {
		clock.Lock()
		defer clock.Unlock()
		now = now.Add(by)
	}
	flood := func() {
		var all sync.WaitGroup
		for n := range 200 {
			all.Go(func() {
				token := issuertest.Sign(t, jose.ES256, issuertest.NewKey(t), map[string]any{"kid": fmt.Sprint(n)}, from.Claims("ann", nil))
				if verifies(t, i, token) {
					t.Error("believed")
				}
			})
		}
		all.Wait()
	}
	flood()
	later(9 * time.Second)
	flood()
	if n := from.Asked("/keys"); n != 1 {
		t.Errorf("the keys were asked for %d times within 10 s", n)
	}

	// A new key is known when the ten seconds are over, and the one it replaced is not.
	old := from.Known(t, "ec", jose.ES256, "ann")
	from.Publish(map[string]any{"next": issuertest.NewKey(t)})
	next := from.Known(t, "next", jose.ES256, "ann")
	if verifies(t, i, next) || from.Asked("/keys") != 1 {
		t.Error("the new key is known too early")
	}
	later(time.Second)
	if !verifies(t, i, next) || verifies(t, i, old) || from.Asked("/keys") != 2 {
		t.Errorf("the keys did not rotate; they were asked for %d times", from.Asked("/keys"))
	}
}

func TestVerify_AnIssuerThatIsAwayIsAFault(t *testing.T) {
	from := issuertest.Start(t)
	now := time.Now()
	i := open(t, from)
	i.At(func() time.Time { return now })
	fault := func(what, token string) {
		t.Helper()
		if who, err := i.Verify(t.Context(), token, now); who != nil || err == nil {
			t.Errorf("%s: %v, %v", what, who, err)
		}
	}
	good := from.Token(t, "ann", nil)

	from.Down(true)
	fault("no discovery", good)
	if verifies(t, i, "garbage") || verifies(t, i, "a.b.c") {
		t.Error("garbage is believed")
	}
	from.Down(false)
	fault("no discovery, not yet asked again", good)
	now = now.Add(10 * time.Second)
	if !verifies(t, i, good) {
		t.Error("a good token is refused when the issuer is back")
	}

	from.Down(true)
	now = now.Add(10 * time.Second)
	if !verifies(t, i, good) {
		t.Error("a known key no longer counts while the issuer is away")
	}
	fresh := issuertest.Sign(t, jose.ES256, issuertest.NewKey(t), map[string]any{"kid": "new"}, from.Claims("ann", nil))
	fault("a key that may be new", fresh)
	from.Down(false)
	for _, raw := range []string{"<html>", "[]", `{"keys":[{"kty":"RSA","n":1}]}`, `{"x":"` + strings.Repeat("x", 300<<10) + `"}`} {
		from.Serve(raw)
		now = now.Add(10 * time.Second)
		fault(raw[:2], fresh)
	}
}
