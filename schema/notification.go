package schema

import (
	"entgo.io/ent"
	"entgo.io/ent/schema/field"
	"entgo.io/ent/schema/index"
)

// Notification tells one professional that something happened that concerns them.
// It names ids only: what they show is worked out when they are read.
type Notification struct{ ent.Schema }

// Mixin gives a notification its id.
func (Notification) Mixin() []ent.Mixin { return []ent.Mixin{identified{prefix: NotificationPrefix}} }

// Fields of a notification.
func (Notification) Fields() []ent.Field {
	return []ent.Field{
		key("professional"),
		field.Enum("kind").Immutable().Values(
			"RECORD_SHARED", "SHARE_OFFERED", "SHARE_ACCEPTED", "SHARE_DECLINED", "ACCESS_ENDED",
			"TRANSFER_REQUESTED", "TRANSFER_OFFERED", "TRANSFER_ACCEPTED", "TRANSFER_DECLINED", "TRANSFER_WITHDRAWN",
			"TRANSFER_EXPIRED", "TRANSFER_INVALIDATED", "RECORD_ASSIGNED", "EMERGENCY_ACCESS"),
		field.String("event_id").NotEmpty().Immutable().Comment("the event of the same change"),
		field.String("actor_id").Optional().Immutable().Comment("the professional, empty for the clock"),
		field.String("record_id").Optional().Nillable().Immutable(),
		field.String("share_id").Optional().Nillable().Immutable(),
		field.String("transfer_id").Optional().Nillable().Immutable(),
		field.String("emergency_access_id").Optional().Nillable().Immutable(),
		field.Time("created_at").Immutable().Default(Now),
		field.Time("read_at").Optional().Nillable(),
	}
}

// Edges of a notification.
func (Notification) Edges() []ent.Edge { return []ent.Edge{parent("professional", Professional.Type)} }

// Indexes of a notification.
func (Notification) Indexes() []ent.Index {
	return []ent.Index{
		index.Fields("professional_id", "created_at", "id"),
		partial("read_at IS NULL", "professional_id"),
		index.Fields("event_id", "professional_id"),
	}
}
