package schema

import (
	"entgo.io/ent"
	"entgo.io/ent/dialect/entsql"
	"entgo.io/ent/schema/edge"
	"entgo.io/ent/schema/field"
	"entgo.io/ent/schema/index"
)

// Share is access to a record given to a professional, a unit or a workspace.
type Share struct{ ent.Schema }

// Mixin gives a share its id and its history.
func (Share) Mixin() []ent.Mixin {
	return []ent.Mixin{identified{prefix: SharePrefix}, stamped{}, versioned{}}
}

// Fields of a share.
func (Share) Fields() []ent.Field {
	return []ent.Field{
		key("record"),
		key("grantee"),
		field.Enum("level").Values("READ", "WRITE", "FULL"),
		field.Bool("requires_approval").Default(false),
		field.Bool("includes_confidential").Default(false),
		field.Time("starts_at").Default(Now),
		field.Time("expires_at").Optional().Nillable(),
		field.Enum("status").Values("PENDING", "ACTIVE", "REVOKED", "EXPIRED", "LEFT", "DECLINED").Default("PENDING"),
		field.Int("epoch").Comment("the owner's epoch that gave it, or kept it"),
		field.Enum("origin").Values("DIRECT", "TRANSFER").Default("DIRECT").Immutable().
			Comment("TRANSFER: what a hand-over left to the previous owner"),
		field.String("consent_override").Optional().Nillable().Immutable().MaxRuneLen(500).
			Comment("why it was given although a consent was missing"),
		field.Time("ended_at").Optional().Nillable(),
		field.String("ended_by_id").Optional(),
		field.String("end_reason").Optional().Nillable().MaxRuneLen(500),
	}
}

// Edges of a share.
func (Share) Edges() []ent.Edge {
	return []ent.Edge{
		parent("record", Record.Type),
		edge.To("grantee", Principal.Type).Unique().Required().Immutable().Field("grantee_id").
			Annotations(entsql.OnDelete(entsql.Restrict)),
	}
}

// Indexes of a share.
func (Share) Indexes() []ent.Index {
	return []ent.Index{
		live("status IN ('PENDING', 'ACTIVE')", "record_id", "grantee_id"),
		partial("status = 'ACTIVE'", "grantee_id", "record_id"),
		index.Fields("record_id"),
		index.Fields("grantee_id", "created_at", "id"),
		partial("status IN ('PENDING', 'ACTIVE') AND expires_at IS NOT NULL", "expires_at"),
	}
}
