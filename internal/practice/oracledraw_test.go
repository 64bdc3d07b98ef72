package practice_test

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"pgregory.net/rapid"

	"continuum/ent"
	"continuum/ent/consent"
	"continuum/ent/professional"
	"continuum/ent/record"
	"continuum/ent/share"
	"continuum/ent/transfer"
	"continuum/ent/unit"
	"continuum/ent/workspace"
	"continuum/internal/oracle"
	"continuum/internal/practice"
	"continuum/schema"
)

// pick draws one of the choices; what stands there twice is drawn twice as often.
func pick[T any](t *rapid.T, label string, choices ...T) T {
	return rapid.SampledFrom(choices).Draw(t, label)
}

// likely draws from those that a wish is true of, five times of six, if there are any.
func likely(t *rapid.T, label string, all []string, wish func(id string) bool) string {
	if fit := slices.DeleteFunc(slices.Clone(all), func(id string) bool { return !wish(id) }); len(fit) > 0 &&
		rapid.IntRange(0, 5).Draw(t, label+" fits") > 0 {
		return pick(t, label, fit...)
	}
	return pick(t, label, all...)
}

// draw draws what somebody tries next: what matters most is tried more often.
func (l *life) draw(t *rapid.T) attempt {
	shares, transfers := len(l.facts.Shares) > 0, len(l.facts.Transfers) > 0
	var choices []func(*rapid.T) attempt
	add := func(times int, possible bool, draw func(*rapid.T) attempt) {
		for range times {
			if possible {
				choices = append(choices, draw)
			}
		}
	}
	alone := l.focus == ""
	add(6, true, l.shares)
	add(3, shares, l.updatesShare)
	add(4, shares, l.answersShare)
	add(3, shares, l.revokesShare)
	add(2, true, l.leaves)
	add(5, true, l.offers)
	add(3, true, l.requests)
	add(7, transfers, l.accepts)
	add(3, transfers, l.endsTransfer)
	add(3, true, l.assigns)
	add(2, true, l.opens)
	add(1, len(l.facts.Emergencies) > 0 && alone, l.reviews)
	add(5, true, l.consents)
	add(2, len(l.facts.Consents) > 0, l.withdrawsConsent)
	add(3, true, l.links)
	add(2, true, l.archives)
	add(2, true, l.joins)
	add(2, alone, l.decides)
	add(1, alone, l.directs)
	add(7, alone, l.waits)
	add(1, alone, l.tidies)
	add(1, alone, l.fate)
	return pick(t, "what", choices...)(t)
}

// fresh names what is about to be made.
func (l *life) fresh(prefix string) string {
	return l.named(prefix, fmt.Sprint(prefix, len(l.names)))
}

func (l *life) record(t *rapid.T) string {
	if l.focus != "" && rapid.IntRange(0, 5).Draw(t, "elsewhere") > 0 {
		return l.focus
	}
	return l.often(t, "record", keys(l.facts.Records))
}

// often draws mostly from those that this history is about.
func (l *life) often(t *rapid.T, label string, all []string) string {
	return likely(t, label, all, func(id string) bool { return l.hot[id] })
}

// at draws who does something to a record: mostly somebody at a level, at least.
func (l *life) at(t *rapid.T, record string, least oracle.Level) string {
	return likely(t, "who", l.actors, func(m string) bool { return l.facts.Level(m, record) >= least })
}

func (l *life) principals() []string {
	return slices.Concat(l.actors, keys(l.facts.Units), keys(l.facts.Workspaces))
}

// answers draws who does something for a principal.
func (l *life) answers(t *rapid.T, principal string) string {
	return likely(t, "who", l.actors, func(m string) bool { return l.facts.Answers(m, principal) })
}

