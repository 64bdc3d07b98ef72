// Package oracle is a second telling of who may see what, for tests alone: the
// access function of the domain model over plain maps, as slow and as plain as
// its text.
//
// Its one rule: it shares no code with internal/access, ent or schema, so that
// the two can only agree by both being right.
package oracle

import "time"

// World is every fact that access is computed from, and the instant that it is.
type World struct {
	Now           time.Time
	Workspaces    map[string]*Workspace
	Professionals map[string]*Professional
	Units         map[string]*Unit
	Memberships   map[string]*Membership
	Institutions  map[string]*Institution
	Profiles      map[string]*Profile
	Records       map[string]*Record
	Links         map[string]*Link
	Shares        map[string]*Share
	Contacts      map[string]*Contact
	ContactLinks  map[string]*ContactLink
	Points        map[string]*Holding // contact points, of a profile or a contact
	Addresses     map[string]*Holding // addresses, of a profile, a contact or an institution
	Identifiers   map[string]*Holding // identifiers, of a profile
	Files         map[string]*File
}

// New is a world without anybody in it.
func New(now time.Time) *World {
	return &World{
		Now:           now,
		Workspaces:    map[string]*Workspace{},
		Professionals: map[string]*Professional{},
		Units:         map[string]*Unit{},
		Memberships:   map[string]*Membership{},
		Institutions:  map[string]*Institution{},
		Profiles:      map[string]*Profile{},
		Records:       map[string]*Record{},
		Links:         map[string]*Link{},
		Shares:        map[string]*Share{},
		Contacts:      map[string]*Contact{},
		ContactLinks:  map[string]*ContactLink{},
		Points:        map[string]*Holding{},
		Addresses:     map[string]*Holding{},
		Identifiers:   map[string]*Holding{},
		Files:         map[string]*File{},
	}
}

// Workspace is an organisation or a practice.
type Workspace struct{ Status string }

// Professional is somebody who acts in a workspace.
type Professional struct {
	Workspace    string
	Account      string // empty while none is bound
	Status       string
	Roles        []string
	Scope, Right string // of the directory
	Institutions []string
}

// Unit is a team or a service of a workspace.
type Unit struct{ Workspace string }

// Membership is a professional's time in a unit.
type Membership struct {
	Unit, Professional string
	Steward            bool
	From, To           time.Time // To is zero while it lasts
}

// Institution is a site of a workspace.
type Institution struct{ Workspace string }

// Profile is a person who is followed.
type Profile struct{ Home, Creator, Institution string }

// Record is what is done for a person.
type Record struct {
	Workspace, Owner string
	Epoch            int
	Status           string
	Confidential     bool
}

// Link is a profile's part in a record.
type Link struct {
	Record, Profile string
	To              time.Time // zero while it lives
}

// Share is access to a record, given to a professional, a unit or a workspace.
type Share struct {
	Record, Grantee string
	Level           Level
	Status          string
	Starts, Expires time.Time // Expires is zero when it has no end
	Epoch           int
}

// Contact is a person around profiles.
type Contact struct{ Home, Creator string }

// ContactLink is what a contact is to a profile.
type ContactLink struct {
	Profile, Contact string
	To               time.Time // zero while it lives
}

// Holding is a row that hangs on a profile, a contact or an institution.
type Holding struct{ Holder string }

// File is one workspace's own view of a profile.
type File struct{ Workspace, Profile string }
