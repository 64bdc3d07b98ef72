package oracle

import (
	"slices"
	"time"
)

// consented refuses what is to happen to a record while the consent of one of its people
// is asked for and missing. Asked again, one that they had and that no longer holds is stale.
func (w *World) consented(record, to, purpose string, override, again bool) Outcome {
	if w.mode(record, to) != "REQUIRE" || override {
		return nil
	}
	var out Outcome
	for _, p := range w.lacking(record, to, purpose) {
		if again && w.had(record, p, to, purpose) {
			out = append(out, "CONSENT_STALE")
		} else {
			out = append(out, "CONSENT_REQUIRED")
		}
	}
	return out
}

// mode is how strictly the record's workspace asks.
func (w *World) mode(record, to string) string {
	in := w.Records[record].Workspace
	if w.WorkspaceOf(to) == in {
		return w.Workspaces[in].Policies.Inside
	}
	return w.Workspaces[in].Policies.Across
}

// lacking lists the people of a record whose consent is asked for and missing.
func (w *World) lacking(record, to, purpose string) []string {
	if w.mode(record, to) == "OFF" {
		return nil
	}
	return slices.DeleteFunc(w.people(record), func(p string) bool {
		for _, c := range w.Consents {
			if w.fits(c, record, p, to, purpose) && c.Withdrawn.IsZero() && w.live(c.Effective, c.Expires) {
				return true
			}
		}
		return false
	})
}

// people lists the profiles that a record links now.
func (w *World) people(record string) []string {
	var list []string
	for _, l := range w.Links {
		if l.Record == record && l.To.IsZero() {
			list = append(list, l.Profile)
		}
	}
	return list
}

// fits says whether a consent is of this person, kept by the record's workspace, and
// speaks of this purpose and these recipients.
func (w *World) fits(c *Consent, record, profile, to, purpose string) bool {
	return c.Workspace == w.Records[record].Workspace && c.Profile == profile &&
		(c.Purpose == purpose || c.Purpose == "SHARE_AND_TRANSFER") &&
		(c.Target == "" || c.Target == to || c.Target == w.WorkspaceOf(to))
}

// had says whether a person has given a consent that held once, and holds no longer.
func (w *World) had(record, profile, to, purpose string) bool {
	for _, c := range w.Consents {
		if w.fits(c, record, profile, to, purpose) && !c.Effective.After(w.Now) &&
			(c.Withdrawn.IsZero() || !c.Withdrawn.Before(c.Effective)) {
			return true
		}
	}
	return false
}

// RecordConsent keeps a consent in m's workspace.
func (w *World) RecordConsent(m, id string, in Consent) Outcome {
	if refused := w.edits(m, in.Profile); refused != nil {
		return refused
	}
	policies := w.Workspaces[w.home(m)].Policies
	in.Workspace = w.home(m)
	in.Effective = in.Signed.AddDate(0, 0, policies.CoolingOffDays)
	link := w.ContactLinks[in.Link]
	around := link != nil && link.Profile == in.Profile && link.To.IsZero()
	out := Outcome{}.
		when(!in.Expires.IsZero() && !in.Expires.After(in.Effective), "INVALID").
		when(in.Link != "" && !around, "NOT_FOUND").
		when(around && (!link.MayConsent || link.Restriction == "NO_CONTACT"), "INVALID").
		when(in.Link == "" && !adult(w.Profiles[in.Profile].Born, in.Signed, policies.AdultAge), "INVALID").
		when(in.Target != "" && !w.receives(in.Target), "NOT_FOUND")
	if !out.Done() {
		return out
	}
	w.Consents[id] = &in
	return nil
}

// edits refuses whoever may not edit a profile.
func (w *World) edits(m, profile string) Outcome {
	switch right := w.ProfileRight(m, profile); {
	case !w.acts(m):
		return Outcome{"UNAUTHENTICATED"}
	case right == NoRight:
		return Outcome{"NOT_FOUND"}
	case right == ReadRight:
		return Outcome{"FORBIDDEN"}
	default:
		return nil
	}
}

// adult says whether somebody born on a day was of age at an instant. Whose birthday is
// unknown is not.
func adult(born string, at time.Time, age int) bool {
	day, err := time.Parse(time.DateOnly, born)
	return err == nil && !day.AddDate(age, 0, 0).After(at)
}

// WithdrawConsent takes a consent back.
func (w *World) WithdrawConsent(m, id string) Outcome {
	if !w.acts(m) {
		return Outcome{"UNAUTHENTICATED"}
	}
	c := w.Consents[id]
	if c == nil || c.Workspace != w.home(m) || !w.reads(m, c.Profile) {
		return Outcome{"NOT_FOUND"}
	}
	out := Outcome{}.
		when(w.ProfileRight(m, c.Profile) < EditRight, "FORBIDDEN").
		when(!c.Withdrawn.IsZero(), "INVALID_STATE")
	if out.Done() {
		c.Withdrawn = w.Now
	}
	return out
}

// ChangePolicies changes what m's workspace decides for itself.
func (w *World) ChangePolicies(m string, to Policies) Outcome {
	if !w.acts(m) {
		return Outcome{"UNAUTHENTICATED"}
	}
	if !w.is(m, "ADMINISTRATOR") {
		return Outcome{"FORBIDDEN"}
	}
	w.Workspaces[w.home(m)].Policies = to
	return nil
}

// is says whether m has one of the roles.
func (w *World) is(m string, roles ...string) bool {
	return slices.ContainsFunc(roles, func(role string) bool { return slices.Contains(w.Professionals[m].Roles, role) })
}

// OpenInEmergency lets m read a record of their workspace for some hours.
func (w *World) OpenInEmergency(m, id, record string) Outcome {
	if !w.acts(m) {
		return Outcome{"UNAUTHENTICATED"}
	}
	level, r := w.Level(m, record), w.Records[record]
	switch {
	case level >= Read:
		return Outcome{"INVALID_STATE"}
	case w.mayOpen(m, record):
	case level == None:
		return Outcome{"NOT_FOUND"}
	default:
		return Outcome{"FORBIDDEN"}
	}
	hours := w.Workspaces[r.Workspace].Policies.EmergencyHours
	w.Emergencies[id] = &Emergency{Record: record, Professional: m, Workspace: r.Workspace,
		From: w.Now, To: w.Now.Add(time.Duration(hours) * time.Hour)}
	told := r.Owner
	if !w.anybodyBehind(told) {
		told = r.Workspace
	}
	w.tell(m, "EMERGENCY_ACCESS", told)
	return nil
}

// mayOpen says whether m oversees the record's workspace, or works in a unit with its
// owner; and whether it may be opened so at all.
func (w *World) mayOpen(m, record string) bool {
	r := w.Records[record]
	if r.Confidential || r.Status == "BINNED" || w.home(m) != r.Workspace {
		return false
	}
	if w.oversees(m, r.Workspace) {
		return true
	}
	for unit := range w.Units {
		if w.membership(m, unit) != nil && w.membership(r.Owner, unit) != nil {
			return true
		}
	}
	return false
}

// Review notes that somebody has looked at an emergency access.
func (w *World) Review(m, id string) Outcome {
	if !w.acts(m) {
		return Outcome{"UNAUTHENTICATED"}
	}
	e := w.Emergencies[id]
	if e == nil || !w.seesEmergency(m, e) {
		return Outcome{"NOT_FOUND"}
	}
	out := Outcome{}.
		when(!w.oversees(m, e.Workspace) || e.Professional == m, "FORBIDDEN").
		when(e.Reviewed, "INVALID_STATE")
	if out.Done() {
		e.Reviewed = true
	}
	return out
}