func (l *life) terms(t *rapid.T, record string) oracle.Terms {
	terms := oracle.Terms{
		Level:        pick(t, "level", oracle.Read, oracle.Write, oracle.Full),
		Approval:     pick(t, "approval", false, false, true),
		Confidential: l.facts.Records[record].Confidential || pick(t, "confidential", false, false, true),
	}
	if pick(t, "wrongly", false, false, false, false, false, true) {
		terms.Confidential = false
	}
	if d := pick(t, "ends", 0, 0, 0, 0, 0, hour, hour, 3*hour, 3*hour, day, day, 10*day, 10*day, -hour); d != 0 {
		terms.Expires = l.facts.Now.Add(d)
	}
	return terms
}

var levelNames = map[oracle.Level]share.Level{
	oracle.Read: share.LevelREAD, oracle.Write: share.LevelWRITE, oracle.Full: share.LevelFULL,
}

// when is an instant as an input gives it.
func when(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}

// reason is a text where one is given.
func reason(given bool) *string {
	if !given {
		return nil
	}
	return ptr("for a reason")
}

func orNone(id string) *string {
	if id == "" {
		return nil
	}
	return &id
}

func (l *life) shares(t *rapid.T) attempt {
	r := l.record(t)
	in := oracle.NewShare{ID: l.fresh(schema.SharePrefix), Record: r, Grantee: l.often(t, "grantee", l.principals()),
		Terms: l.terms(t, r), Override: pick(t, "override", false, false, false, false, false, true)}
	return attempt{
		who: l.at(t, r, oracle.Full), what: fmt.Sprintf("share %+v", in), touches: []string{ent.TypeShare, ent.TypeNotification},
		do: func(ctx context.Context) error {
			_, err := l.ShareRecord(ctx, practice.ShareRecordInput{ID: &in.ID, RecordID: r, GranteeID: in.Grantee, Level: levelNames[in.Level],
				RequiresApproval: &in.Approval, IncludesConfidential: &in.Confidential, ExpiresAt: when(in.Expires), ConsentOverride: reason(in.Override)})
			return err
		},
	}.telling(func(w *oracle.World, m string) oracle.Outcome { return w.Share(m, in) })
}

// telling gives an attempt what the oracle says of it.
func (a attempt) telling(tell func(w *oracle.World, m string) oracle.Outcome) attempt {
	a.tell = func(w *oracle.World) oracle.Outcome { return tell(w, a.who) }
	return a
}

// share draws one: mostly one that has not ended, of the record that things happen to.
func (l *life) share(t *rapid.T, status string) string {
	return likely(t, "share", keys(l.facts.Shares), func(id string) bool {
		s := l.facts.Shares[id]
		return (l.focus == "" || s.Record == l.focus) && (s.Status == status || status == "" && s.Status == "PENDING")
	})
}

func (l *life) updatesShare(t *rapid.T) attempt {
	id := l.share(t, "ACTIVE")
	s := l.facts.Shares[id]
	terms, successor, version := l.terms(t, s.Record), l.mint("share"), s.Version
	if pick(t, "only one thing", false, true) {
		terms = oracle.Terms{Level: terms.Level, Approval: s.Approval, Confidential: s.Confidential, Expires: s.Expires}
	}
	in := practice.UpdateShareInput{ID: id, ExpectedVersion: version,
		Level: graphql.OmittableOf(ptr(levelNames[terms.Level])), RequiresApproval: graphql.OmittableOf(&terms.Approval),
		IncludesConfidential: graphql.OmittableOf(&terms.Confidential), ExpiresAt: graphql.OmittableOf(when(terms.Expires))}
	return attempt{
		who: l.at(t, s.Record, oracle.Full), what: fmt.Sprintf("update share %s %+v", id, terms), touches: []string{ent.TypeShare},
		do: func(ctx context.Context) error { _, err := l.UpdateShare(ctx, in); return err },
	}.telling(func(w *oracle.World, m string) oracle.Outcome { return w.UpdateShare(m, id, successor, version, terms) })
}

