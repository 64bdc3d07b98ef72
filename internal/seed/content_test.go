package seed_test

import (
	"context"
	"encoding/json"
	"slices"
	"testing"

	"github.com/nyaruka/phonenumbers"

	"continuum/ent"
	"continuum/ent/contactpoint"
	"continuum/ent/record"
	"continuum/ent/recordlink"
	"continuum/internal/access"
	"continuum/internal/practice"
	"continuum/internal/store"
	"continuum/schema"
)

func system(t *testing.T) context.Context {
	t.Helper()
	return access.System(t.Context(), "test")
}

// rows reads all of a type.
func rows[T any](t *testing.T, all func(context.Context) ([]T, error)) []T {
	t.Helper()
	found, err := all(system(t))
	if err != nil {
		t.Fatal(err)
	}
	return found
}

// lines is rows as text, sorted: the order in which a database gives them says nothing.
func lines[T any](t *testing.T, all func(context.Context) ([]T, error)) []string {
	t.Helper()
	var list []string
	for _, row := range rows(t, all) {
		text, err := json.Marshal(row)
		if err != nil {
			t.Fatal(err)
		}
		list = append(list, string(text))
	}
	slices.Sort(list)
	return list
}

// content is everything in the database but the keys, which are drawn at random.
func content(t *testing.T, s *store.Store) map[string][]string {
	t.Helper()
	c := s.Client()
	return map[string][]string{
		"workspace":        lines(t, c.Workspace.Query().All),
		"account":          lines(t, c.Account.Query().All),
		"principal":        lines(t, c.Principal.Query().All),
		"professional":     lines(t, c.Professional.Query().All),
		"unit":             lines(t, c.Unit.Query().All),
		"unitMember":       lines(t, c.UnitMember.Query().All),
		"institution":      lines(t, c.Institution.Query().All),
		"profile":          lines(t, c.Profile.Query().All),
		"contactPoint":     lines(t, c.ContactPoint.Query().All),
		"address":          lines(t, c.Address.Query().All),
		"identifier":       lines(t, c.Identifier.Query().All),
		"workspaceProfile": lines(t, c.WorkspaceProfile.Query().All),
		"contact":          lines(t, c.Contact.Query().All),
		"contactLink":      lines(t, c.ContactLink.Query().All),
		"record":           lines(t, c.Record.Query().All),
		"recordLink":       lines(t, c.RecordLink.Query().All),
		"share":            lines(t, c.Share.Query().All),
		"event":            lines(t, c.Event.Query().All),
	}
}

// checkLaws looks for what no constraint of the database refuses.
func checkLaws(t *testing.T, s *store.Store) {
	t.Helper()
	checkIDs(t, s)
	checkRecords(t, s)
	checkReach(t, s)
	for _, p := range rows(t, s.Client().Profile.Query().All) {
		if want := practice.FoldName(p.FamilyName + " " + p.GivenName); p.SortName != want {
			t.Errorf("%s is sorted as %q, not %q", p.ID, p.SortName, want)
		}
	}
}

func checkIDs(t *testing.T, s *store.Store) {
	t.Helper()
	check := func(prefix string, ids []string) {
		t.Helper()
		if len(ids) == 0 {
			t.Errorf("there is no %s", prefix)
		}
		for _, id := range ids {
			if !schema.ValidID(prefix, id) {
				t.Errorf("%q is no id of %s", id, prefix)
			}
		}
	}
	c := s.Client()
	check(schema.WorkspacePrefix, rows(t, c.Workspace.Query().IDs))
	check(schema.ProfessionalPrefix, rows(t, c.Professional.Query().IDs))
	check(schema.UnitPrefix, rows(t, c.Unit.Query().IDs))
	check(schema.UnitMemberPrefix, rows(t, c.UnitMember.Query().IDs))
	check(schema.InstitutionPrefix, rows(t, c.Institution.Query().IDs))
	check(schema.ProfilePrefix, rows(t, c.Profile.Query().IDs))
	check(schema.ContactPointPrefix, rows(t, c.ContactPoint.Query().IDs))
	check(schema.AddressPrefix, rows(t, c.Address.Query().IDs))
	check(schema.IdentifierPrefix, rows(t, c.Identifier.Query().IDs))
	check(schema.WorkspaceProfilePrefix, rows(t, c.WorkspaceProfile.Query().IDs))
	check(schema.ContactPrefix, rows(t, c.Contact.Query().IDs))
	check(schema.ContactLinkPrefix, rows(t, c.ContactLink.Query().IDs))
	check(schema.RecordPrefix, rows(t, c.Record.Query().IDs))
	check(schema.RecordLinkPrefix, rows(t, c.RecordLink.Query().IDs))
	check(schema.SharePrefix, rows(t, c.Share.Query().IDs))
	check(schema.APIKeyPrefix, rows(t, c.ApiKey.Query().IDs))
}

// checkRecords: the owner is of the record's workspace, an open record has a live link, and only a group has no PRIMARY;
// live links stand at 0, 1, 2 and so on.
func checkRecords(t *testing.T, s *store.Store) {
	t.Helper()
	workspaceOf := map[string]string{}
	for _, p := range rows(t, s.Client().Principal.Query().All) {
		workspaceOf[p.ID] = p.WorkspaceID
	}
	links := map[string][]*ent.RecordLink{}
	for _, l := range rows(t, s.Client().RecordLink.Query().Where(recordlink.UnlinkedAtIsNil()).Order(ent.Asc(recordlink.FieldPosition)).All) {
		links[l.RecordID] = append(links[l.RecordID], l)
	}
	for _, r := range rows(t, s.Client().Record.Query().All) {
		if workspaceOf[r.OwnerID] != r.WorkspaceID {
			t.Errorf("%s is in %s, its owner in %s", r.ID, r.WorkspaceID, workspaceOf[r.OwnerID])
		}
		live := links[r.ID]
		if r.Status == record.StatusOPEN && len(live) == 0 {
			t.Errorf("%s is open for nobody", r.ID)
		}
		if len(live) > 0 && r.Kind != record.KindGROUP && live[0].Role != recordlink.RolePRIMARY {
			t.Errorf("%s, a %s, has no PRIMARY", r.ID, r.Kind)
		}
		for i, l := range live {
			if l.Position != i {
				t.Errorf("%s stands at %d, not at %d", l.ID, l.Position, i)
			}
		}
	}
}

// checkReach: numbers are stored as the program would read them.
func checkReach(t *testing.T, s *store.Store) {
	t.Helper()
	for _, p := range rows(t, s.Client().ContactPoint.Query().Where(contactpoint.KindNEQ(contactpoint.KindEMAIL)).All) {
		number, err := phonenumbers.Parse(p.Value, "CA")
		if err != nil || !phonenumbers.IsValidNumber(number) || phonenumbers.Format(number, phonenumbers.E164) != p.Normalized {
			t.Errorf("%s: %q is stored as %q: %v", p.ID, p.Value, p.Normalized, err)
		}
	}
}
