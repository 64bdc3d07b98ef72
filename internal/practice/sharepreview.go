package practice

import (
	"context"

	"continuum/ent/principal"
	"continuum/ent/professional"
	"continuum/ent/unitmember"
	"continuum/internal/access"
	"continuum/schema"
)

// mostReaders bounds the professionals that a reach names.
const mostReaders = 200

// ShareReach is what follows a share: the profiles that become readable, and to whom.
type ShareReach struct {
	ProfileIDs        []string // the profiles that follow, in their order
	GranteeID         string
	ProfessionalIDs   []string // who reads them by it, of those in the viewer's workspace; at most 200
	Pending           bool     // it waits until somebody there accepts
	ConsentMissingIDs []string // the profiles for which a consent is asked for and missing
}

// PreviewShare tells what ShareRecord would do, or why it would fail, and does nothing.
func (p *Practice) PreviewShare(ctx context.Context, in ShareRecordInput) (*ShareReach, error) {
	var check checks
	in = check.newShare(ctx, in)
	if err := check.err(); err != nil {
		return nil, err
	}
	w, err := p.look(ctx, schema.ScopeRecordsWrite)
	if err != nil {
		return nil, err
	}
	what, err := w.plannedShare(ctx, in)
	if err != nil {
		return nil, err
	}
	held, err := w.shareOf(ctx, what)
	if err != nil {
		return nil, err
	}
	if held != nil && what.record.lets(held, access.Now(ctx)) {
		return nil, alreadyShared()
	}
	return w.reachOf(ctx, what)
}

// reachOf tells what follows a share, and to whom it becomes readable: who works in
// another workspace is theirs to tell.
func (w *work) reachOf(ctx context.Context, what plannedShare) (*ShareReach, error) {
	readers, err := w.colleaguesBehind(ctx, what.to)
	if err != nil {
		return nil, err
	}
	return &ShareReach{
		ProfileIDs: what.record.profiles(), GranteeID: what.to.id, ProfessionalIDs: readers,
		Pending: what.across(), ConsentMissingIDs: what.missing,
	}, nil
}

// colleaguesBehind lists the professionals of the viewer's workspace whom a principal
// stands for, and who act there.
func (w *work) colleaguesBehind(ctx context.Context, to *recipient) ([]string, error) {
	if to.workspace != w.viewer.WorkspaceID || !to.acts {
		return nil, nil
	}
	switch to.kind {
	case principal.KindPROFESSIONAL:
		return []string{to.id}, nil
	case principal.KindUNIT:
		return w.UnitMember.Query().
			Where(unitmember.UnitID(to.id), unitmember.EndedAtIsNil(),
				unitmember.HasProfessionalWith(professional.StatusEQ(professional.StatusACTIVE))).
			Order(unitmember.ByStartedAt(), unitmember.ByID()).Limit(mostReaders).
			Select(unitmember.FieldProfessionalID).
			Strings(access.System(ctx, "who works in a unit of the viewer's own workspace"))
	default:
		return w.Professional.Query().
			Where(professional.WorkspaceID(to.id), professional.StatusEQ(professional.StatusACTIVE)).
			Order(professional.BySortName(), professional.ByID()).Limit(mostReaders).
			IDs(access.System(ctx, "who works in the viewer's own workspace"))
	}
}
