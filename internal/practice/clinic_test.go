package practice_test

import (
	"context"
	"database/sql"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"continuum/ent"
	"continuum/ent/event"
	"continuum/ent/principal"
	"continuum/ent/professional"
	"continuum/ent/profile"
	"continuum/ent/record"
	"continuum/ent/recordlink"
	"continuum/ent/unit"
	"continuum/ent/workspace"
	"continuum/internal/access"
	"continuum/internal/practice"
	"continuum/internal/store"
	"continuum/internal/storetest"
	"continuum/schema"
)

// clinic is a database with two workspaces: the clinic of Ann (administrator), Mia
// (manager), Cora (coordinator), Paul and Rita (practitioners), and the school of Bob
// (administrator). Paul owns a record that links Lea and Leo, brother and sister; Rita
// reads the clinic's whole directory; Zoe is a profile of Bob's.
type clinic struct {
	*practice.Practice
	store *store.Store
	url   string
	ids   map[string]string

	around     *sql.DB   // see past
	everything *sql.Stmt // see state

	mu         sync.Mutex
	statements []string
	reported   []error
}

// eachClinic runs a test on both engines.
func eachClinic(t *testing.T, test func(t *testing.T, c *clinic)) {
	t.Helper()
	for _, engine := range storetest.Engines {
		t.Run(storetest.Name(engine), func(t *testing.T) {
			t.Parallel()
			test(t, newClinic(t, engine))
		})
	}
}

func newClinic(t *testing.T, engine string) *clinic {
	t.Helper()
	c := &clinic{url: storetest.URL(t, engine), ids: map[string]string{}}
	c.store = storetest.OpenAt(t, c.url, store.WithStatements(func(ctx context.Context, statement string) {
		c.mu.Lock()
		c.statements = append(c.statements, statement)
		c.mu.Unlock()
		sending(ctx)
	}))
	c.Practice = practice.New(c.store, practice.WithReport(func(_ context.Context, err error) {
		c.reported = append(c.reported, err)
	}))
	c.open(t)
	return c
}

func (c *clinic) open(t *testing.T) {
	t.Helper()
	c.workspace(t, "clinic")
	c.workspace(t, "school")
	c.professional(t, "ann", "clinic", schema.RoleAdministrator)
	c.professional(t, "mia", "clinic", schema.RoleManager)
	c.professional(t, "cora", "clinic", schema.RoleCoordinator)
	c.professional(t, "paul", "clinic", schema.RolePractitioner)
	c.professional(t, "rita", "clinic", schema.RolePractitioner)
	c.professional(t, "bob", "school", schema.RoleAdministrator)
	c.system(t, func(ctx context.Context, tx *ent.Client) error {
		return tx.Professional.UpdateOneID(c.id("rita")).
			SetDirectoryScope(professional.DirectoryScopeALL).
			SetDirectoryRight(professional.DirectoryRightREAD).
			Exec(ctx)
	})
	c.profile(t, "lea", "paul")
	c.profile(t, "leo", "paul")
	c.profile(t, "zoe", "bob")
	c.record(t, "follow-up", "paul", "lea", "leo")
}

// id is the id of what a test calls by a name.
func (c *clinic) id(name string) string { return c.ids[name] }

// system changes rows with nobody's rights.
func (c *clinic) system(t *testing.T, do func(context.Context, *ent.Client) error) {
	t.Helper()
	if err := c.store.Tx(access.System(t.Context(), "a test's own hands"), do); err != nil {
		t.Fatal(err)
	}
}

func (c *clinic) workspace(t *testing.T, name string) {
	t.Helper()
	c.ids[name] = schema.NewID(schema.WorkspacePrefix)
	c.system(t, func(ctx context.Context, tx *ent.Client) error {
		c.principal(t, ctx, tx, name, principal.KindWORKSPACE, name)
		return tx.Workspace.Create().SetID(c.id(name)).SetName(name).SetKind(workspace.KindORGANIZATION).Exec(ctx)
	})
}

func (c *clinic) principal(t *testing.T, ctx context.Context, tx *ent.Client, name string, kind principal.Kind, in string) {
	t.Helper()
	err := tx.Principal.Create().SetID(c.id(name)).SetKind(kind).SetWorkspaceID(c.id(in)).Exec(ctx)
	if err != nil {
		t.Fatal(err)
	}
}

func (c *clinic) professional(t *testing.T, name, in string, roles ...schema.Role) {
	t.Helper()
	c.ids[name] = schema.NewID(schema.ProfessionalPrefix)
	c.system(t, func(ctx context.Context, tx *ent.Client) error {
		c.principal(t, ctx, tx, name, principal.KindPROFESSIONAL, in)
		return tx.Professional.Create().
			SetID(c.id(name)).SetWorkspaceID(c.id(in)).
			SetName(name).SetSortName(name).SetEmail(name + "@example.org").
			SetRoles(roles).SetStatus(professional.StatusACTIVE).
			Exec(ctx)
	})
}

