package schema

import (
	"entgo.io/ent"
	"entgo.io/ent/schema/field"
	"entgo.io/ent/schema/index"
)

// Role is what a professional is in a workspace.
type Role string

// Roles of a professional. None of them opens the content of a record.
const (
	RolePractitioner  Role = "PRACTITIONER"
	RoleCoordinator   Role = "COORDINATOR"
	RoleManager       Role = "MANAGER"
	RoleAdministrator Role = "ADMINISTRATOR"
)

// Professional is an account's membership in one workspace: the acting principal.
type Professional struct{ ent.Schema }

// Mixin gives a professional their id and their history.
func (Professional) Mixin() []ent.Mixin {
	return []ent.Mixin{identified{prefix: ProfessionalPrefix}, stamped{}, versioned{}}
}

// Fields of a professional.
func (Professional) Fields() []ent.Field {
	return []ent.Field{
		key("workspace"),
		field.String("account_id").Optional().Nillable(),
		field.String("name").NotEmpty().MaxRuneLen(200),
		field.String("sort_name"),
		field.String("email").Optional().Nillable().MaxRuneLen(254),
		field.JSON("roles", []Role{}),
		field.Enum("directory_scope").Values("OWN", "INSTITUTIONS", "ALL").Default("OWN"),
		field.Enum("directory_right").Values("NONE", "READ", "EDIT").Default("NONE"),
		field.JSON("institution_ids", []string{}).Default([]string{}),
		field.String("title").Optional().Nillable().MaxRuneLen(200),
		field.String("licence_number").Optional().Nillable().MaxRuneLen(100),
		field.Enum("status").Values("INVITED", "ACTIVE", "SUSPENDED", "ENDED").Default("INVITED"),
		field.Time("ended_at").Optional().Nillable(),
		field.String("ended_by_id").Optional(),
		field.String("end_reason").Optional().Nillable().MaxRuneLen(500),
	}
}

// Edges of a professional.
func (Professional) Edges() []ent.Edge {
	return []ent.Edge{parent("workspace", Workspace.Type), optional("account", Account.Type)}
}

// Indexes of a professional.
func (Professional) Indexes() []ent.Index {
	return []ent.Index{
		live("account_id IS NOT NULL AND status <> 'ENDED'", "workspace_id", "account_id"),
		live("email IS NOT NULL AND status <> 'ENDED'", "workspace_id", "email"),
		index.Fields("workspace_id", "sort_name", "id"),
		index.Fields("account_id"),
	}
}
