package access_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"entgo.io/ent/dialect"
	"entgo.io/ent/dialect/sql"
	"pgregory.net/rapid"

	"continuum/ent"
	"continuum/ent/profile"
	"continuum/ent/record"
	"continuum/ent/recordlink"
	"continuum/internal/access"
	"continuum/internal/oracle"
	"continuum/internal/store"
	"continuum/internal/storetest"
	"continuum/schema"
)

// The rule is one and is written in several ways: gathered, asked row by row, as a list in an order or counted, and as a
// condition of statements that ent does not write. Every way lets the same rows through, for everybody and every key.
func TestSpellings_OfTheCast(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		c := newCast(t, s)
		c.shared()
		for _, who := range people {
			if err := c.sameSpelled(c.signIn(who)); err != nil {
				t.Errorf("%s: %v", who, err)
			}
		}
		for _, who := range []string{"ann", "bob", "cleo", "ada", "sue", "tom", "max"} {
			for i, scope := range schema.AllScopes() {
				others := slices.Delete(slices.Clone(schema.AllScopes()), i, i+1)
				if err := c.sameSpelled(c.as(c.id[who], others...)); err != nil {
					t.Errorf("%s without %s: %v", who, scope, err)
				}
			}
		}
	})
}

// The same in a workspace of so many profiles, and so many guests, that its lists are read on the way through all of them.
func TestSpellings_OfMany(t *testing.T) {
	c := newCast(t, storetest.Open(t, dialect.Postgres))
	dan := c.addProfessional("dan", oracle.Professional{Workspace: c.of("school"), Scope: "ALL", Right: "EDIT"})
	c.addMember(c.of("staff"), dan, false)
	c.elsewhere(dan)
	if err := c.sameSpelled(c.as(dan)); err != nil {
		t.Errorf("dan, of few: %v", err)
	}
	c.write(func(ctx context.Context, tx *ent.Client) error {
		for range 6 {
			var many []*ent.ProfileCreate
			for range 1000 {
				many = append(many, tx.Profile.Create().SetKind(profile.KindSTUDENT).SetGivenName("A").SetFamilyName("B").SetSortName("b a").
					SetHomeWorkspaceID(c.of("school")).SetCreatedByID(c.of("sue")))
			}
			if err := tx.Profile.CreateBulk(many...).Exec(ctx); err != nil {
				return err
			}
		}
		var guests []*ent.ProfileCreate
		for range 600 {
			guests = append(guests, tx.Profile.Create().SetKind(profile.KindSTUDENT).SetGivenName("A").SetFamilyName("C").SetSortName("c a").
				SetHomeWorkspaceID(c.of("practice")).SetCreatedByID(c.of("zoe")))
		}
		var links []*ent.RecordLinkCreate
		for _, guest := range tx.Profile.CreateBulk(guests...).SaveX(ctx) {
			links = append(links, tx.RecordLink.Create().SetRecordID(c.of("program")).SetProfileID(guest.ID).SetRole(recordlink.RolePARTICIPANT))
		}
		return tx.RecordLink.CreateBulk(links...).Exec(ctx)
	})
	for _, who := range []context.Context{c.as(dan), c.as(dan, schema.ScopeContactsRead, schema.ScopeProfilesRead), c.signIn("ann")} {
		if err := c.sameSpelled(who); err != nil {
			t.Errorf("of many: %.2000v", err)
		}
	}
}

// elsewhere gives somebody of the school, who sees its directory, what lies outside of it: a guest, who is at home elsewhere, what
// is shared with them. What is only offered to them they do not see, nor what they opened in an emergency and that is now another
// workspace's.
func (c *cast) elsewhere(who string) {
	c.addLink(c.of("support"), c.addProfile("guest", oracle.Profile{Home: c.of("practice"), Creator: c.of("zoe")}))
	c.addShare(oracle.Share{Record: c.of("therapy"), Grantee: who, Giver: c.of("ann"), Level: oracle.Read})
	c.addShare(oracle.Share{Record: c.of("secret"), Grantee: who, Giver: c.of("ann"), Level: oracle.Full, Status: "PENDING"})
	ward := c.addRecord("ward", oracle.Record{Workspace: c.of("practice"), Owner: c.of("zoe")})
	c.addLink(ward, c.addProfile("uma", oracle.Profile{Home: c.of("practice"), Creator: c.of("zoe")}))
	c.addEmergency(oracle.Emergency{Record: ward, Professional: who, From: c.facts.Now.Add(-time.Hour), To: c.facts.Now.Add(time.Hour)})
}

// The same after random histories, in which all that can begin and end does.
func TestSpellings_OfHistories(t *testing.T) {
	seedHistories(t)
	for _, engine := range storetest.Engines {
		t.Run(storetest.Name(engine), func(t *testing.T) {
			t.Parallel()
			s := storetest.Open(t, engine)
			lived := 0
			rapid.Check(t, func(t *rapid.T) {
				if lived*400 >= *steps {
					return
				}
				lived++
				h := &history{world: newWorld(t, s)}
				h.clear()
				h.begin()
				t.Repeat(h.actions())
				h.eachSpelled()
			})
		})
	}
}

