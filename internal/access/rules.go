package access

import (
	"context"

	entgo "entgo.io/ent"

	"continuum/ent"
	"continuum/schema"
)

// rule says of one type who may see and change its rows.
type rule struct {
	read      schema.Scope                                      // what a key needs to see it
	write     schema.Scope                                      // what a key needs to change it
	see       func(*Viewer, *entgo.QueryContext) set            // the rows that a viewer sees; nil: those of below
	below     map[string]func(*Viewer) set                      // what hangs on other rows is seen where they are: the column that names one, and which
	change    func(*Viewer) set                                 // the rows that a viewer may update; nil: none
	part      func(*Viewer) set                                 // the rows that a viewer may change besides, in the columns of parts alone
	parts     []string                                          // those columns
	values    map[string][]string                               // what may be said in them, where not everything may
	ends      map[string]right                                  // what it takes to point an edge at a row
	scopes    map[string]schema.Scope                           // what a key needs for an edge, where it is not the same for all
	fields    map[string]right                                  // the same for a plain column that names a row
	begin     func(context.Context, ent.Mutation) (bool, error) // what else a new row must be; nil: nothing
	who       func(*Viewer) bool                                // who may change the type at all; nil: whoever passes the rest
	removable bool                                              // rows may be deleted by whoever may update them
}