func (l *life) answersShare(t *rapid.T) attempt {
	id := l.share(t, "PENDING")
	a := attempt{who: l.answers(t, l.facts.Shares[id].Grantee), touches: []string{ent.TypeShare, ent.TypeNotification}}
	if pick(t, "accepts", true, true, false) {
		a.what = "accept share " + id
		a.do = func(ctx context.Context) error {
			_, err := l.AcceptShare(ctx, practice.AcceptShareInput{ID: id})
			return err
		}
		return a.telling(func(w *oracle.World, m string) oracle.Outcome { return w.AcceptShare(m, id) })
	}
	a.what = "decline share " + id
	a.do = func(ctx context.Context) error {
		_, err := l.DeclineShare(ctx, practice.DeclineShareInput{ID: id})
		return err
	}
	return a.telling(func(w *oracle.World, m string) oracle.Outcome { return w.DeclineShare(m, id) })
}

func (l *life) revokesShare(t *rapid.T) attempt {
	id := l.share(t, pick(t, "status", "ACTIVE", "PENDING"))
	return attempt{
		who: l.at(t, l.facts.Shares[id].Record, oracle.Full), what: "revoke share " + id, touches: []string{ent.TypeShare, ent.TypeNotification},
		do: func(ctx context.Context) error {
			_, err := l.RevokeShare(ctx, practice.RevokeShareInput{ID: id})
			return err
		},
	}.telling(func(w *oracle.World, m string) oracle.Outcome { return w.RevokeShare(m, id) })
}

func (l *life) leaves(t *rapid.T) attempt {
	r := l.record(t)
	grantee := l.often(t, "grantee", l.principals())
	if len(l.facts.Shares) > 0 && rapid.IntRange(0, 3).Draw(t, "holds") > 0 {
		s := l.facts.Shares[l.share(t, "ACTIVE")]
		r, grantee = s.Record, s.Grantee
	}
	return attempt{
		who: l.answers(t, grantee), what: "leave " + r + " for " + grantee, touches: []string{ent.TypeShare, ent.TypeNotification},
		do: func(ctx context.Context) error {
			_, err := l.LeaveRecord(ctx, practice.LeaveRecordInput{RecordID: r, GranteeID: &grantee})
			return err
		},
	}.telling(func(w *oracle.World, m string) oracle.Outcome { return w.LeaveRecord(m, r, grantee) })
}

// offer draws the terms of a hand-over.
func (l *life) offer(t *rapid.T, r string) oracle.NewOffer {
	in := oracle.NewOffer{ID: l.fresh(schema.TransferPrefix), Record: r,
		Confidential: l.facts.Records[r].Confidential || pick(t, "confidential", false, false, true),
		Keeps:        pick(t, "keeps", "NOTHING", "NOTHING", "READ_UNTIL", "READ_UNTIL", "SEALED_COPY"),
		Default:      pick(t, "default", "", "", "KEEP", "DROP"),
		Override:     pick(t, "override", false, false, false, false, false, true),
	}
	if pick(t, "wrongly", false, false, false, false, false, true) {
		in.Confidential = false
	}
	if in.Keeps == "READ_UNTIL" {
		in.KeepUntil = l.facts.Now.Add(pick(t, "keeps until", hour, day, 30*day, 30*day, -hour))
	}
	return in
}

// plan draws what becomes of some of the shares of a record, and now and then of another.
func (l *life) plan(t *rapid.T, in *oracle.NewOffer) {
	for _, id := range keys(l.facts.Shares) {
		s := l.facts.Shares[id]
		if s.Record == in.Record && (s.Status == "ACTIVE" || s.Status == "PENDING") && pick(t, "named", false, true) {
			named(in, id, rapid.Bool().Draw(t, "kept"))
		}
	}
	if len(l.facts.Shares) > 0 && pick(t, "another", false, false, false, false, false, false, false, true) {
		named(in, pick(t, "share", keys(l.facts.Shares)...), true)
	}
}

func named(in *oracle.NewOffer, share string, keep bool) {
	if in.Plan == nil {
		in.Plan = map[string]bool{}
	}
	in.Plan[share] = keep
}

func keepsOf(in oracle.NewOffer) *transfer.PreviousOwnerKeeps {
	return ptr(transfer.PreviousOwnerKeeps(in.Keeps))
}

