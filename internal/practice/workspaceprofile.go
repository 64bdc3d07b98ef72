package practice

import (
	"context"
	"slices"

	"github.com/99designs/gqlgen/graphql"

	"continuum/ent"
	"continuum/ent/workspaceprofile"
	"continuum/internal/access"
	"continuum/schema"
)

// Limits of a workspace's view of a profile.
const (
	fileNumberLetters = 50
	mostTags          = 30
	tagLetters        = 50
	noteLetters       = 2000
)

// SetWorkspaceProfileInput is what to set in the viewer's workspace's view of a
// profile: absent is unchanged, null clears.
type SetWorkspaceProfileInput struct {
	ProfileID  string
	FileNumber graphql.Omittable[*string]
	Tags       graphql.Omittable[[]string]
	Note       graphql.Omittable[*string]
}

// SetWorkspaceProfilePayload is what came of SetWorkspaceProfile.
type SetWorkspaceProfilePayload struct {
	Outcome
	WorkspaceProfile *ent.WorkspaceProfile
}

// workspaceFile is what a workspace's view of a profile says.
type workspaceFile struct {
	number *string
	tags   []string
	note   *string
}

// SetWorkspaceProfile sets the viewer's workspace's own view of a profile that they
// see. No other workspace ever sees it.
func (p *Practice) SetWorkspaceProfile(ctx context.Context, in SetWorkspaceProfileInput) (*SetWorkspaceProfilePayload, error) {
	var check checks
	in.FileNumber = check.newOptional("fileNumber", in.FileNumber, fileNumberLetters)
	in.Note = check.newProse("note", in.Note, noteLetters)
	if tags, set := in.Tags.ValueOK(); set {
		in.Tags = graphql.OmittableOf(check.words("tags", tags, mostTags, tagLetters))
	}
	if err := check.err(); err != nil {
		return nil, err
	}
	var out SetWorkspaceProfilePayload
	err := p.change(ctx, schema.ScopeProfilesWrite, &out, func(ctx context.Context, w *work) error {
		if err := w.needs(schema.ScopeProfilesRead); err != nil {
			return err
		}
		if _, err := w.reachProfile(ctx, "profileId", in.ProfileID, access.ReadRight); err != nil {
			return err
		}
		row, changed, err := w.setFile(ctx, in)
		if err != nil {
			return err
		}
		out.WorkspaceProfile = row.Unwrap()
		if !changed {
			return nil
		}
		return w.emit(ctx, "workspace_profile.set", row.ID, in.ProfileID)
	})
	if err != nil {
		return nil, err
	}
	return &out, nil
}

// setFile makes the view, or changes it when something differs.
func (w *work) setFile(ctx context.Context, in SetWorkspaceProfileInput) (*ent.WorkspaceProfile, bool, error) {
	row, err := w.WorkspaceProfile.Query().
		Where(workspaceprofile.ProfileID(in.ProfileID), workspaceprofile.WorkspaceID(w.viewer.WorkspaceID)).
		Only(ctx)
	if ent.IsNotFound(err) {
		made, err := w.insertFile(ctx, in.ProfileID, in.over(workspaceFile{tags: []string{}}))
		return made, true, err
	}
	if err != nil {
		return nil, false, err
	}
	file := in.over(workspaceFile{row.FileNumber, row.Tags, row.Note})
	if equal(file.number, row.FileNumber) && slices.Equal(file.tags, row.Tags) && equal(file.note, row.Note) {
		return row, false, nil
	}
	update := row.Update().SetTags(file.tags).AddVersion(1).SetUpdatedByID(w.viewer.ProfessionalID)
	if file.number != nil {
		update.SetFileNumber(*file.number)
	} else {
		update.ClearFileNumber()
	}
	if file.note != nil {
		update.SetNote(*file.note)
	} else {
		update.ClearNote()
	}
	row, err = update.Save(ctx)
	return row, true, taken("fileNumber", err)
}

// over is the view with what the input gives.
func (in SetWorkspaceProfileInput) over(file workspaceFile) workspaceFile {
	if in.FileNumber.IsSet() {
		file.number = in.FileNumber.Value()
	}
	if in.Tags.IsSet() {
		file.tags = in.Tags.Value()
	}
	if in.Note.IsSet() {
		file.note = in.Note.Value()
	}
	return file
}

// newFile is the view that a new profile starts with, nil for none.
func (c *checks) newFile(number *string, tags []string) *workspaceFile {
	file := workspaceFile{
		number: c.optional("fileNumber", number, fileNumberLetters),
		tags:   c.words("tags", tags, mostTags, tagLetters),
	}
	if file.number == nil && len(file.tags) == 0 {
		return nil
	}
	return &file
}

func (w *work) insertFile(ctx context.Context, profileID string, file workspaceFile) (*ent.WorkspaceProfile, error) {
	made, err := w.WorkspaceProfile.Create().
		SetWorkspaceID(w.viewer.WorkspaceID).SetProfileID(profileID).
		SetNillableFileNumber(file.number).SetTags(file.tags).SetNillableNote(file.note).
		SetCreatedByID(w.viewer.ProfessionalID).SetUpdatedByID(w.viewer.ProfessionalID).
		Save(ctx)
	return made, taken("fileNumber", err)
}
