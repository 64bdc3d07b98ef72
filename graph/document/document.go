// Package document decides which documents may run: it finds those that a request names
// without sending them, and refuses those whose shape alone asks for too much.
//
// Its one rule: nothing here is paid for by more than the length of the text.
package document

import (
	"context"
	"crypto/sha256"
	"encoding/hex"

	"github.com/vektah/gqlparser/v2/gqlerror"
)

// Wanted is how a request says which document to run.
type Wanted struct {
	Text       string // the document itself
	ID         string // of a trusted document
	Extensions map[string]any
	Browser    bool // whether a page asks
}

// Shelf holds the documents that a request may name instead of sending them: the trusted
// ones, and those that were sent before together with their hash.
type Shelf struct {
	trusted     Manifest
	byHash      map[string]string
	trustedOnly bool
	sent        Cache[string]
}

// NewShelf makes a shelf of trusted documents, if there are any. With trustedOnly, pages
// may run nothing else.
func NewShelf(trusted Manifest, trustedOnly bool) *Shelf {
	s := &Shelf{trusted: trusted, byHash: map[string]string{}, trustedOnly: trustedOnly, sent: newCache(func(_, text string) int { return len(text) })}
	for _, text := range trusted {
		s.byHash[Hash(text)] = text
	}
	return s
}

// Names are the names of the trusted operations, which may be told to operators: no caller chose them.
func (s *Shelf) Names() []string { return s.trusted.names() }

// Hash names a document by its text, as clients do.
func Hash(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:])
}

// Find returns the text to run. The hash to keep it under is empty, unless the document
// was sent to be kept; it is to be kept once it has proved that it may run.
func (s *Shelf) Find(ctx context.Context, wanted Wanted) (text, hash string, refused *gqlerror.Error) {
	hash, refused = persisted(wanted.Extensions)
	if refused != nil {
		return "", "", refused
	}
	switch {
	case wanted.ID != "":
		return s.named(wanted, hash)
	case wanted.Text == "" && hash != "":
		text, refused = s.hashed(ctx, hash, wanted.Browser)
		return text, "", refused
	case s.forbids(wanted):
		return "", "", Refusal("DOCUMENT_NOT_TRUSTED", "This server runs only its trusted documents for a page; send the documentId of one.")
	case hash != "" && hash != Hash(wanted.Text):
		return "", "", Refusal("BAD_REQUEST", "The sha256Hash is not that of the query.")
	}
	return wanted.Text, hash, nil
}

// Keep remembers a document that may run. Its hash was checked, so nobody can put another
// text under it.
func (s *Shelf) Keep(ctx context.Context, hash, text string) { s.sent.Add(ctx, hash, text) }

func (s *Shelf) named(wanted Wanted, hash string) (string, string, *gqlerror.Error) {
	if wanted.Text != "" || hash != "" {
		return "", "", Refusal("BAD_REQUEST", "Send a documentId, or a query, or a hash; not several of them.")
	}
	text, known := s.trusted[wanted.ID]
	if !known {
		return "", "", Refusal("DOCUMENT_NOT_FOUND", "No trusted document has this documentId.")
	}
	return text, "", nil
}

func (s *Shelf) hashed(ctx context.Context, hash string, browser bool) (string, *gqlerror.Error) {
	if text, trusted := s.byHash[hash]; trusted {
		return text, nil
	}
	if s.trustedOnly && browser {
		return "", Refusal("DOCUMENT_NOT_TRUSTED", "No trusted document has this hash.")
	}
	if text, kept := s.sent.Get(ctx, hash); kept {
		return text, nil
	}
	// Clients look for these very words.
	return "", Refusal("PERSISTED_QUERY_NOT_FOUND", "PersistedQueryNotFound")
}

// forbids says whether a page sends a text that is none of the trusted ones.
func (s *Shelf) forbids(wanted Wanted) bool {
	if !s.trustedOnly || !wanted.Browser {
		return false
	}
	_, trusted := s.byHash[Hash(wanted.Text)]
	return !trusted
}

// persisted is the hash of Apollo's extension, {"persistedQuery": {"version": 1,
// "sha256Hash": "..."}}, or nothing.
func persisted(extensions map[string]any) (hash string, refused *gqlerror.Error) {
	extension, given := extensions["persistedQuery"]
	if !given || extension == nil {
		return "", nil
	}
	fields, _ := extension.(map[string]any)
	hash, _ = fields["sha256Hash"].(string)
	version, _ := fields["version"].(interface{ String() string }) // a json.Number
	if version == nil || version.String() != "1" || len(hash) != hex.EncodedLen(sha256.Size) {
		return "", Refusal("BAD_REQUEST", `persistedQuery is {"version": 1, "sha256Hash": "64 hexadecimal digits"}.`)
	}
	return hash, nil
}

// Refusal is an error with a code.
func Refusal(code, message string) *gqlerror.Error {
	return &gqlerror.Error{Message: message, Extensions: map[string]any{"code": code}}
}
