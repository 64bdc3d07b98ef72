package schema

import (
	"entgo.io/ent"
	"entgo.io/ent/dialect/entsql"
	"entgo.io/ent/schema/edge"
	"entgo.io/ent/schema/field"
	"entgo.io/ent/schema/index"
)

// Consent is a person's word, or that of whoever may give it for them, that their
// record may be shared or handed over. A workspace keeps those given to it.
type Consent struct{ ent.Schema }

// Mixin gives a consent its id and its history.
func (Consent) Mixin() []ent.Mixin {
	return []ent.Mixin{identified{prefix: ConsentPrefix}, stamped{}, versioned{}}
}

// Fields of a consent.
func (Consent) Fields() []ent.Field {
	return []ent.Field{
		key("workspace"),
		key("profile"),
		field.String("contact_link_id").Optional().Nillable().Immutable().Comment("who gave it; empty for the person"),
		field.Enum("purpose").Values("SHARE", "TRANSFER", "SHARE_AND_TRANSFER").Immutable(),
		field.String("target_id").Optional().Nillable().Immutable().Comment("to whom; empty for anybody"),
		field.Enum("method").Values("VERBAL", "WRITTEN", "ELECTRONIC").Immutable(),
		field.Time("signed_at").Immutable(),
		field.Time("effective_at").Immutable().Comment("signed_at, and the cooling-off days of the workspace"),
		field.Time("expires_at").Optional().Nillable().Immutable(),
		field.Time("withdrawn_at").Optional().Nillable(),
		field.String("withdrawn_by_id").Optional(),
		field.String("withdraw_reason").Optional().Nillable().MaxRuneLen(500),
	}
}

// Edges of a consent.
func (Consent) Edges() []ent.Edge {
	return []ent.Edge{
		parent("workspace", Workspace.Type),
		parent("profile", Profile.Type),
		edge.To("contact_link", ContactLink.Type).Unique().Immutable().Field("contact_link_id").
			Annotations(entsql.OnDelete(entsql.Restrict)),
		edge.To("target", Principal.Type).Unique().Immutable().Field("target_id").
			Annotations(entsql.OnDelete(entsql.Restrict)),
	}
}

// Indexes of a consent.
func (Consent) Indexes() []ent.Index {
	return []ent.Index{index.Fields("profile_id", "workspace_id", "created_at")}
}
