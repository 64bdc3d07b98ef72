package practice

import "time"

// SealedRecord is a record as it was when it was handed over. Its fields, and those of
// what it holds, are never renamed and never removed: copies of them are kept.
type SealedRecord struct {
	Number       string           `json:"number"`
	Title        string           `json:"title"`
	Kind         string           `json:"kind"`
	Service      *string          `json:"service"`
	Reason       *string          `json:"reason"`
	Status       string           `json:"status"`
	Confidential bool             `json:"confidential"`
	OwnerName    string           `json:"ownerName"`
	OpenedAt     *time.Time       `json:"openedAt"`
	ClosedAt     *time.Time       `json:"closedAt"`
	CreatedAt    time.Time        `json:"createdAt"`
	Profiles     []*SealedProfile `json:"profiles"`
}

// SealedProfile is a person as they were then, and as what they were part of the record.
type SealedProfile struct {
	ProfileID          string                `json:"profileId"`
	Role               string                `json:"role"`
	Position           int                   `json:"position"`
	Notify             bool                  `json:"notify"`
	LinkedAt           time.Time             `json:"linkedAt"`
	LinkReason         *string               `json:"linkReason"`
	Kind               string                `json:"kind"`
	Status             string                `json:"status"`
	GivenName          string                `json:"givenName"`
	MiddleName         *string               `json:"middleName"`
	FamilyName         string                `json:"familyName"`
	PreferredName      *string               `json:"preferredName"`
	FormerNames        []string              `json:"formerNames"`
	BirthDate          *string               `json:"birthDate"`
	BirthDatePrecision string                `json:"birthDatePrecision"`
	Gender             *string               `json:"gender"`
	Pronouns           *string               `json:"pronouns"`
	Languages          []string              `json:"languages"`
	Grade              *string               `json:"grade"`
	InstitutionName    *string               `json:"institutionName"`
	ContactPoints      []*SealedContactPoint `json:"contactPoints"`
	Addresses          []*SealedAddress      `json:"addresses"`
	Identifiers        []*SealedIdentifier   `json:"identifiers"`
	Contacts           []*SealedContact      `json:"contacts"`
}

// SealedContact is a person around a profile, and what they were to it then.
type SealedContact struct {
	ContactID             string                `json:"contactId"`
	GivenName             string                `json:"givenName"`
	FamilyName            *string               `json:"familyName"`
	Organization          *string               `json:"organization"`
	Languages             []string              `json:"languages"`
	Relationship          string                `json:"relationship"`
	Authority             string                `json:"authority"`
	Custody               *string               `json:"custody"`
	EmergencyRank         *int                  `json:"emergencyRank"`
	MayReceiveInformation bool                  `json:"mayReceiveInformation"`
	MayConsent            bool                  `json:"mayConsent"`
	Restriction           string                `json:"restriction"`
	Channels              []string              `json:"channels"`
	ValidFrom             *string               `json:"validFrom"`
	ValidTo               *string               `json:"validTo"`
	ContactPoints         []*SealedContactPoint `json:"contactPoints"`
	Addresses             []*SealedAddress      `json:"addresses"`
}

// SealedContactPoint is a phone number or an e-mail address, as it was then.
type SealedContactPoint struct {
	Kind       string  `json:"kind"`
	Value      string  `json:"value"`
	Normalized string  `json:"normalized"`
	Label      *string `json:"label"`
	Preferred  bool    `json:"preferred"`
}

// SealedAddress is where somebody was found then.
type SealedAddress struct {
	Line1      string  `json:"line1"`
	Line2      *string `json:"line2"`
	City       *string `json:"city"`
	Region     *string `json:"region"`
	PostalCode *string `json:"postalCode"`
	Country    *string `json:"country"`
	Label      *string `json:"label"`
	Preferred  bool    `json:"preferred"`
}

// SealedIdentifier is a number by which another system knew a profile then.
type SealedIdentifier struct {
	System string `json:"system"`
	Value  string `json:"value"`
}
