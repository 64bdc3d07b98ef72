package command

import (
	"bytes"
	"errors"
	"fmt"
	"os"

	"continuum/graph/document"
)

// trustedDocuments are the settings about documents that are known beforehand.
type trustedDocuments struct {
	TrustedDocuments string `env:"CONTINUUM_TRUSTED_DOCUMENTS" type:"existingfile" placeholder:"FILE" help:"A manifest of trusted documents, as Relay, graphql-codegen or Apollo's tool writes it. Requests name one by documentId."`
	TrustedOnly      bool   `env:"CONTINUUM_TRUSTED_ONLY" help:"Run nothing but trusted documents for pages in a browser, GraphiQL included. Programs may still send their own."`
}

// shelf reads the manifest.
func (t trustedDocuments) shelf() (*document.Shelf, error) {
	if t.TrustedDocuments == "" {
		if t.TrustedOnly {
			return nil, errors.New("--trusted-only needs --trusted-documents: pages could run nothing at all")
		}
		return document.NewShelf(nil, false), nil
	}
	text, err := os.ReadFile(t.TrustedDocuments)
	if err != nil {
		return nil, fmt.Errorf("trusted documents: %w", err)
	}
	manifest, err := document.ReadManifest(bytes.NewReader(text))
	if err != nil {
		return nil, fmt.Errorf("trusted documents: %w", err)
	}
	return document.NewShelf(manifest, t.TrustedOnly), nil
}
