package practice

import (
	"context"
	"time"

	"continuum/ent"
	"continuum/ent/emergencyaccess"
	"continuum/ent/notification"
	"continuum/internal/access"
	"continuum/schema"
)

// RequestEmergencyAccessInput is which record to read without anybody's leave, and why.
type RequestEmergencyAccessInput struct {
	RecordID string
	Reason   string
}

// RequestEmergencyAccessPayload is what came of RequestEmergencyAccess.
type RequestEmergencyAccessPayload struct {
	Outcome
	EmergencyAccess *ent.EmergencyAccess
	Record          *ent.Record
}

// RequestEmergencyAccess lets the viewer read a record for the hours that the workspace
// gives. Its owner is told, and somebody who oversees the workspace reviews it.
func (p *Practice) RequestEmergencyAccess(ctx context.Context, in RequestEmergencyAccessInput) (*RequestEmergencyAccessPayload, error) {
	var c checks
	reason := c.prose("reason", &in.Reason, reasonLetters)
	if reason == nil {
		c.refuse("reason", "The reason cannot be empty.")
	}
	if err := c.err(); err != nil {
		return nil, err
	}
	var out RequestEmergencyAccessPayload
	err := p.change(ctx, schema.ScopeRecordsWrite, &out, func(ctx context.Context, w *work) error {
		if err := w.opensInEmergency(ctx, in.RecordID); err != nil {
			return err
		}
		opened, err := w.openInEmergency(ctx, in.RecordID, *reason)
		if err != nil {
			return err
		}
		found, err := w.readRecord(ctx, in.RecordID)
		if err != nil {
			return err
		}
		out = RequestEmergencyAccessPayload{EmergencyAccess: opened.Unwrap(), Record: found.Unwrap()}
		return w.tellEmergency(ctx, opened, found)
	})
	if err != nil {
		return nil, err
	}
	return &out, nil
}

// opensInEmergency refuses a record that the viewer reads already, and one that is not
// theirs to open: to whoever does not even know of it, as if there were none.
func (w *work) opensInEmergency(ctx context.Context, recordID string) error {
	if err := w.needs(schema.ScopeRecordsRead); err != nil {
		return err
	}
	if !schema.ValidID(schema.RecordPrefix, recordID) {
		return notFound("recordId")
	}
	level, err := access.RecordLevel(ctx, w.Client, recordID)
	if err != nil {
		return err
	}
	if level >= access.Read {
		return fail(CodeInvalidState, "recordId", "You read this record already.")
	}
	opens, err := access.OpensInEmergency(ctx, w.Client, recordID)
	switch {
	case err != nil || opens:
		return err
	case level == access.None:
		return notFound("recordId")
	default:
		return fail(CodeForbidden, "recordId", "This record cannot be opened in an emergency.")
	}
}

// openInEmergency begins the access, at the instant of the viewer's own facts, so that
// what the change reads next is read by it.
func (w *work) openInEmergency(ctx context.Context, recordID, reason string) (*ent.EmergencyAccess, error) {
	policies, err := w.policies(ctx, w.viewer.WorkspaceID)
	if err != nil {
		return nil, err
	}
	return w.EmergencyAccess.Create().
		SetRecordID(recordID).SetProfessionalID(w.viewer.ProfessionalID).SetWorkspaceID(w.viewer.WorkspaceID).
		SetReason(reason).
		SetStartedAt(w.viewer.At).SetEndsAt(w.viewer.At.Add(time.Duration(policies.EmergencyHours) * time.Hour)).
		SetCreatedByID(w.viewer.ProfessionalID).
		Save(ctx)
}

// tellEmergency tells those behind the owner that somebody opened their record; those who
// oversee the workspace, where the owner may no longer act.
func (w *work) tellEmergency(ctx context.Context, opened *ent.EmergencyAccess, r *linkedRecord) error {
	behind, err := w.behind(ctx, r.OwnerID, r.WorkspaceID)
	if err != nil {
		return err
	}
	told := behind[r.OwnerID]
	if len(told) == 0 {
		told = behind[r.WorkspaceID]
	}
	topics := append(r.profiles(), opened.ID, r.OwnerID, w.viewer.ProfessionalID)
	return w.tell(ctx, "emergency_access.opened", r.ID, topics, notice{
		kind: notification.KindEMERGENCY_ACCESS, to: told, record: r.ID, emergency: opened.ID,
	})
}

// ReviewEmergencyAccessInput is which emergency access was looked at, and what is to be said of it.
type ReviewEmergencyAccessInput struct {
	ID   string
	Note *string
}

// ReviewEmergencyAccessPayload is what came of ReviewEmergencyAccess.
type ReviewEmergencyAccessPayload struct {
	Outcome
	EmergencyAccess *ent.EmergencyAccess
}

// ReviewEmergencyAccess notes that somebody who oversees the workspace, and is not its
// holder, has looked at an emergency access.
func (p *Practice) ReviewEmergencyAccess(ctx context.Context, in ReviewEmergencyAccessInput) (*ReviewEmergencyAccessPayload, error) {
	var c checks
	note := c.prose("note", in.Note, reasonLetters)
	if err := c.err(); err != nil {
		return nil, err
	}
	var out ReviewEmergencyAccessPayload
	err := p.change(ctx, schema.ScopeRecordsWrite, &out, func(ctx context.Context, w *work) error {
		row, err := w.reviewable(ctx, in.ID)
		if err != nil {
			return err
		}
		out.EmergencyAccess, err = row.Update().
			SetReviewedAt(access.Now(ctx)).SetReviewedByID(w.viewer.ProfessionalID).SetNillableReviewNote(note).
			Save(ctx)
		if err != nil {
			return err
		}
		return w.emit(ctx, "emergency_access.reviewed", row.RecordID, row.ID, row.ProfessionalID)
	})
	if err != nil {
		return nil, err
	}
	out.EmergencyAccess = out.EmergencyAccess.Unwrap()
	return &out, nil
}

// reviewable reads an emergency access that the viewer may review: nobody reviews their own.
func (w *work) reviewable(ctx context.Context, id string) (*ent.EmergencyAccess, error) {
	if err := w.needs(schema.ScopeRecordsRead); err != nil {
		return nil, err
	}
	if !schema.ValidID(schema.EmergencyAccessPrefix, id) {
		return nil, notFound("id")
	}
	found, err := w.EmergencyAccess.Query().Where(emergencyaccess.ID(id)).All(ctx)
	row, err := theOne("id", found, err)
	if err != nil {
		return nil, err
	}
	switch {
	case !w.viewer.Oversees() || row.WorkspaceID != w.viewer.WorkspaceID:
		return nil, fail(CodeForbidden, "id", "This is for coordinators and administrators of the workspace.")
	case row.ProfessionalID == w.viewer.ProfessionalID:
		return nil, fail(CodeForbidden, "id", "Somebody else reviews what you opened.")
	case row.ReviewedAt != nil:
		return nil, fail(CodeInvalidState, "id", "This emergency access was reviewed already.")
	}
	return row, nil
}
