package oracle

import "time"

// NewOffer is an offer that somebody would make.
type NewOffer struct {
	ID, Record   string
	To           string // or the request that it answers
	Request      string
	Confidential bool
	Keeps        string
	KeepUntil    time.Time
	Default      string // KEEP or DROP; empty for what is usual
	Plan         map[string]bool
	Override     bool
}

// flawed says whether what is kept is told wrongly.
func (in NewOffer) flawed(now time.Time) bool {
	return (in.Keeps == "READ_UNTIL") == in.KeepUntil.IsZero() || over(in.KeepUntil, now)
}

// Offer offers a record, or turns a request into an offer.
func (w *World) Offer(m string, in NewOffer) Outcome {
	if in.flawed(w.Now) {
		return Outcome{"INVALID"}
	}
	if refused := w.needs(m, in.Record, Owner); refused != nil {
		return refused
	}
	r, to := w.Records[in.Record], in.To
	if in.Request != "" {
		if refused := w.grantable(m, in); refused != nil {
			return refused
		}
		to = w.Transfers[in.Request].To
	}
	out := Outcome{}.
		when(r.Status == "BINNED", "INVALID_STATE").
		when(in.Request == "" && !w.receives(to), "NOT_FOUND").
		when(in.Request != "" && !w.receives(to), "INVALID_STATE").
		when(to == r.Owner, "INVALID").
		when(r.Confidential && !in.Confidential, "INVALID").
		when(w.openOffer(in.Record), "ALREADY_OFFERED").
		when(!w.knowsPlan(in), "NOT_FOUND")
	if w.WorkspaceOf(to) != "" {
		out = append(out, w.consented(in.Record, to, "TRANSFER", in.Override, false)...)
	}
	if !out.Done() {
		return out
	}
	w.open(m, to, in)
	w.tell(m, "TRANSFER_OFFERED", to)
	return nil
}

// grantable refuses a request that the owner cannot grant.
func (w *World) grantable(m string, in NewOffer) Outcome {
	t := w.Transfers[in.Request]
	if t == nil || !w.seesTransfer(m, t) {
		return Outcome{"NOT_FOUND"}
	}
	return Outcome(nil).
		when(t.Record != in.Record, "NOT_FOUND").
		when(t.Status != "REQUESTED" || !w.waits(t), "TRANSFER_NOT_OPEN").
		when(!w.owns(m, t.From), "FORBIDDEN")
}

// knowsPlan says whether a plan names nothing but shares of the record that stand.
func (w *World) knowsPlan(in NewOffer) bool {
	for id := range in.Plan {
		if s := w.Shares[id]; s == nil || s.Record != in.Record || w.ended(s) {
			return false
		}
	}
	return true
}

// open writes the offer down.
func (w *World) open(m, to string, in NewOffer) {
	r := w.Records[in.Record]
	t := w.Transfers[in.Request]
	if t == nil {
		t = &Transfer{Record: in.Record, Mode: "OFFER", By: m, From: r.Owner, FromWorkspace: r.Workspace,
			To: to, ToWorkspace: w.WorkspaceOf(to), Epoch: r.Epoch}
		w.Transfers[in.ID] = t
	}
	t.Status, t.Confidential, t.Keeps, t.KeepUntil, t.Plan = "OFFERED", in.Confidential, in.Keeps, in.KeepUntil, in.Plan
	t.Override = in.Override && len(w.lacking(in.Record, to, "TRANSFER")) > 0
	t.Default = usual(in.Default, t.FromWorkspace != t.ToWorkspace)
	t.Expires = w.Now.AddDate(0, 0, w.Workspaces[r.Workspace].Policies.OfferDays)
}

// usual is what becomes of shares that nobody speaks of.
func usual(said string, across bool) string {
	switch {
	case said != "":
		return said
	case across:
		return "DROP"
	default:
		return "KEEP"
	}
}

// waits says whether a transfer is still open, by the clock and the facts.
func (w *World) waits(t *Transfer) bool {
	r, u := w.Records[t.Record], w.Units[t.To]
	return (t.Status == "OFFERED" || t.Status == "REQUESTED") && t.Expires.After(w.Now) &&
		t.Epoch == r.Epoch && r.Status != "BINNED" && (u == nil || u.Status != "CLOSED")
}

// openOffer says whether a record is on offer.
func (w *World) openOffer(record string) bool {
	for _, t := range w.Transfers {
		if t.Record == record && t.Status == "OFFERED" && w.waits(t) {
			return true
		}
	}
	return false
}

// RequestTransfer asks for a record, for m or for a unit of theirs.
func (w *World) RequestTransfer(m, id, record, to string) Outcome {
	if refused := w.needs(m, record, Read); refused != nil {
		return refused
	}
	r, asked := w.Records[record], false
	for _, t := range w.Transfers {
		asked = asked || t.Record == record && t.To == to && t.Status == "REQUESTED" && w.waits(t)
	}
	out := Outcome{}.
		when(!w.isOrWorksIn(m, to), "NOT_FOUND").
		when(to == r.Owner, "INVALID").
		when(r.Status == "BINNED", "INVALID_STATE").
		when(!w.receives(to), "NOT_FOUND").
		when(asked, "ALREADY_OFFERED")
	if !out.Done() {
		return out
	}
	w.Transfers[id] = &Transfer{
		Record: record, Mode: "REQUEST", Status: "REQUESTED", By: m, From: r.Owner, FromWorkspace: r.Workspace,
		To: to, ToWorkspace: w.home(m), Epoch: r.Epoch, Keeps: "NOTHING", Default: usual("", r.Workspace != w.home(m)),
		Expires: w.Now.AddDate(0, 0, w.Workspaces[r.Workspace].Policies.OfferDays),
	}
	w.tell(m, "TRANSFER_REQUESTED", r.Owner)
	return nil
}

