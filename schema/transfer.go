package schema

import (
	"entgo.io/ent"
	"entgo.io/ent/dialect/entsql"
	"entgo.io/ent/schema/edge"
	"entgo.io/ent/schema/field"
	"entgo.io/ent/schema/index"
)

// Transfer is the hand-over of a record's ownership: offered, then accepted,
// declined, withdrawn or expired. It stays, and tells who owned the record when.
type Transfer struct{ ent.Schema }

// Mixin gives a transfer its id and its history.
func (Transfer) Mixin() []ent.Mixin {
	return []ent.Mixin{identified{prefix: TransferPrefix}, stamped{}, versioned{}}
}

// Fields of a transfer.
func (Transfer) Fields() []ent.Field {
	return []ent.Field{
		key("record"),
		field.Enum("mode").Values("OFFER", "REQUEST", "ASSIGN").Immutable(),
		field.String("from_id").NotEmpty().Immutable().Comment("the owner who gives"),
		field.String("from_workspace_id").NotEmpty().Immutable(),
		field.String("to_id").NotEmpty().Immutable().Comment("the professional, unit or workspace who receives"),
		field.String("to_workspace_id").NotEmpty().Immutable(),
		field.Enum("status").Values("REQUESTED", "OFFERED", "ACCEPTED", "DECLINED", "WITHDRAWN", "EXPIRED", "INVALIDATED"),
		field.Int("base_epoch").Immutable().Comment("the owner's epoch in which it was opened; in any other it is void"),
		field.Bool("includes_confidential").Default(false),
		field.Enum("previous_owner_keeps").Values("NOTHING", "READ_UNTIL", "SEALED_COPY").Default("NOTHING"),
		field.Time("keep_until").Optional().Nillable(),
		field.Enum("shares_default").Values("KEEP", "DROP").Comment("what becomes of a share that the plan does not name"),
		field.JSON("share_plan", map[string]string{}).Default(map[string]string{}).Comment("share id -> KEEP or DROP"),
		field.String("message").Optional().Nillable().MaxRuneLen(2000),
		field.String("consent_override").Optional().Nillable().MaxRuneLen(500).
			Comment("why it was offered although a consent was missing"),
		field.Time("expires_at"),
		field.String("new_owner_id").Optional().Nillable().Comment("who owns the record by it"),
		field.Time("answered_at").Optional().Nillable(),
		field.String("answered_by_id").Optional(),
		field.String("answer_reason").Optional().Nillable().MaxRuneLen(500),
	}
}

// Edges of a transfer.
func (Transfer) Edges() []ent.Edge {
	return []ent.Edge{
		parent("record", Record.Type),
		edge.To("from", Principal.Type).Unique().Required().Immutable().Field("from_id").
			Annotations(entsql.OnDelete(entsql.Restrict)),
		edge.To("to", Principal.Type).Unique().Required().Immutable().Field("to_id").
			Annotations(entsql.OnDelete(entsql.Restrict)),
	}
}

// Indexes of a transfer.
func (Transfer) Indexes() []ent.Index {
	return []ent.Index{
		live("status = 'OFFERED'", "record_id"),
		live("status = 'REQUESTED'", "record_id", "to_id"),
		index.Fields("record_id", "answered_at"),
		index.Fields("to_id", "created_at", "id"),
		index.Fields("from_id", "created_at", "id"),
		index.Fields("to_workspace_id", "created_at", "id"),
		index.Fields("from_workspace_id", "created_at", "id"),
		index.Fields("created_by_id"),
		partial("status IN ('OFFERED', 'REQUESTED')", "expires_at"),
	}
}
