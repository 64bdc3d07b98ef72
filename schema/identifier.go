package schema

import (
	"entgo.io/ent"
	"entgo.io/ent/schema/field"
	"entgo.io/ent/schema/index"
)

// Identifier is a number by which another system knows a profile: health
// insurance, school registry.
type Identifier struct{ ent.Schema }

// Mixin gives an identifier its id and its start.
func (Identifier) Mixin() []ent.Mixin {
	return []ent.Mixin{identified{prefix: IdentifierPrefix}, stamped{}}
}

// Fields of an identifier. It is unique per system among those that one workspace
// gave: a refusal must not tell that another workspace knows the person.
func (Identifier) Fields() []ent.Field {
	return []ent.Field{
		key("workspace"),
		key("profile"),
		field.String("system").NotEmpty().MaxRuneLen(100).Immutable(),
		field.String("value").NotEmpty().MaxRuneLen(100).Immutable(),
	}
}

// Edges of an identifier.
func (Identifier) Edges() []ent.Edge {
	return []ent.Edge{parent("workspace", Workspace.Type), parent("profile", Profile.Type)}
}

// Indexes of an identifier.
func (Identifier) Indexes() []ent.Index {
	return []ent.Index{
		index.Fields("workspace_id", "system", "value").Unique(),
		index.Fields("profile_id"),
	}
}
