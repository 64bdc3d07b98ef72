package practice_test

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"continuum/ent"
	"continuum/ent/workspace"
	"continuum/internal/access"
	"continuum/internal/issuer"
	"continuum/internal/issuertest"
	"continuum/internal/practice"
	"continuum/schema"
)

// desk is a clinic whose server believes an issuer.
type desk struct {
	*clinic
	from *issuertest.Issuer
	server
}

// server is the one that believes the issuer; the clinic's own believes nobody.
type server = *practice.Practice

func eachDesk(t *testing.T, test func(t *testing.T, d *desk)) {
	t.Helper()
	eachClinic(t, func(t *testing.T, c *clinic) {
		d := &desk{clinic: c, from: issuertest.Start(t)}
		d.server = d.another(t)
		test(t, d)
	})
}

// another is another server over the same data, which remembers nothing.
func (d *desk) another(t *testing.T) server {
	t.Helper()
	i, err := issuer.New(d.from.URL, issuertest.Audience)
	if err != nil {
		t.Fatal(err)
	}
	return practice.New(d.store, practice.WithIssuer(i))
}

// invite makes somebody INVITED by an address.
func (d *desk) invite(t *testing.T, who, by, email string) {
	t.Helper()
	made, err := d.InviteProfessional(d.as(t, by), practice.InviteProfessionalInput{Name: who, Email: email})
	if err != nil {
		t.Fatal(err)
	}
	d.ids[who] = made.Professional.ID
}

func (d *desk) row(t *testing.T, who string) *ent.Professional {
	t.Helper()
	return d.store.Client().Professional.GetX(d.now(t), d.id(who))
}

func (d *desk) enters(t *testing.T, ctx context.Context, s server, token string) *access.Viewer {
	t.Helper()
	viewer, err := s.SignIn(ctx, token)
	if err != nil {
		t.Fatal(err)
	}
	return viewer
}

func mail(address string) map[string]any {
	return map[string]any{"email": address, "email_verified": true}
}

func TestSignIn_ChoosesAWorkspace(t *testing.T) {
	eachDesk(t, func(t *testing.T, d *desk) {
		d.invite(t, "nina", "ann", "nina@example.org")
		token := d.from.Token(t, "sub-nina", mail("nina@example.org"))
		in := func(id string) context.Context { return access.InWorkspace(t.Context(), id) }
		if viewer := d.enters(t, t.Context(), d.server, token); viewer.Unchosen {
			t.Error("one membership is no choice")
		}
		if _, err := d.SignIn(in(d.id("school")), token); !errors.Is(err, access.ErrNoWorkspace) {
			t.Errorf("another's workspace: %v", err)
		}
		if _, err := d.SignIn(in("ws_nothing\x00"), token); !errors.Is(err, access.ErrNoWorkspace) {
			t.Errorf("no workspace: %v", err)
		}

		// The school invites her too: she is let in there without having been elsewhere first.
		d.invite(t, "nina at school", "bob", "nina@example.org")
		s := d.another(t)
		if viewer := d.enters(t, in(d.id("school")), s, token); viewer == nil || viewer.ProfessionalID != d.id("nina at school") || viewer.Unchosen {
			t.Errorf("in the school: %+v", viewer)
		}
		if viewer := d.enters(t, in(d.id("clinic")), s, token); viewer == nil || viewer.ProfessionalID != d.id("nina") || viewer.Unchosen {
			t.Errorf("in the clinic: %+v", viewer)
		}
		viewer := d.enters(t, t.Context(), s, token)
		if viewer == nil || viewer.ProfessionalID != d.id("nina") || !viewer.Unchosen {
			t.Fatalf("without a choice: %+v", viewer)
		}
		workspaces, err := viewer.Workspaces(t.Context(), d.store.Client())
		if err != nil || !slices.Equal(workspaces, []string{d.id("clinic"), d.id("school")}) {
			t.Errorf("they act in %v, %v", workspaces, err)
		}
		_, err = s.CreateApiKey(access.WithViewer(t.Context(), viewer), practice.CreateApiKeyInput{Name: "x", Scopes: schema.AllScopes()})
		if failures := practice.UserErrors(err); len(failures) != 1 || failures[0].Code != practice.CodeWorkspaceRequired {
			t.Errorf("a change without a choice: %v", err)
		}

		d.system(t, func(ctx context.Context, tx *ent.Client) error {
			return tx.Workspace.UpdateOneID(d.id("clinic")).SetStatus(workspace.StatusCLOSED).Exec(ctx)
		})
		if viewer := d.enters(t, t.Context(), s, token); viewer == nil || viewer.ProfessionalID != d.id("nina at school") || viewer.Unchosen {
			t.Errorf("when the clinic has closed: %+v", viewer)
		}
		if _, err := s.SignIn(in(d.id("clinic")), token); !errors.Is(err, access.ErrNoWorkspace) {
			t.Errorf("in the closed clinic: %v", err)
		}
	})
}

