package graph

import (
	"encoding/json"
	"net/http"
	"strconv"
	"strings"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"continuum/internal/practice"
)

// overHTTP is GraphQL over HTTP: POST, and GET for queries. A request that cannot run
// has no data in its answer; its status is 400 for a client that knows the newer type of
// answer, and 200 for all others. The edge has seen that a body is one JSON object.
type overHTTP struct{}

var _ graphql.Transport = overHTTP{}

// maxErrors is how many errors an answer tells of.
const maxErrors = 10

const (
	newerType = "application/graphql-response+json"
	olderType = "application/json"
)

// Supports takes every POST and GET that does not ask for a socket.
func (overHTTP) Supports(r *http.Request) bool {
	return r.Header.Get("Upgrade") == "" && (r.Method == http.MethodPost || r.Method == http.MethodGet)
}

// Do answers one request.
func (overHTTP) Do(w http.ResponseWriter, r *http.Request, exec graphql.GraphExecutor) {
	kind, refused := olderType, http.StatusOK
	if strings.Contains(r.Header.Get("Accept"), newerType) {
		kind, refused = newerType, http.StatusBadRequest
	}
	w.Header().Set("Content-Type", kind+"; charset=utf-8")
	params, err := paramsOf(r)
	if err != nil {
		answer(w, http.StatusBadRequest, badRequest("The request does not have the form of GraphQL over HTTP."))
		return
	}
	operation, failures := exec.CreateOperationContext(r.Context(), params)
	if len(failures) > 0 {
		if wait, limited := failures[0].Extensions["retryAfter"].(int); limited {
			refused = http.StatusTooManyRequests
			w.Header().Set("Retry-After", strconv.Itoa(wait))
		}
		answer(w, refused, exec.DispatchError(graphql.WithOperationContext(r.Context(), operation), failures))
		return
	}
	if r.Method == http.MethodGet && operation.Operation.Operation != ast.Query {
		w.Header().Set("Allow", http.MethodPost)
		answer(w, http.StatusMethodNotAllowed, badRequest("A GET is for queries alone."))
		return
	}
	responses, ctx := exec.DispatchOperation(r.Context(), operation)
	answer(w, http.StatusOK, responses(ctx))
}

func badRequest(message string) *graphql.Response {
	return &graphql.Response{Errors: gqlerror.List{{
		Message: message, Extensions: map[string]any{"code": string(practice.CodeInvalid)},
	}}}
}

// paramsOf reads what a request asks. Nothing of it is repeated in an error.
func paramsOf(r *http.Request) (*graphql.RawParams, error) {
	start := graphql.Now()
	params := &graphql.RawParams{}
	if r.Method == http.MethodPost {
		if err := decode(json.NewDecoder(r.Body), params); err != nil {
			return nil, err
		}
	} else if err := fromAddress(r, params); err != nil {
		return nil, err
	}
	params.Headers = r.Header
	params.ReadTime = graphql.TraceTiming{Start: start, End: graphql.Now()}
	return params, nil
}

func fromAddress(r *http.Request, params *graphql.RawParams) error {
	asked := r.URL.Query()
	params.Query, params.OperationName = asked.Get("query"), asked.Get("operationName")
	for name, into := range map[string]*map[string]any{"variables": &params.Variables, "extensions": &params.Extensions} {
		if text := asked.Get(name); text != "" {
			if err := decode(json.NewDecoder(strings.NewReader(text)), into); err != nil {
				return err
			}
		}
	}
	return nil
}

// decode keeps numbers as they are written: an integer is no float.
func decode(from *json.Decoder, into any) error {
	from.UseNumber()
	return from.Decode(into)
}

// answer writes a response. Its data is JSON already and is written as it stands.
func answer(w http.ResponseWriter, status int, response *graphql.Response) {
	body := []byte{'{'}
	if response == nil {
		response = &graphql.Response{} // the client has gone
	}
	if failures := response.Errors[:min(len(response.Errors), maxErrors)]; len(failures) > 0 {
		text, err := json.Marshal(failures)
		if err != nil {
			panic(err) // messages, paths and codes always marshal
		}
		body = append(append(body, `"errors":`...), text...)
	}
	if response.Data != nil {
		if len(body) > 1 {
			body = append(body, ',')
		}
		body = append(append(body, `"data":`...), response.Data...)
	}
	if len(response.Extensions) > 0 {
		text, err := json.Marshal(response.Extensions)
		if err != nil {
			panic(err) // ours, of numbers and words
		}
		if len(body) > 1 {
			body = append(body, ',')
		}
		body = append(append(body, `"extensions":`...), text...)
	}
	w.WriteHeader(status)
	_, _ = w.Write(append(body, '}')) // a client that has gone needs no answer
}
