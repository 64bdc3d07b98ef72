package access_test

import (
	"context"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"continuum/ent"
	"continuum/ent/professional"
	"continuum/ent/record"
	"continuum/ent/workspace"
	"continuum/internal/store"
	"continuum/internal/storetest"
)

// METADATA gives number, title unless confidential, kind, status, owner, and
// nothing that the record holds.
func TestMetadata(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		c := newCast(t, s)
		for _, who := range []string{"cleo", "ada"} {
			ctx, client := c.signIn(who), s.Client()
			for name, title := range map[string]string{"therapy": "title of therapy", "secret": ""} {
				id := c.id[name]
				got := client.Record.GetX(ctx, id)
				want := &ent.Record{
					ID: id, Number: id, Title: title, WorkspaceID: c.id["clinic"], OwnerID: c.id["ann"], OwnerEpoch: 1,
					Kind: record.KindINDIVIDUAL, Status: record.StatusOPEN, Confidential: name == "secret", Version: 1,
				}
				if diff := cmp.Diff(want, got, cmpopts.IgnoreUnexported(ent.Record{}),
					cmpopts.IgnoreFields(ent.Record{}, "CreatedAt", "UpdatedAt", "Edges")); diff != "" {
					t.Errorf("%s reads %s (-want +got):\n%s", who, name, diff)
				}
			}
			for _, typ := range []string{ent.TypeProfile, ent.TypeRecordLink, ent.TypeContact, ent.TypeContactLink,
				ent.TypeContactPoint, ent.TypeAddress, ent.TypeIdentifier, ent.TypeWorkspaceProfile} {
				if got := c.seen(t, ctx, typ); got != "[]" {
					t.Errorf("%s sees of %s: %s", who, typ, got)
				}
			}
		}
	})
}

// A column asked for by itself cannot be blanked, so it comes from readable rows only.
func TestMetadata_ColumnsAreOfReadableRows(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		c, client := newCast(t, s), s.Client()
		cleo := c.signIn("cleo")
		if got := client.Record.Query().Select(record.FieldReason).StringsX(cleo); len(got) != 0 {
			t.Errorf("cleo selects reasons: %v", got)
		}
		if got := client.Record.Query().GroupBy(record.FieldService).StringsX(cleo); len(got) != 0 {
			t.Errorf("cleo groups by service: %v", got)
		}
		if got := client.Record.Query().Aggregate(ent.Count()).IntX(cleo); got != 0 {
			t.Errorf("cleo aggregates over %d records", got)
		}
		ann := c.signIn("ann")
		if got := client.Record.Query().Select(record.FieldReason).StringsX(ann); len(got) != 2 {
			t.Errorf("ann selects reasons: %v", got)
		}
		for _, r := range client.Record.Query().Select(record.FieldTitle, record.FieldReason).AllX(cleo) {
			if r.ID == c.id["secret"] && r.Title != "" || r.Reason != nil {
				t.Errorf("cleo reads two columns of %s: %q, %v", c.names[r.ID], r.Title, r.Reason)
			}
		}
	})
}

// Of a professional or a workspace met through a share, the name comes along and
// little else.
func TestMetadata_OfStrangers(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		c, client := newCast(t, s), s.Client()
		bob := c.signIn("bob")
		ann := client.Professional.GetX(bob, c.id["ann"])
		if ann.Name != "ann" || ann.LicenceNumber != nil || ann.AccountID != nil || ann.Roles != nil {
			t.Errorf("bob reads of ann: %v", ann)
		}
		if got := client.Professional.Query().Where(professional.ID(c.id["ann"])).
			Select(professional.FieldLicenceNumber).StringsX(bob); len(got) != 0 {
			t.Errorf("bob selects the licence of ann: %v", got)
		}
		clinic := client.Workspace.GetX(bob, c.id["clinic"])
		if clinic.Name != "clinic" || clinic.Region != "" || clinic.Policies.AdultAge != 0 {
			t.Errorf("bob reads of the clinic: %v", clinic)
		}
		if got := client.Workspace.Query().Where(workspace.ID(c.id["clinic"])).
			Select(workspace.FieldRegion).StringsX(bob); len(got) != 0 {
			t.Errorf("bob selects the region of the clinic: %v", got)
		}
	})
}

// Whichever way a record is loaded, it is blanked the same.
func TestMetadata_ByEveryDoor(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		c := newCast(t, s)
		doors := map[string]func(context.Context, *ent.Client) *ent.Record{
			"get":   func(ctx context.Context, c2 *ent.Client) *ent.Record { return c2.Record.GetX(ctx, c.id["secret"]) },
			"only":  func(ctx context.Context, c2 *ent.Client) *ent.Record { return secret(c, c2).OnlyX(ctx) },
			"first": func(ctx context.Context, c2 *ent.Client) *ent.Record { return secret(c, c2).FirstX(ctx) },
			"all":   func(ctx context.Context, c2 *ent.Client) *ent.Record { return secret(c, c2).AllX(ctx)[0] },
			"page": func(ctx context.Context, c2 *ent.Client) *ent.Record {
				return secret(c, c2).Order(ent.Asc(record.FieldCreatedAt)).Limit(1).AllX(ctx)[0]
			},
			"in a transaction": func(ctx context.Context, _ *ent.Client) (r *ent.Record) {
				c.undone(t, ctx, func(ctx context.Context, tx *ent.Client) { r = secret(c, tx).OnlyX(ctx) })
				return r
			},
		}
		for name, open := range doors {
			r := open(c.signIn("cleo"), s.Client())
			if r.Title != "" || r.Reason != nil || r.Service != nil {
				t.Errorf("%s: cleo reads %q %v %v", name, r.Title, r.Reason, r.Service)
			}
			if r := open(c.signIn("ann"), s.Client()); r.Title != "title of secret" || r.Reason == nil {
				t.Errorf("%s: ann reads %q %v", name, r.Title, r.Reason)
			}
		}
	})
}

func secret(c *cast, client *ent.Client) *ent.RecordQuery {
	return client.Record.Query().Where(record.ID(c.id["secret"]))
}