// rules has one entry per type; the test of the matrix walks all of ent's types.
var rules = map[string]rule{
	ent.TypeWorkspace: {
		write: schema.ScopeWorkspaceWrite,
		see:   seeWorkspaces,
		change: func(v *Viewer) set {
			return set{from(`SELECT w.id FROM workspaces w WHERE w.id = @arg`, v.WorkspaceID)}
		},
		who: is(schema.RoleAdministrator),
	},
	ent.TypeAccount: {
		see: all(func(v *Viewer) set {
			return set{from(`SELECT a.id FROM accounts a WHERE a.id = @arg`, v.AccountID)}
		}),
	},
	ent.TypeProfessional: {
		write:  schema.ScopeWorkspaceWrite,
		see:    seeProfessionals,
		change: inWorkspace("professionals"),
		ends:   map[string]right{"workspace": ownWorkspace},
		who:    is(schema.RoleAdministrator),
	},
	ent.TypePrincipal: {
		write:  schema.ScopeWorkspaceWrite,
		see:    all((*Viewer).readablePrincipals),
		ends:   map[string]right{},
		fields: map[string]right{"workspace_id": ownWorkspace},
		who:    is(schema.RoleAdministrator, schema.RoleManager),
	},
	ent.TypeUnit: {
		read: schema.ScopeWorkspaceRead, write: schema.ScopeWorkspaceWrite,
		see:    all((*Viewer).readableUnits),
		change: inWorkspace("units"),
		ends:   map[string]right{"workspace": ownWorkspace},
		who:    is(schema.RoleAdministrator, schema.RoleManager),
	},
	ent.TypeUnitMember: {
		read: schema.ScopeWorkspaceRead, write: schema.ScopeWorkspaceWrite,
		see:    all((*Viewer).readableUnitMembers),
		change: (*Viewer).managedMembers,
		part:   (*Viewer).ownMemberships,
		parts:  []string{"ended_at", "ended_by_id", "end_reason"},
		ends:   map[string]right{"unit": managedUnit, "professional": colleague},
	},
	ent.TypeInstitution: {
		read: schema.ScopeWorkspaceRead, write: schema.ScopeWorkspaceWrite,
		see:    all((*Viewer).readableInstitutions),
		change: inWorkspace("institutions"),
		ends:   map[string]right{"workspace": ownWorkspace},
		who:    (*Viewer).keepsInstitutions,
	},
	ent.TypeProfile: {
		read: schema.ScopeProfilesRead, write: schema.ScopeProfilesWrite,
		see:    all((*Viewer).readableProfiles),
		change: (*Viewer).editableProfiles,
		ends:   map[string]right{"home_workspace": ownWorkspace, "institution": ownInstitution},
		fields: map[string]right{"created_by_id": oneself},
	},
	ent.TypeContactPoint: {
		below: map[string]func(*Viewer) set{
			"profile_id": func(v *Viewer) set { return v.profilesFor(schema.ScopeProfilesRead) },
			"contact_id": func(v *Viewer) set { return v.contactsFor(schema.ScopeContactsRead) },
		},
		change: func(v *Viewer) set {
			return v.heldBy("contact_points", v.profilesFor(schema.ScopeProfilesWrite), v.contactsFor(schema.ScopeContactsWrite), nil)
		},
		ends:      map[string]right{"profile": profileEdit, "contact": contactEdit},
		scopes:    map[string]schema.Scope{"profile": schema.ScopeProfilesWrite, "contact": schema.ScopeContactsWrite},
		removable: true,
	},
	ent.TypeAddress: {
		below: map[string]func(*Viewer) set{
			"profile_id": func(v *Viewer) set { return v.profilesFor(schema.ScopeProfilesRead) },
			"contact_id": func(v *Viewer) set { return v.contactsFor(schema.ScopeContactsRead) },
			"institution_id": func(v *Viewer) set {
				if !v.Has(schema.ScopeWorkspaceRead) {
					return nil
				}
				return v.readableInstitutions()
			},
		},
		change: func(v *Viewer) set {
			return v.heldBy("addresses", v.profilesFor(schema.ScopeProfilesWrite), v.contactsFor(schema.ScopeContactsWrite), v.keptInstitutions())
		},
		ends: map[string]right{"profile": profileEdit, "contact": contactEdit, "institution": institutionEdit},
		scopes: map[string]schema.Scope{
			"profile": schema.ScopeProfilesWrite, "contact": schema.ScopeContactsWrite, "institution": schema.ScopeWorkspaceWrite,
		},
		removable: true,
	},
	ent.TypeIdentifier: {
		read: schema.ScopeProfilesRead, write: schema.ScopeProfilesWrite,
		below: map[string]func(*Viewer) set{"profile_id": (*Viewer).readableProfiles},
		change: func(v *Viewer) set {
			return set{from(`SELECT n.id FROM identifiers n WHERE n.profile_id @set`, v.editableProfiles())}
		},
		ends:      map[string]right{"workspace": ownWorkspace, "profile": profileEdit},
		removable: true,
	},
	ent.TypeWorkspaceProfile: {
		read: schema.ScopeProfilesRead, write: schema.ScopeProfilesWrite,
		see:    all((*Viewer).workspaceFiles),
		change: (*Viewer).workspaceFiles,
		ends:   map[string]right{"workspace": ownWorkspace, "profile": profileRead},
	},
	ent.TypeContact: {
		read: schema.ScopeContactsRead, write: schema.ScopeContactsWrite,
		see:    all((*Viewer).readableContacts),
		change: (*Viewer).editableContacts,
		ends:   map[string]right{"home_workspace": ownWorkspace, "profile": profileRead},
		fields: map[string]right{"created_by_id": oneself},
	},
	ent.TypeContactLink: {
		read: schema.ScopeContactsRead, write: schema.ScopeContactsWrite,
		below: map[string]func(*Viewer) set{"profile_id": (*Viewer).readableProfiles},
		change: func(v *Viewer) set {
			return set{from(`SELECT k.id FROM contact_links k WHERE k.profile_id @set`, v.editableProfiles())}
		},
		ends: map[string]right{"profile": profileEdit, "contact": contactRead},
	},
	ent.TypeRecord: {
		read: schema.ScopeRecordsRead, write: schema.ScopeRecordsWrite,
		see:    seeRecords,
		change: (*Viewer).editableRecords,
		ends:   map[string]right{"workspace": ownWorkspace, "owner": ownPrincipal},
	},
	ent.TypeRecordLink: {
		read: schema.ScopeRecordsRead, write: schema.ScopeRecordsWrite,
		see: all((*Viewer).readableRecordLinks),
		change: func(v *Viewer) set {
			return v.reached(`l.id`, joinLinks, ``, fullShare)
		},
		ends: map[string]right{"record": recordFull, "profile": profileRead},
	},
	ent.TypeShare: {
		read: schema.ScopeRecordsRead, write: schema.ScopeRecordsWrite,
		see:    all((*Viewer).readableShares),
		change: (*Viewer).givenShares,
		part:   (*Viewer).heldShares,
		parts:  []string{"status", "starts_at", "ended_at", "ended_by_id", "end_reason", "version", "updated_at", "updated_by_id"},
		ends:   map[string]right{"record": recordFull, "grantee": anybody},
		fields: map[string]right{"created_by_id": oneself},
	},
	ent.TypeTransfer: {
		read: schema.ScopeRecordsRead, write: schema.ScopeRecordsWrite,
		see:    seeTransfers,
		change: (*Viewer).givenTransfers,
		part:   (*Viewer).receivedTransfers,
		parts:  []string{"status", "answered_at", "answered_by_id", "answer_reason", "version", "updated_at", "updated_by_id"},
		values: map[string][]string{"status": {"DECLINED", "WITHDRAWN"}},
		begin:  opensTransfer,
		ends:   map[string]right{"record": recordRead, "from": anybody, "to": anybody},
		fields: map[string]right{"created_by_id": oneself},
	},
	ent.TypeSealedCopy: {
		read: schema.ScopeRecordsRead,
		see:  all((*Viewer).readableSealedCopies),
	},
	ent.TypeConsent: {
		read: schema.ScopeProfilesRead, write: schema.ScopeProfilesWrite,
		see:    all((*Viewer).readableConsents),
		change: (*Viewer).editableConsents,
		ends:   map[string]right{"workspace": ownWorkspace, "profile": profileEdit, "contact_link": contactLinkRead, "target": anybody},
		fields: map[string]right{"created_by_id": oneself},
	},
	ent.TypeEmergencyAccess: {
		read: schema.ScopeRecordsRead, write: schema.ScopeRecordsWrite,
		see:    all((*Viewer).readableEmergencies),
		change: func(*Viewer) set { return nil },
		part:   (*Viewer).overseenEmergencies,
		parts:  []string{"reviewed_at", "reviewed_by_id", "review_note"},
		ends:   map[string]right{"record": recordEmergency, "professional": oneself},
		fields: map[string]right{"workspace_id": ownWorkspace},
	},
	ent.TypeNotification: {
		read: schema.ScopeRecordsRead, write: schema.ScopeRecordsWrite,
		see:    all((*Viewer).ownNotifications),
		change: func(*Viewer) set { return nil },
		part:   (*Viewer).ownNotifications,
		parts:  []string{"read_at"},
		ends:   map[string]right{"professional": anybody},
		fields: map[string]right{"actor_id": oneself},
	},
	ent.TypeApiKey: {
		read: schema.ScopeWorkspaceRead, write: schema.ScopeWorkspaceWrite,
		see:    all((*Viewer).readableKeys),
		change: (*Viewer).readableKeys,
		ends:   map[string]right{"professional": oneself},
	},
	// Nobody sees or writes the keys of retries: the practice alone does.
	ent.TypeIdempotencyKey: {},
	ent.TypeEvent: {
		ends:   map[string]right{},
		fields: map[string]right{"actor_id": oneself, "workspace_id": ownWorkspace},
	},
}