func defaultOf(in oracle.NewOffer) *transfer.SharesDefault {
	if in.Default == "" {
		return nil
	}
	return ptr(transfer.SharesDefault(in.Default))
}

func (l *life) offers(t *rapid.T) attempt {
	r := l.record(t)
	in := l.offer(t, r)
	in.To = l.often(t, "to", l.principals())
	if asked := l.transfersOf("REQUESTED"); len(asked) > 0 && pick(t, "grants", false, true) {
		in.To, in.Request = "", pick(t, "request", asked...)
		if pick(t, "its record", true, true, true, false) {
			in.Record = l.facts.Transfers[in.Request].Record
		}
	}
	l.plan(t, &in)
	var plan []*practice.SharePlan
	for _, id := range keys(in.Plan) {
		plan = append(plan, &practice.SharePlan{ShareID: id, Keep: in.Plan[id]})
	}
	return attempt{
		who: l.at(t, in.Record, oracle.Owner), what: fmt.Sprintf("offer %+v", in), touches: []string{ent.TypeTransfer, ent.TypeNotification},
		do: func(ctx context.Context) error {
			_, err := l.TransferRecord(ctx, practice.TransferRecordInput{ID: &in.ID, RecordID: in.Record, ToID: orNone(in.To), RequestID: orNone(in.Request),
				IncludesConfidential: &in.Confidential, PreviousOwnerKeeps: keepsOf(in), KeepUntil: when(in.KeepUntil),
				SharesDefault: defaultOf(in), Shares: plan, ConsentOverride: reason(in.Override)})
			return err
		},
	}.telling(func(w *oracle.World, m string) oracle.Outcome { return w.Offer(m, in) })
}

// transfersOf lists those of a status, of the record that things happen to.
func (l *life) transfersOf(status string) []string {
	return slices.DeleteFunc(keys(l.facts.Transfers), func(id string) bool {
		x := l.facts.Transfers[id]
		return x.Status != status || l.focus != "" && x.Record != l.focus
	})
}

func (l *life) requests(t *rapid.T) attempt {
	r, id := l.record(t), l.fresh(schema.TransferPrefix)
	who := l.at(t, r, oracle.Read)
	to := who
	if pick(t, "for a unit", false, true) {
		to = likely(t, "to", keys(l.facts.Units), func(id string) bool { return l.facts.Answers(who, id) })
	}
	return attempt{
		who: who, what: "request " + id + " of " + r + " for " + to, touches: []string{ent.TypeTransfer, ent.TypeNotification},
		do: func(ctx context.Context) error {
			_, err := l.RequestTransfer(ctx, practice.RequestTransferInput{ID: &id, RecordID: r, ToID: &to})
			return err
		},
	}.telling(func(w *oracle.World, m string) oracle.Outcome { return w.RequestTransfer(m, id, r, to) })
}

// handedOver are the types of which a hand-over changes rows.
var handedOver = []string{ent.TypeRecord, ent.TypeShare, ent.TypeTransfer, ent.TypeSealedCopy, ent.TypeProfile, ent.TypeNotification}

// transfer draws one: mostly one that waits.
func (l *life) transfer(t *rapid.T, status string) string {
	return likely(t, "transfer", keys(l.facts.Transfers), func(id string) bool {
		return slices.Contains(l.transfersOf(status), id)
	})
}

func (l *life) accepts(t *rapid.T) attempt {
	id := l.transfer(t, "OFFERED")
	x, owner, minted := l.facts.Transfers[id], "", oracle.Minted{Share: l.mint("share"), Copy: l.mint("copy")}
	if l.facts.Workspaces[x.To] != nil && pick(t, "named", false, true) {
		owner = likely(t, "owner", l.principals(), func(p string) bool { return l.facts.WorkspaceOf(p) == x.To })
	}
	return attempt{
		who: l.answers(t, x.To), what: "accept " + id + " for " + owner, touches: handedOver,
		do: func(ctx context.Context) error {
			_, err := l.AcceptTransfer(ctx, practice.AcceptTransferInput{ID: id, OwnerID: orNone(owner)})
			return err
		},
	}.telling(func(w *oracle.World, m string) oracle.Outcome { return w.AcceptTransfer(m, id, owner, minted) })
}

