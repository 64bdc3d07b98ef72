package schema

import (
	"entgo.io/ent"
	"entgo.io/ent/schema/field"
)

// Principal is whoever can own a record or hold a share: a professional, a unit
// or a workspace. Its id is theirs. It exists so that one indexed column with a
// foreign key can name any of them.
type Principal struct{ ent.Schema }

// Fields of a principal.
func (Principal) Fields() []ent.Field {
	return []ent.Field{
		field.String("id").Immutable().NotEmpty(),
		field.Enum("kind").Values("PROFESSIONAL", "UNIT", "WORKSPACE").Immutable(),
		field.String("workspace_id").Immutable().NotEmpty(),
	}
}
