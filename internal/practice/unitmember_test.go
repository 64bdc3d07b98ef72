package practice_test

import (
	"context"
	"testing"
	"time"

	"continuum/ent"
	"continuum/ent/profile"
	"continuum/ent/record"
	"continuum/ent/unit"
	"continuum/ent/unitmember"
	"continuum/internal/access"
	"continuum/internal/practice"
	"continuum/schema"
)

func (c *clinic) add(ctx context.Context, unit, who string, steward bool) error {
	_, err := c.AddUnitMember(ctx, practice.AddUnitMemberInput{UnitID: c.id(unit), ProfessionalID: c.id(who), Steward: &steward})
	return err
}

func (c *clinic) remove(ctx context.Context, unit, who string) error {
	_, err := c.RemoveUnitMember(ctx, practice.RemoveUnitMemberInput{UnitID: c.id(unit), ProfessionalID: c.id(who), Reason: ptr("moved")})
	return err
}

func TestAddUnitMember(t *testing.T) {
	eachClinic(t, func(t *testing.T, c *clinic) {
		c.unit(t, "team", "clinic", "paul*")
		c.expect(t, "paul", "unit.joined", []string{"team", "rita"}, func(ctx context.Context) error { return c.add(ctx, "team", "rita", false) })
		c.expect(t, "mia", "unit.joined", []string{"team", "cora"}, func(ctx context.Context) error { return c.add(ctx, "team", "cora", false) })
		c.expect(t, "ann", "unit.steward_changed", []string{"team", "rita"}, func(ctx context.Context) error { return c.add(ctx, "team", "rita", true) })
		c.expect(t, "rita", "unit.steward_changed", []string{"team", "rita"}, func(ctx context.Context) error { return c.add(ctx, "team", "rita", false) })
		members := c.store.Client().UnitMember.Query().Where(unitmember.UnitID(c.id("team")), unitmember.EndedAtIsNil()).CountX(c.now(t))
		if members != 3 {
			t.Errorf("%d members", members)
		}
	})
}

func TestAddUnitMember_Refused(t *testing.T) {
	eachClinic(t, func(t *testing.T, c *clinic) {
		c.unit(t, "team", "clinic", "paul*", "rita")
		c.unit(t, "closed", "clinic", "paul*")
		c.unit(t, "class", "school")
		c.professional(t, "gone", "clinic", schema.RolePractitioner)
		c.system(t, func(ctx context.Context, tx *ent.Client) error {
			if err := tx.Professional.UpdateOneID(c.id("gone")).SetStatus("ENDED").Exec(ctx); err != nil {
				return err
			}
			return tx.Unit.UpdateOneID(c.id("closed")).SetStatus(unit.StatusCLOSED).Exec(ctx)
		})
		for name, try := range map[string]struct {
			who, unit, whom string
			steward         bool
			want            string
		}{
			"an administrator adds themselves":  {"ann", "team", "ann", false, "FORBIDDEN professionalId"},
			"a manager adds themselves":         {"mia", "team", "mia", true, "FORBIDDEN professionalId"},
			"a member promotes themselves":      {"rita", "team", "rita", true, "FORBIDDEN unitId"},
			"a steward confirms themselves":     {"paul", "team", "paul", true, "FORBIDDEN professionalId"},
			"a member adds a colleague":         {"rita", "team", "cora", false, "FORBIDDEN unitId"},
			"a coordinator adds a colleague":    {"cora", "team", "mia", false, "FORBIDDEN unitId"},
			"a steward of a closed unit":        {"paul", "closed", "rita", false, "NOT_FOUND unitId"},
			"a unit of another workspace":       {"ann", "class", "paul", false, "NOT_FOUND unitId"},
			"no such unit":                      {"ann", "nothing", "paul", false, "NOT_FOUND unitId"},
			"somebody of another workspace":     {"ann", "team", "bob", false, "NOT_FOUND professionalId"},
			"somebody who no longer works here": {"ann", "team", "gone", false, "NOT_FOUND professionalId"},
			"nobody":                            {"ann", "team", "nothing", false, "NOT_FOUND professionalId"},
			"who belongs already":               {"ann", "team", "rita", false, "ALREADY_EXISTS professionalId"},
		} {
			t.Run(name, func(t *testing.T) {
				c.unchanged(t, func() { c.refused(t, c.add(c.as(t, try.who), try.unit, try.whom, try.steward), try.want) })
			})
		}
	})
}

