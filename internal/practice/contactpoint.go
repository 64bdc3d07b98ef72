package practice

import (
	"context"
	"fmt"
	"net/mail"
	"strings"

	"entgo.io/ent/dialect/sql"
	"github.com/nyaruka/phonenumbers"

	"continuum/ent"
	"continuum/ent/contactpoint"
	"continuum/schema"
)

// Limits of the ways to reach somebody.
const (
	mostContactPoints = 20
	mailLetters       = 254 // as in RFC 5321
	phoneLetters      = 50
	labelLetters      = 50
)

// ContactPointInput is a phone number or an e-mail address, as typed.
type ContactPointInput struct {
	Kind      contactpoint.Kind
	Value     string
	Label     *string
	Preferred *bool
}

// contactPoint is what a row of it says, but for its place.
type contactPoint struct {
	Kind       contactpoint.Kind `json:"kind"`
	Value      string            `json:"value"`
	Normalized string            `json:"-"`
	Label      string            `json:"label"` // empty for none
	Preferred  bool              `json:"preferred"`
}

// contactPoints checks the ways to reach somebody. A phone number without a country
// is read in the region, unless it is among those known, which were read where they
// were first typed.
func (c *checks) contactPoints(region string, in []*ContactPointInput, known ...stored[contactPoint]) []contactPoint {
	const field = "contactPoints"
	kept := make([]contactPoint, 0, len(in))
	if !c.atMost(field, len(in), mostContactPoints) {
		return kept
	}
	for i, one := range in {
		at := fmt.Sprintf("%s.%d.", field, i)
		point := contactPoint{Kind: one.Kind, Preferred: one.Preferred != nil && *one.Preferred}
		point.Label = orEmpty(c.optional(at+"label", one.Label, labelLetters))
		switch one.Kind {
		case contactpoint.KindEMAIL:
			point.Value = strings.TrimSpace(one.Value)
			point.Normalized = c.email(at+"value", one.Value)
		case contactpoint.KindPHONE, contactpoint.KindMOBILE:
			point.Value = c.text(at+"value", one.Value, phoneLetters)
			if point.Normalized = normalizedBefore(point, known); point.Normalized == "" {
				point.Normalized = c.phone(at+"value", point.Value, region)
			}
		default:
			c.refuse(at+"kind", "The kind is PHONE, MOBILE or EMAIL.")
		}
		kept = append(kept, point)
	}
	return kept
}

// email is a bare e-mail address in lower case, without a name or brackets.
func (c *checks) email(field, value string) string {
	given := c.text(field, value, mailLetters)
	if given == "" {
		return ""
	}
	parsed, err := mail.ParseAddress(given)
	if err != nil || parsed.Address != given || parsed.Name != "" {
		c.refuse(field, subject(field)+" is no e-mail address.")
		return ""
	}
	return strings.ToLower(given)
}

// phone is a phone number in E.164.
func (c *checks) phone(field, value, region string) string {
	if value == "" {
		return ""
	}
	number, err := phonenumbers.Parse(value, region)
	if err != nil || !phonenumbers.IsValidNumber(number) {
		c.refuse(field, subject(field)+" is no phone number; begin with + and the country when it is abroad.")
		return ""
	}
	return phonenumbers.Format(number, phonenumbers.E164)
}

// normalizedBefore is how a number that is already there was read.
func normalizedBefore(point contactPoint, known []stored[contactPoint]) string {
	for _, row := range known {
		if row.Says.Kind == point.Kind && row.Says.Value == point.Value {
			return row.Says.Normalized
		}
	}
	return ""
}

// withContactPoints adds the contact points to each row of a query.
func withContactPoints(h holder) func(*sql.Selector) {
	return withContactPointsOf("id", h)
}

// withContactPointsOf adds those of whom a column names.
func withContactPointsOf(column string, h holder) func(*sql.Selector) {
	return withListOf(column, contactpoint.Table, h.column(), "", byPlace,
		"id", "position", "kind", "value", "normalized", "label", "preferred")
}

// contactPointsOf reads what withContactPoints added.
func contactPointsOf(row valued) ([]stored[contactPoint], error) {
	rows, err := listOf(row, contactpoint.Table)
	list := make([]stored[contactPoint], len(rows))
	for i, r := range rows {
		list[i] = stored[contactPoint]{r.text(0), r.number(1), contactPoint{
			Kind: contactpoint.Kind(r.text(2)), Value: r.text(3), Normalized: r.text(4), Label: r.text(5), Preferred: r.yes(6),
		}}
	}
	return list, err
}

// writeContactPoints puts the contact points given in the place of those present, in
// two statements at the most.
func (w *work) writeContactPoints(ctx context.Context, h holder, id string, given []contactPoint, present ...stored[contactPoint]) error {
	gone, made := replace(schema.ContactPointPrefix, present, given)
	if len(gone) > 0 {
		if _, err := w.ContactPoint.Delete().Where(contactpoint.IDIn(gone...)).Exec(ctx); err != nil {
			return err
		}
	}
	rows := make([]*ent.ContactPointCreate, len(made))
	for i, row := range made {
		rows[i] = w.ContactPoint.Create().SetID(row.ID).SetPosition(row.Position).SetKind(row.Says.Kind).
			SetValue(row.Says.Value).SetNormalized(row.Says.Normalized).SetNillableLabel(orNil(row.Says.Label)).
			SetPreferred(row.Says.Preferred).SetCreatedByID(w.viewer.ProfessionalID)
		if err := rows[i].Mutation().SetField(h.column(), id); err != nil {
			return err
		}
	}
	if len(rows) == 0 {
		return nil
	}
	return w.ContactPoint.CreateBulk(rows...).Exec(ctx)
}
