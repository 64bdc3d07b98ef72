package document

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/parser"
)

// Manifest is the documents that an application was built with, by their ids.
type Manifest map[string]string

// apolloFormat is how Apollo's tool names its own form of a manifest.
const apolloFormat = "apollo-persisted-query-manifest"

// ReadManifest reads either of two forms: a map from ids to documents, which Relay and
// graphql-codegen write, or the manifest that Apollo's tool generates.
func ReadManifest(from io.Reader) (Manifest, error) {
	var fields map[string]json.RawMessage
	if err := json.NewDecoder(from).Decode(&fields); err != nil {
		return nil, fmt.Errorf("the manifest is not a JSON object: %w", err)
	}
	documents := Manifest{}
	var err error
	if _, apollo := fields["format"]; apollo {
		err = documents.fromApollo(fields)
	} else {
		err = documents.fromMap(fields)
	}
	if err != nil {
		return nil, err
	}
	if len(documents) == 0 {
		return nil, errors.New("the manifest holds no document")
	}
	return documents, documents.check()
}

func (m Manifest) fromMap(fields map[string]json.RawMessage) error {
	for id, raw := range fields {
		var text string
		if err := json.Unmarshal(raw, &text); err != nil {
			return fmt.Errorf("document %q is not a text: %w", id, err)
		}
		m[id] = text
	}
	return nil
}

func (m Manifest) fromApollo(fields map[string]json.RawMessage) error {
	var format string
	var version int
	var operations []struct{ ID, Body string }
	if err := errors.Join(
		json.Unmarshal(fields["format"], &format),
		json.Unmarshal(fields["version"], &version),
		json.Unmarshal(fields["operations"], &operations),
	); err != nil {
		return fmt.Errorf("the manifest lacks a part: %w", err)
	}
	if format != apolloFormat || version != 1 {
		return fmt.Errorf("a manifest of format %q, version %d, is not known here", format, version)
	}
	for _, operation := range operations {
		if _, twice := m[operation.ID]; twice || operation.ID == "" {
			return fmt.Errorf("the id %q is missing or stands twice", operation.ID)
		}
		m[operation.ID] = operation.Body
	}
	return nil
}

// check wants every document to be GraphQL. Whether it fits the schema is told to who
// runs it: a manifest also keeps the documents of pages that were loaded last week.
func (m Manifest) check() error {
	for id, text := range m {
		if _, err := parser.ParseQueryWithTokenLimit(&ast.Source{Input: text}, MaxTokens); err != nil {
			return fmt.Errorf("document %q: %w", id, err)
		}
	}
	return nil
}

// names are those of the operations. Whoever built the page chose them, and no caller.
func (m Manifest) names() []string {
	var names []string
	for _, text := range m {
		doc, err := parser.ParseQueryWithTokenLimit(&ast.Source{Input: text}, MaxTokens)
		if err != nil {
			continue // check has refused it
		}
		for _, operation := range doc.Operations {
			if operation.Name != "" {
				names = append(names, operation.Name)
			}
		}
	}
	return names
}
