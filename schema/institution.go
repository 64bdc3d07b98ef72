package schema

import (
	"entgo.io/ent"
	"entgo.io/ent/schema/field"
	"entgo.io/ent/schema/index"
)

// Institution is the school, hospital or site that a profile belongs to.
type Institution struct{ ent.Schema }

// Mixin gives an institution its id and its history.
func (Institution) Mixin() []ent.Mixin {
	return []ent.Mixin{identified{prefix: InstitutionPrefix}, stamped{}, versioned{}}
}

// Fields of an institution.
func (Institution) Fields() []ent.Field {
	return []ent.Field{
		key("workspace"),
		field.String("name").NotEmpty().MaxRuneLen(200),
		field.String("sort_name"),
		field.Enum("kind").Values("SCHOOL", "HOSPITAL", "CLINIC", "OTHER"),
	}
}

// Edges of an institution.
func (Institution) Edges() []ent.Edge { return []ent.Edge{parent("workspace", Workspace.Type)} }

// Indexes of an institution.
func (Institution) Indexes() []ent.Index {
	return []ent.Index{index.Fields("workspace_id", "sort_name", "id")}
}
