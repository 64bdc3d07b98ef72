package oracle

import "time"

// Link makes a profile part of a record.
func (w *World) Link(m, id, record, profile string) Outcome {
	if refused := w.needs(m, record, Full); refused != nil {
		return refused
	}
	r := w.Records[record]
	out := Outcome{}.
		when(w.ProfileRight(m, profile) < ReadRight, "NOT_FOUND").
		when(r.Status != "DRAFT" && r.Status != "OPEN", "INVALID_STATE").
		when(w.liveLink(record, profile) != nil && w.ProfileRight(m, profile) >= ReadRight, "ALREADY_LINKED")
	if out.Done() {
		w.Links[id] = &Link{Record: record, Profile: profile}
	}
	return out
}

// liveLink is the link of a profile to a record that has not ended, or nil.
func (w *World) liveLink(record, profile string) *Link {
	for _, l := range w.Links {
		if l.Record == record && l.Profile == profile && l.To.IsZero() {
			return l
		}
	}
	return nil
}

// Unlink ends a profile's part in a record.
func (w *World) Unlink(m, record, profile string) Outcome {
	if refused := w.needs(m, record, Full); refused != nil {
		return refused
	}
	link := w.liveLink(record, profile)
	if link == nil {
		return Outcome{"NOT_FOUND"}
	}
	if w.Records[record].Status == "OPEN" && len(w.people(record)) == 1 {
		return Outcome{"LAST_PROFILE"}
	}
	link.To = w.Now
	return nil
}

// Archive closes a record.
func (w *World) Archive(m, record string) Outcome {
	return w.turn(m, record, "ARCHIVED", "DRAFT", "OPEN")
}

// Reopen opens one again.
func (w *World) Reopen(m, record string) Outcome {
	if refused := w.needs(m, record, Full); refused != nil {
		return refused
	}
	if len(w.people(record)) == 0 {
		return append(w.turn(m, record, "OPEN"), "LAST_PROFILE")
	}
	return w.turn(m, record, "OPEN", "DRAFT", "ARCHIVED")
}

func (w *World) turn(m, record, to string, from ...string) Outcome {
	if refused := w.needs(m, record, Full); refused != nil {
		return refused
	}
	for _, status := range from {
		if w.Records[record].Status == status {
			w.Records[record].Status = to
			return nil
		}
	}
	return Outcome{"INVALID_STATE"}
}

// Join makes somebody a member of a unit, or changes whether they are a steward of it.
func (w *World) Join(m, id, unit, professional string, steward bool) Outcome {
	if refused := w.manages(m, unit); refused != nil {
		return refused
	}
	p, before := w.Professionals[professional], w.membership(professional, unit)
	out := Outcome{}.
		when(w.Units[unit].Status != "ACTIVE", "NOT_FOUND").
		when(p.Workspace != w.home(m) || p.Status == "ENDED", "NOT_FOUND").
		when(professional == m && (before == nil || steward), "FORBIDDEN").
		when(before != nil && before.Steward == steward, "ALREADY_EXISTS")
	switch {
	case !out.Done():
	case before != nil:
		before.Steward = steward
	default:
		w.Memberships[id] = &Membership{Unit: unit, Professional: professional, Steward: steward, From: w.Now}
	}
	return out
}

// manages refuses whoever has no say in who belongs to a unit.
func (w *World) manages(m, unit string) Outcome {
	switch {
	case !w.acts(m):
		return Outcome{"UNAUTHENTICATED"}
	case w.Units[unit].Workspace != w.home(m):
		return Outcome{"NOT_FOUND"}
	case !w.is(m, "ADMINISTRATOR", "MANAGER") && !w.owns(m, unit):
		return Outcome(nil).when(true, "FORBIDDEN").when(w.Units[unit].Status != "ACTIVE", "NOT_FOUND")
	default:
		return nil
	}
}

// Leave ends somebody's membership of a unit. Anyone may leave.
func (w *World) Leave(m, unit, professional string) Outcome {
	if refused := w.manages(m, unit); refused != nil && (professional != m || refused[0] != "FORBIDDEN") {
		return refused
	}
	before := w.membership(professional, unit)
	if before == nil {
		return Outcome{"NOT_FOUND"}
	}
	before.To = w.Now
	return nil
}

// SetDirectory changes what a colleague's directory holds.
func (w *World) SetDirectory(m, professional, scope, right string) Outcome {
	if !w.acts(m) {
		return Outcome{"UNAUTHENTICATED"}
	}
	if !w.is(m, "ADMINISTRATOR") {
		return Outcome{"FORBIDDEN"}
	}
	p := w.Professionals[professional]
	if p.Workspace != w.home(m) {
		return Outcome{"NOT_FOUND"}
	}
	out := Outcome{}.when(professional == m, "FORBIDDEN").when(p.Status == "ENDED", "INVALID_STATE")
	if out.Done() {
		p.Scope, p.Right, p.Institutions = scope, right, nil
	}
	return out
}

// Wait lets time pass.
func (w *World) Wait(d time.Duration) { w.Now = w.Now.Add(d) }
