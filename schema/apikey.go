package schema

import (
	"entgo.io/ent"
	"entgo.io/ent/schema/field"
	"entgo.io/ent/schema/index"
)

// Scope is what a key may be used for. It never widens what its professional may do.
type Scope string

// Scopes of a key.
const (
	ScopeProfilesRead   Scope = "PROFILES_READ"
	ScopeProfilesWrite  Scope = "PROFILES_WRITE"
	ScopeContactsRead   Scope = "CONTACTS_READ"
	ScopeContactsWrite  Scope = "CONTACTS_WRITE"
	ScopeRecordsRead    Scope = "RECORDS_READ"
	ScopeRecordsWrite   Scope = "RECORDS_WRITE"
	ScopeWorkspaceRead  Scope = "WORKSPACE_READ"
	ScopeWorkspaceWrite Scope = "WORKSPACE_WRITE"
)

// AllScopes is every scope, in the order of the SDL.
func AllScopes() []Scope {
	return []Scope{
		ScopeProfilesRead, ScopeProfilesWrite, ScopeContactsRead, ScopeContactsWrite,
		ScopeRecordsRead, ScopeRecordsWrite, ScopeWorkspaceRead, ScopeWorkspaceWrite,
	}
}

// ApiKey lets a program act as a professional. Only a hash of its secret is kept.
type ApiKey struct{ ent.Schema }

// Mixin gives a key its id and its start.
func (ApiKey) Mixin() []ent.Mixin {
	return []ent.Mixin{identified{prefix: APIKeyPrefix}, stamped{}}
}

// Fields of a key.
func (ApiKey) Fields() []ent.Field {
	return []ent.Field{
		key("professional"),
		field.String("name").NotEmpty().MaxRuneLen(100),
		field.String("hash").NotEmpty().Immutable().Sensitive().Comment("SHA-256 of the secret, in hex"),
		field.JSON("scopes", []Scope{}),
		field.Time("expires_at").Optional().Nillable(),
		field.Time("last_used_at").Optional().Nillable(),
		field.Time("revoked_at").Optional().Nillable(),
		field.String("revoked_by_id").Optional(),
	}
}

// Edges of a key.
func (ApiKey) Edges() []ent.Edge { return []ent.Edge{parent("professional", Professional.Type)} }

// Indexes of a key.
func (ApiKey) Indexes() []ent.Index {
	return []ent.Index{index.Fields("professional_id", "created_at")}
}