func (l *life) endsTransfer(t *rapid.T) attempt {
	id := l.transfer(t, pick(t, "status", "OFFERED", "OFFERED", "REQUESTED"))
	x := l.facts.Transfers[id]
	a := attempt{who: l.answers(t, pick(t, "side", x.From, x.To)), touches: []string{ent.TypeTransfer, ent.TypeNotification}}
	if pick(t, "declines", false, true) {
		a.what = "decline " + id
		a.do = func(ctx context.Context) error {
			_, err := l.DeclineTransfer(ctx, practice.DeclineTransferInput{ID: id})
			return err
		}
		return a.telling(func(w *oracle.World, m string) oracle.Outcome { return w.DeclineTransfer(m, id) })
	}
	a.what = "withdraw " + id
	a.do = func(ctx context.Context) error {
		_, err := l.WithdrawTransfer(ctx, practice.WithdrawTransferInput{ID: id})
		return err
	}
	return a.telling(func(w *oracle.World, m string) oracle.Outcome { return w.WithdrawTransfer(m, id) })
}

func (l *life) assigns(t *rapid.T) attempt {
	r := l.record(t)
	in, minted := l.offer(t, r), oracle.Minted{Share: l.mint("share"), Copy: l.mint("copy")}
	in.ID, in.Confidential, in.Override = l.mint("transfer"), false, false
	in.To = likely(t, "to", l.principals(), func(p string) bool {
		return l.facts.WorkspaceOf(p) == l.facts.Records[r].Workspace && l.facts.Workspaces[p] == nil
	})
	return attempt{
		who:  likely(t, "who", l.actors, func(m string) bool { return l.facts.Answers(m, l.facts.Records[r].Workspace) }),
		what: fmt.Sprintf("assign %+v", in), touches: handedOver,
		do: func(ctx context.Context) error {
			_, err := l.AssignRecord(ctx, practice.AssignRecordInput{RecordID: r, ToID: in.To, PreviousOwnerKeeps: keepsOf(in),
				KeepUntil: when(in.KeepUntil), SharesDefault: defaultOf(in)})
			return err
		},
	}.telling(func(w *oracle.World, m string) oracle.Outcome { return w.Assign(m, in, minted) })
}

func (l *life) opens(t *rapid.T) attempt {
	r, id := l.record(t), l.mint("emergency")
	return attempt{
		who: l.at(t, r, oracle.Metadata), what: "open in an emergency " + r, touches: []string{ent.TypeEmergencyAccess, ent.TypeNotification},
		do: func(ctx context.Context) error {
			_, err := l.RequestEmergencyAccess(ctx, practice.RequestEmergencyAccessInput{RecordID: r, Reason: "for a reason"})
			return err
		},
	}.telling(func(w *oracle.World, m string) oracle.Outcome { return w.OpenInEmergency(m, id, r) })
}

func (l *life) reviews(t *rapid.T) attempt {
	id := pick(t, "emergency", keys(l.facts.Emergencies)...)
	return attempt{
		who: l.answers(t, l.facts.Emergencies[id].Workspace), what: "review " + id, touches: []string{ent.TypeEmergencyAccess},
		do: func(ctx context.Context) error {
			_, err := l.ReviewEmergencyAccess(ctx, practice.ReviewEmergencyAccessInput{ID: id})
			return err
		},
	}.telling(func(w *oracle.World, m string) oracle.Outcome { return w.Review(m, id) })
}

