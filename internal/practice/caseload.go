package practice

import (
	"context"
	"fmt"
	"slices"
	"time"

	"continuum/ent"
	"continuum/ent/record"
	"continuum/ent/transfer"
	"continuum/internal/access"
	"continuum/schema"
)

// Bounds of a caseload: the records that an input may name, and those that all of an
// owner's may be.
const (
	mostNamedRecords = 100
	mostRecords      = 500
)

// TransferCaseloadInput is which records of one owner to offer to whom: those named, or
// all of them.
type TransferCaseloadInput struct {
	FromID               *string
	RecordIDs            []string
	ToID                 string
	Message              *string
	IncludesConfidential *bool
	PreviousOwnerKeeps   *transfer.PreviousOwnerKeeps
	KeepUntil            *time.Time
	SharesDefault        *transfer.SharesDefault
	ConsentOverride      *string
}

// CaseloadResult is what came of one record of a caseload.
type CaseloadResult struct {
	RecordID string
	Transfer *ent.Transfer
	Error    *Error
}

// TransferCaseloadPayload is what came of TransferCaseload, record by record.
type TransferCaseloadPayload struct {
	Outcome
	Results []*CaseloadResult
}

// TransferCaseload offers several records of the viewer's, or of a unit that they answer
// for. Each is an offer of its own: what is refused of one stops none of the others.
func (p *Practice) TransferCaseload(ctx context.Context, in TransferCaseloadInput) (*TransferCaseloadPayload, error) {
	w, err := p.look(ctx, schema.ScopeRecordsWrite)
	if err != nil {
		return nil, err
	}
	from := w.viewer.ProfessionalID
	if in.FromID != nil {
		from = *in.FromID
	}
	if !slices.Contains(w.viewer.Owns(), from) {
		return nil, notFound("fromId")
	}
	results, err := p.caseload(ctx, w, from, in.RecordIDs, func(ctx context.Context, id string) (*ent.Transfer, error) {
		out, err := Once(ctx, p.TransferRecord, TransferRecordInput{
			RecordID: id, ToID: &in.ToID, Message: in.Message, IncludesConfidential: in.IncludesConfidential,
			PreviousOwnerKeeps: in.PreviousOwnerKeeps, KeepUntil: in.KeepUntil, SharesDefault: in.SharesDefault,
			ConsentOverride: in.ConsentOverride,
		})
		if err != nil {
			return nil, err
		}
		return out.Transfer, nil
	})
	if err != nil {
		return nil, err
	}
	return &TransferCaseloadPayload{Results: results}, nil
}

// AssignCaseloadInput is which records of one owner to reassign to whom: those named, or
// all of them.
type AssignCaseloadInput struct {
	FromID             string
	RecordIDs          []string
	ToID               string
	Message            *string
	PreviousOwnerKeeps *transfer.PreviousOwnerKeeps
	KeepUntil          *time.Time
	SharesDefault      *transfer.SharesDefault
}

// AssignCaseloadPayload is what came of AssignCaseload, record by record.
type AssignCaseloadPayload struct {
	Outcome
	Results []*CaseloadResult
}

// AssignCaseload gives several records of one owner, or all, another owner of the same
// workspace. It is for those who oversee the workspace. Each is an assignment of its own.
func (p *Practice) AssignCaseload(ctx context.Context, in AssignCaseloadInput) (*AssignCaseloadPayload, error) {
	w, err := p.look(ctx, schema.ScopeRecordsWrite)
	if err != nil {
		return nil, err
	}
	if !w.viewer.Oversees() {
		return nil, fail(CodeForbidden, "fromId", "This is for those who oversee the workspace.")
	}
	results, err := p.caseload(ctx, w, in.FromID, in.RecordIDs, func(ctx context.Context, id string) (*ent.Transfer, error) {
		out, err := Once(ctx, p.AssignRecord, AssignRecordInput{
			RecordID: id, ToID: in.ToID, Message: in.Message,
			PreviousOwnerKeeps: in.PreviousOwnerKeeps, KeepUntil: in.KeepUntil, SharesDefault: in.SharesDefault,
		})
		if err != nil {
			return nil, err
		}
		return out.Transfer, nil
	})
	if err != nil {
		return nil, err
	}
	return &AssignCaseloadPayload{Results: results}, nil
}

// caseload does the same to each record of an owner's, and tells of each what came of it.
// After a fault the rest is not tried: what was done stays done, and is told.
func (p *Practice) caseload(
	ctx context.Context, w *work, from string, named []string, do func(ctx context.Context, id string) (*ent.Transfer, error),
) ([]*CaseloadResult, error) {
	owned, err := w.ownedRecords(ctx, from, named)
	if err != nil {
		return nil, err
	}
	meant, done, err := p.meantBefore(ctx, owned)
	if err != nil {
		return nil, err
	}
	ids := named
	if named == nil {
		ids = meant
	}
	results := make([]*CaseloadResult, 0, len(ids))
	for _, id := range ids {
		result := &CaseloadResult{RecordID: id}
		results = append(results, result)
		switch {
		case !slices.Contains(owned, id) && !slices.Contains(done, id):
			result.Error = notFound("recordIds")
		case err != nil:
			result.Error = notTried()
		default:
			result.Transfer, err = do(partOf(ctx, id), id)
			result.Error, err = told(err)
		}
	}
	if err != nil && len(results) == 1 {
		return nil, err
	}
	return results, nil
}

// told takes apart what came of one record: a failure for people, or a fault, after which
// the rest is not tried.
func told(err error) (*Error, error) {
	failures := UserErrors(err)
	switch {
	case len(failures) > 0:
		return failures[0], nil
	case err != nil:
		return notTried(), err
	default:
		return nil, nil
	}
}

func notTried() *Error {
	return fail(CodeUnavailable, "recordIds", "It is not known whether this was done, or it was not tried; ask again.")
}

// ownedRecords lists the records of an owner that the viewer knows of in their workspace,
// of those named or of all.
func (w *work) ownedRecords(ctx context.Context, owner string, named []string) ([]string, error) {
	if err := w.needs(schema.ScopeRecordsRead); err != nil {
		return nil, err
	}
	if named != nil && len(named) == 0 {
		return nil, fail(CodeInvalid, "recordIds", "Name at least one record, or leave the list out for all of them.")
	}
	if len(named) > mostNamedRecords {
		return nil, fail(CodeInvalid, "recordIds", fmt.Sprintf("There can be at most %d record ids.", mostNamedRecords))
	}
	if schema.IDPrefix(owner) == "" {
		return nil, notFound("fromId")
	}
	q := w.Record.Query().Where(record.OwnerID(owner), record.WorkspaceID(w.viewer.WorkspaceID))
	if len(named) > 0 {
		q.Where(access.AnyOf(record.FieldID, wellFormed(schema.RecordPrefix, named)))
	} else {
		q.Where(record.StatusNEQ(record.StatusBINNED))
	}
	owned, err := q.Order(record.ByID()).Limit(mostRecords + 1).IDs(ctx)
	if err != nil {
		return nil, err
	}
	if len(owned) > mostRecords {
		return nil, fail(CodeInvalid, "recordIds", fmt.Sprintf("There are more than %d records; name them in parts.", mostRecords))
	}
	return owned, nil
}