// unit makes a team of the clinic; a star behind a member's name makes a steward.
func (c *clinic) unit(t *testing.T, name, in string, members ...string) {
	t.Helper()
	c.ids[name] = schema.NewID(schema.UnitPrefix)
	c.system(t, func(ctx context.Context, tx *ent.Client) error {
		c.principal(t, ctx, tx, name, principal.KindUNIT, in)
		err := tx.Unit.Create().SetID(c.id(name)).SetWorkspaceID(c.id(in)).
			SetKind(unit.KindTEAM).SetName(name).SetSortName(name).Exec(ctx)
		for _, member := range members {
			who, steward := strings.CutSuffix(member, "*")
			if err == nil {
				err = tx.UnitMember.Create().SetUnitID(c.id(name)).SetProfessionalID(c.id(who)).SetSteward(steward).Exec(ctx)
			}
		}
		return err
	})
}

func (c *clinic) profile(t *testing.T, name, by string) {
	t.Helper()
	c.ids[name] = schema.NewID(schema.ProfilePrefix)
	c.system(t, func(ctx context.Context, tx *ent.Client) error {
		maker, err := tx.Professional.Get(ctx, c.id(by))
		if err != nil {
			return err
		}
		return tx.Profile.Create().
			SetID(c.id(name)).SetHomeWorkspaceID(maker.WorkspaceID).SetCreatedByID(maker.ID).
			SetKind(profile.KindCLIENT).SetGivenName(name).SetFamilyName("Roy").SetSortName("roy " + name).
			Exec(ctx)
	})
}

// record makes a record that its owner's profiles are linked to.
func (c *clinic) record(t *testing.T, name, owner string, profiles ...string) {
	t.Helper()
	c.ids[name] = schema.NewID(schema.RecordPrefix)
	c.system(t, func(ctx context.Context, tx *ent.Client) error {
		who, err := tx.Professional.Get(ctx, c.id(owner))
		if err != nil {
			return err
		}
		err = tx.Record.Create().
			SetID(c.id(name)).SetWorkspaceID(who.WorkspaceID).SetOwnerID(who.ID).
			SetNumber(name).SetTitle(name).SetKind(record.KindFAMILY).SetStatus(record.StatusOPEN).
			Exec(ctx)
		for i, p := range profiles {
			if err == nil {
				err = tx.RecordLink.Create().SetRecordID(c.id(name)).SetProfileID(c.id(p)).
					SetRole(recordlink.RolePARTICIPANT).SetPosition(i).Exec(ctx)
			}
		}
		return err
	})
}

// as is a context in which somebody asks, with all scopes or with those given.
func (c *clinic) as(t *testing.T, name string, scopes ...schema.Scope) context.Context {
	t.Helper()
	if scopes == nil {
		scopes = schema.AllScopes()
	}
	viewer, err := access.Load(t.Context(), c.store.Client(), c.id(name), scopes)
	if err != nil || viewer == nil {
		t.Fatalf("%s cannot act: %v", name, err)
	}
	return access.WithViewer(t.Context(), viewer)
}

// now is a context in which nobody asks, for looking at what a change has left.
func (c *clinic) now(t *testing.T) context.Context {
	return access.System(t.Context(), "a test looks at the rows")
}

// events lists the events so far, as "type" and the topics by id.
func (c *clinic) events(t *testing.T) []*ent.Event {
	t.Helper()
	found, err := c.store.Client().Event.Query().Order(ent.Asc(event.FieldCreatedAt, event.FieldID)).All(c.now(t))
	if err != nil {
		t.Fatal(err)
	}
	return found
}

// expect runs a change of somebody's and sees that it leaves exactly one event of the
// type, about the topics named, in at most 12 statements.
func (c *clinic) expect(t *testing.T, who, typ string, topics []string, do func(context.Context) error) {
	t.Helper()
	c.expectOf(t, who, typ, 12, topics, do)
}

// refused runs a change and sees that it fails with exactly these failures, written
// "CODE field", and leaves no event.
func (c *clinic) refused(t *testing.T, err error, want ...string) {
	t.Helper()
	var got []string
	for _, e := range practice.UserErrors(err) {
		line := string(e.Code)
		if e.Field != nil {
			line += " " + *e.Field
		}
		got = append(got, line)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("refused otherwise than wanted (-want +got):\n%s\nerror: %v", diff, err)
	}
}

// unchanged sees that do leaves no event.
func (c *clinic) unchanged(t *testing.T, do func()) {
	t.Helper()
	before := len(c.events(t))
	do()
	if after := len(c.events(t)); after != before {
		t.Errorf("what was refused left %d events", after-before)
	}
}

// at is a context that asks as of another instant.
func at(ctx context.Context, instant time.Time) context.Context {
	return access.WithClock(ctx, instant)
}

func ptr[T any](value T) *T { return &value }

func sorted(list []string) []string { return slices.Sorted(slices.Values(list)) }