func (l *life) consents(t *rapid.T) attempt {
	id := l.mint("consent")
	in := oracle.Consent{Profile: pick(t, "profile", keys(l.facts.Profiles)...),
		Purpose: pick(t, "purpose", "SHARE", "TRANSFER", "SHARE_AND_TRANSFER", "SHARE_AND_TRANSFER"),
		Target:  pick(t, "target", "", "", pick(t, "whom", l.principals()...)),
		Signed:  l.facts.Now.Add(-pick(t, "signed", 0, 0, day, 10*day)),
	}
	if pick(t, "by a contact", true, true, false) {
		in.Link = likely(t, "link", keys(l.facts.ContactLinks), func(id string) bool {
			k := l.facts.ContactLinks[id]
			return k.Profile == in.Profile && k.MayConsent
		})
	}
	if d := pick(t, "expires", 0, 0, hour, 3*day, 20*day); d != 0 {
		in.Expires = in.Signed.Add(d)
	}
	who := likely(t, "who", l.actors, func(m string) bool { return l.facts.ProfileRight(m, in.Profile) == oracle.EditRight })
	return attempt{
		who: who, what: fmt.Sprintf("consent %+v", in), touches: []string{ent.TypeConsent},
		do: func(ctx context.Context) error {
			_, err := l.RecordConsent(ctx, practice.RecordConsentInput{ProfileID: in.Profile, ContactLinkID: orNone(in.Link),
				Purpose: consent.Purpose(in.Purpose), TargetID: orNone(in.Target), Method: consent.MethodWRITTEN,
				SignedAt: &in.Signed, ExpiresAt: when(in.Expires)})
			return err
		},
	}.telling(func(w *oracle.World, m string) oracle.Outcome { return w.RecordConsent(m, id, in) })
}

func (l *life) withdrawsConsent(t *rapid.T) attempt {
	id := likely(t, "consent", keys(l.facts.Consents), func(id string) bool { return l.facts.Consents[id].Withdrawn.IsZero() })
	c := l.facts.Consents[id]
	who := likely(t, "who", l.actors, func(m string) bool {
		return l.facts.WorkspaceOf(m) == c.Workspace && l.facts.ProfileRight(m, c.Profile) == oracle.EditRight
	})
	return attempt{
		who: who, what: "withdraw consent " + id, touches: []string{ent.TypeConsent},
		do: func(ctx context.Context) error {
			_, err := l.WithdrawConsent(ctx, practice.WithdrawConsentInput{ID: id})
			return err
		},
	}.telling(func(w *oracle.World, m string) oracle.Outcome { return w.WithdrawConsent(m, id) })
}

func (l *life) links(t *rapid.T) attempt {
	r, p, id := l.record(t), pick(t, "profile", keys(l.facts.Profiles)...), l.mint("link")
	a := attempt{who: l.at(t, r, oracle.Full), touches: []string{ent.TypeRecordLink}}
	if rapid.Bool().Draw(t, "links") {
		a.what = "link " + p + " to " + r
		a.do = func(ctx context.Context) error {
			_, err := l.LinkProfile(ctx, practice.LinkProfileInput{RecordID: r, ProfileID: p})
			return err
		}
		return a.telling(func(w *oracle.World, m string) oracle.Outcome { return w.Link(m, id, r, p) })
	}
	a.what = "unlink " + p + " from " + r
	a.do = func(ctx context.Context) error {
		_, err := l.UnlinkProfile(ctx, practice.UnlinkProfileInput{RecordID: r, ProfileID: p})
		return err
	}
	return a.telling(func(w *oracle.World, m string) oracle.Outcome { return w.Unlink(m, r, p) })
}

func (l *life) archives(t *rapid.T) attempt {
	r := l.record(t)
	a := attempt{who: l.at(t, r, oracle.Full), touches: []string{ent.TypeRecord}}
	if l.facts.Records[r].Status == "OPEN" != pick(t, "wrongly", false, false, false, true) {
		a.what = "archive " + r
		a.do = func(ctx context.Context) error {
			_, err := l.ArchiveRecord(ctx, practice.ArchiveRecordInput{ID: r})
			return err
		}
		return a.telling(func(w *oracle.World, m string) oracle.Outcome { return w.Archive(m, r) })
	}
	a.what = "reopen " + r
	a.do = func(ctx context.Context) error {
		_, err := l.ReopenRecord(ctx, practice.ReopenRecordInput{ID: r})
		return err
	}
	return a.telling(func(w *oracle.World, m string) oracle.Outcome { return w.Reopen(m, r) })
}

