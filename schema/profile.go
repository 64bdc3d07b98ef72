package schema

import (
	"entgo.io/ent"
	"entgo.io/ent/dialect/entsql"
	"entgo.io/ent/schema/edge"
	"entgo.io/ent/schema/field"
	"entgo.io/ent/schema/index"
)

// Profile is a client or a student: who a person is. One row per person, never
// copied, whatever is shared or transferred.
type Profile struct{ ent.Schema }

// Mixin gives a profile its id and its history.
func (Profile) Mixin() []ent.Mixin {
	return []ent.Mixin{identified{prefix: ProfilePrefix}, stamped{}, versioned{}}
}

// Fields of a profile.
func (Profile) Fields() []ent.Field {
	return []ent.Field{
		field.String("home_workspace_id").NotEmpty(),
		field.Enum("kind").Values("CLIENT", "STUDENT"),
		field.String("given_name").NotEmpty().MaxRuneLen(100),
		field.String("middle_name").Optional().Nillable().MaxRuneLen(100),
		field.String("family_name").NotEmpty().MaxRuneLen(100),
		field.String("preferred_name").Optional().Nillable().MaxRuneLen(100),
		field.JSON("former_names", []string{}).Default([]string{}),
		field.String("sort_name").Comment("family and given name, folded, so that both engines order and search alike"),
		field.String("birth_date").Optional().Nillable().Comment("YYYY-MM-DD; the precision says how much of it is known"),
		field.Enum("birth_date_precision").Values("DAY", "MONTH", "YEAR").Default("DAY"),
		field.String("gender").Optional().Nillable().MaxRuneLen(50),
		field.String("pronouns").Optional().Nillable().MaxRuneLen(50),
		field.JSON("languages", []string{}).Default([]string{}),
		field.String("institution_id").Optional().Nillable(),
		field.String("grade").Optional().Nillable().MaxRuneLen(50),
		field.Enum("status").
			Values("ACTIVE", "INACTIVE", "DECEASED", "RESTRICTED", "MERGED", "ERASED").
			Default("ACTIVE"),
		field.String("merged_into_id").Optional().Nillable(),
		field.JSON("field_versions", map[string]int{}).Default(map[string]int{}).
			Comment("the version at which each field last changed: two editors of different fields both win"),
	}
}

// Edges of a profile.
func (Profile) Edges() []ent.Edge {
	return []ent.Edge{
		edge.To("home_workspace", Workspace.Type).Unique().Required().Field("home_workspace_id").
			Annotations(entsql.OnDelete(entsql.Restrict)),
		optional("institution", Institution.Type),
		edge.To("merged", Profile.Type).Annotations(entsql.OnDelete(entsql.Restrict)).
			From("merged_into").Unique().Field("merged_into_id"),
	}
}

// Indexes of a profile.
func (Profile) Indexes() []ent.Index {
	return []ent.Index{
		index.Fields("home_workspace_id", "sort_name", "id"),
		index.Fields("home_workspace_id", "created_at", "id"),
		index.Fields("home_workspace_id", "updated_at", "id"),
		index.Fields("created_by_id", "home_workspace_id"),
		index.Fields("institution_id"),
		partial("merged_into_id IS NOT NULL", "merged_into_id"),
		index.Fields("sort_name", "id"),
		index.Fields("created_at", "id"),
		index.Fields("updated_at", "id"),
	}
}
