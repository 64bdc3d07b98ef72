package access_test

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"continuum/ent"
	"continuum/ent/contactlink"
	"continuum/ent/predicate"
	"continuum/ent/record"
	"continuum/ent/recordlink"
	"continuum/internal/access"
	"continuum/schema"
)

// Some statements ask about one row and bring another along, without asking about that one: the owner with a record, the
// institution and the workspace's file with a profile, what a live link ties to the link. So whoever sees the first sees the
// second by the rule itself, where their sign-in carries the scope.
func (w *world) seesAlong(ctx context.Context) error {
	v := access.ViewerFrom(ctx)
	if v == nil {
		return nil
	}
	seen := map[string][]string{}
	for _, typ := range everyType() {
		var err error
		if seen[typ], err = rowsOf(ctx, w.store.Client(), typ, everywhere); err != nil {
			return err
		}
	}
	var faults []error
	along := func(scope schema.Scope, row, id string, types ...string) {
		found := slices.ContainsFunc(types, func(typ string) bool { return slices.Contains(seen[typ], id) })
		if v.Has(scope) && !found {
			faults = append(faults, fmt.Errorf("%s is seen, but not %s, which comes along", w.called([]string{row}), w.called([]string{id})))
		}
	}
	read, err := w.store.Client().Record.Query().Select(record.FieldID).Strings(ctx)
	if err != nil {
		return err
	}
	w.alongRecords(read, along)
	w.alongProfiles(v, seen[ent.TypeProfile], along)
	w.alongLinks(seen, read, along)
	return errors.Join(faults...)
}

type alongs func(scope schema.Scope, row, id string, types ...string)

func (w *world) alongRecords(read []string, along alongs) {
	for _, r := range w.store.Client().Record.Query().Where(record.IDIn(read...)).AllX(w.system()) {
		along(schema.ScopeWorkspaceRead, r.ID, r.OwnerID, ent.TypeProfessional, ent.TypeUnit)
	}
}

func (w *world) alongProfiles(v *access.Viewer, seen []string, along alongs) {
	for _, p := range w.store.Client().Profile.Query().Where(predicate.Profile(access.AnyOf("id", seen))).AllX(w.system()) {
		if p.InstitutionID != nil {
			along(schema.ScopeWorkspaceRead, p.ID, *p.InstitutionID, ent.TypeInstitution)
		}
	}
	for _, f := range w.store.Client().WorkspaceProfile.Query().AllX(w.system()) {
		if f.WorkspaceID == v.WorkspaceID && slices.Contains(seen, f.ProfileID) {
			along(schema.ScopeProfilesRead, f.ProfileID, f.ID, ent.TypeWorkspaceProfile)
		}
	}
}

func (w *world) alongLinks(seen map[string][]string, read []string, along alongs) {
	client := w.store.Client()
	links := client.RecordLink.Query().Where(recordlink.IDIn(seen[ent.TypeRecordLink]...), recordlink.UnlinkedAtIsNil())
	for _, l := range links.AllX(w.system()) {
		along(schema.ScopeProfilesRead, l.ID, l.ProfileID, ent.TypeProfile)
		if !slices.Contains(read, l.RecordID) {
			along(schema.ScopeRecordsRead, l.ID, l.RecordID) // of no type: it has to be read whole
		}
	}
	ties := client.ContactLink.Query().Where(contactlink.IDIn(seen[ent.TypeContactLink]...), contactlink.EndedAtIsNil())
	for _, l := range ties.AllX(w.system()) {
		along(schema.ScopeProfilesRead, l.ID, l.ProfileID, ent.TypeProfile)
		along(schema.ScopeContactsRead, l.ID, l.ContactID, ent.TypeContact)
	}
}
