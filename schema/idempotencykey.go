package schema

import (
	"entgo.io/ent"
	"entgo.io/ent/schema/field"
	"entgo.io/ent/schema/index"
)

// IdempotencyKey says that a professional has made a change under a key of theirs, and what
// came of it, so that a retry changes nothing and is told the same. It holds ids, never what
// they name, and of the key and the input no more than hashes.
//
// A change writes two: the first takes the key, before anything else, and twins wait for it;
// the second says what came of it. To update the first would be to look it up, and of
// serializable changes that look up neighbouring rows and add others one must try again.
type IdempotencyKey struct{ ent.Schema }

// Mixin gives the row its id.
func (IdempotencyKey) Mixin() []ent.Mixin {
	return []ent.Mixin{identified{prefix: IdempotencyKeyPrefix}}
}

// Fields of the row.
func (IdempotencyKey) Fields() []ent.Field {
	return []ent.Field{
		key("professional"),
		field.Bool("done").Immutable().Comment("the row that says what came of it"),
		field.String("key_hash").NotEmpty().Immutable().Comment("SHA-256 of the key, in hex"),
		field.String("mutation").NotEmpty().Immutable(),
		field.String("input_hash").NotEmpty().Immutable().Comment("SHA-256 of the input, in hex"),
		field.String("scope").NotEmpty().Immutable().Comment("what the change took, and its retry takes"),
		field.Text("outcome").Default("").Immutable().Comment("the payload, as ids"),
		field.Time("created_at").Immutable().Default(Now),
	}
}

// Edges of the row.
func (IdempotencyKey) Edges() []ent.Edge {
	return []ent.Edge{parent("professional", Professional.Type)}
}

// Indexes of the row.
func (IdempotencyKey) Indexes() []ent.Index {
	return []ent.Index{
		index.Fields("professional_id", "key_hash", "done").Unique(),
		index.Fields("created_at"),
	}
}
