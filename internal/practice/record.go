package practice

import (
	"context"
	"errors"
	"slices"

	"continuum/ent"
	"continuum/ent/record"
	"continuum/ent/recordlink"
	"continuum/internal/access"
	"continuum/schema"
)

// CreateRecordInput is what record to open, and for whom.
type CreateRecordInput struct {
	ID           *string
	Title        string
	Kind         *record.Kind
	Service      *string
	Reason       *string
	Status       *record.Status
	Confidential *bool
	OwnerID      *string
	Profiles     []*RecordProfileInput
}

// RecordProfileInput is a first profile of a record.
type RecordProfileInput struct {
	ProfileID string
	Role      *recordlink.Role
	Notify    *bool
	Reason    *string
}

// CreateRecordPayload is what came of CreateRecord.
type CreateRecordPayload struct {
	Outcome
	Record *ent.Record
}

// newRecord is a checked CreateRecordInput.
type newRecord struct {
	CreateRecordInput
	id     string
	kind   record.Kind
	status record.Status
	links  []newLink
}

// CreateRecord opens a record of the viewer's, or of a unit of theirs, with its first
// profiles, each of which the viewer reads.
func (p *Practice) CreateRecord(ctx context.Context, in CreateRecordInput) (*CreateRecordPayload, error) {
	var check checks
	what := check.newRecord(in)
	if err := check.err(); err != nil {
		return nil, err
	}
	var out CreateRecordPayload
	err := errNumberTaken
	for range draws {
		err = p.change(ctx, schema.ScopeRecordsWrite, &out, func(ctx context.Context, w *work) error {
			made, err := w.openRecord(ctx, what)
			if err != nil {
				return err
			}
			out.Record = made.Unwrap()
			topics := make([]string, len(what.links))
			for i, link := range what.links {
				topics[i] = link.profile
			}
			return w.emit(ctx, "record.created", made.ID, topics...)
		})
		if !errors.Is(err, errNumberTaken) {
			break
		}
	}
	if err != nil {
		return nil, err
	}
	return &out, nil
}

// openRecord writes the record and its links.
func (w *work) openRecord(ctx context.Context, what newRecord) (*ent.Record, error) {
	owner := w.viewer.ProfessionalID
	if what.OwnerID != nil {
		owner = *what.OwnerID
	}
	if owner != w.viewer.ProfessionalID && !slices.Contains(w.viewer.Units(), owner) {
		return nil, notFound("ownerId")
	}
	if err := w.linkableAll(ctx, what.links); err != nil {
		return nil, err
	}
	made, err := w.insertRecord(ctx, what, owner)
	if err != nil || len(what.links) == 0 {
		return made, err
	}
	_, err = w.insertLinks(ctx, made.ID, what.links...)
	return made, err
}

func (w *work) insertRecord(ctx context.Context, what newRecord, owner string) (*ent.Record, error) {
	row := w.Record.Create().SetID(what.id).SetWorkspaceID(w.viewer.WorkspaceID).SetNumber(drawNumber(ctx)).
		SetTitle(what.Title).SetKind(what.kind).SetNillableService(what.Service).SetNillableReason(what.Reason).
		SetStatus(what.status).SetNillableConfidential(what.Confidential).SetOwnerID(owner).SetOwnerEpoch(1).
		SetCreatedByID(w.viewer.ProfessionalID).SetUpdatedByID(w.viewer.ProfessionalID)
	if what.status == record.StatusOPEN {
		row.SetOpenedAt(access.Now(ctx))
	}
	made, err := row.Save(ctx)
	if clashes(err, "number") {
		return nil, errNumberTaken
	}
	return made, taken("id", err)
}
