package practice_test

import (
	"context"
	"fmt"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"continuum/ent/record"
	"continuum/ent/recordlink"
	"continuum/internal/practice"
)

// place is a profile of a record and its role there, as the oracle holds it.
type place struct {
	Profile string
	Role    recordlink.Role
}

// linkOracle is a record as the laws of links say it must be, without a database.
type linkOracle struct {
	status record.Status
	places []place
}

func (o *linkOracle) find(name string) int {
	return slices.IndexFunc(o.places, func(p place) bool { return p.Profile == name })
}

func (o *linkOracle) primary() int {
	return slices.IndexFunc(o.places, func(p place) bool { return p.Role == recordlink.RolePRIMARY })
}

// Each change says with which code it is refused, if it is.
func (o *linkOracle) link(name string, role recordlink.Role) practice.Code {
	switch {
	case o.status == record.StatusARCHIVED:
		return practice.CodeInvalidState
	case o.find(name) >= 0:
		return practice.CodeAlreadyLinked
	case role == recordlink.RolePRIMARY && o.primary() >= 0:
		return practice.CodePrimaryTaken
	}
	o.places = append(o.places, place{name, role})
	return ""
}

func (o *linkOracle) unlink(name string) practice.Code {
	i := o.find(name)
	switch {
	case i < 0:
		return practice.CodeNotFound
	case o.status == record.StatusOPEN && len(o.places) == 1:
		return practice.CodeLastProfile
	}
	o.places = slices.Delete(o.places, i, i+1)
	return ""
}

func (o *linkOracle) replace(name, by string) practice.Code {
	i := o.find(name)
	switch {
	case o.status == record.StatusARCHIVED:
		return practice.CodeInvalidState
	case i < 0:
		return practice.CodeNotFound
	case o.find(by) >= 0:
		return practice.CodeAlreadyLinked
	}
	o.places[i].Profile = by
	return ""
}

func (o *linkOracle) lead(name string) practice.Code {
	i, old := o.find(name), o.primary()
	switch {
	case o.status == record.StatusARCHIVED:
		return practice.CodeInvalidState
	case i < 0:
		return practice.CodeNotFound
	case old >= 0:
		o.places[old].Role = recordlink.RoleSECONDARY
	}
	o.places[i].Role = recordlink.RolePRIMARY
	return ""
}

func (o *linkOracle) turn(to record.Status) practice.Code {
	switch {
	case o.status == to:
		return practice.CodeInvalidState
	case to == record.StatusOPEN && len(o.places) == 0:
		return practice.CodeLastProfile
	}
	o.status = to
	return ""
}

// Whatever is done to a record's links, the laws hold after each step, and each
// refusal says which law it was.
func TestL_Histories(t *testing.T) {
	eachClinic(t, func(t *testing.T, c *clinic) {
		ctx := c.as(t, "paul")
		c.profile(t, "max", "paul")
		c.record(t, "all three", "paul", "lea", "leo", "max") // so that Paul reads them throughout
		names := []string{"lea", "leo", "max"}
		tries := 0
		rapid.Check(t, func(r *rapid.T) {
			tries++
			number := fmt.Sprint("try ", tries)
			c.record(t, number, "paul", "lea")
			c.ids["follow-up"] = c.id(number)
			want := &linkOracle{status: record.StatusOPEN, places: []place{{"lea", recordlink.RolePARTICIPANT}}}
			for i := range rapid.IntRange(1, 6).Draw(r, "steps") {
				name, other := rapid.SampledFrom(names).Draw(r, "who"), rapid.SampledFrom(names).Draw(r, "other")
				role := rapid.SampledFrom([]recordlink.Role{recordlink.RolePRIMARY, recordlink.RoleSECONDARY}).Draw(r, "role")
				code, err := c.step(ctx, want, rapid.IntRange(0, 5).Draw(r, fmt.Sprint("step ", i)), name, other, role)
				var got practice.Code
				if failures := practice.UserErrors(err); len(failures) > 0 {
					got = failures[0].Code
				} else if err != nil {
					r.Fatal(err)
				}
				if got != code {
					r.Fatalf("refused with %q, not %q", got, code)
				}
				if diff := cmp.Diff(want.places, c.places(t), cmpopts.EquateEmpty()); diff != "" {
					r.Fatalf("linked otherwise:\n%s", diff)
				}
			}
		})
	})
}

// step does one thing to the record and to the oracle.
func (c *clinic) step(ctx context.Context, o *linkOracle, what int, name, other string, role recordlink.Role) (practice.Code, error) {
	switch what {
	case 0:
		_, err := c.LinkProfile(ctx, practice.LinkProfileInput{RecordID: c.id("follow-up"), ProfileID: c.id(name), Role: &role})
		return o.link(name, role), err
	case 1:
		return o.unlink(name), c.unlink(ctx, name)
	case 2:
		return o.replace(name, other), c.replace(ctx, name, other)
	case 3:
		return o.lead(name), c.primary(ctx, name)
	case 4:
		_, err := c.ArchiveRecord(ctx, practice.ArchiveRecordInput{ID: c.id("follow-up")})
		return o.turn(record.StatusARCHIVED), err
	default:
		_, err := c.ReopenRecord(ctx, practice.ReopenRecordInput{ID: c.id("follow-up")})
		return o.turn(record.StatusOPEN), err
	}
}

// places lists the live links of the record as the oracle holds them.
func (c *clinic) places(t *testing.T) []place {
	t.Helper()
	var list []place
	for _, link := range c.links(t, "follow-up") {
		for _, name := range []string{"lea", "leo", "max"} {
			if c.id(name) == link.ProfileID {
				list = append(list, place{name, link.Role})
			}
		}
	}
	return list
}
