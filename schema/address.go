package schema

import (
	"entgo.io/ent"
	"entgo.io/ent/dialect/entsql"
	"entgo.io/ent/schema"
	"entgo.io/ent/schema/field"
	"entgo.io/ent/schema/index"
)

// Address is where a profile, a contact or an institution is found.
type Address struct{ ent.Schema }

// Mixin gives an address its id and its start.
func (Address) Mixin() []ent.Mixin {
	return []ent.Mixin{identified{prefix: AddressPrefix}, stamped{}}
}

// Fields of an address.
func (Address) Fields() []ent.Field {
	return []ent.Field{
		field.String("profile_id").Optional().Nillable().Immutable(),
		field.String("contact_id").Optional().Nillable().Immutable(),
		field.String("institution_id").Optional().Nillable().Immutable(),
		field.Int("position").Default(0),
		field.String("line1").NotEmpty().MaxRuneLen(200),
		field.String("line2").Optional().Nillable().MaxRuneLen(200),
		field.String("city").Optional().Nillable().MaxRuneLen(100),
		field.String("region").Optional().Nillable().MaxRuneLen(100),
		field.String("postal_code").Optional().Nillable().MaxRuneLen(20),
		field.String("country").Optional().Nillable().MaxRuneLen(2),
		field.String("label").Optional().Nillable().MaxRuneLen(50),
		field.Bool("preferred").Default(false),
	}
}

// Edges of an address.
func (Address) Edges() []ent.Edge {
	return []ent.Edge{
		holder("profile", Profile.Type),
		holder("contact", Contact.Type),
		holder("institution", Institution.Type),
	}
}

// Annotations of an address.
func (Address) Annotations() []schema.Annotation {
	return []schema.Annotation{entsql.Checks(map[string]string{
		"address_one_holder": "(CASE WHEN profile_id IS NULL THEN 0 ELSE 1 END)" +
			" + (CASE WHEN contact_id IS NULL THEN 0 ELSE 1 END)" +
			" + (CASE WHEN institution_id IS NULL THEN 0 ELSE 1 END) = 1",
	})}
}

// Indexes of an address.
func (Address) Indexes() []ent.Index {
	return []ent.Index{
		index.Fields("profile_id", "position"),
		index.Fields("contact_id", "position"),
		index.Fields("institution_id", "position"),
	}
}
