// Package media reads which kinds of answers a client takes.
//
// Its one rule: the Accept header is weighed here and nowhere else, so that an error of
// the edge and an answer of the graph are never of two kinds.
package media

import (
	"mime"
	"strconv"
	"strings"
)

// The kinds of answers that are given.
const (
	Newer  = "application/graphql-response+json" // its status tells whether the request could run
	Older  = "application/json"
	Events = "text/event-stream"
)

// Wanted is what a client takes.
type Wanted struct {
	Answer       string // Newer or Older, or nothing when the client takes neither
	Events       bool   // whether a subscription may be answered as a stream
	EventsBefore bool   // whether a stream is preferred to any single answer
}

// None says that there is no kind of answer that the client takes.
func (w Wanted) None() bool { return w.Answer == "" && !w.Events }

// ErrorKind is the kind for an error that comes before any stream.
func (w Wanted) ErrorKind() string {
	if w.Answer == "" {
		return Older
	}
	return w.Answer
}

// weight is how much a client wants a kind, from 0 to 1, and how closely it named it.
type weight struct {
	q    float64
	near int // 1 any kind, 2 any of its family, 3 itself; 0 not at all
}

// Accepted weighs the Accept headers. Without any, a client is taken for one that knows
// the older kind alone. A star never asks for a stream, which only some can read: urql
// takes streams with every request and means none of them.
func Accepted(headers []string) Wanted {
	header := strings.Join(headers, ",")
	if strings.TrimSpace(header) == "" {
		return Wanted{Answer: Older}
	}
	var newer, older, events weight
	for _, part := range strings.Split(header, ",") {
		kind, q, ok := parse(part)
		if !ok {
			continue
		}
		newer.hear(kind, Newer, q)
		older.hear(kind, Older, q)
		if kind == Events {
			events = weight{q: q, near: 3}
		}
	}
	wanted := Wanted{Events: events.q > 0}
	best := 0.0
	if older.q > 0 {
		wanted.Answer, best = Older, older.q
	}
	// Of two that are wanted as much, the newer one if it was named and not only allowed.
	if newer.q > 0 && (newer.q > older.q || newer.q == older.q && newer.near == 3) {
		wanted.Answer, best = Newer, newer.q
	}
	wanted.EventsBefore = events.q > best
	return wanted
}

// hear takes a part of the header to heart when it names the kind more closely than the
// parts before it.
func (w *weight) hear(named, kind string, q float64) {
	near := 0
	switch named {
	case kind:
		near = 3
	case "application/*":
		near = 2
	case "*/*":
		near = 1
	}
	if near > w.near {
		*w = weight{q: q, near: near}
	}
}

// parse reads one part of an Accept header. A part that is none, or that wants another
// encoding than UTF-8, is as if it were not there.
func parse(part string) (kind string, q float64, ok bool) {
	kind, parameters, err := mime.ParseMediaType(part)
	if err != nil {
		return "", 0, false
	}
	if charset, given := parameters["charset"]; given && !strings.EqualFold(charset, "utf-8") {
		return "", 0, false
	}
	q = 1
	if text, given := parameters["q"]; given {
		if q, err = strconv.ParseFloat(text, 64); err != nil || !(q >= 0 && q <= 1) {
			return "", 0, false
		}
	}
	return kind, q, true
}
