package practice_test

import (
	"context"
	"testing"

	"github.com/google/go-cmp/cmp"

	"continuum/ent/workspace"
	"continuum/internal/practice"
	"continuum/schema"
)

// policies has Ann change what the clinic decides for itself.
func (c *clinic) policies(t *testing.T, in practice.UpdateWorkspacePoliciesInput) {
	t.Helper()
	if _, err := c.UpdateWorkspacePolicies(c.as(t, "ann"), in); err != nil {
		t.Fatal(err)
	}
}

func TestUpdateWorkspacePolicies(t *testing.T) {
	eachClinic(t, func(t *testing.T, c *clinic) {
		in := practice.UpdateWorkspacePoliciesInput{ConsentAcross: ptr(schema.ConsentRequire), CoolingOffDays: ptr(0), EmergencyHours: ptr(168)}
		c.expect(t, "ann", "workspace.policies_changed", []string{"clinic"}, func(ctx context.Context) error {
			_, err := c.UpdateWorkspacePolicies(ctx, in)
			return err
		})
		want := schema.Policies{}.Standard()
		want.ConsentAcross, want.EmergencyHours = schema.ConsentRequire, 168
		row := c.store.Client().Workspace.Query().Where(workspace.ID(c.id("clinic"))).OnlyX(c.now(t))
		if diff := cmp.Diff(want, row.Policies); diff != "" {
			t.Errorf("kept otherwise than given (-want +got):\n%s", diff)
		}
		if row.Version != 2 || row.UpdatedByID != c.id("ann") {
			t.Errorf("changed to version %d by %s", row.Version, row.UpdatedByID)
		}
		c.unchanged(t, func() {
			payload, err := c.UpdateWorkspacePolicies(c.as(t, "ann"), in)
			if err != nil || payload.Workspace.Version != 2 {
				t.Errorf("the same policies again: %v, %v", payload, err)
			}
		})
		all := practice.UpdateWorkspacePoliciesInput{
			OfferDays: ptr(1), ConsentInside: ptr(schema.ConsentWarn), ConsentAcross: ptr(schema.ConsentOff),
			CoolingOffDays: ptr(90), BinDays: ptr(3650), EmergencyHours: ptr(1), AdultAge: ptr(14),
		}
		c.policies(t, all)
		row = c.store.Client().Workspace.Query().Where(workspace.ID(c.id("clinic"))).OnlyX(c.now(t))
		want = schema.Policies{
			OfferDays: 1, ConsentInside: schema.ConsentWarn, ConsentAcross: schema.ConsentOff,
			CoolingOffDays: 90, BinDays: 3650, EmergencyHours: 1, AdultAge: 14,
		}
		if diff := cmp.Diff(want, row.Policies); diff != "" {
			t.Errorf("kept otherwise than given (-want +got):\n%s", diff)
		}
		school := c.store.Client().Workspace.Query().Where(workspace.ID(c.id("school"))).OnlyX(c.now(t))
		if school.Policies != (schema.Policies{}).Standard() {
			t.Error("the policies of another workspace have changed")
		}
	})
}

func TestUpdateWorkspacePolicies_Refused(t *testing.T) {
	eachClinic(t, func(t *testing.T, c *clinic) {
		c.unchanged(t, func() {
			for _, who := range []string{"mia", "cora", "paul"} {
				_, err := c.UpdateWorkspacePolicies(c.as(t, who), practice.UpdateWorkspacePoliciesInput{OfferDays: ptr(7)})
				c.refused(t, err, "FORBIDDEN")
			}
			_, err := c.UpdateWorkspacePolicies(c.as(t, "ann", schema.ScopeWorkspaceRead), practice.UpdateWorkspacePoliciesInput{OfferDays: ptr(7)})
			c.refused(t, err, "MISSING_SCOPE")
			_, err = c.UpdateWorkspacePolicies(t.Context(), practice.UpdateWorkspacePoliciesInput{OfferDays: ptr(7)})
			c.refused(t, err, "UNAUTHENTICATED")
			_, err = c.UpdateWorkspacePolicies(c.as(t, "ann"), practice.UpdateWorkspacePoliciesInput{
				OfferDays: ptr(0), ConsentInside: ptr(schema.ConsentMode("ASK")), ConsentAcross: ptr(schema.ConsentMode("")),
				CoolingOffDays: ptr(-1), BinDays: ptr(0), EmergencyHours: ptr(0), AdultAge: ptr(9),
			})
			c.refused(t, err, "INVALID offerDays", "INVALID consentInside", "INVALID consentAcross", "INVALID coolingOffDays",
				"INVALID binDays", "INVALID emergencyHours", "INVALID adultAge")
			_, err = c.UpdateWorkspacePolicies(c.as(t, "ann"), practice.UpdateWorkspacePoliciesInput{
				OfferDays: ptr(366), CoolingOffDays: ptr(91), BinDays: ptr(3651), EmergencyHours: ptr(169), AdultAge: ptr(31),
			})
			c.refused(t, err, "INVALID offerDays", "INVALID coolingOffDays", "INVALID binDays", "INVALID emergencyHours", "INVALID adultAge")
		})
	})
}
