package seed

import (
	"context"

	"continuum/ent"
)

// writeFiles gives each workspace its own view of a profile. Léa and Julien have one in both.
func writeFiles(ctx context.Context, tx *ent.Client) error {
	for _, f := range []struct {
		workspace, profile, number string
		tags                       []string
		note                       string
	}{
		{school, lea, "E-2041", []string{"intervention plan"}, "Meets the school psychologist on Tuesdays."},
		{school, noah, "E-2042", nil, ""},
		{school, mia, "E-2043", nil, ""},
		{school, julien, "E-1177", []string{"adult student"}, ""},
		{school, olivier, "E-1530", []string{"intervention plan"}, ""},
		{clinic, lea, "C-0317", []string{"speech", "referred by school"}, ""},
		{clinic, julien, "C-0288", nil, ""},
		{clinic, elodie, "C-0287", []string{"evening appointments"}, ""},
		{clinic, gabriel, "C-0101", nil, "Prefers to be called, not written to."},
		{clinic, marguerite, "C-0042", nil, ""},
		{clinic, thomas, "C-0333", []string{"waiting list"}, ""},
	} {
		create := tx.WorkspaceProfile.Create().SetID(id("wp", f.workspace+" "+f.profile)).
			SetWorkspaceID(workspaceID(f.workspace)).SetProfileID(profileID(f.profile)).
			SetFileNumber(f.number).SetNillableNote(optional(f.note)).SetCreatedAt(day(2)).SetUpdatedAt(day(2))
		if f.tags != nil {
			create.SetTags(f.tags)
		}
		if err := create.Exec(ctx); err != nil {
			return err
		}
	}
	return nil
}

// writeIdentifiers gives numbers that no system would give out.
func writeIdentifiers(ctx context.Context, tx *ent.Client) error {
	for _, n := range []struct{ home, profile, system, value string }{
		{school, lea, "student-registry", "FONL00000001"},
		{school, noah, "student-registry", "FONN00000002"},
		{school, mia, "student-registry", "FONM00000003"},
		{school, julien, "student-registry", "ROYJ00000004"},
		{school, lea, "health-insurance", "FONL 0000 0001"},
		{clinic, elodie, "health-insurance", "MARE 0000 0005"},
		{clinic, gabriel, "health-insurance", "SIMG 0000 0006"},
	} {
		err := tx.Identifier.Create().SetID(id("idnt", n.system+" "+n.profile)).SetWorkspaceID(workspaceID(n.home)).
			SetProfileID(profileID(n.profile)).SetSystem(n.system).SetValue(n.value).SetCreatedAt(day(1)).Exec(ctx)
		if err != nil {
			return err
		}
	}
	return nil
}
