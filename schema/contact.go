package schema

import (
	"entgo.io/ent"
	"entgo.io/ent/dialect/entsql"
	"entgo.io/ent/schema/edge"
	"entgo.io/ent/schema/field"
	"entgo.io/ent/schema/index"
)

// Contact is a person around a profile. One guardian serves all siblings.
type Contact struct{ ent.Schema }

// Mixin gives a contact its id and its history.
func (Contact) Mixin() []ent.Mixin {
	return []ent.Mixin{identified{prefix: ContactPrefix}, stamped{}, versioned{}}
}

// Fields of a contact.
func (Contact) Fields() []ent.Field {
	return []ent.Field{
		field.String("home_workspace_id").NotEmpty(),
		field.String("given_name").NotEmpty().MaxRuneLen(100),
		field.String("family_name").Optional().Nillable().MaxRuneLen(100),
		field.String("sort_name"),
		field.String("organization").Optional().Nillable().MaxRuneLen(200),
		field.JSON("languages", []string{}).Default([]string{}),
		field.String("profile_id").Optional().Nillable().Comment("set when the contact is also a client"),
		field.JSON("field_versions", map[string]int{}).Default(map[string]int{}),
	}
}

// Edges of a contact.
func (Contact) Edges() []ent.Edge {
	return []ent.Edge{
		edge.To("home_workspace", Workspace.Type).Unique().Required().Field("home_workspace_id").
			Annotations(entsql.OnDelete(entsql.Restrict)),
		optional("profile", Profile.Type),
	}
}

// Indexes of a contact.
func (Contact) Indexes() []ent.Index {
	return []ent.Index{
		index.Fields("sort_name", "id"),
		index.Fields("created_at", "id"),
		index.Fields("updated_at", "id"),
		index.Fields("created_by_id", "home_workspace_id"),
		partial("profile_id IS NOT NULL", "profile_id"),
	}
}
