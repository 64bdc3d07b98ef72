package schema

import (
	"entgo.io/ent"
	"entgo.io/ent/schema/field"
	"entgo.io/ent/schema/index"
)

// Event says that something happened: one per change, in the transaction of the
// change. It names ids only, never a person.
type Event struct{ ent.Schema }

// Mixin gives an event its id.
func (Event) Mixin() []ent.Mixin { return []ent.Mixin{identified{prefix: EventPrefix}} }

// Fields of an event.
func (Event) Fields() []ent.Field {
	return []ent.Field{
		field.String("type").NotEmpty().Immutable().Comment("past and dotted: profile.linked"),
		field.String("workspace_id").Optional().Immutable().Comment("where the actor acted"),
		field.String("actor_id").Optional().Immutable().Comment("the professional, empty for the system"),
		field.String("object_id").NotEmpty().Immutable(),
		field.JSON("topics", []string{}).Immutable().Comment("ids of everything whose screens show the change"),
		field.String("request_id").Optional().Immutable(),
		field.Time("created_at").Immutable().Default(Now),
	}
}

// Indexes of an event.
func (Event) Indexes() []ent.Index {
	return []ent.Index{
		index.Fields("object_id", "created_at"),
		index.Fields("workspace_id", "created_at"),
	}
}