// eachSpelled compares the ways for every professional.
func (w *world) eachSpelled() {
	w.Helper()
	everybody := ids(w.facts.Professionals)
	faults := make([]error, len(everybody))
	var wg sync.WaitGroup
	for i, m := range everybody {
		wg.Go(func() {
			if err := w.sameSpelled(w.as(m)); err != nil {
				faults[i] = fmt.Errorf("%s: %w", w.names[m], err)
			}
		})
	}
	wg.Wait()
	if err := errors.Join(faults...); err != nil {
		w.Fatalf("%s", err)
	}
}

// sameSpelled compares the ways for one viewer.
func (w *world) sameSpelled(ctx context.Context) error {
	var faults []error
	for _, typ := range everyType() {
		faults = append(faults, w.spelledOf(ctx, typ), w.spelledBelow(ctx, typ))
	}
	return errors.Join(append(faults, w.spelledOfRecords(ctx), w.seesAlong(ctx))...)
}

func (w *world) spelledOf(ctx context.Context, typ string) error {
	client := w.store.Client()
	gathered, err := rowsOf(ctx, client, typ, everywhere)
	if err != nil {
		return err
	}
	all, err := rowsOf(w.system(), client, typ, everywhere)
	if err != nil {
		return err
	}
	list := func(desc bool) func() ([]string, error) {
		return func() ([]string, error) {
			return rowsOf(access.Ordered(ctx, typ, "id", desc), client, typ, func(s *sql.Selector) {
				s.OrderExpr(sql.Expr(s.C("id") + map[bool]string{true: " DESC"}[desc]))
			})
		}
	}
	var faults []error
	for way, find := range map[string]func() ([]string, error){
		"asked":      func() ([]string, error) { return rowsOf(access.Known(ctx), client, typ, only(all...)) },
		"forwards":   list(false),
		"backwards":  list(true),
		"seen":       func() ([]string, error) { return w.raw(typ, access.Sees(ctx, typ, "row")) },
		"seen by id": func() ([]string, error) { return w.raw(typ, access.SeesOf(ctx, typ, `"row"."id"`)) },
	} {
		got, err := find()
		faults = append(faults, w.same(typ+", "+way, got, gathered, err))
	}
	n, err := finish[int](access.Counted(ctx, typ), builder(client, typ, "Query", everywhere), "Count")
	if err != nil || n != len(gathered) {
		faults = append(faults, errors.Join(err, fmt.Errorf("%s: %d counted, but gathered %s", typ, n, w.called(gathered))))
	}
	return errors.Join(faults...)
}

// spelledBelow compares what hangs on parents that the viewer sees, asked by all the columns that may name one, with the rest.
func (w *world) spelledBelow(ctx context.Context, typ string) error {
	var asked []*sql.Predicate
	for _, column := range []string{"profile_id", "contact_id", "institution_id"} {
		if below := access.SeesBelow(ctx, typ, column, `"row"."`+column+`"`); below != nil {
			asked = append(asked, below)
		}
	}
	if len(asked) == 0 {
		return nil
	}
	gathered, err := rowsOf(ctx, w.store.Client(), typ, everywhere)
	if err != nil {
		return err
	}
	got, err := w.raw(typ, sql.Or(asked...))
	return w.same(typ+", by parents", got, gathered, err)
}

// spelledOfRecords compares the records that are read whole, which are fewer than those that are known of.
func (w *world) spelledOfRecords(ctx context.Context) error {
	gathered, err := w.store.Client().Record.Query().Select(record.FieldID).Strings(ctx)
	if err != nil {
		return err
	}
	slices.Sort(gathered)
	got, err := w.raw(ent.TypeRecord, access.ReadsRecord(ctx, "row"))
	if err := w.same("records that are read", got, gathered, err); err != nil {
		return err
	}
	got, err = w.raw(ent.TypeRecord, access.ReadsRecordOf(ctx, `"row"."id"`))
	return w.same("records that are read, by their ids", got, gathered, err)
}

// same says what is wrong when two ways do not find the same rows.
func (w *world) same(way string, got, want []string, err error) error {
	if err == nil && slices.Equal(got, want) {
		return nil
	}
	return errors.Join(err, fmt.Errorf("%s: %s, but gathered %s", way, w.called(got), w.called(want)))
}

// raw lists the ids of a type that a condition of a statement lets through which ent does not write.
func (w *world) raw(typ string, seen *sql.Predicate) ([]string, error) {
	s := sql.Dialect(w.store.Engine()).Select().From(sql.Table(ent.EntityOf(typ).Table).As("row"))
	statement, args := s.Select(s.C("id")).Where(seen).OrderBy(s.C("id")).Query()
	var list []string
	var id string
	err := w.store.Read(w.ctx(), statement, args, []any{&id}, func() (int, error) {
		list = append(list, id)
		return 0, nil
	}, nil)
	return list, err
}
