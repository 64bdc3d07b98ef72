package graph

import (
	"context"
	"time"

	"continuum/ent"
	"continuum/ent/institution"
	"continuum/ent/professional"
	"continuum/ent/profile"
	"continuum/ent/unit"
	"continuum/ent/workspaceprofile"
	"continuum/graph/exec"
	"continuum/graph/page"
	"continuum/internal/access"
	"continuum/schema"
)

// What a field shows that no column holds as it is shown.

func displayName(given, family, preferred *string) string {
	first := given
	if preferred != nil && *preferred != "" {
		first = preferred
	}
	if family == nil || *family == "" {
		return *first
	}
	return *first + " " + *family
}

// nonEmpty is null for what was masked.
func nonEmpty(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}

// precisionOf is how much of a date of birth is known, where there is one.
func precisionOf(p *ent.Profile) *profile.BirthDatePrecision {
	if p.BirthDate == nil {
		return nil
	}
	return &p.BirthDatePrecision
}

// maybe is the row that an optional edge leads to.
func maybe[T any](ctx context.Context, l *loader[string, *T], id *string) (*T, error) {
	if id == nil {
		return nil, nil
	}
	return l.load(ctx, *id)
}

func institutionOf(ctx context.Context, p *ent.Profile) (*ent.Institution, error) {
	found, there, err := brought(p, institution.Table, ent.InstitutionFromJoin)
	if there || err != nil || p.InstitutionID == nil {
		return found, err
	}
	return loadersFrom(ctx).institutions.load(ctx, *p.InstitutionID)
}

func fileOf(ctx context.Context, p *ent.Profile) (*ent.WorkspaceProfile, error) {
	found, there, err := brought(p, workspaceprofile.Table, ent.WorkspaceProfileFromJoin)
	if there || err != nil {
		return found, err
	}
	return loadersFrom(ctx).files.load(ctx, p.ID)
}

// ownerBy is the professional or the unit that an id names, as far as the viewer may
// see them.
func ownerBy(ctx context.Context, id string) (page.Owner, error) {
	p, err := loadersFrom(ctx).owners.load(ctx, id)
	if err != nil || p == nil {
		return nil, err
	}
	who, _, err := brought(p, professional.Table, ent.ProfessionalFromJoin)
	if err != nil {
		return nil, err
	}
	if who != nil {
		return access.ViewerFrom(ctx).Mask(who), nil
	}
	group, _, err := brought(p, unit.Table, ent.UnitFromJoin)
	if err != nil || group == nil {
		return nil, err
	}
	return group, nil
}

func unitsOf(ctx context.Context, p *ent.Professional) ([]*ent.Unit, error) {
	memberships, err := loadersFrom(ctx).memberships.load(ctx, p.ID)
	if err != nil || !colleague(ctx, p) {
		return nil, err
	}
	units := make([]*ent.Unit, 0, len(memberships))
	for _, m := range memberships {
		u, _, err := brought(m, unit.Table, ent.UnitFromJoin)
		if err != nil {
			return nil, err
		}
		units = append(units, u)
	}
	return units, nil
}

func directoryOf(ctx context.Context, p *ent.Professional) (*exec.DirectoryAccess, error) {
	if !colleague(ctx, p) {
		return nil, nil
	}
	sites, err := loadersFrom(ctx).institutions.prime(ctx, p.InstitutionIds)
	if err != nil {
		return nil, err
	}
	d := &exec.DirectoryAccess{Scope: p.DirectoryScope, Right: p.DirectoryRight, Institutions: []*ent.Institution{}}
	for _, id := range p.InstitutionIds {
		if site := sites[id]; site != nil {
			d.Institutions = append(d.Institutions, site)
		}
	}
	return d, nil
}

// colleague says whether a professional works in the viewer's workspace.
func colleague(ctx context.Context, p *ent.Professional) bool {
	return access.ViewerFrom(ctx).Colleague(p)
}

// ifColleague is a value of a colleague, and null of anybody else.
func ifColleague[T any](ctx context.Context, p *ent.Professional, value T) *T {
	if !colleague(ctx, p) {
		return nil
	}
	return &value
}

// ifOwn is a value of the viewer's own workspace, and null of any other.
func ifOwn[T any](ctx context.Context, w *ent.Workspace, value T) *T {
	if w.ID != access.ViewerFrom(ctx).WorkspaceID {
		return nil
	}
	return &value
}

// instant is when the viewer asks: what the clock decides is decided for the whole of an
// answer, and as of the rule that reads its rows.
func instant(ctx context.Context) time.Time {
	if v := access.ViewerFrom(ctx); v != nil {
		return v.At
	}
	return access.Now(ctx)
}

// byWhom is the professional who did something, where the viewer sees them.
func byWhom(ctx context.Context, id string) (*ent.Professional, error) {
	if id == "" {
		return nil, nil
	}
	return loadersFrom(ctx).professionals.load(ctx, id)
}

// workspacesOf lists the workspaces that the viewer's account acts in.
func workspacesOf(ctx context.Context, v *access.Viewer, client *ent.Client) ([]*ent.Workspace, error) {
	ids, err := v.Workspaces(ctx, client)
	if err != nil {
		return nil, err
	}
	found, err := loadersFrom(ctx).workspaces.prime(ctx, ids)
	if err != nil {
		return nil, err
	}
	workspaces := make([]*ent.Workspace, 0, len(ids))
	for _, id := range ids {
		if w := found[id]; w != nil {
			workspaces = append(workspaces, w)
		}
	}
	return workspaces, nil
}

// profileCan says what the viewer may do next with a profile.
func profileCan(ctx context.Context, p *ent.Profile) (*exec.ViewerCan, error) {
	a, err := loadersFrom(ctx).profileAccess.load(ctx, p.ID)
	if err != nil {
		return nil, err
	}
	return canWith(access.ViewerFrom(ctx), a), nil
}

// canWith says what a viewer may do next with a profile that they have this access to.
func canWith(v *access.Viewer, a access.ProfileAccess) *exec.ViewerCan {
	return &exec.ViewerCan{
		Read:     a.Right >= access.ReadRight && v.Has(schema.ScopeProfilesRead),
		Update:   a.Right >= access.EditRight && v.Has(schema.ScopeProfilesWrite),
		Link:     a.Right >= access.ReadRight && v.Has(schema.ScopeRecordsWrite),
		Share:    a.Level >= access.Full && v.Has(schema.ScopeRecordsWrite),
		Transfer: a.Level >= access.Owner && v.Has(schema.ScopeRecordsWrite),
		Message:  a.Right >= access.ReadRight && v.Has(schema.ScopeProfilesWrite),
	}
}

// recordCan says what the viewer may do next with a record.
func recordCan(ctx context.Context, r *ent.Record) (*exec.ViewerCan, error) {
	level, err := loadersFrom(ctx).recordLevels.load(ctx, r.ID)
	if err != nil {
		return nil, err
	}
	v := access.ViewerFrom(ctx)
	writes := v.Has(schema.ScopeRecordsWrite)
	open := r.Status == "OPEN" || r.Status == "DRAFT"
	kept := r.Status != "BINNED"
	return &exec.ViewerCan{
		Read:     level >= access.Read && v.Has(schema.ScopeRecordsRead),
		Update:   level >= access.Full && writes && open,
		Link:     level >= access.Full && writes && open,
		Share:    level >= access.Full && writes && kept,
		Transfer: level >= access.Owner && writes && kept,
		Message:  level >= access.Write && writes,
	}, nil
}
