package issuer

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"github.com/go-jose/go-jose/v4"
)

const (
	// Skew is how far the issuer's clock and ours may differ.
	Skew = 30 * time.Second
	// longestToken is in bytes.
	longestToken = 8 << 10
	// longestSubject is OpenID Connect's own bound, in bytes.
	longestSubject = 255
)

// Identity is who a token says is there.
type Identity struct {
	Issuer, Subject string
	Scopes          []string  // words of the claim "scope", and of "scp"
	Expires         time.Time // when the token stops working here: its exp, and Skew
	token           string
	email           *string // as the token says it, verified or not
	verified        bool
}

// algorithms are those whose verifying key makes no signature. They belong to keys and
// not to tokens: "none" and the HMACs are never among them.
func algorithms() []jose.SignatureAlgorithm {
	return []jose.SignatureAlgorithm{jose.RS256, jose.ES256, jose.EdDSA}
}

// types are what an access token may call itself: other tokens of the same issuer, for
// logging out among them, are signed by the same keys.
func types() []any { return []any{nil, "JWT", "jwt", "at+jwt", "application/at+jwt"} }

// Verify tells who a token stands for at the given instant. It is nil, without an error,
// for every token that is refused; an error means that the issuer could not be asked.
func (i *Issuer) Verify(ctx context.Context, token string, now time.Time) (*Identity, error) {
	// What can be told without the issuer is: garbage must not make us call anybody.
	if len(token) > longestToken || strings.Count(token, ".") != 2 {
		return nil, nil
	}
	parsed, err := jose.ParseSignedCompact(token, algorithms())
	if err != nil || len(parsed.Signatures) != 1 ||
		!slices.Contains(types(), parsed.Signatures[0].Protected.ExtraHeaders[jose.HeaderType]) {
		return nil, nil //nolint:nilerr // this is what refusing is
	}
	says, err := i.published(ctx)
	if err != nil {
		return nil, err
	}
	keys := &watched{keys: says.keys}
	verified, err := oidc.NewVerifier(i.url, keys, &oidc.Config{
		ClientID:             i.audience,
		SupportedSigningAlgs: names(algorithms()),
		Now:                  func() time.Time { return now.Add(-Skew) },
	}).Verify(ctx, token)
	if keys.fault != nil {
		return nil, keys.fault
	}
	if err != nil {
		return nil, nil //nolint:nilerr // this is what refusing is
	}
	return i.identity(verified, token, now), nil
}

// watched tells a key set that could not be read from a signature that is wrong: the
// library tells the verifier's caller only the text of either.
type watched struct {
	keys  *oidc.RemoteKeySet
	fault error
}

// VerifySignature is what the verifier asks for.
func (w *watched) VerifySignature(ctx context.Context, token string) ([]byte, error) {
	payload, err := w.keys.VerifySignature(ctx, token)
	if errors.Unwrap(err) != nil { // it wraps what went wrong in reading the keys, and nothing else
		w.fault = err
	}
	return payload, err
}

// claims are what we read of a token beside what the library checks.
type claims struct {
	NotBefore *float64        `json:"nbf"`
	Type      string          `json:"typ"` // Keycloak's
	Nonce     json.RawMessage `json:"nonce"`
	TokenHash json.RawMessage `json:"at_hash"`
	CodeHash  json.RawMessage `json:"c_hash"`
	Scope     words           `json:"scope"`
	OwnScope  words           `json:"scp"` // Entra ID's and Okta's
	Email     *string         `json:"email"`
	Verified  flag            `json:"email_verified"`
}

// identity reads a token whose signature, issuer, audience and expiry are right; nil when
// something else refuses it.
func (i *Issuer) identity(verified *oidc.IDToken, token string, now time.Time) *Identity {
	var c claims
	if verified.Claims(&c) != nil || verified.Issuer != i.url {
		return nil // the library lets an issuer of Google's leave out https
	}
	if c.Nonce != nil || c.TokenHash != nil || c.CodeHash != nil || c.Type == "ID" {
		return nil // an ID token: it tells an application who signed in, and opens nothing
	}
	if c.NotBefore != nil && *c.NotBefore > float64(now.Add(Skew).Unix()) {
		return nil
	}
	subject := verified.Subject
	if subject == "" || len(subject) > longestSubject || strings.ContainsRune(subject, 0) {
		return nil
	}
	return &Identity{
		Issuer: i.url, Subject: subject, Scopes: slices.Concat(c.Scope, c.OwnScope), Expires: verified.Expiry.Add(Skew),
		token: token, email: c.Email, verified: bool(c.Verified),
	}
}

func names(algorithms []jose.SignatureAlgorithm) []string {
	out := make([]string, len(algorithms))
	for i, a := range algorithms {
		out[i] = string(a)
	}
	return out
}

// words are a text of words, as in RFC 8693, or a list of them, as some issuers have it.
type words []string

// UnmarshalJSON reads either form.
func (w *words) UnmarshalJSON(data []byte) error {
	var text string
	if json.Unmarshal(data, &text) == nil {
		*w = strings.Fields(text)
		return nil
	}
	return json.Unmarshal(data, (*[]string)(w))
}

// flag is true, or the text "true", as some issuers write it.
type flag bool

// UnmarshalJSON reads either form.
func (f *flag) UnmarshalJSON(data []byte) error {
	*f = string(data) == `true` || string(data) == `"true"`
	return nil
}
