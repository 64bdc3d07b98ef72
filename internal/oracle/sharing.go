package oracle

import "time"

// Terms are what a share gives.
type Terms struct {
	Level        Level
	Approval     bool
	Confidential bool
	Expires      time.Time // zero for no end
}

// NewShare is a share that somebody would give.
type NewShare struct {
	ID, Record, Grantee string
	Terms
	Override bool // it goes on without a consent
}

// Share gives access to a record.
func (w *World) Share(m string, in NewShare) Outcome {
	if over(in.Expires, w.Now) {
		return Outcome{"INVALID"}
	}
	if refused := w.needs(m, in.Record, neededFor(in.Level)); refused != nil {
		return refused
	}
	r := w.Records[in.Record]
	out := Outcome{}.
		when(r.Status == "BINNED", "INVALID_STATE").
		when(!w.receives(in.Grantee), "NOT_FOUND").
		when(in.Grantee == r.Owner, "INVALID").
		when(r.Confidential && !in.Confidential, "INVALID").
		when(in.Override && w.home(m) != r.Workspace, "FORBIDDEN").
		when(w.standingShare(in.Record, in.Grantee) != nil, "ALREADY_SHARED")
	if w.receives(in.Grantee) {
		out = append(out, w.consented(in.Record, in.Grantee, "SHARE", in.Override, false)...)
	}
	if !out.Done() {
		return out
	}
	status, kind := "ACTIVE", "RECORD_SHARED"
	if w.WorkspaceOf(in.Grantee) != r.Workspace {
		status, kind = "PENDING", "SHARE_OFFERED"
	}
	w.Shares[in.ID] = &Share{
		Record: in.Record, Grantee: in.Grantee, Giver: m, Level: in.Level, Status: status, Starts: w.Now, Expires: in.Expires,
		Epoch: r.Epoch, Confidential: in.Confidential, Approval: in.Approval, Version: 1,
		Override: in.Override && len(w.lacking(in.Record, in.Grantee, "SHARE")) > 0,
	}
	w.tell(m, kind, in.Grantee)
	return nil
}

// neededFor is the level that it takes to give a share or to end one.
func neededFor(level Level) Level {
	if level == Full {
		return Owner
	}
	return Full
}

// needs refuses whoever has not the level on a record.
func (w *World) needs(m, record string, least Level) Outcome {
	switch level := w.Level(m, record); {
	case !w.acts(m):
		return Outcome{"UNAUTHENTICATED"}
	case level == None:
		return Outcome{"NOT_FOUND"}
	case level < least:
		return Outcome{"FORBIDDEN"}
	default:
		return nil
	}
}

// receives says whether a principal is there to receive anything.
func (w *World) receives(principal string) bool {
	in := w.Workspaces[w.WorkspaceOf(principal)]
	if in == nil || in.Status != "ACTIVE" {
		return false
	}
	if p := w.Professionals[principal]; p != nil {
		return p.Status == "ACTIVE" || p.Status == "INVITED"
	}
	u := w.Units[principal]
	return u == nil || u.Status == "ACTIVE"
}

// over says whether the clock has ended something.
func over(expires, now time.Time) bool { return !expires.IsZero() && !expires.After(now) }

// stands says whether a share is on offer or live.
func (w *World) stands(s *Share) bool {
	r := w.Records[s.Record]
	return (s.Status == "PENDING" || s.Status == "ACTIVE") && !over(s.Expires, w.Now) && s.Epoch == r.Epoch
}

// standingShare is the one share of a record that a grantee has, or nil.
func (w *World) standingShare(record, grantee string) *Share {
	for _, s := range w.Shares {
		if s.Record == record && s.Grantee == grantee && w.stands(s) {
			return s
		}
	}
	return nil
}

// sharesOf lists the shares of a record that stand, by their ids.
func (w *World) sharesOf(record string) []string {
	return which(w.Shares, func(_ string, s *Share) bool { return s.Record == record && w.stands(s) })
}

// ended says whether a share no longer waits and no longer gives, also because its
// record was thrown away.
func (w *World) ended(s *Share) bool { return !w.stands(s) || w.Records[s.Record].Status == "BINNED" }

// AcceptShare takes what is offered from another workspace.
func (w *World) AcceptShare(m, id string) Outcome {
	s, refused := w.answerable(m, id)
	if refused != nil {
		return refused
	}
	out := w.consented(s.Record, s.Grantee, "SHARE", s.Override, true).
		when(!w.receives(s.Grantee), "INVALID_STATE").
		when(w.Records[s.Record].Confidential && !s.Confidential, "INVALID_STATE")
	if !out.Done() {
		return out
	}
	s.Status, s.Starts, s.Version = "ACTIVE", w.Now, s.Version+1
	w.tellOne(m, "SHARE_ACCEPTED", s.Giver)
	return nil
}

