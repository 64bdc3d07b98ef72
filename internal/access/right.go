package access

import (
	"context"
	"slices"

	"entgo.io/ent/dialect/sql"

	"continuum/ent"
	"continuum/ent/contact"
	"continuum/ent/contactlink"
	"continuum/ent/institution"
	"continuum/ent/professional"
	"continuum/ent/profile"
	"continuum/ent/record"
	"continuum/ent/unit"
	"continuum/schema"
)

// right is what a viewer must have on the row at the other end of an edge before
// a new row may point to it.
type right int

const (
	ownWorkspace    right = iota // it is the viewer's workspace
	oneself                      // it is the viewer
	ownPrincipal                 // it is the viewer, or a unit of theirs
	colleague                    // it works in the viewer's workspace
	managedUnit                  // it is a unit that the viewer administers, manages or answers for
	ownInstitution               // it is an institution of the viewer's workspace
	profileRead                  // the viewer reads it
	profileEdit                  // the viewer edits it
	contactRead                  // the viewer reads it
	contactEdit                  // the viewer edits it
	recordFull                   // the viewer edits it
	recordRead                   // the viewer reads it
	recordOwner                  // the viewer, or a unit that they answer for, owns it
	recordEmergency              // the viewer may open it in an emergency
	contactLinkRead              // it ties a contact to a profile that the viewer reads
	anybody                      // whoever it is: what is given to them gives the giver nothing
	institutionEdit              // it is an institution of the viewer's workspace, and they may change it
)

// forLife says whether an edge that asks for the right is drawn once, when the row
// is made: no editor moves a row to their own workspace or makes it their own.
func (r right) forLife() bool { return r == ownWorkspace || r == oneself || r == ownPrincipal }

// sees says whether the viewer has the right on the row, asking the database at
// most once per transaction.
func sees(ctx context.Context, client *ent.Client, r right, id string) (bool, error) {
	v := ViewerFrom(ctx)
	if v == nil {
		return false, nil
	}
	switch r {
	case ownWorkspace:
		return id == v.WorkspaceID, nil
	case oneself:
		return id == v.ProfessionalID, nil
	case ownPrincipal:
		return slices.Contains(v.Sides(), id), nil
	case anybody:
		return true, nil
	}
	tx, _ := ctx.Value(transactionKey{}).(*transaction)
	if tx == nil {
		return v.asks(ctx, client, r, id)
	}
	tx.mu.Lock()
	defer tx.mu.Unlock()
	if tx.checked[check{r, id}] {
		return true, nil
	}
	ok, err := v.asks(ctx, client, r, id)
	tx.checked[check{r, id}] = ok
	return ok, err
}

// remember keeps a right that the access function has just found, in the same
// transaction, so that the guard need not ask for it row by row.
func remember(ctx context.Context, r right, id string) {
	if tx, _ := ctx.Value(transactionKey{}).(*transaction); tx != nil {
		tx.mu.Lock()
		tx.checked[check{r, id}] = true
		tx.mu.Unlock()
	}
}

// asks is one statement: is the row among those on which the viewer has the right?
func (v *Viewer) asks(ctx context.Context, client *ent.Client, r right, id string) (bool, error) {
	among := func(rows set) func(*sql.Selector) {
		return func(s *sql.Selector) { s.Where(rows.of(tableOf(s))) }
	}
	ctx = System(ctx, "the guard itself")
	switch r {
	case colleague:
		return client.Professional.Query().Where(professional.ID(id), professional.WorkspaceID(v.WorkspaceID)).Exist(ctx)
	case managedUnit:
		q := client.Unit.Query().Where(unit.ID(id), unit.WorkspaceID(v.WorkspaceID))
		if !v.Is(schema.RoleAdministrator, schema.RoleManager) {
			q.Where(unit.IDIn(v.Stewarded...))
		}
		return q.Exist(ctx)
	case ownInstitution:
		return client.Institution.Query().Where(institution.ID(id), institution.WorkspaceID(v.WorkspaceID)).Exist(ctx)
	case institutionEdit:
		if !v.keepsInstitutions() {
			return false, nil
		}
		return client.Institution.Query().Where(institution.ID(id), institution.WorkspaceID(v.WorkspaceID)).Exist(ctx)
	case profileRead:
		return client.Profile.Query().Where(profile.ID(id), among(v.readableProfiles())).Exist(ctx)
	case profileEdit:
		return client.Profile.Query().Where(profile.ID(id), among(v.editableProfiles())).Exist(ctx)
	case contactRead:
		return client.Contact.Query().Where(contact.ID(id), among(v.readableContacts())).Exist(ctx)
	case contactEdit:
		return client.Contact.Query().Where(contact.ID(id), among(v.editableContacts())).Exist(ctx)
	case recordFull:
		return client.Record.Query().Where(record.ID(id), among(v.editableRecords())).Exist(ctx)
	case recordRead:
		return client.Record.Query().Where(record.ID(id), among(v.readableRecords())).Exist(ctx)
	case recordOwner:
		return client.Record.Query().Where(record.ID(id), record.OwnerIDIn(v.Owns()...)).Exist(ctx)
	case recordEmergency:
		return client.Record.Query().Where(record.ID(id), among(v.emergencyRecords())).Exist(ctx)
	case contactLinkRead:
		return client.ContactLink.Query().Where(contactlink.ID(id),
			func(s *sql.Selector) { s.Where(v.readableProfiles().named(s.C(contactlink.FieldProfileID))) }).Exist(ctx)
	default:
		return false, nil
	}
}

// Institutions are kept by whoever runs the workspace's day.
func (v *Viewer) keepsInstitutions() bool {
	return v.Is(schema.RoleAdministrator, schema.RoleManager, schema.RoleCoordinator)
}
