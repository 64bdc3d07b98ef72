package access_test

import (
	"slices"
	"time"

	"pgregory.net/rapid"

	"continuum/internal/oracle"
)

// What is handed over, and what it leaves.

// principal draws a professional, a unit or a workspace.
func (h *history) principal(t *rapid.T, label string) string {
	return pick(t, label, slices.Concat(ids(h.facts.Professionals), ids(h.facts.Units), ids(h.facts.Workspaces))...)
}

func (h *history) transferIsOpened(t *rapid.T) {
	h.room(t, len(h.facts.Transfers))
	x := oracle.Transfer{
		Record: one(t, "record", h.facts.Records), To: h.principal(t, "to"), By: one(t, "by", h.facts.Professionals),
		Mode: "OFFER", Status: pick(t, "status", "OFFERED", "OFFERED", "REQUESTED", "DECLINED", "ACCEPTED"),
	}
	if h.waits(x, "") {
		t.Skip("opened already")
	}
	if x.Status == "ACCEPTED" {
		x.NewOwner, x.Answered = one(t, "new owner", h.facts.Professionals), one(t, "answered by", h.facts.Professionals)
	}
	h.addTransfer(x)
}

// waits says whether a transfer other than one named waits for the same answer.
func (h *history) waits(x oracle.Transfer, except string) bool {
	for id, other := range h.facts.Transfers {
		if id != except && other.Record == x.Record && other.Status == x.Status &&
			(x.Status == "OFFERED" || x.Status == "REQUESTED" && other.To == x.To) {
			return true
		}
	}
	return false
}

func (h *history) transferChanges(t *rapid.T) {
	id := one(t, "transfer", h.facts.Transfers)
	x := *h.facts.Transfers[id]
	x.Status = pick(t, "status", "OFFERED", "REQUESTED", "ACCEPTED", "DECLINED", "WITHDRAWN", "EXPIRED", "INVALIDATED")
	if h.waits(x, id) {
		t.Skip("opened already")
	}
	if rapid.Bool().Draw(t, "answered") {
		x.Answered = one(t, "answered by", h.facts.Professionals)
	}
	*h.facts.Transfers[id] = x
	h.saveTransfer(id)
}

// somethingIsLeft seals a copy, keeps a consent, or tells somebody.
func (h *history) somethingIsLeft(t *rapid.T) {
	h.room(t, len(h.facts.Copies)+len(h.facts.Consents)+len(h.facts.Notices)-most)
	switch pick(t, "what", "copy", "consent", "notice") {
	case "copy":
		id := one(t, "transfer", h.facts.Transfers)
		for _, c := range h.facts.Copies {
			if c.Transfer == id {
				t.Skip("sealed already")
			}
		}
		h.addCopy(id)
	case "consent":
		h.addConsent(one(t, "workspace", h.facts.Workspaces), one(t, "profile", h.facts.Profiles))
	case "notice":
		h.addNotice(one(t, "professional", h.facts.Professionals))
	}
}

func (h *history) emergencyBegins(t *rapid.T) {
	h.room(t, len(h.facts.Emergencies))
	e := oracle.Emergency{Record: one(t, "record", h.facts.Records), Professional: one(t, "professional", h.facts.Professionals)}
	e.From = h.facts.Now.Add(pick(t, "begins", 0, 0, 0, -time.Hour, time.Hour))
	e.To = e.From.Add(pick(t, "lasts", time.Hour, 24*time.Hour))
	h.addEmergency(e)
}
