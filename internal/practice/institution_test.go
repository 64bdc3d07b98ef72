package practice_test

import (
	"context"
	"testing"

	"continuum/ent/address"
	"continuum/ent/institution"
	"continuum/internal/practice"
	"continuum/schema"
)

func TestCreateInstitution(t *testing.T) {
	eachClinic(t, func(t *testing.T, c *clinic) {
		id := schema.NewID(schema.InstitutionPrefix)
		in := practice.CreateInstitutionInput{ID: &id, Name: "École du Nord", Kind: ptr(institution.KindSCHOOL)}
		for _, line := range []string{"1, rue A", "2, rue B", "3, rue C"} {
			in.Addresses = append(in.Addresses, &practice.AddressInput{Line1: line, Country: ptr("ca")})
		}
		c.expect(t, "cora", "institution.created", []string{"clinic"}, func(ctx context.Context) error {
			payload, err := c.CreateInstitution(ctx, in)
			if err == nil && (payload.Institution.ID != id || payload.Institution.SortName != "ecole du nord" ||
				payload.Institution.WorkspaceID != c.id("clinic")) {
				t.Errorf("made %v", payload.Institution)
			}
			return err
		})
		if n := c.store.Client().Address.Query().Where(address.InstitutionID(id)).CountX(c.as(t, "paul")); n != 3 {
			t.Errorf("a colleague sees %d addresses", n)
		}
		for name, try := range map[string]struct {
			who  string
			in   practice.CreateInstitutionInput
			want string
		}{
			"a practitioner": {"paul", practice.CreateInstitutionInput{Name: "X"}, "FORBIDDEN"},
			"no name":        {"mia", practice.CreateInstitutionInput{Name: ""}, "INVALID name"},
			"no line":        {"mia", practice.CreateInstitutionInput{Name: "X", Addresses: []*practice.AddressInput{{}}}, "INVALID addresses.0.line1"},
			"twice":          {"bob", in, "ALREADY_EXISTS id"},
		} {
			t.Run(name, func(t *testing.T) {
				c.unchanged(t, func() {
					_, err := c.CreateInstitution(c.as(t, try.who), try.in)
					c.refused(t, err, try.want)
				})
			})
		}
	})
}
