package practice_test

import (
	"context"
	"testing"

	"continuum/ent/principal"
	"continuum/ent/unit"
	"continuum/ent/unitmember"
	"continuum/internal/practice"
	"continuum/schema"
)

func TestCreateUnit(t *testing.T) {
	eachClinic(t, func(t *testing.T, c *clinic) {
		id := schema.NewID(schema.UnitPrefix)
		in := practice.CreateUnitInput{ID: &id, Kind: ptr(unit.KindSERVICE), Name: "Éveil", Members: []*practice.NewUnitMemberInput{
			{ProfessionalID: c.id("mia"), Steward: ptr(true)}, {ProfessionalID: c.id("paul")}, {ProfessionalID: c.id("rita")},
		}}
		c.expect(t, "mia", "unit.created", []string{"clinic", "mia", "paul"}, func(ctx context.Context) error {
			payload, err := c.CreateUnit(ctx, in)
			if err == nil && (payload.Unit.ID != id || payload.Unit.SortName != "eveil" || payload.Unit.Kind != unit.KindSERVICE) {
				t.Errorf("made %v", payload.Unit)
			}
			return err
		})
		stewards := c.store.Client().UnitMember.Query().Where(unitmember.UnitID(id), unitmember.Steward(true)).AllX(c.now(t))
		if len(stewards) != 1 || stewards[0].ProfessionalID != c.id("mia") {
			t.Errorf("stewards %v", stewards)
		}
		if row := c.store.Client().Principal.GetX(c.now(t), id); row.Kind != principal.KindUNIT || row.WorkspaceID != c.id("clinic") {
			t.Errorf("its principal is %v", row)
		}
		c.unchanged(t, func() {
			_, err := c.CreateUnit(c.as(t, "ann"), in)
			c.refused(t, err, "ALREADY_EXISTS id")
		})
	})
}

func TestCreateUnit_Refused(t *testing.T) {
	eachClinic(t, func(t *testing.T, c *clinic) {
		c.professional(t, "gone", "clinic", schema.RolePractitioner)
		if _, err := c.EndProfessional(c.as(t, "ann"), practice.EndProfessionalInput{ProfessionalID: c.id("gone")}); err != nil {
			t.Fatal(err)
		}
		members := func(names ...string) practice.CreateUnitInput {
			in := practice.CreateUnitInput{Name: "Team"}
			for _, name := range names {
				in.Members = append(in.Members, &practice.NewUnitMemberInput{ProfessionalID: c.id(name)})
			}
			return in
		}
		for name, try := range map[string]struct {
			who  string
			in   practice.CreateUnitInput
			want []string
		}{
			"a practitioner":      {"paul", members(), []string{"FORBIDDEN"}},
			"a coordinator":       {"cora", members(), []string{"FORBIDDEN"}},
			"no name":             {"mia", practice.CreateUnitInput{Name: "\n"}, []string{"INVALID name"}},
			"twice":               {"mia", members("paul", "paul"), []string{"INVALID members.1.professionalId"}},
			"of others, or ended": {"mia", members("paul", "bob", "gone"), []string{"NOT_FOUND members.1.professionalId", "NOT_FOUND members.2.professionalId"}},
		} {
			t.Run(name, func(t *testing.T) {
				c.unchanged(t, func() {
					_, err := c.CreateUnit(c.as(t, try.who), try.in)
					c.refused(t, err, try.want...)
				})
			})
		}
	})
}