func TestSignIn_AKeyActsInItsWorkspaceAlone(t *testing.T) {
	eachDesk(t, func(t *testing.T, d *desk) {
		token := d.key(t, d.as(t, "paul"), "key")
		for asked, want := range map[string]error{"": nil, d.id("clinic"): nil, d.id("school"): access.ErrNoWorkspace, "x": access.ErrNoWorkspace} {
			viewer, err := d.SignIn(access.InWorkspace(t.Context(), asked), token)
			if !errors.Is(err, want) || (viewer != nil) != (want == nil) {
				t.Errorf("%q: %+v, %v", asked, viewer, err)
			}
		}
		if viewer, err := d.SignIn(access.InWorkspace(t.Context(), d.id("school")), practice.NewKey().Token); viewer != nil || err != nil {
			t.Errorf("a key that is none is told of workspaces: %v, %v", viewer, err)
		}
	})
}

func TestSignInAgain_NoticesWhatEnded(t *testing.T) {
	eachDesk(t, func(t *testing.T, d *desk) {
		d.invite(t, "nina", "ann", "nina@example.org")
		viewer := d.enters(t, t.Context(), d.server, d.from.Token(t, "sub-nina", mail("nina@example.org")))
		end := *viewer.ExpiresAt
		again := func(ctx context.Context) *access.Viewer {
			fresh, err := d.SignInAgain(ctx, viewer)
			if err != nil {
				t.Fatal(err)
			}
			return fresh
		}
		if fresh := again(at(t.Context(), end.Add(-time.Second))); fresh == nil || fresh.ExpiresAt == nil || !fresh.ExpiresAt.Equal(end) {
			t.Errorf("before the end: %+v", fresh)
		}
		if fresh := again(at(t.Context(), end)); fresh != nil {
			t.Errorf("at the end: %+v", fresh)
		}
		if _, err := d.EndProfessional(d.as(t, "ann"), practice.EndProfessionalInput{ProfessionalID: d.id("nina")}); err != nil {
			t.Fatal(err)
		}
		if fresh := again(t.Context()); fresh != nil {
			t.Errorf("when the membership has ended: %+v", fresh)
		}
		if viewer := d.enters(t, t.Context(), d.another(t), d.from.Token(t, "sub-nina", mail("nina@example.org"))); viewer != nil {
			t.Errorf("they come in anew: %+v", viewer)
		}
	})
}

func TestSignIn_ScopesOfAToken(t *testing.T) {
	eachDesk(t, func(t *testing.T, d *desk) {
		d.invite(t, "nina", "ann", "nina@example.org")
		d.enters(t, t.Context(), d.server, d.from.Token(t, "sub-nina", mail("nina@example.org")))
		for words, want := range map[string][]schema.Scope{
			"":             schema.AllScopes(),
			"openid email": schema.AllScopes(),
			"openid continuum:profiles_read continuum:RECORDS_READ": {schema.ScopeProfilesRead, schema.ScopeRecordsRead},
			"continuum:everything":                  {},
			"profiles_read continuum:contacts_read": {schema.ScopeContactsRead},
		} {
			for _, claim := range []string{"scope", "scp"} {
				viewer := d.enters(t, t.Context(), d.server, d.from.Token(t, "sub-nina", map[string]any{claim: words}))
				if viewer == nil || !slices.Equal(viewer.Scopes, want) {
					t.Errorf("%s %q: %v", claim, words, viewer)
				}
			}
		}
	})
}

func TestSignIn_AnIssuerThatIsAwayStopsNoKey(t *testing.T) {
	eachDesk(t, func(t *testing.T, d *desk) {
		d.from.Down(true)
		key := d.key(t, d.as(t, "paul"), "key")
		if viewer := d.enters(t, t.Context(), d.server, key); viewer == nil {
			t.Error("a key is refused")
		}
		if viewer, err := d.SignIn(t.Context(), d.from.Token(t, "x", nil)); viewer != nil || err == nil {
			t.Errorf("%v, %v", viewer, err)
		}
	})
}
