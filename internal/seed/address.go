package seed

import (
	"context"

	"continuum/ent"
)

func writeAddresses(ctx context.Context, tx *ent.Client) error {
	for _, a := range []struct{ holder, line1, line2, city, postalCode string }{
		{lea, "12, rue des Merisiers", "", "Saint-Glinglin", "J0X 0X1"},
		{noah, "12, rue des Merisiers", "", "Saint-Glinglin", "J0X 0X1"},
		{mia, "12, rue des Merisiers", "", "Saint-Glinglin", "J0X 0X1"},
		{julien, "405, boulevard du Lac", "app. 6", "Saint-Glinglin", "J0X 0X2"},
		{elodie, "405, boulevard du Lac", "app. 6", "Saint-Glinglin", "J0X 0X2"},
		{gabriel, "88, chemin de la Côte", "", "Sainte-Cunégonde", "J0X 0X7"},
	} {
		err := address(tx, a.holder, a.line1, a.city, a.postalCode).SetNillableLine2(optional(a.line2)).
			SetProfileID(profileID(a.holder)).SetLabel("Home").Exec(ctx)
		if err != nil {
			return err
		}
	}
	for _, a := range []struct{ holder, line1, city, postalCode string }{
		{ruisseau, "1, rue de l'École", "Saint-Glinglin", "J0X 0X1"},
		{pins, "900, avenue des Grands-Pins", "Saint-Glinglin", "J0X 0X2"},
		{hospital, "2500, boulevard Sainte-Odile", "Sainte-Cunégonde", "J0X 0X7"},
	} {
		err := address(tx, a.holder, a.line1, a.city, a.postalCode).SetInstitutionID(institutionID(a.holder)).Exec(ctx)
		if err != nil {
			return err
		}
	}
	return nil
}

func address(tx *ent.Client, holder, line1, city, postalCode string) *ent.AddressCreate {
	return tx.Address.Create().SetID(id("addr", holder)).SetLine1(line1).SetCity(city).SetRegion("QC").
		SetPostalCode(postalCode).SetCountry("CA").SetPreferred(true).SetCreatedAt(day(1))
}
