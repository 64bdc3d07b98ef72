package graph_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"continuum/graph"
	"continuum/internal/storetest"
	"continuum/internal/web"
)

// A credential may hold so many sockets; one that closes makes room for another.
func TestCrowd_Sockets(t *testing.T) {
	h := demoHouse(t, storetest.URL(t, storetest.Engines[0]))
	sockets := &web.Sockets{AtMostEach: 1}
	h.crowd.Claim = func(ctx context.Context, credential string) bool {
		return sockets.Claim(ctx, credential)
	}
	h.serve()
	first := h.open(t, "ann")
	second := h.dial(t)
	second.send(message{Type: "connection_init", Payload: vars{"Authorization": "Bearer " + h.keys["ann"]}})
	if code := second.closed(); code != 4429 {
		t.Errorf("a second socket was closed with %d", code)
	}
	h.open(t, "ben")
	if err := first.conn.CloseNow(); err != nil {
		t.Fatal(err)
	}
	for acknowledged := false; !acknowledged; { // the server sees the end a moment later
		third := h.dial(t)
		third.send(message{Type: "connection_init", Payload: vars{"Authorization": "Bearer " + h.keys["ann"]}})
		m, err := third.read()
		acknowledged = err == nil && m.Type == "connection_ack"
	}
}

// fewPlaces counts who holds one, and gives none once it is full.
type fewPlaces struct {
	held int
	full bool
}

// givePlaces serves a house whose operations need a place.
func givePlaces(h *house) *fewPlaces {
	p := &fewPlaces{}
	h.crowd = graph.Crowd{Enter: func(context.Context) (func(), bool) {
		p.held++
		return func() { p.held-- }, !p.full
	}}
	h.serve()
	return p
}

// What runs over a socket needs a place as a request does; a subscription, which mostly waits, needs none.
func TestCrowd_OperationsOfASocket(t *testing.T) {
	h := demoHouse(t, storetest.URL(t, storetest.Engines[0]))
	p := givePlaces(h)
	w := h.open(t, "ann")
	w.subscribe("1", `{viewer{scopes}}`, nil)
	if m := w.next(); m.Type != "next" || strings.Contains(fmt.Sprint(m.Payload), "errors") {
		t.Errorf("got %v", m)
	}
	w.next()
	if p.held != 0 {
		t.Errorf("%d places are held after the answer", p.held)
	}
	p.full = true
	w.subscribe("2", `{viewer{scopes}}`, nil)
	if m := w.next(); !strings.Contains(fmt.Sprint(m.Payload), "UNAVAILABLE") {
		t.Errorf("without a place came %v", m)
	}
}

// Nor does a stream spare a query its place: it has begun before the query runs, and the edge holds a place for no more
// than that.
func TestCrowd_OperationsOnAStream(t *testing.T) {
	h := demoHouse(t, storetest.URL(t, storetest.Engines[0]))
	p := givePlaces(h)
	s := h.listen(t, "ann", asking(`{viewer{scopes}}`, nil), "text/event-stream")
	if _, data := s.next(); at(data, "data.viewer.scopes") == nil {
		t.Errorf("got %v", data)
	}
	s.next()
	if p.held != 0 {
		t.Errorf("%d places are held after the answer", p.held)
	}
	p.full = true
	s = h.listen(t, "ann", asking(`{viewer{scopes}}`, nil), "text/event-stream")
	if _, data := s.next(); !strings.Contains(fmt.Sprint(data), "UNAVAILABLE") {
		t.Errorf("without a place came %v", data)
	}
}

// A credential may follow so much, on however many sockets; what it no longer follows makes room.
func TestCrowd_Subscriptions(t *testing.T) {
	h := demoHouse(t, storetest.URL(t, storetest.Engines[0]))
	h.crowd.Follow = (&web.Sockets{AtMostEach: 1}).Claim
	h.serve()
	id := h.must("ann", `{records(first:1){nodes{id}}}`, nil).ids("records.nodes")[0]
	first, second := h.following(t, "ann", followRecord, id, "ann"), h.open(t, "ann")
	second.subscribe("2", followRecord, vars{"id": id})
	if m := second.next(); !strings.Contains(fmt.Sprint(m.Payload), "UNAVAILABLE") {
		t.Errorf("one too many gave %v", m)
	}
	first.send(message{Type: "complete", ID: "f"})
	for i := 3; ; i++ { // the server sees the end a moment later
		second.subscribe(fmt.Sprint(i), followRecord, vars{"id": id})
		second.subscribe(fmt.Sprint("turn", i), `{__typename}`, nil)
		for refused := false; ; {
			m := second.next()
			refused = refused || m.ID == fmt.Sprint(i)
			if m.ID == fmt.Sprint("turn", i) && m.Type == "complete" {
				if !refused {
					return
				}
				break
			}
		}
	}
}
