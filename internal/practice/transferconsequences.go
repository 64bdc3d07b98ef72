package practice

import (
	"context"
	"slices"
	"time"

	"continuum/ent"
	"continuum/ent/principal"
	"continuum/ent/profile"
	"continuum/ent/recordlink"
	"continuum/ent/share"
	"continuum/ent/transfer"
	"continuum/ent/unitmember"
	"continuum/internal/access"
	"continuum/schema"
)

// TransferConsequences is what an offer would do if it were accepted now. Principals and
// profiles are told by their ids.
type TransferConsequences struct {
	GainIDs        []string // who sees the record afterwards and does not now
	LoseIDs        []string // who sees it now and will not
	KeepIDs        []string // who sees it now and afterwards
	MovingIDs      []string // profiles whose home moves to the receiving workspace
	PreviousKeeps  transfer.PreviousOwnerKeeps
	PreviousUntil  *time.Time
	ConsentMissing []string // profiles for which a consent is asked for and missing
}

// ConsequencesOf tells the giver of an open offer what would follow, and is nil for
// everybody else.
func (p *Practice) ConsequencesOf(ctx context.Context, t *ent.Transfer) (*TransferConsequences, error) {
	w, err := p.look(ctx, schema.ScopeRecordsRead)
	if err != nil {
		return nil, err
	}
	if t.Status != transfer.StatusOFFERED || !w.stands(giver, t) {
		return nil, nil
	}
	open := &openTransfer{Transfer: t}
	if err := w.readFacts(ctx, open); err != nil || !open.isOpen(access.Now(ctx)) {
		return nil, err
	}
	would := &TransferConsequences{PreviousKeeps: t.PreviousOwnerKeeps, PreviousUntil: t.KeepUntil}
	if err := w.weighShares(ctx, open, would); err != nil {
		return nil, err
	}
	if would.MovingIDs, err = w.movingHomes(ctx, open); err != nil {
		return nil, err
	}
	would.ConsentMissing, err = w.lacking(ctx, open)
	return would, err
}

// weighShares sorts those who hold the record, or would, into who gains, loses and keeps it.
func (w *work) weighShares(ctx context.Context, open *openTransfer, would *TransferConsequences) error {
	planned := &handedOver{transfer: open.Transfer, record: open.record, owner: open.to}
	if open.to.kind == principal.KindWORKSPACE {
		planned.owner = &recipient{} // whom they will name there
	}
	shares, err := w.plannedShares(ctx, planned)
	if err != nil {
		return err
	}
	hold, now := holders{now: []string{open.FromID}}, access.Now(ctx)
	if open.to.kind != principal.KindWORKSPACE {
		hold.then = append(hold.then, open.ToID)
	}
	for _, s := range shares {
		if s.Status != share.StatusACTIVE || !open.record.lets(s, now) {
			continue
		}
		hold.now = append(hold.now, s.GranteeID)
		if planned.keeps(s) {
			hold.then = append(hold.then, s.GranteeID)
		}
	}
	if open.PreviousOwnerKeeps == transfer.PreviousOwnerKeepsREAD_UNTIL && !runOut(open.KeepUntil, now) {
		hold.then = append(hold.then, open.FromID)
	}
	return w.compare(ctx, open, hold, would)
}

// holders are the principals who hold a record, now and after a hand-over.
type holders struct{ now, then []string }

// compare tells of each principal whether they see the record now, and then: by themselves,
// by their workspace or, as far as the giver's own workspace goes, by a unit of theirs.
func (w *work) compare(ctx context.Context, open *openTransfer, hold holders, would *TransferConsequences) error {
	concerned := append(append(slices.Clone(hold.now), hold.then...), open.ToID)
	by, err := w.reachedBy(ctx, concerned)
	if err != nil {
		return err
	}
	for i, id := range concerned {
		if slices.Contains(concerned[:i], id) {
			continue
		}
		holds := func(list []string) bool {
			return slices.ContainsFunc(by[id], func(through string) bool { return slices.Contains(list, through) })
		}
		switch sees, will := holds(hold.now), id == open.ToID || holds(hold.then); {
		case sees && will:
			would.KeepIDs = append(would.KeepIDs, id)
		case will:
			would.GainIDs = append(would.GainIDs, id)
		case sees:
			would.LoseIDs = append(would.LoseIDs, id)
		}
	}
	return nil
}

// reachedBy lists for each principal whom a share may name to reach them. Who belongs to
// which unit of another workspace is that one's to tell.
func (w *work) reachedBy(ctx context.Context, ids []string) (map[string][]string, error) {
	found, err := w.recipients(ctx, ids...)
	if err != nil {
		return nil, err
	}
	by := make(map[string][]string, len(found))
	var colleagues []string
	for id, one := range found {
		by[id] = []string{id, one.workspace}
		if one.kind == principal.KindPROFESSIONAL && one.workspace == w.viewer.WorkspaceID {
			colleagues = append(colleagues, id)
		}
	}
	members, err := w.UnitMember.Query().
		Where(access.AnyOf(unitmember.FieldProfessionalID, colleagues), unitmember.EndedAtIsNil()).
		All(access.System(ctx, "who works in a unit of the viewer's own workspace"))
	for _, m := range members {
		by[m.ProfessionalID] = append(by[m.ProfessionalID], m.UnitID)
	}
	return by, err
}

// movingHomes lists the profiles whose home would move: those that only this record ties
// to the workspace that they are at home in, as far as the giver sees. Another record that
// they do not see keeps a home too, and the list must not tell that there is one.
func (w *work) movingHomes(ctx context.Context, open *openTransfer) ([]string, error) {
	if !open.across() {
		return nil, nil
	}
	return w.Profile.Query().
		Where(access.AnyOf(profile.FieldID, open.record.profiles()), profile.HomeWorkspaceID(open.FromWorkspaceID),
			notLinkedIn(open.FromWorkspaceID, open.RecordID, access.InReadableRecord(ctx, recordlink.FieldRecordID))).
		Order(profile.ByID()).
		IDs(access.System(ctx, "which homes move with the giver's own record"))
}

// lacking lists the profiles whose consent is asked for and missing.
func (w *work) lacking(ctx context.Context, open *openTransfer) ([]string, error) {
	answer, err := w.consents(ctx, open.consentQuestion())
	return answer.missing, err
}