func (l *life) joins(t *rapid.T) attempt {
	unit, id := pick(t, "unit", keys(l.facts.Units)...), l.mint("membership")
	in := l.facts.Units[unit].Workspace
	whom := likely(t, "whom", l.actors, func(p string) bool { return l.facts.WorkspaceOf(p) == in })
	a := attempt{
		who:     likely(t, "who", l.actors, func(m string) bool { return l.facts.WorkspaceOf(m) == in }),
		touches: []string{ent.TypeUnitMember}, signs: true,
	}
	if pick(t, "joins", true, true, false) {
		steward := rapid.Bool().Draw(t, "steward")
		a.what = fmt.Sprint("add ", whom, " to ", unit, " steward ", steward)
		a.do = func(ctx context.Context) error {
			_, err := l.AddUnitMember(ctx, practice.AddUnitMemberInput{UnitID: unit, ProfessionalID: whom, Steward: &steward})
			return err
		}
		return a.telling(func(w *oracle.World, m string) oracle.Outcome { return w.Join(m, id, unit, whom, steward) })
	}
	a.what = "remove " + whom + " from " + unit
	a.do = func(ctx context.Context) error {
		_, err := l.RemoveUnitMember(ctx, practice.RemoveUnitMemberInput{UnitID: unit, ProfessionalID: whom})
		return err
	}
	return a.telling(func(w *oracle.World, m string) oracle.Outcome { return w.Leave(m, unit, whom) })
}

func drawPolicies(t *rapid.T) oracle.Policies {
	return oracle.Policies{
		OfferDays: pick(t, "offer days", 1, 14), CoolingOffDays: pick(t, "cooling off", 0, 0, 2), EmergencyHours: pick(t, "hours", 1, 24),
		AdultAge: pick(t, "adult age", 18, 14), Inside: pick(t, "inside", "OFF", "WARN", "REQUIRE"),
		Across: pick(t, "across", "OFF", "WARN", "WARN", "REQUIRE", "REQUIRE"),
	}
}

// decides changes the policies of a workspace.
func (l *life) decides(t *rapid.T) attempt {
	to := drawPolicies(t)
	in := practice.UpdateWorkspacePoliciesInput{OfferDays: &to.OfferDays, CoolingOffDays: &to.CoolingOffDays, EmergencyHours: &to.EmergencyHours,
		AdultAge: &to.AdultAge, ConsentInside: ptr(schema.ConsentMode(to.Inside)), ConsentAcross: ptr(schema.ConsentMode(to.Across))}
	return attempt{
		who:  likely(t, "who", l.actors, func(m string) bool { return slices.Contains(l.facts.Professionals[m].Roles, "ADMINISTRATOR") }),
		what: fmt.Sprintf("decide %+v", to), touches: []string{ent.TypeWorkspace},
		do: func(ctx context.Context) error { _, err := l.UpdateWorkspacePolicies(ctx, in); return err },
	}.telling(func(w *oracle.World, m string) oracle.Outcome { return w.ChangePolicies(m, to) })
}

// directs changes somebody's directory.
func (l *life) directs(t *rapid.T) attempt {
	whom, scope, right := pick(t, "whom", l.actors...), pick(t, "scope", "OWN", "ALL"), pick(t, "right", "NONE", "READ", "EDIT")
	var roles []schema.Role
	for _, role := range l.facts.Professionals[whom].Roles {
		roles = append(roles, schema.Role(role))
	}
	return attempt{
		who: pick(t, "who", l.actors...), what: fmt.Sprint("direct ", whom, scope, right), touches: []string{ent.TypeProfessional}, signs: true,
		do: func(ctx context.Context) error {
			_, err := l.SetProfessionalRoles(ctx, practice.SetProfessionalRolesInput{ProfessionalID: whom, Roles: roles,
				Directory: &practice.DirectoryInput{Scope: professional.DirectoryScope(scope), Right: professional.DirectoryRight(right)}})
			return err
		},
	}.telling(func(w *oracle.World, m string) oracle.Outcome { return w.SetDirectory(m, whom, scope, right) })
}

