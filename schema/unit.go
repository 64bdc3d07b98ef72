package schema

import (
	"entgo.io/ent"
	"entgo.io/ent/schema/field"
	"entgo.io/ent/schema/index"
)

// Unit is a group of professionals in a workspace. It can own records and
// receive shares and transfers.
type Unit struct{ ent.Schema }

// Mixin gives a unit its id and its history.
func (Unit) Mixin() []ent.Mixin {
	return []ent.Mixin{identified{prefix: UnitPrefix}, stamped{}, versioned{}}
}

// Fields of a unit.
func (Unit) Fields() []ent.Field {
	return []ent.Field{
		key("workspace"),
		field.Enum("kind").Values("TEAM", "SERVICE"),
		field.String("name").NotEmpty().MaxRuneLen(200),
		field.String("sort_name"),
		field.Enum("status").Values("ACTIVE", "CLOSED").Default("ACTIVE"),
	}
}

// Edges of a unit.
func (Unit) Edges() []ent.Edge { return []ent.Edge{parent("workspace", Workspace.Type)} }

// Indexes of a unit.
func (Unit) Indexes() []ent.Index {
	return []ent.Index{index.Fields("workspace_id", "sort_name", "id")}
}

// UnitMember is a professional's dated membership in a unit. A steward answers
// for what the unit owns; a plain member works on it.
type UnitMember struct{ ent.Schema }

// Mixin gives a membership its id and its start.
func (UnitMember) Mixin() []ent.Mixin {
	return []ent.Mixin{identified{prefix: UnitMemberPrefix}, stamped{}}
}

// Fields of a membership.
func (UnitMember) Fields() []ent.Field {
	return []ent.Field{
		key("unit"),
		key("professional"),
		field.Bool("steward").Default(false),
		field.Time("started_at").Immutable().Default(Now),
		field.Time("ended_at").Optional().Nillable(),
		field.String("ended_by_id").Optional(),
		field.String("end_reason").Optional().Nillable().MaxRuneLen(500),
	}
}

// Edges of a membership.
func (UnitMember) Edges() []ent.Edge {
	return []ent.Edge{parent("unit", Unit.Type), parent("professional", Professional.Type)}
}

// Indexes of a membership.
func (UnitMember) Indexes() []ent.Index {
	return []ent.Index{
		live("ended_at IS NULL", "unit_id", "professional_id"),
		partial("ended_at IS NULL", "professional_id"),
		index.Fields("unit_id", "started_at", "id"),
	}
}
