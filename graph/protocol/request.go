package protocol

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"time"

	"github.com/99designs/gqlgen/graphql"
)

// request is what a client asks, in whatever envelope it came.
type request struct {
	query         string
	documentID    string
	operationName string
	variables     map[string]any
	extensions    map[string]any
	headers       http.Header // of the request, or of the socket's upgrade
	start         time.Time
}

var errNoRequest = errors.New("not a request of GraphQL over HTTP")

// readRequest reads a request that is a JSON object. Its fields are looked up by their
// exact names: a proxy that reads {"query": ...} must not overlook a {"Query": ...}.
// Nothing of the request is repeated in an error.
func readRequest(text []byte, headers http.Header) (*request, error) {
	r := &request{headers: headers, start: graphql.Now()}
	fields, err := fieldsOf(text)
	if err != nil {
		return nil, err
	}
	for name, field := range fields {
		if r.take(name, field) != nil {
			return nil, errNoRequest
		}
	}
	return r, r.check()
}

// take reads a field of the request; others may stand there too.
func (r *request) take(name string, field json.RawMessage) error {
	switch name {
	case "query":
		return json.Unmarshal(field, &r.query)
	case "documentId":
		return json.Unmarshal(field, &r.documentID)
	case "operationName":
		return json.Unmarshal(field, &r.operationName)
	case "variables":
		return decode(field, &r.variables)
	case "extensions":
		return decode(field, &r.extensions)
	default:
		return nil
	}
}

// readAddress reads the request of a GET.
func readAddress(from *http.Request) (*request, error) {
	asked := from.URL.Query()
	r := &request{headers: from.Header, start: graphql.Now()}
	r.query, r.documentID, r.operationName = asked.Get("query"), asked.Get("documentId"), asked.Get("operationName")
	for name, into := range map[string]any{"variables": &r.variables, "extensions": &r.extensions} {
		if text := asked.Get(name); text != "" && decode([]byte(text), into) != nil {
			return nil, errNoRequest
		}
	}
	return r, r.check()
}

// check wants a document, in one of the ways to name it.
func (r *request) check() error {
	if r.query == "" && r.documentID == "" && r.extensions["persistedQuery"] == nil {
		return errNoRequest
	}
	return nil
}

// browser says whether a page asks: browsers add these headers, and no page can take
// them away.
func (r *request) browser() bool {
	return r.headers.Get("Origin") != "" || r.headers.Get("Sec-Fetch-Site") != ""
}

// fieldsOf reads a JSON object in which no name stands twice: of two, a proxy might
// believe the one and this server the other.
func fieldsOf(text []byte) (map[string]json.RawMessage, error) {
	decoder := json.NewDecoder(bytes.NewReader(text))
	if opening, err := decoder.Token(); err != nil || opening != json.Delim('{') {
		return nil, errNoRequest
	}
	fields := map[string]json.RawMessage{}
	for decoder.More() {
		name, err := decoder.Token()
		key, isText := name.(string)
		if _, twice := fields[key]; err != nil || !isText || twice {
			return nil, errNoRequest
		}
		var value json.RawMessage
		if decoder.Decode(&value) != nil {
			return nil, errNoRequest
		}
		fields[key] = value
	}
	if _, err := decoder.Token(); err != nil {
		return nil, errNoRequest
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return nil, errNoRequest
	}
	return fields, nil
}

// decode reads exactly one value, and keeps numbers as they are written: an integer is
// no float.
func decode(text []byte, into any) error {
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.UseNumber()
	if err := decoder.Decode(into); err != nil {
		return err
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return errNoRequest
	}
	return nil
}
