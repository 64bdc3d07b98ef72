// Package page is what a list looks like to a reader: Relay connections, keyset
// cursors, and the arguments that ask for a page.
//
// Its one rule: a page is cut by the database, and a cursor holds only what the
// row before it already told.
package page

import (
	"continuum/ent"
)

// Info says where a page stands in its list.
type Info struct {
	HasNextPage     bool
	HasPreviousPage bool
	StartCursor     *string
	EndCursor       *string
}

// Connection is a page of a list: E is the edge's type, N the node's.
type Connection[E, N any] struct {
	Edges      []*E
	Nodes      []*N
	PageInfo   *Info
	TotalCount int
}

// Edge is a row of a list with its cursor.
type Edge[N any] struct {
	Cursor string
	Node   *N
}

// RecordLinkEdge is a link with its cursor: the edge between a profile and a record,
// seen from either.
type RecordLinkEdge struct {
	Cursor string
	Far    any // what it leads to: the record or the profile
	*ent.RecordLink
}

// Link is the edge itself.
func (e *RecordLinkEdge) Link() *ent.RecordLink { return e.RecordLink }

// ContactLinkEdge is a contact link with its cursor, seen from either end.
type ContactLinkEdge struct {
	Cursor string
	Far    any // what it leads to: the contact or the profile
	*ent.ContactLink
}

// Link is the edge itself.
func (e *ContactLinkEdge) Link() *ent.ContactLink { return e.ContactLink }

// UnitMemberEdge is a membership with its cursor.
type UnitMemberEdge struct {
	Cursor string
	Far    any // the professional
	*ent.UnitMember
}

// Membership is the edge itself.
func (e *UnitMemberEdge) Membership() *ent.UnitMember { return e.UnitMember }

// FarEnd is what an edge leads to, nil for nothing.
func FarEnd[N any](far any) *N {
	node, _ := far.(*N)
	return node
}

type (
	// Profiles is a page of profiles.
	Profiles = Connection[ProfileRow, ent.Profile]
	// Records is a page of records.
	Records = Connection[RecordRow, ent.Record]
	// Contacts is a page of contacts.
	Contacts = Connection[ContactRow, ent.Contact]
	// Institutions is a page of institutions.
	Institutions = Connection[InstitutionRow, ent.Institution]
	// Units is a page of units.
	Units = Connection[UnitRow, ent.Unit]
	// Professionals is a page of professionals.
	Professionals = Connection[ProfessionalRow, ent.Professional]
	// Shares is a page of shares.
	Shares = Connection[ShareRow, ent.Share]
	// Transfers is a page of transfers.
	Transfers = Connection[TransferRow, ent.Transfer]
	// Consents is a page of consents.
	Consents = Connection[ConsentRow, ent.Consent]
	// EmergencyAccesses is a page of emergency accesses.
	EmergencyAccesses = Connection[EmergencyAccessRow, ent.EmergencyAccess]
	// Notifications is a page of notifications.
	Notifications = Connection[NotificationRow, ent.Notification]
	// SealedCopies is a page of sealed copies.
	SealedCopies = Connection[SealedCopyRow, ent.SealedCopy]

	// ProfileRecords is a page of the records of a profile.
	ProfileRecords = Connection[RecordLinkEdge, ent.Record]
	// RecordProfiles is a page of the profiles of a record.
	RecordProfiles = Connection[RecordLinkEdge, ent.Profile]
	// ProfileContacts is a page of the people around a profile.
	ProfileContacts = Connection[ContactLinkEdge, ent.Contact]
	// ContactProfiles is a page of the profiles around which a contact stands.
	ContactProfiles = Connection[ContactLinkEdge, ent.Profile]
	// UnitMembers is a page of the members of a unit.
	UnitMembers = Connection[UnitMemberEdge, ent.Professional]
)

type (
	// ProfileRow is a profile in a page.
	ProfileRow = Edge[ent.Profile]
	// RecordRow is a record in a page.
	RecordRow = Edge[ent.Record]
	// ContactRow is a contact in a page.
	ContactRow = Edge[ent.Contact]
	// InstitutionRow is an institution in a page.
	InstitutionRow = Edge[ent.Institution]
	// UnitRow is a unit in a page.
	UnitRow = Edge[ent.Unit]
	// ProfessionalRow is a professional in a page.
	ProfessionalRow = Edge[ent.Professional]
	// ShareRow is a share in a page.
	ShareRow = Edge[ent.Share]
	// TransferRow is a transfer in a page.
	TransferRow = Edge[ent.Transfer]
	// ConsentRow is a consent in a page.
	ConsentRow = Edge[ent.Consent]
	// EmergencyAccessRow is an emergency access in a page.
	EmergencyAccessRow = Edge[ent.EmergencyAccess]
	// NotificationRow is a notification in a page.
	NotificationRow = Edge[ent.Notification]
	// SealedCopyRow is a sealed copy in a page.
	SealedCopyRow = Edge[ent.SealedCopy]
)

// Node is anything that has an id of its own. All of ent's entities are.
type Node any

// Owner is a professional or a unit.
type Owner any

// Recipient is a professional, a unit or a workspace.
type Recipient any
