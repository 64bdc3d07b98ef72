package schema

import (
	"entgo.io/ent"
	"entgo.io/ent/schema/field"
	"entgo.io/ent/schema/index"
)

// WorkspaceProfile is one workspace's own view of a profile. It never leaves the
// workspace, whatever is shared, transferred or merged.
type WorkspaceProfile struct{ ent.Schema }

// Mixin gives the view its id and its history.
func (WorkspaceProfile) Mixin() []ent.Mixin {
	return []ent.Mixin{identified{prefix: WorkspaceProfilePrefix}, stamped{}, versioned{}}
}

// Fields of the view.
func (WorkspaceProfile) Fields() []ent.Field {
	return []ent.Field{
		key("workspace"),
		key("profile"),
		field.String("file_number").Optional().Nillable().MaxRuneLen(50),
		field.JSON("tags", []string{}).Default([]string{}),
		field.String("note").Optional().Nillable().MaxRuneLen(2000),
	}
}

// Edges of the view.
func (WorkspaceProfile) Edges() []ent.Edge {
	return []ent.Edge{parent("workspace", Workspace.Type), parent("profile", Profile.Type)}
}

// Indexes of the view.
func (WorkspaceProfile) Indexes() []ent.Index {
	return []ent.Index{
		index.Fields("profile_id", "workspace_id").Unique(),
		live("file_number IS NOT NULL", "workspace_id", "file_number"),
	}
}
