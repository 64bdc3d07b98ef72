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
	*ent.RecordLink
}

// Link is the edge itself.
func (e *RecordLinkEdge) Link() *ent.RecordLink { return e.RecordLink }

// ContactLinkEdge is a contact link with its cursor, seen from either end.
type ContactLinkEdge struct {
	Cursor string
	*ent.ContactLink
}

// Link is the edge itself.
func (e *ContactLinkEdge) Link() *ent.ContactLink { return e.ContactLink }

// UnitMemberEdge is a membership with its cursor.
type UnitMemberEdge struct {
	Cursor string
	*ent.UnitMember
}

// Membership is the edge itself.
func (e *UnitMemberEdge) Membership() *ent.UnitMember { return e.UnitMember }

// The lists of the SDL.
type (
	Profiles      = Connection[Edge[ent.Profile], ent.Profile]
	Records       = Connection[Edge[ent.Record], ent.Record]
	Contacts      = Connection[Edge[ent.Contact], ent.Contact]
	Institutions  = Connection[Edge[ent.Institution], ent.Institution]
	Units         = Connection[Edge[ent.Unit], ent.Unit]
	Professionals = Connection[Edge[ent.Professional], ent.Professional]

	ProfileRecords  = Connection[RecordLinkEdge, ent.Record]
	RecordProfiles  = Connection[RecordLinkEdge, ent.Profile]
	ProfileContacts = Connection[ContactLinkEdge, ent.Contact]
	ContactProfiles = Connection[ContactLinkEdge, ent.Profile]
	UnitMembers     = Connection[UnitMemberEdge, ent.Professional]
)

// Rows of the lists, as gqlgen names them.
type (
	ProfileRow      = Edge[ent.Profile]
	RecordRow       = Edge[ent.Record]
	ContactRow      = Edge[ent.Contact]
	InstitutionRow  = Edge[ent.Institution]
	UnitRow         = Edge[ent.Unit]
	ProfessionalRow = Edge[ent.Professional]
)

// Node is anything that has an id of its own. All of ent's entities are.
type Node any

// Owner is a professional or a unit.
type Owner any
