package practice

import (
	"context"
	"errors"
	"strings"

	"continuum/internal/access"
	"continuum/schema"
)

// Code says what kind of failure an error is. Codes are stable; the SDL's
// ErrorCode explains each.
type Code string

// Codes of failures that people can read and mend.
const (
	CodeUnauthenticated   Code = "UNAUTHENTICATED"
	CodeForbidden         Code = "FORBIDDEN"
	CodeNotFound          Code = "NOT_FOUND"
	CodeInvalid           Code = "INVALID"
	CodeConflict          Code = "CONFLICT"
	CodeAlreadyExists     Code = "ALREADY_EXISTS"
	CodeAlreadyLinked     Code = "ALREADY_LINKED"
	CodePrimaryTaken      Code = "PRIMARY_TAKEN"
	CodeLastProfile       Code = "LAST_PROFILE"
	CodeInvalidState      Code = "INVALID_STATE"
	CodeMissingScope      Code = "MISSING_SCOPE"
	CodeWorkspaceRequired Code = "WORKSPACE_REQUIRED"
	CodeAlreadyShared     Code = "ALREADY_SHARED"
	CodeAlreadyOffered    Code = "ALREADY_OFFERED"
	CodeTransferNotOpen   Code = "TRANSFER_NOT_OPEN"
	CodeConsentRequired   Code = "CONSENT_REQUIRED"
	CodeConsentStale      Code = "CONSENT_STALE"
	CodeRateLimited       Code = "RATE_LIMITED"
	CodeUnavailable       Code = "UNAVAILABLE"
	CodeMismatch          Code = "IDEMPOTENCY_MISMATCH"
)

// Error is a failure for people. Everything else that goes wrong is wrapped, logged
// and never shown.
type Error struct {
	Code         Code
	Field        *string // path of the input field, nil for the whole
	Message      string
	CurrentValue *string // with CodeConflict, the present value as JSON
}

// Error is the message, for logs.
func (e *Error) Error() string {
	if e.Field == nil {
		return string(e.Code) + ": " + e.Message
	}
	return string(e.Code) + " " + *e.Field + ": " + e.Message
}

// Errors are several failures of one input, told at once.
type Errors []*Error

// Error is the messages, for logs.
func (e Errors) Error() string {
	parts := make([]string, len(e))
	for i, one := range e {
		parts[i] = one.Error()
	}
	return strings.Join(parts, "; ")
}

// UserErrors returns the failures for people that err is made of, and nil when it
// is a fault.
func UserErrors(err error) []*Error {
	var many Errors
	if errors.As(err, &many) {
		return many
	}
	var one *Error
	if errors.As(err, &one) {
		return []*Error{one}
	}
	return nil
}

// Outcome is the part that all payloads share.
type Outcome struct {
	UserErrors []*Error
}

// Fail puts the failures into the payload.
func (o *Outcome) Fail(errs []*Error) { o.UserErrors = errs }

// fail makes a failure about a field, or about the whole when field is empty.
func fail(code Code, field, message string) *Error {
	e := &Error{Code: code, Message: message}
	if field != "" {
		e.Field = &field
	}
	return e
}

// notFound is what everything that a viewer may not see answers with, so that it
// reads the same whether the thing exists or not.
func notFound(field string) *Error {
	return fail(CodeNotFound, field, "There is nothing here by this id, or not for you.")
}

// NotFound is what everything that a viewer may not see answers with.
func NotFound() *Error { return notFound("") }

// missing names the scope that a sign-in lacks.
func missing(scope schema.Scope) *Error {
	return fail(CodeMissingScope, "", "This needs the scope "+string(scope)+".")
}

// Needs refuses a sign-in that lacks the scope which a question asks for.
func Needs(ctx context.Context, scope schema.Scope) error {
	if v := access.ViewerFrom(ctx); v == nil || !v.Has(scope) {
		return missing(scope)
	}
	return nil
}
