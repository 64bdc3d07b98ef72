package practice

import "context"

// emit leaves the one event of a change: what happened to which object, and the ids
// of everything whose screens show it. Events name ids, never a person.
func (w *work) emit(ctx context.Context, typ, object string, topics ...string) error {
	return w.Event.Create().
		SetType(typ).
		SetObjectID(object).
		SetTopics(append([]string{object}, topics...)).
		SetActorID(w.viewer.ProfessionalID).
		SetWorkspaceID(w.viewer.WorkspaceID).
		Exec(ctx)
}
