package practice

import (
	"context"
	"fmt"

	"github.com/99designs/gqlgen/graphql"

	"continuum/ent"
	"continuum/ent/record"
	"continuum/internal/access"
	"continuum/schema"
)

// UpdateRecordInput is what to change in a record: absent is unchanged, null clears.
type UpdateRecordInput struct {
	ID              string
	ExpectedVersion int
	Title           graphql.Omittable[*string]
	Kind            graphql.Omittable[*record.Kind]
	Service         graphql.Omittable[*string]
	Reason          graphql.Omittable[*string]
	Confidential    graphql.Omittable[*bool]
}

// UpdateRecordPayload is what came of UpdateRecord.
type UpdateRecordPayload struct {
	Outcome
	Record *ent.Record
}

// UpdateRecord changes a draft or an open record. It takes FULL on the record.
func (p *Practice) UpdateRecord(ctx context.Context, in UpdateRecordInput) (*UpdateRecordPayload, error) {
	var check checks
	in = check.recordChanges(in)
	if err := check.err(); err != nil {
		return nil, err
	}
	var out UpdateRecordPayload
	err := p.change(ctx, schema.ScopeRecordsWrite, &out, func(ctx context.Context, w *work) error {
		row, err := w.editableRecord(ctx, "id", in.ID)
		if err != nil {
			return err
		}
		e, err := row.edit(in)
		if err != nil {
			return err
		}
		out.Record = row.Unwrap()
		if !e.changes() {
			return nil
		}
		if err := w.saveRecord(ctx, e, row.Record); err != nil {
			return err
		}
		return w.emit(ctx, "record.updated", row.ID, row.profiles()...)
	})
	if err != nil {
		return nil, err
	}
	return &out, nil
}

func (c *checks) recordChanges(in UpdateRecordInput) UpdateRecordInput {
	in.Title = c.newText("title", in.Title, titleLetters)
	in.Service = c.newOptional("service", in.Service, serviceLetters)
	in.Reason = c.newProse("reason", in.Reason, whyOpenedLetters)
	if kind, set := in.Kind.ValueOK(); set {
		c.cleared("kind", kind == nil)
		c.recordKind(kind)
	}
	if confidential, set := in.Confidential.ValueOK(); set {
		c.cleared("confidential", confidential == nil)
	}
	return in
}

// edit weighs an update of the record.
func (r *linkedRecord) edit(in UpdateRecordInput) (*edit, error) {
	if r.Status != record.StatusDRAFT && r.Status != record.StatusOPEN {
		return nil, fail(CodeInvalidState, "id", "Only a draft or an open record can be changed.")
	}
	e, err := newEdit(in.ExpectedVersion, r.Version, r.FieldVersions)
	if err != nil {
		return nil, err
	}
	editValue(e, "title", in.Title, &r.Title)
	editValue(e, "kind", in.Kind, &r.Kind)
	editOptional(e, "service", in.Service, &r.Service)
	editOptional(e, "reason", in.Reason, &r.Reason)
	editValue(e, "confidential", in.Confidential, &r.Confidential)
	return e, e.err()
}

// saveRecord writes what an edit changes.
func (w *work) saveRecord(ctx context.Context, e *edit, row *ent.Record) error {
	read := row.Version
	row.Version, row.FieldVersions = e.next()
	row.UpdatedAt, row.UpdatedByID = access.Now(ctx), w.viewer.ProfessionalID
	update := w.Record.Update().Where(record.ID(row.ID), record.Version(read)).
		SetVersion(row.Version).SetFieldVersions(row.FieldVersions).
		SetUpdatedAt(row.UpdatedAt).SetUpdatedByID(row.UpdatedByID)
	if err := e.apply(update.Mutation()); err != nil {
		return err
	}
	changed, err := update.Save(ctx)
	if err == nil && changed != 1 {
		err = fmt.Errorf("practice: record %s changed under its transaction", row.ID)
	}
	return err
}
