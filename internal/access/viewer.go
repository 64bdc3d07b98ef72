// Package access is the one place that says who may see and change what.
//
// Its one rule: access is computed from facts (ownership, shares, memberships,
// live links) inside the statement that it guards. Nothing is granted by a cache,
// and a type that has no rule here is refused to everyone.
package access

import (
	"context"
	"slices"
	"strings"
	"time"

	"entgo.io/ent/dialect"
	"entgo.io/ent/dialect/sql"

	"continuum/ent"
	"continuum/ent/apikey"
	"continuum/ent/professional"
	"continuum/ent/workspace"
	"continuum/internal/rows"
	"continuum/schema"
)

// Viewer is who asks: a professional acting in one workspace, through a key or a
// session that may narrow what they may do. It holds the viewer's own facts as
// they stood at At; what they reach is worked out by the database.
type Viewer struct {
	ProfessionalID string
	WorkspaceID    string
	AccountID      string // empty while no account is bound
	Region         string // of the workspace, for reading phone numbers
	WorkspaceKind  workspace.Kind
	Roles          []schema.Role
	Stewarded      []string // units the viewer answers for
	Worked         []string // units the viewer is a plain member of
	DirectoryScope professional.DirectoryScope
	DirectoryRight professional.DirectoryRight
	InstitutionIDs []string
	Scopes         []schema.Scope
	KeyID          string     // the key that signed in, if one did
	ExpiresAt      *time.Time // when the sign-in ends by itself: the key's end, or the access token's
	Unchosen       bool       // whether the account acts in other workspaces too and has named none
	At             time.Time
}

// Has says whether the sign-in carries a scope.
func (v *Viewer) Has(scope schema.Scope) bool { return slices.Contains(v.Scopes, scope) }

// Is says whether the viewer has one of the roles in their workspace.
func (v *Viewer) Is(roles ...schema.Role) bool {
	return slices.ContainsFunc(roles, func(r schema.Role) bool { return slices.Contains(v.Roles, r) })
}

// Oversees says whether the viewer knows of every record of their workspace
// that it exists, which is never its content.
func (v *Viewer) Oversees() bool {
	return v.Is(schema.RoleCoordinator, schema.RoleAdministrator)
}

// Owns lists whose records are the viewer's own: theirs and their stewarded units'.
func (v *Viewer) Owns() []string { return append([]string{v.ProfessionalID}, v.Stewarded...) }

// Units lists the units that the viewer is a member of.
func (v *Viewer) Units() []string { return append(slices.Clone(v.Stewarded), v.Worked...) }

// Sides lists the owners on whose side the viewer stands: themselves, and the units that
// they are a member of.
func (v *Viewer) Sides() []string { return append([]string{v.ProfessionalID}, v.Units()...) }

// Principals lists whom a share may name to reach the viewer.
func (v *Viewer) Principals() []string { return append(v.Sides(), v.WorkspaceID) }

// Load reads a professional's facts in one statement. It returns nil without an
// error for whoever is no active professional of an active workspace: principals
// are empty then, and so is what they see.
func Load(ctx context.Context, client *ent.Client, professionalID string, scopes []schema.Scope) (*Viewer, error) {
	found, err := client.Professional.Query().
		Where(professional.ID(professionalID), professional.StatusEQ(professional.StatusACTIVE)).
		Modify(withWorkspaceAndUnits).Select(factColumns()...).
		All(System(ctx, "who asks"))
	if err != nil || len(found) == 0 {
		return nil, err
	}
	p := found[0]
	region, err := p.Value("region")
	if err != nil {
		return nil, err
	}
	kind, err := p.Value("workspace_kind")
	if err != nil {
		return nil, err
	}
	units, err := p.Value("units")
	if err != nil {
		return nil, err
	}
	return viewerOf(ctx, p, text(region), text(kind), text(units), scopes), nil
}

// factColumns are the professional's own facts.
func factColumns() []string {
	return []string{professional.FieldID, professional.FieldWorkspaceID, professional.FieldAccountID, professional.FieldRoles,
		professional.FieldDirectoryScope, professional.FieldDirectoryRight, professional.FieldInstitutionIds}
}

// Reader runs statements that ent does not write.
type Reader interface {
	Engine() string
	Read(ctx context.Context, statement string, args, lead []any, each func() (group int, err error), groups ...[]*rows.Part) error
}

// Keys reads API keys with the facts of their professionals.
type Keys struct {
	Reader
	statement string
	args      []any // of which the last is the key's id
}

// NewKeys makes the statement, which is the same for every key.
func NewKeys(r Reader) Keys {
	s, k := sql.Dialect(r.Engine()).Select().From(sql.Table(professional.Table)), sql.Table(apikey.Table).As("k")
	withWorkspaceAndUnits(s)
	s.Join(k).On(s.C(professional.FieldID), k.C(apikey.FieldProfessionalID)).
		Where(sql.EQ(s.C(professional.FieldStatus), professional.StatusACTIVE)).Where(sql.EQ(k.C(apikey.FieldID), ""))
	who, key := factsAndKey()
	who.Select(s)
	key.Select(s)
	statement, args := s.Query()
	return Keys{r, statement, args}
}

