package schema

import (
	"entgo.io/ent"
	"entgo.io/ent/schema/field"
)

// Workspace is an organisation, or one practitioner's private practice.
type Workspace struct{ ent.Schema }

// Mixin gives a workspace its id and its history.
func (Workspace) Mixin() []ent.Mixin {
	return []ent.Mixin{identified{prefix: WorkspacePrefix}, stamped{}, versioned{}}
}

// Fields of a workspace.
func (Workspace) Fields() []ent.Field {
	return []ent.Field{
		field.String("name").NotEmpty().MaxRuneLen(200),
		field.Enum("kind").Values("ORGANIZATION", "INDIVIDUAL"),
		field.Enum("status").Values("ACTIVE", "SUSPENDED", "CLOSED").Default("ACTIVE"),
		field.String("region").Default("CA").MinLen(2).MaxRuneLen(2),
		field.JSON("policies", Policies{}).Default(Policies{}.Standard()),
	}
}

// ConsentMode is how strictly a workspace asks for consent.
type ConsentMode string

// Modes of asking for consent.
const (
	ConsentOff     ConsentMode = "OFF"
	ConsentWarn    ConsentMode = "WARN"
	ConsentRequire ConsentMode = "REQUIRE"
)

// Policies are what a workspace decides for itself.
type Policies struct {
	OfferDays      int         `json:"offerDays"` // days until a transfer offer expires
	ConsentInside  ConsentMode `json:"consentInside"`
	ConsentAcross  ConsentMode `json:"consentAcross"`
	CoolingOffDays int         `json:"coolingOffDays"` // days between a consent and its effect
	BinDays        int         `json:"binDays"`        // days before a binned record may be destroyed
	EmergencyHours int         `json:"emergencyHours"` // hours that an emergency access lasts
	AdultAge       int         `json:"adultAge"`       // years
}

// Standard is what a new workspace starts with.
func (Policies) Standard() Policies {
	return Policies{
		OfferDays: 14, ConsentInside: ConsentOff, ConsentAcross: ConsentWarn,
		BinDays: 30, EmergencyHours: 24, AdultAge: 18,
	}
}
