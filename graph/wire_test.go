package graph_test

import (
	"context"
	"testing"

	"github.com/coder/websocket"
)

func TestSocket_Refuses(t *testing.T) {
	eachHouse(t, func(t *testing.T, h *house) {
		for name, payload := range map[string]any{
			"nothing":         nil,
			"no key":          vars{},
			"an unknown key":  vars{"Authorization": "Bearer " + h.keys["ann"][:len(h.keys["ann"])-1] + "0"},
			"not a bearer":    vars{"Authorization": h.keys["ann"]},
			"a number":        vars{"Authorization": 7},
			"another header":  vars{"X-Api-Key": h.keys["ann"]},
			"an empty bearer": vars{"Authorization": "Bearer "},
		} {
			t.Run(name, func(t *testing.T) {
				if name == "an unknown key" && h.keys["ann"][len(h.keys["ann"])-1] == '0' {
					payload = vars{"Authorization": "Bearer " + h.keys["ann"][:len(h.keys["ann"])-1] + "1"}
				}
				w := h.dial(t)
				w.send(message{Type: "connection_init", Payload: payload})
				if code := w.closed(); code != 4403 {
					t.Errorf("closed with %d", code)
				}
			})
		}
	})
}

func TestSocket_AnswersPingsAndOperations(t *testing.T) {
	eachHouse(t, func(t *testing.T, h *house) {
		w := h.open(t, "ann")
		w.send(message{Type: "ping"})
		if m := w.next(); m.Type != "pong" {
			t.Errorf("a ping gave %v", m)
		}
		w.subscribe("q", `{viewer{professional{name}}}`, nil)
		if m := w.next(); at(m.Payload, "data.viewer.professional.name") != "Ann Lavoie" {
			t.Errorf("a query gave %v", m)
		}
		if m := w.next(); m.Type != "complete" {
			t.Errorf("a query ended with %v", m)
		}
		w.subscribe("m", `mutation{createProfile(input:{givenName:"A",familyName:"B"}){profile{displayName}}}`, nil)
		if m := w.next(); at(m.Payload, "data.createProfile.profile.displayName") != "A B" {
			t.Errorf("a mutation gave %v", m)
		}
		w.next()
		w.subscribe("wrong", `{nothing}`, nil)
		if m := w.next(); m.Type != "error" || at(m.Payload, "0.message") == nil {
			t.Errorf("an operation that cannot run gave %v", m)
		}
	})
}

// A socket may be open for hours: each operation is that of who the viewer is now.
func TestSocket_LooksAgainForEachOperation(t *testing.T) {
	eachHouse(t, func(t *testing.T, h *house) {
		names := h.names()
		w := h.open(t, "noor@school")
		ask := func(id string) message {
			w.subscribe(id, `{records{totalCount}}`, nil)
			m := w.next()
			if m.Type != "error" {
				w.next()
			}
			return m
		}
		if m := ask("a"); at(m.Payload, "data.records.totalCount") != 2.0 {
			t.Errorf("at first: %v", m)
		}
		h.must("adam", `mutation($u:ID!,$p:ID!){removeUnitMember(input:{unitId:$u,professionalId:$p}){unitMember{id}}}`,
			vars{"u": names["Services psychosociaux"], "p": names["Noor Rahimi@school"]})
		if m := ask("b"); at(m.Payload, "data.records.totalCount") != 0.0 {
			t.Errorf("out of the unit: %v", m)
		}
		h.must("adam", `mutation($p:ID!){endProfessional(input:{professionalId:$p}){professional{id}}}`, vars{"p": names["Noor Rahimi@school"]})
		if m := ask("c"); at(m.Payload, "0.extensions.code") != "UNAUTHENTICATED" {
			t.Errorf("out of the workspace: %v", m)
		}
	})
}

// A server that stops ends its sockets.
func TestSocket_EndsWithTheServer(t *testing.T) {
	eachHouse(t, func(t *testing.T, h *house) {
		names := h.names()
		w := h.following(t, "ann", followProfile, names["Olivier"], "bob")
		stopped := make(chan struct{})
		go func() { // it waits for the client to answer, as a client does
			defer close(stopped)
			h.sockets.Close(context.WithoutCancel(t.Context()))
		}()
		if code := w.closed(); code != websocket.StatusServiceRestart {
			t.Errorf("closed with %d", code)
		}
		<-stopped
	})
}

// Subscriptions need a socket: over a POST nobody would be there to read on.
func TestSocket_SubscriptionsNeedOne(t *testing.T) {
	eachHouse(t, func(t *testing.T, h *house) {
		a := h.ask("ann", followProfile, vars{"id": h.names()["Olivier"]})
		if a.code() != "INVALID" || a.Data != nil {
			t.Errorf("%d %s", a.status, a.body)
		}
	})
}