func TestRemoveUnitMember(t *testing.T) {
	eachClinic(t, func(t *testing.T, c *clinic) {
		c.unit(t, "team", "clinic", "paul*", "rita", "cora", "mia")
		c.unit(t, "class", "school", "bob")
		for name, try := range map[string]struct{ who, unit, whom, want string }{
			"a member removes a colleague": {"rita", "team", "cora", "FORBIDDEN unitId"},
			"who does not belong":          {"paul", "team", "ann", "NOT_FOUND professionalId"},
			"of another workspace":         {"ann", "class", "bob", "NOT_FOUND unitId"},
		} {
			t.Run(name, func(t *testing.T) {
				c.unchanged(t, func() { c.refused(t, c.remove(c.as(t, try.who), try.unit, try.whom), try.want) })
			})
		}
		for who, whom := range map[string]string{"rita": "rita", "paul": "cora", "ann": "mia"} {
			c.expect(t, who, "unit.left", []string{"team", whom}, func(ctx context.Context) error { return c.remove(ctx, "team", whom) })
		}
		c.unchanged(t, func() { c.refused(t, c.remove(c.as(t, "rita"), "team", "rita"), "NOT_FOUND professionalId") })
		ended := c.store.Client().UnitMember.Query().
			Where(unitmember.ProfessionalID(c.id("cora")), unitmember.EndedAtNotNil()).OnlyX(c.now(t))
		if ended.EndedByID != c.id("paul") || *ended.EndReason != "moved" {
			t.Errorf("stored %v", ended)
		}
	})
}

// What the guard lets a plain member do with memberships is to leave, and nothing else.
func TestRemoveUnitMember_TheGuardLetsMembersOnlyLeave(t *testing.T) {
	eachClinic(t, func(t *testing.T, c *clinic) {
		c.unit(t, "team", "clinic", "paul", "rita")
		mine := unitmember.ProfessionalID(c.id("paul"))
		for name, change := range map[string]func(*ent.UnitMemberUpdate){
			"promote oneself": func(u *ent.UnitMemberUpdate) { u.Where(mine).SetSteward(true) },
			"promote oneself on leaving": func(u *ent.UnitMemberUpdate) {
				u.Where(mine).SetSteward(true).SetEndedAt(time.Now())
			},
			"promote oneself beside a null": func(u *ent.UnitMemberUpdate) { u.Where(mine).SetSteward(true).ClearEndedAt() },
			"keep a membership open":        func(u *ent.UnitMemberUpdate) { u.Where(mine).ClearEndedAt() },
			"end a colleague's": func(u *ent.UnitMemberUpdate) {
				u.Where(unitmember.ProfessionalID(c.id("rita"))).SetEndedAt(time.Now())
			},
		} {
			t.Run(name, func(t *testing.T) {
				err := c.store.Tx(c.as(t, "paul"), func(ctx context.Context, tx *ent.Client) error {
					update := tx.UnitMember.Update()
					change(update)
					changed, err := update.Save(ctx)
					if changed != 0 {
						t.Errorf("it changed %d memberships", changed)
					}
					return err
				})
				if err != nil {
					t.Fatal(err)
				}
			})
		}
		err := c.store.Tx(c.as(t, "paul"), func(ctx context.Context, tx *ent.Client) error {
			changed, err := tx.UnitMember.Update().SetEndedAt(time.Now()).Save(ctx)
			if changed != 1 {
				t.Errorf("leaving changed %d memberships", changed)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	})
}

func TestA5_AnEndedUnitMembershipTakesEffectAtTheNextRead(t *testing.T) {
	eachClinic(t, func(t *testing.T, c *clinic) {
		c.unit(t, "team", "clinic", "paul*", "cora")
		c.record(t, "shared", "paul", "lea")
		c.system(t, func(ctx context.Context, tx *ent.Client) error {
			return tx.Record.UpdateOneID(c.id("shared")).SetOwnerID(c.id("team")).Exec(ctx)
		})
		level := func(who string) access.Level {
			ctx := c.as(t, who)
			found, err := access.RecordLevel(ctx, c.store.Client(), c.id("shared"))
			if err != nil {
				t.Fatal(err)
			}
			sees := c.store.Client().Profile.Query().Where(profile.ID(c.id("lea"))).CountX(ctx) == 1
			if reads := found >= access.Read; reads != sees && who == "cora" {
				t.Errorf("%s is at level %d, and sees the profile: %v", who, found, sees)
			}
			return found
		}
		if level("cora") != access.Full || level("rita") != access.None {
			t.Fatal("the unit opens the record to others than its members")
		}
		if err := c.remove(c.as(t, "cora"), "team", "cora"); err != nil {
			t.Fatal(err)
		}
		if level("cora") != access.Metadata {
			t.Error("a coordinator who left the unit still reads its record")
		}
		if err := c.add(c.as(t, "paul"), "team", "rita", false); err != nil {
			t.Fatal(err)
		}
		if level("rita") != access.Full {
			t.Error("who joined the unit does not reach its record")
		}
		if n := c.store.Client().Record.Query().Where(record.ID(c.id("shared"))).CountX(c.as(t, "rita")); n != 1 {
			t.Error("who joined the unit does not see its record")
		}
	})
}
