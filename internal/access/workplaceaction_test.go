package access_test

import "pgregory.net/rapid"

// What happens in a workplace.

func (h *history) memberJoins(t *rapid.T) {
	unit, professional := one(t, "unit", h.facts.Units), one(t, "professional", h.facts.Professionals)
	if h.facts.Units[unit].Workspace != h.facts.Professionals[professional].Workspace {
		t.Skip("works elsewhere")
	}
	for _, m := range h.facts.Memberships {
		if m.Unit == unit && m.Professional == professional && m.To.IsZero() {
			t.Skip("a member already")
		}
	}
	h.addMember(unit, professional, rapid.Bool().Draw(t, "steward"))
}

// memberChanges lets a member leave, or takes or gives the stewardship.
func (h *history) memberChanges(t *rapid.T) {
	id := one(t, "membership", h.facts.Memberships)
	m := h.facts.Memberships[id]
	switch {
	case !m.To.IsZero():
		t.Skip("left already")
	case rapid.Bool().Draw(t, "leaves"):
		m.To = h.facts.Now
	default:
		m.Steward = !m.Steward
	}
	h.saveMember(id)
}

func (h *history) professionalChanges(t *rapid.T) {
	id := one(t, "professional", h.facts.Professionals)
	p := h.facts.Professionals[id]
	if rapid.Bool().Draw(t, "roles") {
		p.Roles = pick(t, "role", nil, []string{"PRACTITIONER"}, []string{"COORDINATOR"}, []string{"MANAGER"},
			[]string{"PRACTITIONER", "ADMINISTRATOR"})
	} else {
		p.Status = pick(t, "status", "ACTIVE", "ACTIVE", "INVITED", "SUSPENDED", "ENDED")
	}
	h.saveProfessional(id)
}

func (h *history) directoryChanges(t *rapid.T) {
	id := one(t, "professional", h.facts.Professionals)
	p := h.facts.Professionals[id]
	p.Scope = pick(t, "scope", "OWN", "INSTITUTIONS", "ALL")
	p.Right = pick(t, "right", "NONE", "READ", "EDIT")
	p.Institutions = rapid.SliceOfDistinct(rapid.SampledFrom(ids(h.facts.Institutions)), rapid.ID[string]).Draw(t, "institutions")
	h.saveProfessional(id)
}

func (h *history) workspaceChanges(t *rapid.T) {
	id := one(t, "workspace", h.facts.Workspaces)
	h.facts.Workspaces[id].Status = pick(t, "status", "ACTIVE", "ACTIVE", "ACTIVE", "SUSPENDED", "CLOSED")
	h.saveWorkspace(id)
}

// unitCloses, or opens again.
func (h *history) unitCloses(t *rapid.T) {
	id := one(t, "unit", h.facts.Units)
	h.facts.Units[id].Status = pick(t, "status", "ACTIVE", "CLOSED")
	h.saveUnit(id)
}
