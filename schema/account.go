package schema

import (
	"entgo.io/ent"
	"entgo.io/ent/schema/field"
	"entgo.io/ent/schema/index"
)

// Account is a human's sign-in identity. It may act in several workspaces.
type Account struct{ ent.Schema }

// Mixin gives an account its id and its history.
func (Account) Mixin() []ent.Mixin {
	return []ent.Mixin{identified{prefix: AccountPrefix}, stamped{}, versioned{}}
}

// Fields of an account.
func (Account) Fields() []ent.Field {
	return []ent.Field{
		field.String("issuer").NotEmpty().Immutable(),
		field.String("subject").NotEmpty().Immutable(),
		field.String("email").Optional().Nillable(),
		field.String("locale").Default("en"),
	}
}

// Indexes of an account.
func (Account) Indexes() []ent.Index {
	return []ent.Index{index.Fields("issuer", "subject").Unique()}
}
