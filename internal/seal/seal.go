// Package seal encrypts what the database is to keep and not to tell, under keys that
// stand outside of it: AES-256-GCM, by tink.
//
// Its one rule: what is sealed opens only where it was put. The table, the column, the
// row and the workspace are part of what the seal proves; bytes that were changed, or
// moved elsewhere, do not open at all. No key is ever in an error or in a log.
package seal

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"github.com/tink-crypto/tink-go/v2/aead"
	"github.com/tink-crypto/tink-go/v2/aead/aesgcm"
	"github.com/tink-crypto/tink-go/v2/insecurecleartextkeyset"
	"github.com/tink-crypto/tink-go/v2/keyset"
	"github.com/tink-crypto/tink-go/v2/tink"
)

// keyBytes is the length of a key of AES-256.
const keyBytes = 32

// Failures of this room. They say nothing of the keys, nor of what was sealed.
var (
	ErrNoKeys = errors.New("seal: this is no keyset of AES-256-GCM keys")
	ErrClosed = errors.New("seal: this does not open: it was changed, moved, or sealed with another key")
	errPlace  = errors.New("seal: the place of what is sealed is not whole")
)

// About is the place of what is sealed. It can be opened there and nowhere else.
type About struct {
	Table     string
	Column    string
	Row       string // its id
	Workspace string // whose it is
}

// Keys are the keys of a server. One is primary and seals; all of them open, so that
// keys can be rotated.
type Keys struct {
	handle *keyset.Handle
	aead   tink.AEAD
}

// New makes a keyset of one fresh key.
func New() (*Keys, error) {
	handle, err := keyset.NewHandle(aead.AES256GCMKeyTemplate())
	if err != nil {
		return nil, fmt.Errorf("seal: no key can be made: %w", err)
	}
	return keysOf(handle)
}

// Parse reads a keyset that Marshal wrote.
func Parse(text []byte) (*Keys, error) {
	// What the reader says may quote the keyset, so it is not wrapped.
	handle, err := insecurecleartextkeyset.Read(keyset.NewJSONReader(bytes.NewReader(text)))
	if err != nil {
		return nil, ErrNoKeys
	}
	return keysOf(handle)
}

// keysOf takes a keyset whose keys are all of AES-256-GCM.
func keysOf(handle *keyset.Handle) (*Keys, error) {
	for i := range handle.Len() {
		entry, err := handle.Entry(i)
		if err != nil {
			return nil, ErrNoKeys
		}
		parameters, is := entry.Key().Parameters().(*aesgcm.Parameters)
		if !is || parameters.KeySizeInBytes() != keyBytes {
			return nil, ErrNoKeys
		}
	}
	cipher, err := aead.New(handle)
	if err != nil {
		return nil, ErrNoKeys
	}
	return &Keys{handle: handle, aead: cipher}, nil
}

// Rotate adds a fresh key, which seals from now on. What the older keys sealed still opens.
func (k *Keys) Rotate() (*Keys, error) {
	manager := keyset.NewManagerFromHandle(k.handle)
	id, err := manager.Add(aead.AES256GCMKeyTemplate())
	if err != nil {
		return nil, fmt.Errorf("seal: no key can be made: %w", err)
	}
	if err := manager.SetPrimary(id); err != nil {
		return nil, fmt.Errorf("seal: the new key cannot be the primary one: %w", err)
	}
	handle, err := manager.Handle()
	if err != nil {
		return nil, fmt.Errorf("seal: the keys do not make a keyset: %w", err)
	}
	return keysOf(handle)
}

// Marshal is the keyset for its file, in JSON. It holds the keys themselves.
func (k *Keys) Marshal() ([]byte, error) {
	var text, pretty bytes.Buffer
	if err := insecurecleartextkeyset.Write(k.handle, keyset.NewJSONWriter(&text)); err != nil {
		return nil, errors.New("seal: the keyset cannot be written")
	}
	if err := json.Indent(&pretty, text.Bytes(), "", "  "); err != nil {
		return nil, errors.New("seal: the keyset cannot be written")
	}
	pretty.WriteByte('\n')
	return pretty.Bytes(), nil
}

// Seal encrypts with the primary key what stands at a place.
func (k *Keys) Seal(plain []byte, about About) ([]byte, error) {
	place, err := about.bytes()
	if err != nil {
		return nil, err
	}
	sealed, err := k.aead.Encrypt(plain, place)
	if err != nil {
		return nil, fmt.Errorf("seal: %w", err)
	}
	return sealed, nil
}

// Open decrypts what was sealed at the same place, with whichever of the keys.
func (k *Keys) Open(sealed []byte, about About) ([]byte, error) {
	place, err := about.bytes()
	if err != nil {
		return nil, err
	}
	plain, err := k.aead.Decrypt(sealed, place)
	if err != nil {
		return nil, ErrClosed
	}
	return plain, nil
}

// Format keeps the keys out of whatever prints them.
func (k Keys) Format(to fmt.State, _ rune) { _, _ = io.WriteString(to, "***") }

// bytes writes the place so that no two places read alike.
func (a About) bytes() ([]byte, error) {
	var place []byte
	for _, part := range []string{a.Table, a.Column, a.Row, a.Workspace} {
		if part == "" {
			return nil, errPlace
		}
		place = binary.AppendUvarint(place, uint64(len(part)))
		place = append(place, part...)
	}
	return place, nil
}
