package schema

import (
	"entgo.io/ent"
	"entgo.io/ent/schema/field"
	"entgo.io/ent/schema/index"
)

// EmergencyAccess lets a professional read a record that nobody shared with them:
// for a reason, for some hours, and told to its owner.
type EmergencyAccess struct{ ent.Schema }

// Mixin gives an emergency access its id and its beginning.
func (EmergencyAccess) Mixin() []ent.Mixin {
	return []ent.Mixin{identified{prefix: EmergencyAccessPrefix}, stamped{}}
}

// Fields of an emergency access.
func (EmergencyAccess) Fields() []ent.Field {
	return []ent.Field{
		key("record"),
		key("professional"),
		field.String("workspace_id").NotEmpty().Immutable().Comment("where the record was; elsewhere it opens nothing"),
		field.String("reason").NotEmpty().Immutable().MaxRuneLen(500),
		field.Time("started_at").Immutable(),
		field.Time("ends_at").Immutable(),
		field.Time("reviewed_at").Optional().Nillable(),
		field.String("reviewed_by_id").Optional(),
		field.String("review_note").Optional().Nillable().MaxRuneLen(500),
	}
}

// Edges of an emergency access.
func (EmergencyAccess) Edges() []ent.Edge {
	return []ent.Edge{parent("record", Record.Type), parent("professional", Professional.Type)}
}

// Indexes of an emergency access.
func (EmergencyAccess) Indexes() []ent.Index {
	return []ent.Index{
		index.Fields("professional_id", "ends_at"),
		index.Fields("record_id", "started_at"),
		index.Fields("workspace_id", "created_at", "id"),
	}
}
