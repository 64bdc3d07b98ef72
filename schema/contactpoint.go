package schema

import (
	"entgo.io/ent"
	"entgo.io/ent/dialect/entsql"
	"entgo.io/ent/schema"
	"entgo.io/ent/schema/field"
	"entgo.io/ent/schema/index"
)

// ContactPoint is a phone number or an e-mail address of a profile or a contact.
type ContactPoint struct{ ent.Schema }

// Mixin gives a contact point its id and its start.
func (ContactPoint) Mixin() []ent.Mixin {
	return []ent.Mixin{identified{prefix: ContactPointPrefix}, stamped{}}
}

// Fields of a contact point.
func (ContactPoint) Fields() []ent.Field {
	return []ent.Field{
		field.String("profile_id").Optional().Nillable().Immutable(),
		field.String("contact_id").Optional().Nillable().Immutable(),
		field.Int("position").Default(0),
		field.Enum("kind").Values("PHONE", "MOBILE", "EMAIL"),
		field.String("value").NotEmpty().MaxRuneLen(254).Comment("as typed"),
		field.String("normalized").NotEmpty().MaxRuneLen(254).Comment("E.164, or the address in lower case"),
		field.String("label").Optional().Nillable().MaxRuneLen(50),
		field.Bool("preferred").Default(false),
	}
}

// Edges of a contact point.
func (ContactPoint) Edges() []ent.Edge {
	return []ent.Edge{holder("profile", Profile.Type), holder("contact", Contact.Type)}
}

// Annotations of a contact point.
func (ContactPoint) Annotations() []schema.Annotation {
	return []schema.Annotation{entsql.Checks(map[string]string{
		"contact_point_one_holder": "(profile_id IS NULL) <> (contact_id IS NULL)",
	})}
}

// Indexes of a contact point.
func (ContactPoint) Indexes() []ent.Index {
	return []ent.Index{
		index.Fields("profile_id", "position"),
		index.Fields("contact_id", "position"),
		index.Fields("normalized"),
	}
}