// waits lets time pass.
func (l *life) waits(t *rapid.T) attempt {
	d := pick(t, "time", time.Microsecond, hour-time.Microsecond, hour, hour, 2*hour, day, day, 8*day)
	return attempt{
		what: fmt.Sprint("wait ", d), do: func(context.Context) error { return nil },
		tell: func(w *oracle.World) oracle.Outcome { w.Wait(d); return nil },
	}
}

// tidies lets the job come by, which changes nothing that anybody sees.
func (l *life) tidies(*rapid.T) attempt {
	return attempt{
		what: "tidy", touches: everyRow,
		do:   func(ctx context.Context) error { _, err := l.Tidy(ctx); return err },
		tell: func(*oracle.World) oracle.Outcome { return nil },
	}
}

// fate is what befalls without anybody's doing here: somebody is suspended, a unit closes,
// a record becomes confidential or is thrown away.
func (l *life) fate(t *rapid.T) attempt {
	a := attempt{touches: []string{ent.TypeRecord, ent.TypeProfessional, ent.TypeWorkspace}, signs: true}
	var save func(ctx context.Context, tx *ent.Client) error
	switch pick(t, "fate", "professional", "professional", "professional", "workspace", "confidential", "confidential", "unit", "record") {
	case "professional":
		id, status := pick(t, "professional", l.actors...), pick(t, "status", "ACTIVE", "ACTIVE", "INVITED", "SUSPENDED", "ENDED")
		a.what = fmt.Sprint(id, " becomes ", status)
		save = func(ctx context.Context, tx *ent.Client) error {
			return tx.Professional.UpdateOneID(id).SetStatus(professional.Status(status)).Exec(ctx)
		}
		a.tell = func(w *oracle.World) oracle.Outcome { w.Professionals[id].Status = status; return nil }
	case "workspace":
		id, status := pick(t, "workspace", keys(l.facts.Workspaces)...), pick(t, "status", "ACTIVE", "ACTIVE", "SUSPENDED")
		a.what = fmt.Sprint(id, " becomes ", status)
		save = func(ctx context.Context, tx *ent.Client) error {
			return tx.Workspace.UpdateOneID(id).SetStatus(workspace.Status(status)).Exec(ctx)
		}
		a.tell = func(w *oracle.World) oracle.Outcome { w.Workspaces[id].Status = status; return nil }
	case "confidential":
		id := pick(t, "record", keys(l.facts.Records)...)
		confidential := !l.facts.Records[id].Confidential
		a.what = fmt.Sprint(id, " confidential ", confidential)
		save = func(ctx context.Context, tx *ent.Client) error {
			return tx.Record.UpdateOneID(id).SetConfidential(confidential).Exec(ctx)
		}
		a.tell = func(w *oracle.World) oracle.Outcome { w.Records[id].Confidential = confidential; return nil }
	case "unit":
		id := pick(t, "unit", keys(l.facts.Units)...)
		a.what = id + " closes"
		save = func(ctx context.Context, tx *ent.Client) error {
			return tx.Unit.UpdateOneID(id).SetStatus(unit.StatusCLOSED).Exec(ctx)
		}
		a.tell = func(w *oracle.World) oracle.Outcome { w.Units[id].Status = "CLOSED"; return nil }
	default:
		id := pick(t, "record", keys(l.facts.Records)...)
		a.what = id + " is thrown away"
		save = func(ctx context.Context, tx *ent.Client) error {
			return tx.Record.UpdateOneID(id).SetStatus(record.StatusBINNED).Exec(ctx)
		}
		a.tell = func(w *oracle.World) oracle.Outcome { w.Records[id].Status = "BINNED"; return nil }
	}
	a.do = func(ctx context.Context) error { return l.store.Tx(l.system(), save) }
	return a
}
