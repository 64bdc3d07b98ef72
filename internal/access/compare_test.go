package access_test

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"

	"entgo.io/ent/dialect/sql"

	"continuum/ent"
	"continuum/internal/access"
)

// compared are the types whose sets are compared after each step, and derived those
// that follow from them and take turns. All are compared at a history's end, with
// those in the rest. The changed are those of which histories change rows.
var (
	compared = []string{ent.TypeRecord, ent.TypeProfile, ent.TypeContact, ent.TypeRecordLink, ent.TypeShare}
	derived  = []string{ent.TypeContactLink, ent.TypeContactPoint, ent.TypeInstitution, ent.TypeWorkspaceProfile,
		ent.TypeTransfer, ent.TypeProfessional, ent.TypeUnit, ent.TypeWorkspace, ent.TypeConsent, ent.TypeEmergencyAccess}
	rest    = []string{ent.TypeAddress, ent.TypeIdentifier, ent.TypeUnitMember, ent.TypeSealedCopy, ent.TypeNotification}
	changed = []string{ent.TypeRecord, ent.TypeProfile, ent.TypeContact, ent.TypeRecordLink, ent.TypeContactLink,
		ent.TypeWorkspaceProfile, ent.TypeShare, ent.TypeTransfer, ent.TypeConsent}
)

// compare asks both tellings what every professional may do with every record,
// profile and contact, and what they see of the types.
func (w *world) compare(types []string) {
	w.Helper()
	w.turn++
	everybody := ids(w.facts.Professionals)
	faults := make([]error, len(everybody))
	var wg sync.WaitGroup
	for i, m := range everybody {
		wg.Go(func() { faults[i] = w.compareFor(m, types) })
	}
	wg.Wait()
	if err := errors.Join(faults...); err != nil {
		w.Fatalf("%s", err)
	}
}

func (w *world) compareFor(m string, types []string) error {
	client, ctx := w.store.Client(), w.as(m)
	faults := []error{w.compareLevels(ctx, client, m), w.compareRights(ctx, client, m)}
	for _, typ := range types {
		want := w.facts.Visible(m, typ)
		for spelling, ctx := range spellings(ctx, typ, w.turn) {
			got, err := rowsOf(ctx, client, typ, everywhere)
			if !slices.Equal(got, want) {
				err = errors.Join(err, fmt.Errorf("%s sees of %s, %s:\n  guard  %s\n  oracle %s",
					w.names[m], typ, spelling, w.called(got), w.called(want)))
			}
			faults = append(faults, err)
		}
	}
	return errors.Join(faults...)
}

// spellings are the ways in which a statement holds the rule about a type (docs/adr/0036): gathered each time, and one of
// the others, which take turns.
func spellings(ctx context.Context, typ string, turn int) map[string]context.Context {
	others := []string{"asked"}
	if slices.Contains([]string{ent.TypeProfile, ent.TypeContact, ent.TypeRecord}, typ) {
		others = append(others, "as a list", "as a count")
	}
	all := map[string]context.Context{"gathered": ctx}
	switch other := others[turn%len(others)]; other {
	case "asked":
		all[other] = access.Known(ctx)
	case "as a list":
		all[other] = access.Ordered(ctx, typ, "created_at", false)
	default:
		all[other] = access.Counted(ctx, typ)
	}
	return all
}

func (w *world) compareLevels(ctx context.Context, client *ent.Client, m string) error {
	records := ids(w.facts.Records)
	levels, err := access.RecordLevels(ctx, client, records)
	for _, r := range records {
		if want := w.facts.Level(m, r); int(levels[r]) != int(want) {
			err = errors.Join(err, fmt.Errorf("level of %s on %s: guard %d, oracle %d", w.names[m], w.names[r], levels[r], want))
		}
	}
	return err
}

func (w *world) compareRights(ctx context.Context, client *ent.Client, m string) error {
	profiles := ids(w.facts.Profiles)
	rights, err := access.ProfileAccesses(ctx, client, profiles)
	for _, p := range profiles {
		got, right, level := rights[p], w.facts.ProfileRight(m, p), w.facts.ProfileLevel(m, p)
		if int(got.Right) != int(right) || int(got.Level) != int(level) {
			err = errors.Join(err, fmt.Errorf("right and level of %s on %s: guard %v, oracle {%d %d}",
				w.names[m], w.names[p], got, right, level))
		}
	}
	return err
}

// compareContacts asks for the right on contacts, which takes a statement or two each.
func (w *world) compareContacts(contacts ...string) {
	w.Helper()
	for _, m := range ids(w.facts.Professionals) {
		ctx := w.as(m)
		for _, c := range contacts {
			got, err := access.ContactRight(ctx, w.store.Client(), c)
			if err != nil {
				w.Fatal(err)
			}
			if want := w.facts.ContactRight(m, c); int(got) != int(want) {
				w.Fatalf("right of %s on %s: guard %d, oracle %d", w.names[m], w.names[c], got, want)
			}
		}
	}
}

// errUndo takes back a transaction that has shown what it should.
var errUndo = errors.New("undo")

// compareChanges lets every professional who acts update whatever the guard lets
// them, and takes it back.
func (w *world) compareChanges() {
	w.Helper()
	for m := range w.facts.Professionals {
		if w.facts.Principals(m) == nil {
			continue
		}
		err := w.store.Tx(w.as(m), func(ctx context.Context, tx *ent.Client) error {
			return cmp.Or(w.compareChangesOf(ctx, tx, m), errUndo)
		})
		if !errors.Is(err, errUndo) {
			w.Fatal(err)
		}
	}
}

// compareChangesOf tells the rows that were updated by their version: facts are
// told without counting versions.
func (w *world) compareChangesOf(ctx context.Context, tx *ent.Client, m string) error {
	want, system := w.facts.Changeable(m), access.System(ctx, "what was changed")
	touched := func(s *sql.Selector) { s.Where(sql.GT(s.C("version"), 1)) }
	for _, typ := range changed {
		n, err := update(ctx, tx, typ, everywhere, "version", "version + 1")
		if err != nil {
			return err
		}
		got, err := rowsOf(system, tx, typ, touched)
		if err != nil {
			return err
		}
		if n != len(got) || !slices.Equal(got, want[typ]) {
			return fmt.Errorf("%s changes of %s:\n  guard  %s\n  oracle %s", w.names[m], typ, w.called(got), w.called(want[typ]))
		}
	}
	return nil
}
