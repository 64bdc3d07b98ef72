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
	Transfers     map[string]*Transfer
	Copies        map[string]*SealedCopy
	Consents      map[string]*Consent
	Emergencies   map[string]*Emergency
	Notices       map[string]*Notice
	Told          map[Notice]int // how often operations have told whom what
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
		Transfers:     map[string]*Transfer{},
		Copies:        map[string]*SealedCopy{},
		Consents:      map[string]*Consent{},
		Emergencies:   map[string]*Emergency{},
		Notices:       map[string]*Notice{},
	}
}

// Workspace is an organisation or a practice.
type Workspace struct {
	Status   string
	Policies Policies
}

// Policies are what a workspace decides for itself.
type Policies struct {
	OfferDays, CoolingOffDays, EmergencyHours, AdultAge int
	Inside, Across                                      string // consent: OFF, WARN or REQUIRE
}

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
type Unit struct{ Workspace, Status string }

// Membership is a professional's time in a unit.
type Membership struct {
	Unit, Professional string
	Steward            bool
	From, To           time.Time // To is zero while it lasts
}

// Institution is a site of a workspace.
type Institution struct{ Workspace string }

// Profile is a person who is followed.
type Profile struct {
	Home, Creator, Institution string
	Born                       string // YYYY-MM-DD, empty while unknown
}

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
	Giver           string // who gave it
	Level           Level
	Status          string
	Starts, Expires time.Time // Expires is zero when it has no end
	Epoch           int
	Confidential    bool // it was given knowing that the record is
	Approval        bool // what is written by it waits for the owner's approval
	Version         int
	Override        bool // it goes on without a consent
}

// Transfer is the hand-over of a record.
type Transfer struct {
	Record, Mode, Status string
	From, FromWorkspace  string
	To, ToWorkspace      string
	By                   string // who opened it
	Answered             string // who answered it
	NewOwner             string // who owns the record by it
	Epoch                int    // the owner's epoch in which it was opened
	Expires              time.Time
	Confidential         bool
	Keeps                string // NOTHING, READ_UNTIL or SEALED_COPY
	KeepUntil            time.Time
	Default              string          // KEEP or DROP
	Plan                 map[string]bool // shares named to be kept, or not
	Override             bool            // it goes on without a consent
}

// SealedCopy is what a hand-over left with the previous owner.
type SealedCopy struct{ Record, Transfer, Holder string }

// Consent is a word kept by a workspace that a profile's records may be given on.
type Consent struct {
	Workspace, Profile string
	Link               string // of the contact who gave it; empty for the person
	Purpose, Target    string
	Signed, Effective  time.Time
	Expires, Withdrawn time.Time // zero when there is none
}

// Emergency is a professional's access to a record that nobody shared with them.
type Emergency struct {
	Record, Professional, Workspace string
	From, To                        time.Time
	Reviewed                        bool
}

// Notice is word to a professional.
type Notice struct{ Professional, Kind string }

// Contact is a person around profiles.
type Contact struct{ Home, Creator string }

// ContactLink is what a contact is to a profile.
type ContactLink struct {
	Profile, Contact string
	To               time.Time // zero while it lives
	MayConsent       bool
	Restriction      string
}

// Holding is a row that hangs on a profile, a contact or an institution.
type Holding struct{ Holder string }

// File is one workspace's own view of a profile.
type File struct{ Workspace, Profile string }