// DeclineShare refuses it.
func (w *World) DeclineShare(m, id string) Outcome {
	s, refused := w.answerable(m, id)
	if refused != nil {
		return refused
	}
	s.Status, s.Version = "DECLINED", s.Version+1
	w.tellOne(m, "SHARE_DECLINED", s.Giver)
	return nil
}

// seen is a share that m sees.
func (w *World) seen(m, id string) (*Share, Outcome) {
	s := w.Shares[id]
	switch {
	case !w.acts(m):
		return nil, Outcome{"UNAUTHENTICATED"}
	case s == nil || !w.seesShare(m, s):
		return nil, Outcome{"NOT_FOUND"}
	default:
		return s, nil
	}
}

// answerable is a share that waits for m's answer.
func (w *World) answerable(m, id string) (*Share, Outcome) {
	s, refused := w.seen(m, id)
	if refused != nil {
		return nil, refused
	}
	refused = refused.when(!w.answersFor(m, s.Grantee), "FORBIDDEN").
		when(s.Status != "PENDING" || w.ended(s), "INVALID_STATE")
	return s, refused
}

// managed is a share that m may change or end.
func (w *World) managed(m, id string) (*Share, Outcome) {
	s, refused := w.seen(m, id)
	if refused != nil {
		return nil, refused
	}
	refused = refused.when(w.Level(m, s.Record) < neededFor(s.Level), "FORBIDDEN").
		when(w.ended(s), "INVALID_STATE")
	return s, refused
}

// endShare ends a share. One that nobody has taken held at no instant: it begins as it ends.
func (w *World) endShare(s *Share, status string) {
	if s.Status == "PENDING" {
		s.Starts = w.Now
	}
	s.Status, s.Version = status, s.Version+1
}

// RevokeShare ends a share.
func (w *World) RevokeShare(m, id string) Outcome {
	s, refused := w.managed(m, id)
	if refused != nil {
		return refused
	}
	w.endShare(s, "REVOKED")
	w.tell(m, "ACCESS_ENDED", s.Grantee)
	return nil
}

// UpdateShare puts a share with other terms in the place of one. The reason to go on
// without consent is left behind by somebody of another workspace.
func (w *World) UpdateShare(m, id, successor string, version int, terms Terms) Outcome {
	if over(terms.Expires, w.Now) {
		return Outcome{"INVALID"}
	}
	s, refused := w.managed(m, id)
	if refused != nil {
		return refused
	}
	out := Outcome{}.
		when(version != s.Version, "CONFLICT").
		when(terms.Level == Full && w.Level(m, s.Record) < Owner, "FORBIDDEN").
		when(w.Records[s.Record].Confidential && !terms.Confidential, "INVALID")
	if !out.Done() {
		return out
	}
	if (Terms{s.Level, s.Approval, s.Confidential, s.Expires}) == terms {
		return nil
	}
	next := *s
	next.Override = s.Override && (w.home(s.Giver) == w.home(m) || w.reaches(m, s.Grantee))
	longer := !s.Expires.IsZero() && (terms.Expires.IsZero() || terms.Expires.After(s.Expires))
	if longer || terms.Level > s.Level || terms.Confidential && !s.Confidential {
		if refused := w.consented(s.Record, s.Grantee, "SHARE", next.Override, false); !refused.Done() {
			return refused
		}
	}
	w.endShare(s, "REVOKED")
	next.Giver, next.Starts, next.Version = m, w.Now, 1
	next.Level, next.Approval, next.Confidential, next.Expires = terms.Level, terms.Approval, terms.Confidential, terms.Expires
	w.Shares[successor] = &next
	return nil
}

// LeaveRecord gives a share back: one's own, that of a unit one answers for, that of the
// workspace that one oversees.
func (w *World) LeaveRecord(m, record, grantee string) Outcome {
	if !w.acts(m) {
		return Outcome{"UNAUTHENTICATED"}
	}
	s := w.standingShare(record, grantee)
	mine := w.owns(m, grantee) || w.oversees(m, grantee)
	if !mine || s == nil || s.Status != "ACTIVE" || w.ended(s) {
		return Outcome{"NOT_FOUND"}
	}
	w.endShare(s, "LEFT")
	w.tell(m, "ACCESS_ENDED", w.Records[record].Owner)
	return nil
}
