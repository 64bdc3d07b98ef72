package schema

import (
	"entgo.io/ent"
	"entgo.io/ent/schema/field"
	"entgo.io/ent/schema/index"
)

// ContactLink is the dated edge between a profile and a contact: what they are
// to each other and what the contact may do and receive.
type ContactLink struct{ ent.Schema }

// Mixin gives a contact link its id and its history.
func (ContactLink) Mixin() []ent.Mixin {
	return []ent.Mixin{identified{prefix: ContactLinkPrefix}, stamped{}, versioned{}}
}

// Fields of a contact link.
func (ContactLink) Fields() []ent.Field {
	return []ent.Field{
		key("profile"),
		key("contact"),
		field.Enum("relationship").Values("MOTHER", "FATHER", "PARENT", "GUARDIAN", "SPOUSE", "SIBLING",
			"GRANDPARENT", "CHILD", "RELATIVE", "FRIEND", "PHYSICIAN", "TEACHER", "SOCIAL_WORKER",
			"EMERGENCY_CONTACT", "OTHER"),
		field.Enum("authority").
			Values("NONE", "PARENTAL", "SOLE", "JOINT", "TUTOR", "CURATOR", "MANDATARY", "COURT_ORDER").
			Default("NONE"),
		field.String("custody").Optional().Nillable().MaxRuneLen(200),
		field.Int("emergency_rank").Optional().Nillable().Positive(),
		field.Bool("may_receive_information").Default(false),
		field.Bool("may_consent").Default(false),
		field.Enum("restriction").Values("NONE", "NO_INFORMATION", "NO_CONTACT").Default("NONE"),
		field.JSON("channels", []string{}).Default([]string{}),
		field.String("valid_from").Optional().Nillable().Comment("YYYY-MM-DD, first day of the authority"),
		field.String("valid_to").Optional().Nillable().Comment("YYYY-MM-DD, last day of the authority"),
		field.Time("ended_at").Optional().Nillable(),
		field.String("ended_by_id").Optional(),
		field.String("end_reason").Optional().Nillable().MaxRuneLen(500),
	}
}

// Edges of a contact link.
func (ContactLink) Edges() []ent.Edge {
	return []ent.Edge{parent("profile", Profile.Type), parent("contact", Contact.Type)}
}

// Indexes of a contact link.
func (ContactLink) Indexes() []ent.Index {
	return []ent.Index{
		live("ended_at IS NULL", "profile_id", "contact_id"),
		partial("ended_at IS NULL", "contact_id", "profile_id"),
		index.Fields("profile_id", "created_at", "id"),
		index.Fields("contact_id", "created_at", "id"),
	}
}