// answering is an open transfer that m sees, in one of the states that an answer is for.
func (w *World) answering(m, id string, states ...string) (*Transfer, Outcome) {
	t := w.Transfers[id]
	switch {
	case !w.acts(m):
		return nil, Outcome{"UNAUTHENTICATED"}
	case t == nil || !w.seesTransfer(m, t):
		return nil, Outcome{"NOT_FOUND"}
	case !w.waits(t):
		return t, Outcome{"TRANSFER_NOT_OPEN"}
	}
	for _, state := range states {
		if t.Status == state {
			return t, nil
		}
	}
	return t, Outcome{"TRANSFER_NOT_OPEN"}
}

// DeclineTransfer refuses an offer, which is the receiver's to do, or a request, which is the owner's.
func (w *World) DeclineTransfer(m, id string) Outcome {
	t, refused := w.answering(m, id, "OFFERED", "REQUESTED")
	if refused != nil {
		return refused
	}
	if t.Status == "OFFERED" {
		return w.end(m, t, "DECLINED", w.answersFor(m, t.To), t.From)
	}
	return w.end(m, t, "DECLINED", w.owns(m, t.From), t.To)
}

// WithdrawTransfer takes an offer back, which is the owner's to do, or a request, which is
// that of those who asked.
func (w *World) WithdrawTransfer(m, id string) Outcome {
	t, refused := w.answering(m, id, "OFFERED", "REQUESTED")
	if refused != nil {
		return refused
	}
	if t.Status == "OFFERED" {
		return w.end(m, t, "WITHDRAWN", w.owns(m, t.From), t.To)
	}
	return w.end(m, t, "WITHDRAWN", w.answersFor(m, t.To), t.From)
}

// end ends a transfer for whoever may, and tells the other side.
func (w *World) end(m string, t *Transfer, status string, may bool, other string) Outcome {
	if !may {
		return Outcome{"FORBIDDEN"}
	}
	t.Status, t.Answered = status, m
	w.tell(m, "TRANSFER_"+status, other)
	return nil
}

// AcceptTransfer takes a record over. Whoever accepts for a workspace says who is to own it.
func (w *World) AcceptTransfer(m, id, owner string, minted Minted) Outcome {
	t, refused := w.answering(m, id, "OFFERED")
	if refused != nil {
		return refused
	}
	if !w.answersFor(m, t.To) {
		return Outcome{"FORBIDDEN"}
	}
	var out Outcome
	if w.Workspaces[t.To] == nil {
		out = out.when(owner != "" && owner != t.To, "INVALID")
		owner = t.To
	} else {
		if owner == "" {
			owner = m
		}
		out = out.when(!w.mayOwn(owner, t.To), "NOT_FOUND").
			when(owner == w.Records[t.Record].Owner, "INVALID")
	}
	out = append(out, w.consented(t.Record, t.To, "TRANSFER", t.Override, true)...).
		when(w.Records[t.Record].Confidential && !t.Confidential, "INVALID_STATE")
	if !out.Done() {
		return out
	}
	t.Status, t.Answered = "ACCEPTED", m
	w.handOver(m, id, owner, minted)
	w.tell(m, "TRANSFER_ACCEPTED", t.From)
	w.tell(m, "RECORD_ASSIGNED", owner)
	return nil
}

// mayOwn says whether somebody is an active professional or unit of a workspace.
func (w *World) mayOwn(principal, workspace string) bool {
	p, u := w.Professionals[principal], w.Units[principal]
	return w.WorkspaceOf(principal) == workspace && w.Workspaces[workspace].Status == "ACTIVE" &&
		(p != nil && p.Status == "ACTIVE" || u != nil && u.Status == "ACTIVE")
}

// Assign gives a record of the workspace that m oversees another owner of it.
func (w *World) Assign(m string, in NewOffer, minted Minted) Outcome {
	if in.flawed(w.Now) {
		return Outcome{"INVALID"}
	}
	if refused := w.needs(m, in.Record, Metadata); refused != nil {
		return refused
	}
	r := w.Records[in.Record]
	if !w.oversees(m, r.Workspace) {
		return Outcome{"FORBIDDEN"}
	}
	out := Outcome{}.
		when(!w.mayOwn(in.To, r.Workspace), "NOT_FOUND").
		when(w.isOrWorksIn(m, in.To), "FORBIDDEN").
		when(in.To == r.Owner, "INVALID").
		when(r.Status == "BINNED", "INVALID_STATE")
	if !out.Done() {
		return out
	}
	from := r.Owner
	w.open(m, in.To, in)
	t := w.Transfers[in.ID]
	t.Mode, t.Status, t.Answered, t.Expires = "ASSIGN", "ACCEPTED", m, w.Now
	w.handOver(m, in.ID, in.To, minted)
	w.tell(m, "RECORD_ASSIGNED", from, in.To)
	return nil
}
