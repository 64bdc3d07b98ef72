package oracle

import (
	"fmt"
	"slices"
	"time"
)

// Lines tell rows of a type in words, by id, as they stand by the clock: what has run out
// reads the same whether or not a job has been by.
func (w *World) Lines(typ string) map[string]string {
	switch typ {
	case "Record":
		return lines(w.Records, w.RecordLine)
	case "Share":
		return lines(w.Shares, w.ShareLine)
	case "Transfer":
		return lines(w.Transfers, w.TransferLine)
	case "SealedCopy":
		return lines(w.Copies, func(c *SealedCopy) string { return fmt.Sprint(*c) })
	case "Consent":
		return lines(w.Consents, w.ConsentLine)
	case "EmergencyAccess":
		return lines(w.Emergencies, w.EmergencyLine)
	case "RecordLink":
		return lines(w.Links, func(l *Link) string { return fmt.Sprint(l.Record, l.Profile, instant(l.To)) })
	case "UnitMember":
		return lines(w.Memberships, w.MembershipLine)
	case "Profile":
		return lines(w.Profiles, func(p *Profile) string { return p.Home })
	case "Professional":
		return lines(w.Professionals, func(p *Professional) string { return fmt.Sprint(p.Status, p.Scope, p.Right) })
	case "Workspace":
		return lines(w.Workspaces, func(in *Workspace) string { return fmt.Sprint(in.Status, in.Policies) })
	default:
		panic("the oracle has no words for a " + typ)
	}
}

func lines[T any](rows map[string]*T, line func(*T) string) map[string]string {
	told := make(map[string]string, len(rows))
	for id, row := range rows {
		told[id] = line(row)
	}
	return told
}

func instant(t time.Time) string {
	if t.IsZero() {
		return "never"
	}
	return t.UTC().Format("2006-01-02T15:04:05.000000")
}

// RecordLine tells who owns a record, where, and how it stands.
func (w *World) RecordLine(r *Record) string {
	return fmt.Sprint(r.Owner, " in ", r.Workspace, " epoch ", r.Epoch, " ", r.Status, " confidential ", r.Confidential)
}

// ShareLine tells what a share gives to whom.
func (w *World) ShareLine(s *Share) string {
	status, version, starts := s.Status, s.Version, s.Starts
	if (status == "PENDING" || status == "ACTIVE") && over(s.Expires, w.Now) {
		if status == "PENDING" {
			starts = s.Expires // as it will be noted: nobody has taken it
		}
		status = "EXPIRED"
	}
	if status != "PENDING" && status != "ACTIVE" {
		version = 0 // that it is over may be noted, once
	}
	return fmt.Sprint(s.Record, " to ", s.Grantee, " by ", s.Giver, " level ", s.Level, " ", status, " from ", instant(starts),
		" until ", instant(s.Expires), " epoch ", s.Epoch, " confidential ", s.Confidential, " approval ", s.Approval,
		" override ", s.Override, " version ", version)
}

// TransferLine tells who hands what to whom, and how that stands.
func (w *World) TransferLine(t *Transfer) string {
	status := t.Status
	if (status == "OFFERED" || status == "REQUESTED") && !w.waits(t) || status == "EXPIRED" || status == "INVALIDATED" {
		status = "OVER"
	}
	var plan []string
	for id, keep := range t.Plan {
		plan = append(plan, fmt.Sprint(id, keep))
	}
	slices.Sort(plan)
	return fmt.Sprint(t.Record, " ", t.Mode, " ", status, " from ", t.From, " in ", t.FromWorkspace, " to ", t.To, " in ", t.ToWorkspace,
		" by ", t.By, " answered by ", t.Answered, " owner ", t.NewOwner, " epoch ", t.Epoch, " until ", instant(t.Expires),
		" confidential ", t.Confidential, " keeps ", t.Keeps, instant(t.KeepUntil), " default ", t.Default, plan, " override ", t.Override)
}

// ConsentLine tells who may be given what of whom.
func (w *World) ConsentLine(c *Consent) string {
	return fmt.Sprint(c.Workspace, c.Profile, c.Link, c.Purpose, c.Target, " signed ", instant(c.Signed), " from ", instant(c.Effective),
		" until ", instant(c.Expires), " withdrawn ", instant(c.Withdrawn))
}

// EmergencyLine tells who reads what without being asked, and until when.
func (w *World) EmergencyLine(e *Emergency) string {
	return fmt.Sprint(e.Professional, " into ", e.Record, " in ", e.Workspace, " from ", instant(e.From), " until ", instant(e.To),
		" reviewed ", e.Reviewed)
}

// MembershipLine tells who is in which unit, and since when.
func (w *World) MembershipLine(b *Membership) string {
	return fmt.Sprint(b.Professional, " in ", b.Unit, " steward ", b.Steward, " from ", instant(b.From), " until ", instant(b.To))
}

// Name gives what an operation has made the id that it has in the database.
func (w *World) Name(typ, made, id string) {
	switch typ {
	case "Share":
		rename(w.Shares, made, id)
	case "SealedCopy":
		rename(w.Copies, made, id)
	case "Consent":
		rename(w.Consents, made, id)
	case "EmergencyAccess":
		rename(w.Emergencies, made, id)
	case "RecordLink":
		rename(w.Links, made, id)
	case "UnitMember":
		rename(w.Memberships, made, id)
	case "Transfer":
		rename(w.Transfers, made, id)
		for _, c := range w.Copies {
			if c.Transfer == made {
				c.Transfer = id
			}
		}
	}
}

func rename[T any](rows map[string]*T, made, id string) {
	rows[id] = rows[made]
	delete(rows, made)
}
