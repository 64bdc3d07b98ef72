package protocol

import (
	"io"
	"net/http"
	"strings"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"

	"continuum/graph/document"
	"continuum/internal/access"
	"continuum/internal/media"
	"continuum/internal/practice"
)

// HTTP is GraphQL over HTTP: POST, and GET for queries. Who prefers a stream of events
// gets one, and so does a subscription of whoever takes one.
type HTTP struct{ Config }

var _ graphql.Transport = HTTP{}

// Supports takes every POST and GET that does not ask for a socket.
func (HTTP) Supports(r *http.Request) bool {
	return r.Method == http.MethodPost || r.Method == http.MethodGet && !asksForSocket(r)
}

func asksForSocket(r *http.Request) bool {
	return r.Method == http.MethodGet && strings.EqualFold(r.Header.Get("Upgrade"), "websocket")
}

// Do answers one request.
func (t HTTP) Do(w http.ResponseWriter, r *http.Request, exec graphql.GraphExecutor) {
	wanted := media.Accepted(r.Header.Values("Accept"))
	asked, refused := t.read(r)
	if refused != nil {
		write(w, wanted.ErrorKind(), refused)
		return
	}
	operation, refused := t.prepare(r.Context(), asked, exec)
	if refused != nil {
		t.refuse(w, wanted, refused)
		return
	}
	kind := operation.Operation.Operation
	if r.Method == http.MethodGet && kind != ast.Query {
		w.Header().Set("Allow", http.MethodPost)
		answerStatus(w, wanted.ErrorKind(), http.StatusMethodNotAllowed, badRequest("A GET is for queries alone."))
		return
	}
	switch {
	case wanted.EventsBefore || kind == ast.Subscription && wanted.Events:
		t.stream(w, r, operation, exec)
	case kind == ast.Subscription:
		write(w, wanted.ErrorKind(), onlyStreamed())
	default:
		write(w, wanted.ErrorKind(), t.answer(r, operation, exec))
	}
}

// read reads the request, of whoever has signed in.
func (t HTTP) read(r *http.Request) (*request, *graphql.Response) {
	if access.ViewerFrom(r.Context()) == nil {
		return nil, Refused(document.Refusal(string(practice.CodeUnauthenticated), "Sign in first."))
	}
	var asked *request
	var err error
	if r.Method == http.MethodGet {
		asked, err = readAddress(r)
	} else {
		var body []byte
		if body, err = io.ReadAll(r.Body); err == nil {
			asked, err = readRequest(body, r.Header)
		}
	}
	if err != nil {
		return nil, badRequest("The request does not have the form of GraphQL over HTTP.")
	}
	return asked, nil
}

// refuse tells why a request does not run. Who reads nothing but streams reads it there:
// such clients try again what fails otherwise.
func (HTTP) refuse(w http.ResponseWriter, wanted media.Wanted, refused *graphql.Response) {
	status := statusOf(refused, media.Newer, w.Header())
	if !wanted.EventsBefore || status != http.StatusBadRequest {
		write(w, wanted.ErrorKind(), refused)
		return
	}
	events := begin(w)
	events.next(refused)
	events.complete()
}

// answer runs a query or a mutation.
func (t HTTP) answer(r *http.Request, operation *graphql.OperationContext, exec graphql.GraphExecutor) *graphql.Response {
	if response := t.responses(r.Context(), operation, exec)(); response != nil {
		return response
	}
	return &graphql.Response{} // the client has gone
}

func answerStatus(w http.ResponseWriter, kind string, status int, response *graphql.Response) {
	w.Header().Set("Content-Type", kind+"; charset=utf-8")
	w.WriteHeader(status)
	_, _ = w.Write(encode(response))
}
