package practice_test

import (
	"reflect"
	"testing"

	"continuum/ent"
	"continuum/internal/practice"
)

// A caseload keeps what it meant and what came of each record: a retry gives that again and tries the rest anew.
func TestOnce_ACaseloadRecordByRecord(t *testing.T) {
	eachClinic(t, func(t *testing.T, c *clinic) {
		c.record(t, "second", "paul", "lea")
		c.record(t, "binned", "paul", "leo")
		c.bin(t, "binned")
		for name, named := range map[string][]string{
			"all":   nil,
			"named": {c.id("follow-up"), c.id("second"), c.id("binned")},
		} {
			ctx := c.as(t, "cora")
			hand := func(to string) map[string]string {
				out, err := practice.Once(c.under(ctx, name, "assignCaseload", to), c.AssignCaseload,
					practice.AssignCaseloadInput{FromID: c.id("paul"), RecordIDs: named, ToID: c.id(to)})
				if err != nil {
					t.Fatal(err)
				}
				came := map[string]string{}
				for _, r := range out.Results {
					came[r.RecordID] = "nothing"
					if r.Transfer != nil {
						came[r.RecordID] = r.Transfer.ID
					} else if r.Error != nil {
						came[r.RecordID] = string(r.Error.Code)
					}
				}
				return came
			}
			first := hand("rita")
			if first[c.id("second")] == "nothing" || len(first) != 2+len(named)/3 {
				t.Errorf("%s: %v", name, first)
			}
			c.unchanged(t, func() {
				if again := hand("rita"); !reflect.DeepEqual(first, again) {
					t.Errorf("%s: first %v, then %v", name, first, again)
				}
			})
			_, err := practice.Once(c.under(ctx, name, "assignCaseload", "mia"), c.AssignCaseload,
				practice.AssignCaseloadInput{FromID: c.id("paul"), RecordIDs: named, ToID: c.id("mia")})
			c.refused(t, err, "IDEMPOTENCY_MISMATCH")
			c.set(t, "follow-up", func(u *ent.RecordUpdateOne) { u.SetOwnerID(c.id("paul")).AddOwnerEpoch(1) })
			c.set(t, "second", func(u *ent.RecordUpdateOne) { u.SetOwnerID(c.id("paul")).AddOwnerEpoch(1) })
		}
	})
}
