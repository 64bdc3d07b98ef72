package seed

import (
	"context"
	"strconv"
	"strings"

	"continuum/ent"
	"continuum/ent/contactpoint"
)

// writeContactPoints gives numbers that are kept free for fiction, and addresses of a domain that is kept free for
// examples. The contacts have theirs in writeContacts.
func writeContactPoints(ctx context.Context, tx *ent.Client) error {
	for _, reach := range []struct {
		profile string
		points  []string
	}{
		{lea, []string{"Lea.Fontaine@eleves.example.org"}},
		{julien, []string{"438 555-0117", "julien.roy@eleves.example.org"}},
		{olivier, []string{"olivier.gagne@eleves.example.org"}},
		{elodie, []string{"(514) 555-0128", "elodie.marchand@example.org"}},
		{gabriel, []string{"514-555-0142", "gab.simard@example.org"}},
		{marguerite, []string{"418 555-0166"}},
		{thomas, []string{"thomas.belanger@example.org"}},
	} {
		for i, typed := range reach.points {
			create := contactPoint(tx, reach.profile, i, typed).SetProfileID(profileID(reach.profile))
			if err := create.Exec(ctx); err != nil {
				return err
			}
		}
	}
	return nil
}

// contactPoint is a way to reach its holder; the first of them is the preferred.
func contactPoint(tx *ent.Client, holder string, position int, typed string) *ent.ContactPointCreate {
	kind, normalized := contactpoint.KindMOBILE, e164(typed)
	if strings.Contains(typed, "@") {
		kind, normalized = contactpoint.KindEMAIL, strings.ToLower(typed)
	}
	return tx.ContactPoint.Create().SetID(id("cp", holder+" "+strconv.Itoa(position))).
		SetPosition(position).SetKind(kind).SetValue(typed).SetNormalized(normalized).
		SetPreferred(position == 0).SetCreatedAt(day(1))
}

// e164 is how a Canadian number is stored besides its spelling.
func e164(typed string) string {
	return "+1" + strings.Map(func(r rune) rune {
		if r < '0' || r > '9' {
			return -1
		}
		return r
	}, typed)
}
