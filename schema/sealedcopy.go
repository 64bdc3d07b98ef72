package schema

import (
	"entgo.io/ent"
	"entgo.io/ent/dialect/entsql"
	"entgo.io/ent/schema/edge"
	"entgo.io/ent/schema/field"
	"entgo.io/ent/schema/index"
)

// SealedCopy is a record as it was when it was handed over, kept by its previous
// owner. Nothing ever changes it.
type SealedCopy struct{ ent.Schema }

// Mixin gives a sealed copy its id and its beginning.
func (SealedCopy) Mixin() []ent.Mixin {
	return []ent.Mixin{identified{prefix: SealedCopyPrefix}, stamped{}}
}

// Fields of a sealed copy.
func (SealedCopy) Fields() []ent.Field {
	return []ent.Field{
		key("record"),
		key("transfer"),
		field.String("holder_id").NotEmpty().Immutable().Comment("the previous owner"),
		field.String("workspace_id").NotEmpty().Immutable().Comment("of the previous owner"),
		field.String("number").NotEmpty().Immutable().MaxRuneLen(30),
		field.String("manifest_hash").NotEmpty().Immutable().MaxLen(64).Comment("SHA-256 of the content, in hex"),
		field.Bytes("content").NotEmpty().Immutable().Sensitive().Comment("encrypted; tied to this row and its workspace"),
	}
}

// Edges of a sealed copy.
func (SealedCopy) Edges() []ent.Edge {
	return []ent.Edge{
		parent("record", Record.Type),
		parent("transfer", Transfer.Type),
		edge.To("holder", Principal.Type).Unique().Required().Immutable().Field("holder_id").
			Annotations(entsql.OnDelete(entsql.Restrict)),
	}
}

// Indexes of a sealed copy.
func (SealedCopy) Indexes() []ent.Index {
	return []ent.Index{
		index.Fields("transfer_id").Unique(),
		index.Fields("holder_id", "created_at", "id"),
	}
}
