package schema

import (
	"entgo.io/ent"
	"entgo.io/ent/dialect/entsql"
	"entgo.io/ent/schema"
	"entgo.io/ent/schema/edge"
	"entgo.io/ent/schema/field"
	"entgo.io/ent/schema/index"
)

// Record is one follow-up, intervention or service: what is done for a person.
type Record struct{ ent.Schema }

// Mixin gives a record its id and its history.
func (Record) Mixin() []ent.Mixin {
	return []ent.Mixin{identified{prefix: RecordPrefix}, stamped{}, versioned{}}
}

// Fields of a record.
func (Record) Fields() []ent.Field {
	return []ent.Field{
		field.String("workspace_id").NotEmpty(),
		field.String("number").NotEmpty().MaxRuneLen(30).Comment("drawn at random, so that it tells nothing of other records"),
		field.String("title").NotEmpty().MaxRuneLen(200),
		field.Enum("kind").Values("INDIVIDUAL", "COUPLE", "FAMILY", "GROUP"),
		field.String("service").Optional().Nillable().MaxRuneLen(100),
		field.String("reason").Optional().Nillable().MaxRuneLen(4000),
		field.Enum("status").Values("DRAFT", "OPEN", "ARCHIVED", "BINNED").Default("OPEN"),
		field.Bool("confidential").Default(false),
		field.String("owner_id").NotEmpty().Comment("a professional or a unit"),
		field.Int("owner_epoch").Default(1).Comment("counts the owners; a share of an older epoch is over"),
		field.Time("opened_at").Optional().Nillable(),
		field.Time("closed_at").Optional().Nillable(),
		field.JSON("field_versions", map[string]int{}).Default(map[string]int{}),
	}
}

// Edges of a record.
func (Record) Edges() []ent.Edge {
	return []ent.Edge{
		edge.To("workspace", Workspace.Type).Unique().Required().Field("workspace_id").
			Annotations(entsql.OnDelete(entsql.Restrict)),
		edge.To("owner", Principal.Type).Unique().Required().Field("owner_id").
			Annotations(entsql.OnDelete(entsql.Restrict)),
	}
}

// Annotations of a record.
func (Record) Annotations() []schema.Annotation {
	return []schema.Annotation{entsql.Checks(map[string]string{
		"record_owner_kind": "owner_id LIKE 'pro_%' OR owner_id LIKE 'unit_%'",
	})}
}

// Indexes of a record.
func (Record) Indexes() []ent.Index {
	return []ent.Index{
		index.Fields("workspace_id", "number").Unique(),
		index.Fields("owner_id", "id"),
		index.Fields("workspace_id", "created_at", "id"),
		index.Fields("workspace_id", "updated_at", "id"),
		index.Fields("created_at", "id"),
		index.Fields("updated_at", "id"),
	}
}
