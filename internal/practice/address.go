package practice

import (
	"context"
	"fmt"
	"strings"

	"entgo.io/ent/dialect/sql"
	"golang.org/x/text/language"

	"continuum/ent"
	entaddress "continuum/ent/address"
	"continuum/schema"
)

const mostAddresses = 10

// AddressInput is where somebody or something is found.
type AddressInput struct {
	Line1      string
	Line2      *string
	City       *string
	Region     *string
	PostalCode *string
	Country    *string
	Label      *string
	Preferred  *bool
}

// address is what a row of it says, but for its place. An empty text is none.
type address struct {
	Line1      string `json:"line1"`
	Line2      string `json:"line2"`
	City       string `json:"city"`
	Region     string `json:"region"`
	PostalCode string `json:"postalCode"`
	Country    string `json:"country"`
	Label      string `json:"label"`
	Preferred  bool   `json:"preferred"`
}

// addresses checks where somebody or something is found.
func (c *checks) addresses(in []*AddressInput) []address {
	const field = "addresses"
	kept := make([]address, 0, len(in))
	if !c.atMost(field, len(in), mostAddresses) {
		return kept
	}
	for i, one := range in {
		at := fmt.Sprintf("%s.%d.", field, i)
		kept = append(kept, address{
			Line1:      c.text(at+"line1", one.Line1, 200),
			Line2:      orEmpty(c.optional(at+"line2", one.Line2, 200)),
			City:       orEmpty(c.optional(at+"city", one.City, 100)),
			Region:     orEmpty(c.optional(at+"region", one.Region, 100)),
			PostalCode: orEmpty(c.optional(at+"postalCode", one.PostalCode, 20)),
			Country:    c.country(at+"country", one.Country),
			Label:      orEmpty(c.optional(at+"label", one.Label, labelLetters)),
			Preferred:  one.Preferred != nil && *one.Preferred,
		})
	}
	return kept
}

// country is a country's two letters, as in ISO 3166, or empty.
func (c *checks) country(field string, value *string) string {
	code := strings.ToUpper(strings.TrimSpace(orEmpty(value)))
	if code == "" {
		return ""
	}
	region, err := language.ParseRegion(code)
	if err != nil || len(code) != 2 || !region.IsCountry() {
		c.refuse(field, "The country is two letters, as in ISO 3166: CA.")
		return ""
	}
	return code
}

// withAddresses adds the addresses to each row of a query.
func withAddresses(h holder) func(*sql.Selector) {
	return withAddressesOf("id", h)
}

// withAddressesOf adds those of whom a column names.
func withAddressesOf(column string, h holder) func(*sql.Selector) {
	return withListOf(column, entaddress.Table, h.column(), "", byPlace,
		"id", "position", "line1", "line2", "city", "region", "postal_code", "country", "label", "preferred")
}

// addressesOf reads what withAddresses added.
func addressesOf(row valued) ([]stored[address], error) {
	rows, err := listOf(row, entaddress.Table)
	list := make([]stored[address], len(rows))
	for i, r := range rows {
		list[i] = stored[address]{r.text(0), r.number(1), address{
			Line1: r.text(2), Line2: r.text(3), City: r.text(4), Region: r.text(5),
			PostalCode: r.text(6), Country: r.text(7), Label: r.text(8), Preferred: r.yes(9),
		}}
	}
	return list, err
}

// writeAddresses puts the addresses given in the place of those present, in two
// statements at the most.
func (w *work) writeAddresses(ctx context.Context, h holder, id string, given []address, present ...stored[address]) error {
	gone, made := replace(schema.AddressPrefix, present, given)
	if len(gone) > 0 {
		if _, err := w.Address.Delete().Where(entaddress.IDIn(gone...)).Exec(ctx); err != nil {
			return err
		}
	}
	rows := make([]*ent.AddressCreate, len(made))
	for i, row := range made {
		rows[i] = w.Address.Create().SetID(row.ID).SetPosition(row.Position).SetLine1(row.Says.Line1).
			SetNillableLine2(orNil(row.Says.Line2)).SetNillableCity(orNil(row.Says.City)).
			SetNillableRegion(orNil(row.Says.Region)).SetNillablePostalCode(orNil(row.Says.PostalCode)).
			SetNillableCountry(orNil(row.Says.Country)).SetNillableLabel(orNil(row.Says.Label)).
			SetPreferred(row.Says.Preferred).SetCreatedByID(w.viewer.ProfessionalID)
		if err := rows[i].Mutation().SetField(h.column(), id); err != nil {
			return err
		}
	}
	if len(rows) == 0 {
		return nil
	}
	return w.Address.CreateBulk(rows...).Exec(ctx)
}