// all makes a rule that is the same whatever the query asks for.
func all(rows func(*Viewer) set) func(*Viewer, *entgo.QueryContext) set {
	return func(v *Viewer, _ *entgo.QueryContext) set { return rows(v) }
}

// is asks for one of the roles.
func is(roles ...schema.Role) func(*Viewer) bool {
	return func(v *Viewer) bool { return v.Is(roles...) }
}

// inWorkspace is every row of the viewer's workspace.
func inWorkspace(table string) func(*Viewer) set {
	return func(v *Viewer) set {
		return set{from(`SELECT t.id FROM `+table+` t WHERE t.workspace_id = @arg`, v.WorkspaceID)}
	}
}

// keptInstitutions is the set of institutions that the viewer may change.
func (v *Viewer) keptInstitutions() set {
	if !v.keepsInstitutions() || !v.Has(schema.ScopeWorkspaceWrite) {
		return nil
	}
	return inWorkspace("institutions")(v)
}

// A workspace's own view of a profile is for its professionals who see the profile.
func (v *Viewer) workspaceFiles() set {
	return set{from(`SELECT f.id FROM workspace_profiles f WHERE f.workspace_id = @arg AND f.profile_id @set`,
		v.WorkspaceID, v.readableProfiles())}
}

// Memberships are changed by administrators and managers, and by a unit's stewards.
func (v *Viewer) managedMembers() set {
	if v.Is(schema.RoleAdministrator, schema.RoleManager) {
		return v.readableUnitMembers()
	}
	return set{from(`SELECT m.id FROM unit_members m WHERE m.unit_id @in`, v.Stewarded)}
}

// Anyone may leave a unit.
func (v *Viewer) ownMemberships() set {
	return set{from(`SELECT m.id FROM unit_members m WHERE m.professional_id = @arg AND m.ended_at IS NULL`,
		v.ProfessionalID)}
}

// profilesFor is the set of profiles that a scope opens: to read, or to edit.
func (v *Viewer) profilesFor(scope schema.Scope) set {
	switch {
	case !v.Has(scope):
		return nil
	case scope == schema.ScopeProfilesWrite:
		return v.editableProfiles()
	default:
		return v.readableProfiles()
	}
}

// contactsFor is the set of contacts that a scope opens: to read, or to edit.
func (v *Viewer) contactsFor(scope schema.Scope) set {
	switch {
	case !v.Has(scope):
		return nil
	case scope == schema.ScopeContactsWrite:
		return v.editableContacts()
	default:
		return v.readableContacts()
	}
}
