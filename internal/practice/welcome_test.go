package practice_test

import (
	"slices"
	"sync"
	"testing"
	"time"

	"continuum/ent/event"
	"continuum/ent/professional"
	"continuum/ent/workspace"
	"continuum/internal/access"
	"continuum/internal/issuer"
	"continuum/internal/practice"
	"continuum/schema"
)

func TestSignIn_TheFirstTakesUpTheInvitation(t *testing.T) {
	eachDesk(t, func(t *testing.T, d *desk) {
		d.invite(t, "nina", "ann", "Nina@Example.org")
		token := d.from.Token(t, "sub-nina", mail("NINA@example.ORG"))
		viewer := d.enters(t, t.Context(), d.server, token)
		if viewer == nil || viewer.ProfessionalID != d.id("nina") || viewer.WorkspaceID != d.id("clinic") || viewer.KeyID != "" ||
			viewer.AccountID == "" || !slices.Equal(viewer.Scopes, schema.AllScopes()) || viewer.Unchosen ||
			viewer.ExpiresAt == nil || time.Until(*viewer.ExpiresAt) > time.Hour+issuer.Skew {
			t.Fatalf("signed in as %+v", viewer)
		}
		row := d.row(t, "nina")
		if row.Status != professional.StatusACTIVE || row.AccountID == nil || *row.AccountID != viewer.AccountID || row.Version != 2 {
			t.Errorf("bound as %+v", row)
		}
		account := d.store.Client().Account.GetX(d.now(t), viewer.AccountID)
		if account.Issuer != d.from.URL || account.Subject != "sub-nina" || *account.Email != "nina@example.org" {
			t.Errorf("the account is %+v", account)
		}
		told := d.store.Client().Event.Query().Where(event.Type("professional.joined")).OnlyX(d.now(t))
		if told.ObjectID != row.ID || told.ActorID != row.ID || told.WorkspaceID != d.id("clinic") || !slices.Contains(told.Topics, d.id("clinic")) {
			t.Errorf("the event is %+v", told)
		}

		// From now on the token alone is enough, and nothing is written.
		state := d.state(t)
		again := d.enters(t, t.Context(), d.another(t), d.from.Token(t, "sub-nina", nil))
		if again == nil || again.ProfessionalID != d.id("nina") || d.from.Asked("/userinfo") != 0 {
			t.Errorf("the second time: %+v", again)
		}
		if !slices.Equal(d.state(t), state) {
			t.Error("signing in again wrote something")
		}
	})
}

func TestSignIn_AsksTheIssuerForTheAddressOnce(t *testing.T) {
	eachDesk(t, func(t *testing.T, d *desk) {
		d.invite(t, "nina", "ann", "nina@example.org")
		d.from.Tell("sub-nina", mail("nina@example.org"))
		token := d.from.Token(t, "sub-nina", nil)
		for range 3 {
			if viewer := d.enters(t, t.Context(), d.server, token); viewer == nil || viewer.ProfessionalID != d.id("nina") {
				t.Fatalf("%+v", viewer)
			}
		}
		if n := d.from.Asked("/userinfo"); n != 1 {
			t.Errorf("userinfo was asked %d times", n)
		}
	})
}

func TestSignIn_RefusesWhoIsNotInvited(t *testing.T) {
	eachDesk(t, func(t *testing.T, d *desk) {
		d.invite(t, "nina", "ann", "nina@example.org")
		d.invite(t, "gone", "ann", "gone@example.org")
		if _, err := d.EndProfessional(d.as(t, "ann"), practice.EndProfessionalInput{ProfessionalID: d.id("gone")}); err != nil {
			t.Fatal(err)
		}
		state := d.state(t)
		for name, claims := range map[string]map[string]any{
			"an address nobody invited": mail("stranger@example.org"),
			"an address not verified":   {"email": "nina@example.org", "email_verified": false},
			"nothing said of verifying": {"email": "nina@example.org"},
			"an invitation that ended":  mail("gone@example.org"),
			"no address":                nil,
			"an address that is none":   mail("nina"),
			"an address with a name":    mail("Nina <nina@example.org>"),
			"an address with a zero":    mail("nina\x00@example.org"),
			"a pattern":                 mail("%@example.org"),
			"two addresses":             mail("stranger@example.org, nina@example.org"),
		} {
			for _, asked := range []string{"", d.id("clinic"), "ws_nothing"} {
				ctx := access.InWorkspace(t.Context(), asked)
				if viewer, err := d.SignIn(ctx, d.from.Token(t, "sub-"+name, claims)); viewer != nil || err != nil {
					t.Errorf("%s: %+v, %v", name, viewer, err)
				}
			}
		}
		if !slices.Equal(d.state(t), state) {
			t.Error("a refusal wrote something")
		}
	})
}

func TestSignIn_NobodyTakesOverWhoIsBound(t *testing.T) {
	eachDesk(t, func(t *testing.T, d *desk) {
		d.invite(t, "nina", "ann", "nina@example.org")
		first := d.enters(t, t.Context(), d.server, d.from.Token(t, "first", mail("nina@example.org")))
		if first == nil {
			t.Fatal("refused")
		}
		if viewer := d.enters(t, t.Context(), d.server, d.from.Token(t, "second", mail("nina@example.org"))); viewer != nil {
			t.Errorf("another subject is %+v", viewer)
		}
		if row := d.row(t, "nina"); *row.AccountID != first.AccountID {
			t.Error("the membership has another account")
		}
	})
}

func TestSignIn_TwentyFirstTimesBindOnce(t *testing.T) {
	eachDesk(t, func(t *testing.T, d *desk) {
		d.invite(t, "nina", "ann", "nina@example.org")
		d.invite(t, "nina at school", "bob", "nina@example.org")
		servers := []server{d.server, d.another(t)}
		var all sync.WaitGroup
		for n := range 20 {
			token := d.from.Token(t, "sub-nina", mail("nina@example.org"))
			all.Go(func() {
				viewer, err := servers[n%2].SignIn(t.Context(), token)
				if err != nil || viewer == nil || viewer.ProfessionalID != d.id("nina") {
					t.Errorf("%+v, %v", viewer, err)
				}
			})
		}
		all.Wait()
		if n := d.store.Client().Account.Query().CountX(d.now(t)); n != 1 {
			t.Errorf("%d accounts", n)
		}
		if n := d.store.Client().Event.Query().Where(event.Type("professional.joined")).CountX(d.now(t)); n != 2 {
			t.Errorf("%d events", n)
		}
	})
}

func TestSignIn_AnInvitedAdministratorOfTheOperator(t *testing.T) {
	eachDesk(t, func(t *testing.T, d *desk) {
		_, first, _, err := d.CreateWorkspace(t.Context(), "New", workspace.KindORGANIZATION, "CA",
			practice.NewAdministrator{Name: "Ada", Email: "ada@example.org"})
		if err != nil {
			t.Fatal(err)
		}
		if viewer := d.enters(t, t.Context(), d.server, d.from.Token(t, "ada", mail("ada@example.org"))); viewer == nil || viewer.ProfessionalID != first.ID {
			t.Errorf("%+v", viewer)
		}
	})
}
