package schema

import (
	"entgo.io/ent"
	"entgo.io/ent/schema/field"
	"entgo.io/ent/schema/index"
)

// RecordLink is the link edge: this profile is part of that record, as what,
// since when, by whom; until when and why.
type RecordLink struct{ ent.Schema }

// Mixin gives a link its id and its history.
func (RecordLink) Mixin() []ent.Mixin {
	return []ent.Mixin{identified{prefix: RecordLinkPrefix}, versioned{}}
}

// Fields of a link.
func (RecordLink) Fields() []ent.Field {
	return []ent.Field{
		key("record"),
		key("profile"),
		field.Enum("role").Values("PRIMARY", "SECONDARY", "PARTICIPANT"),
		field.Int("position").Default(0),
		field.Bool("notify").Default(true),
		field.Time("linked_at").Immutable().Default(Now),
		field.String("linked_by_id").Optional().Immutable(),
		field.String("link_reason").Optional().Nillable().Immutable().MaxRuneLen(500),
		field.Time("unlinked_at").Optional().Nillable(),
		field.String("unlinked_by_id").Optional(),
		field.String("unlink_reason").Optional().Nillable().MaxRuneLen(500),
		// The workspace of the record where the profile is at home in another, kept by triggers of the database (ADR 0040). It
		// leads to the guests of a directory and says nothing of what they may see or be seen by.
		field.String("guest_of").Optional().Nillable().Immutable(),
	}
}

// Edges of a link.
func (RecordLink) Edges() []ent.Edge {
	return []ent.Edge{parent("record", Record.Type), parent("profile", Profile.Type)}
}

// Indexes of a link.
func (RecordLink) Indexes() []ent.Index {
	return []ent.Index{
		live("unlinked_at IS NULL", "record_id", "profile_id"),
		live("unlinked_at IS NULL AND role = 'PRIMARY'", "record_id"),
		partial("unlinked_at IS NULL", "profile_id", "record_id"),
		partial("unlinked_at IS NULL AND guest_of IS NOT NULL", "guest_of", "profile_id"),
		index.Fields("record_id", "linked_at", "id"),
		index.Fields("profile_id", "linked_at", "id"),
	}
}