func factsAndKey() (facts, key *rows.Part) {
	return rows.Of(ent.TypeProfessional, professional.Table, factColumns()), rows.Of(ent.TypeApiKey, "k", keyColumns())
}

// keyColumns are what tells whether a key works, and when its use was noted.
func keyColumns() []string {
	return []string{apikey.FieldID, apikey.FieldHash, apikey.FieldScopes, apikey.FieldExpiresAt, apikey.FieldLastUsedAt, apikey.FieldRevokedAt}
}

// Load reads a key and the facts of its professional, in one statement; nil without an error where Load gives nil, and for
// an unknown key. Whether the key works, and for whom, is the caller's to find out: of the key that and no more is there.
func (k Keys) Load(ctx context.Context, id string) (*Viewer, *ent.ApiKey, error) {
	args := slices.Clone(k.args)
	args[len(args)-1] = id
	who, keys := factsAndKey()
	var region, kind, units string
	err := k.Read(ctx, k.statement, args, []any{&region, &kind, &units}, rows.One, []*rows.Part{who, keys})
	if err != nil || len(keys.Rows) == 0 {
		return nil, nil, err
	}
	key := keys.Rows[0].(*ent.ApiKey)
	return viewerOf(ctx, who.Rows[0].(*ent.Professional), region, kind, units, key.Scopes), key, nil
}

func viewerOf(ctx context.Context, p *ent.Professional, region, kind, units string, scopes []schema.Scope) *Viewer {
	v := &Viewer{
		ProfessionalID: p.ID, WorkspaceID: p.WorkspaceID,
		Region: region, WorkspaceKind: workspace.Kind(kind),
		Roles: p.Roles, DirectoryScope: p.DirectoryScope, DirectoryRight: p.DirectoryRight,
		InstitutionIDs: p.InstitutionIds, Scopes: scopes, At: Now(ctx),
	}
	if p.AccountID != nil {
		v.AccountID = *p.AccountID
	}
	for unit := range strings.FieldsFuncSeq(units, func(r rune) bool { return r == ',' }) {
		if id, steward := strings.CutSuffix(unit, "*"); steward {
			v.Stewarded = append(v.Stewarded, id)
		} else {
			v.Worked = append(v.Worked, id)
		}
	}
	return v
}

// Reload reads the viewer's facts again, as of now: what they were at sign-in may
// have ended. It returns nil when they may no longer act at all.
func (v *Viewer) Reload(ctx context.Context, client *ent.Client) (*Viewer, error) {
	fresh, err := Load(ctx, client, v.ProfessionalID, v.Scopes)
	if fresh != nil {
		fresh.KeyID, fresh.ExpiresAt, fresh.Unchosen = v.KeyID, v.ExpiresAt, v.Unchosen
	}
	return fresh, err
}

// withWorkspaceAndUnits keeps professionals of active workspaces and adds to each
// the live units they belong to, a star behind those they are a steward of.
func withWorkspaceAndUnits(s *sql.Selector) {
	w := sql.Table(workspace.Table).As("w")
	s.Join(w).On(s.C(professional.FieldWorkspaceID), w.C(workspace.FieldID)).
		Where(sql.EQ(w.C(workspace.FieldStatus), workspace.StatusACTIVE))
	list := "group_concat"
	if s.Dialect() == dialect.Postgres {
		list = "string_agg"
	}
	// Whoever is in no unit has the empty list: ent cannot scan a NULL that SQLite gives no type for.
	s.AppendSelectAs(w.C(workspace.FieldRegion), "region").
		AppendSelectAs(w.C(workspace.FieldKind), "workspace_kind").
		AppendSelectExprAs(sql.Expr("COALESCE((SELECT "+list+"(m.unit_id || CASE WHEN m.steward THEN '*' ELSE '' END, ',')"+
			" FROM unit_members m WHERE m.professional_id = "+s.C(professional.FieldID)+" AND m.ended_at IS NULL), '')"), "units")
}

func text(v ent.Value) string {
	switch v := v.(type) {
	case string:
		return v
	case []byte:
		return string(v)
	default:
		return ""
	}
}

// Workspaces lists the workspaces that the viewer's account acts in, theirs first.
func (v *Viewer) Workspaces(ctx context.Context, client *ent.Client) ([]string, error) {
	if v.AccountID == "" {
		return []string{v.WorkspaceID}, nil
	}
	others, err := client.Professional.Query().
		Where(professional.AccountID(v.AccountID), professional.StatusEQ(professional.StatusACTIVE),
			professional.WorkspaceIDNEQ(v.WorkspaceID)).
		Order(professional.ByWorkspaceID()).
		Select(professional.FieldWorkspaceID).
		Strings(System(ctx, "one's own memberships"))
	return append([]string{v.WorkspaceID}, others...), err
}
