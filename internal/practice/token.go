package practice

import (
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"strings"

	"continuum/schema"
)

// A key's token is ck_<id>_<secret>: the id without its prefix, so that the row is
// found by its primary key, and 32 random bytes in hex.
const (
	tokenPrefix  = "ck_"
	suffixLength = 26 // of a TypeID
	secretLength = 2 * 32
)

// Key is a new key: what its holder sends, and what the database keeps of it.
type Key struct {
	ID    string // key_...
	Token string // ck_..., to be shown once
	Hash  string // SHA-256 of the secret, in hex
}

// NewKey makes a key that nobody can guess.
func NewKey() Key {
	var secret [32]byte
	_, _ = rand.Read(secret[:]) // it never fails: it ends the program instead
	return MintKey(schema.NewID(schema.APIKeyPrefix), secret)
}

// MintKey makes the key with this id and secret, for demonstrations that must come out
// the same every time. A key that protects anything comes from NewKey.
func MintKey(id string, secret [32]byte) Key {
	text := hex.EncodeToString(secret[:])
	return Key{
		ID:    id,
		Token: tokenPrefix + strings.TrimPrefix(id, schema.APIKeyPrefix+"_") + "_" + text,
		Hash:  hashSecret(text),
	}
}

// parseToken takes a token apart. ok is false for what cannot be one.
func parseToken(token string) (id, secret string, ok bool) {
	rest, found := strings.CutPrefix(token, tokenPrefix)
	if !found || len(rest) != suffixLength+1+secretLength || rest[suffixLength] != '_' {
		return "", "", false
	}
	id = schema.APIKeyPrefix + "_" + rest[:suffixLength]
	return id, rest[suffixLength+1:], schema.ValidID(schema.APIKeyPrefix, id)
}

// hashSecret needs no salt and no slow hash: the secret is random, not chosen.
func hashSecret(secret string) string {
	sum := sha256.Sum256([]byte(secret))
	return hex.EncodeToString(sum[:])
}

// sameHash compares in a time that tells nothing of where two hashes differ.
func sameHash(a, b string) bool { return subtle.ConstantTimeCompare([]byte(a), []byte(b)) == 1 }
