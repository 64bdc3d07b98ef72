package access_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"continuum/ent"
	"continuum/ent/consent"
	"continuum/ent/contactlink"
	"continuum/ent/contactpoint"
	"continuum/ent/institution"
	"continuum/ent/notification"
	"continuum/ent/principal"
	"continuum/ent/profile"
	"continuum/ent/record"
	"continuum/ent/recordlink"
	"continuum/ent/share"
	"continuum/ent/transfer"
	"continuum/ent/unit"
	"continuum/ent/workspace"
	"continuum/internal/access"
	"continuum/internal/store"
	"continuum/internal/storetest"
	"continuum/schema"
)

// attempt is a new row that somebody would add, and who may.
type attempt struct {
	typ, what string
	who       string // names from the cast, in the order of people
	add       func(ctx context.Context, c *cast, tx *ent.Client) error
}

const everybody = "ann bob cleo ada sue tom max zoe"

// attempts has at least one row for each type that there is.
var attempts = []attempt{
	{ent.TypeWorkspace, "a workspace", "", func(ctx context.Context, _ *cast, tx *ent.Client) error {
		return tx.Workspace.Create().SetName("w").SetKind(workspace.KindORGANIZATION).Exec(ctx)
	}},
	{ent.TypeAccount, "an account", "", func(ctx context.Context, _ *cast, tx *ent.Client) error {
		return tx.Account.Create().SetIssuer("i").SetSubject("s").Exec(ctx)
	}},
	{ent.TypeProfessional, "a colleague in the clinic", "ada", colleagueIn("clinic")},
	{ent.TypeProfessional, "a colleague in the school", "", colleagueIn("school")}, // max manages, and hires nobody
	{ent.TypePrincipal, "a principal of the clinic", "ada", principalIn("clinic")},
	{ent.TypePrincipal, "a principal of the school", "max", principalIn("school")},
	{ent.TypeUnit, "a unit of the clinic", "ada", unitIn("clinic")},
	{ent.TypeUnit, "a unit of the school", "max", unitIn("school")},
	{ent.TypeUnitMember, "bob in the staff", "sue max", memberOf("staff", "bob")},
	{ent.TypeUnitMember, "ann in the staff", "", memberOf("staff", "ann")}, // she works elsewhere
	{ent.TypeInstitution, "a site of the clinic", "cleo ada", institutionIn("clinic")},
	{ent.TypeInstitution, "a site of the school", "max", institutionIn("school")},
	{ent.TypeProfile, "a profile at home in the clinic", "ann cleo ada", profileIn("clinic", "")},
	{ent.TypeProfile, "a profile at home in the practice", "zoe", profileIn("practice", "")},
	{ent.TypeProfile, "a profile of the school's lycee", "bob sue tom max", profileIn("school", "lycee")},
	{ent.TypeProfile, "a profile of another workspace's institution", "", profileIn("clinic", "lycee")},
	{ent.TypeProfile, "a profile said to be made by cleo", "cleo", profileIn("clinic", "", "cleo")},
	{ent.TypeContactPoint, "a telephone for mia", "ann", func(ctx context.Context, c *cast, tx *ent.Client) error {
		return point(tx).SetProfileID(c.id["mia"]).Exec(ctx)
	}},
	{ent.TypeContactPoint, "a telephone for new", "tom", func(ctx context.Context, c *cast, tx *ent.Client) error {
		return point(tx).SetContactID(c.id["new"]).Exec(ctx)
	}},
	{ent.TypeAddress, "an address for leo", "bob sue tom", func(ctx context.Context, c *cast, tx *ent.Client) error {
		return tx.Address.Create().SetLine1("2").SetProfileID(c.id["leo"]).Exec(ctx)
	}},
	{ent.TypeAddress, "an address for gus", "ann", func(ctx context.Context, c *cast, tx *ent.Client) error {
		return tx.Address.Create().SetLine1("2").SetContactID(c.id["gus"]).Exec(ctx)
	}},
	{ent.TypeAddress, "an address for the lycee", "max", func(ctx context.Context, c *cast, tx *ent.Client) error {
		return tx.Address.Create().SetLine1("2").SetInstitutionID(c.id["lycee"]).Exec(ctx)
	}},
	{ent.TypeIdentifier, "a number for ola", "sue", func(ctx context.Context, c *cast, tx *ent.Client) error {
		return tx.Identifier.Create().SetWorkspaceID(c.id["school"]).SetProfileID(c.id["ola"]).SetSystem("s").SetValue("1").Exec(ctx)
	}},
	{ent.TypeWorkspaceProfile, "the clinic's view of noa", "ann", viewOf("clinic", "noa")},
	{ent.TypeWorkspaceProfile, "the school's view of leo", "bob sue tom max", viewOf("school", "leo")},
	{ent.TypeWorkspaceProfile, "the school's view of noa", "", viewOf("school", "noa")},
	{ent.TypeContact, "a contact at home in the school", "bob sue tom max", contactIn("school", "")},
	{ent.TypeContact, "a contact said to be made by bob", "bob", contactIn("school", "", "bob")},
	{ent.TypeContact, "a contact who is mia too", "ann", contactIn("clinic", "mia")},
	{ent.TypeContact, "a contact who is noa too", "", contactIn("school", "noa")},
	{ent.TypeContactLink, "gus of noa", "ann", contactOf("gus", "noa")},
	{ent.TypeContactLink, "gus of leo", "bob", contactOf("gus", "leo")}, // he edits leo and reads gus
	{ent.TypeContactLink, "new of mia", "", contactOf("new", "mia")},
	{ent.TypeRecord, "a record of one's own", everybody, func(ctx context.Context, _ *cast, tx *ent.Client) error {
		v := access.ViewerFrom(ctx)
		if v == nil {
			return access.ErrRefused
		}
		return newRecord(tx).SetWorkspaceID(v.WorkspaceID).SetOwnerID(v.ProfessionalID).Exec(ctx)
	}},
	{ent.TypeRecord, "a record of the staff's", "sue tom", recordOf("staff", "school")},
	{ent.TypeRecord, "a record of bob's", "bob", recordOf("bob", "school")},
	{ent.TypeRecord, "a record of bob's in the clinic", "", recordOf("bob", "clinic")},
	{ent.TypeRecordLink, "noa on therapy", "ann", linkOn("therapy", "noa")},
	{ent.TypeRecordLink, "mia on support", "bob", linkOn("support", "mia")}, // he reads her through therapy
	{ent.TypeRecordLink, "leo on therapy", "", linkOn("therapy", "leo")},    // bob reads therapy and no more
	{ent.TypeRecordLink, "mia on program again", "", linkOn("program", "mia")},
	{ent.TypeShare, "a share of therapy", "ann", shareOf("therapy", "")},
	{ent.TypeShare, "a share of support", "bob", shareOf("support", "")},
	{ent.TypeShare, "a share of program", "sue tom", shareOf("program", "")},
	{ent.TypeShare, "a share of program said to be given by tom", "tom", shareOf("program", "tom")},
	{ent.TypeTransfer, "an offer of therapy", "ann", transferOf("therapy", "ann", transfer.StatusOFFERED)},
	{ent.TypeTransfer, "a request for therapy", "ann bob", transferOf("therapy", "ann", transfer.StatusREQUESTED)},
	{ent.TypeTransfer, "a request for program", "sue tom", transferOf("program", "staff", transfer.StatusREQUESTED)},
	{ent.TypeSealedCopy, "a copy of program", "", func(ctx context.Context, c *cast, tx *ent.Client) error {
		return tx.SealedCopy.Create().SetRecordID(c.id["program"]).SetTransferID(c.id["program from staff to clinic"]).
			SetHolderID(c.id["sue"]).SetWorkspaceID(c.id["school"]).SetNumber("1").SetManifestHash("h").SetContent([]byte{1}).Exec(ctx)
	}},
	{ent.TypeConsent, "the clinic's consent of noa", "ann", consentOf("clinic", "noa")},
	{ent.TypeConsent, "the school's consent of leo", "bob sue tom", consentOf("school", "leo")},
	{ent.TypeConsent, "the school's consent of mia", "", consentOf("school", "mia")}, // bob reads her and no more
	{ent.TypeEmergencyAccess, "an emergency access to therapy", "cleo ada", emergencyOn("therapy", "")},
	{ent.TypeEmergencyAccess, "an emergency access of ada's to therapy", "ada", emergencyOn("therapy", "ada")},
	{ent.TypeEmergencyAccess, "an emergency access to secret", "", emergencyOn("secret", "")}, // which is confidential
	{ent.TypeEmergencyAccess, "an emergency access to support", "", emergencyOn("support", "")},
	{ent.TypeNotification, "word to bob", everybody, wordTo("bob", "")},
	{ent.TypeNotification, "word to bob said to come from ann", "ann", wordTo("bob", "ann")},
	{ent.TypeApiKey, "a key that acts as ann", "ann", func(ctx context.Context, c *cast, tx *ent.Client) error {
		return tx.ApiKey.Create().SetProfessionalID(c.id["ann"]).SetName("n").SetHash("h").
			SetScopes(schema.AllScopes()).Exec(ctx)
	}},
	{ent.TypeEvent, "an event by ann", "ann annkey", eventBy("ann", "clinic")},
	{ent.TypeIdempotencyKey, "a key of ann's", "", func(ctx context.Context, c *cast, tx *ent.Client) error {
		return tx.IdempotencyKey.Create().SetProfessionalID(c.id["ann"]).SetDone(true).
			SetKeyHash("k").SetMutation("m").SetInputHash("i").SetScope("s").Exec(ctx)
	}},
	{ent.TypeEvent, "an event by ann elsewhere", "", eventBy("ann", "school")},
}

// TestCreate lets everybody try to add everything.
func TestCreate(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		c := newCast(t, s)
		for _, typ := range everyType() {
			if !slices.ContainsFunc(attempts, func(a attempt) bool { return a.typ == typ }) {
				t.Errorf("nobody tries to add a %s: say who may", typ)
			}
		}
		for _, a := range attempts {
			t.Run(a.what, func(t *testing.T) {
				if got := c.allowed(t, a); got != a.who {
					t.Errorf("%q may, want %q", got, a.who)
				}
			})
		}
	})
}

// allowed lists who can make the attempt.
func (c *cast) allowed(t *testing.T, a attempt) string {
	t.Helper()
	var who []string
	for _, name := range people {
		c.undone(t, c.signIn(name), func(ctx context.Context, tx *ent.Client) {
			err := a.add(ctx, c, tx)
			if err == nil {
				who = append(who, name)
			} else if !errors.Is(err, access.ErrRefused) {
				t.Errorf("%s: %v", name, err)
			}
		})
	}
	return strings.Join(who, " ")
}

type adding = func(ctx context.Context, c *cast, tx *ent.Client) error

func colleagueIn(workspace string) adding {
	return func(ctx context.Context, c *cast, tx *ent.Client) error {
		return tx.Professional.Create().SetWorkspaceID(c.id[workspace]).SetName("n").SetSortName("n").
			SetRoles([]schema.Role{}).Exec(ctx)
	}
}

func principalIn(workspace string) adding {
	return func(ctx context.Context, c *cast, tx *ent.Client) error {
		return tx.Principal.Create().SetID("unit_new").SetKind(principal.KindUNIT).SetWorkspaceID(c.id[workspace]).Exec(ctx)
	}
}

func unitIn(workspace string) adding {
	return func(ctx context.Context, c *cast, tx *ent.Client) error {
		return tx.Unit.Create().SetWorkspaceID(c.id[workspace]).SetKind(unit.KindTEAM).SetName("n").SetSortName("n").Exec(ctx)
	}
}

func memberOf(unit, professional string) adding {
	return func(ctx context.Context, c *cast, tx *ent.Client) error {
		return tx.UnitMember.Create().SetUnitID(c.id[unit]).SetProfessionalID(c.id[professional]).Exec(ctx)
	}
}

func institutionIn(workspace string) adding {
	return func(ctx context.Context, c *cast, tx *ent.Client) error {
		return tx.Institution.Create().SetWorkspaceID(c.id[workspace]).SetName("n").SetSortName("n").
			SetKind(institution.KindSCHOOL).Exec(ctx)
	}
}

// profileIn is a profile that is told to be made by whoever makes it, or by somebody else.
func profileIn(workspace, institution string, maker ...string) adding {
	return func(ctx context.Context, c *cast, tx *ent.Client) error {
		return tx.Profile.Create().SetHomeWorkspaceID(c.id[workspace]).SetNillableInstitutionID(optional(c.id[institution])).
			SetKind(profile.KindCLIENT).SetGivenName("n").SetFamilyName("n").SetSortName("n").
			SetCreatedByID(c.maker(ctx, maker...)).Exec(ctx)
	}
}

// maker is whoever is named, or whoever asks.
func (c *cast) maker(ctx context.Context, named ...string) string {
	if len(named) > 0 && named[0] != "" {
		return c.id[named[0]]
	}
	if v := access.ViewerFrom(ctx); v != nil {
		return v.ProfessionalID
	}
	return ""
}

func point(tx *ent.Client) *ent.ContactPointCreate {
	return tx.ContactPoint.Create().SetKind(contactpoint.KindPHONE).SetValue("1").SetNormalized("1")
}

func viewOf(workspace, profile string) adding {
	return func(ctx context.Context, c *cast, tx *ent.Client) error {
		return tx.WorkspaceProfile.Create().SetWorkspaceID(c.id[workspace]).SetProfileID(c.id[profile]).Exec(ctx)
	}
}

func contactIn(workspace, profile string, maker ...string) adding {
	return func(ctx context.Context, c *cast, tx *ent.Client) error {
		return tx.Contact.Create().SetHomeWorkspaceID(c.id[workspace]).SetNillableProfileID(optional(c.id[profile])).
			SetGivenName("n").SetSortName("n").SetCreatedByID(c.maker(ctx, maker...)).Exec(ctx)
	}
}

func contactOf(contact, profile string) adding {
	return func(ctx context.Context, c *cast, tx *ent.Client) error {
		return tx.ContactLink.Create().SetContactID(c.id[contact]).SetProfileID(c.id[profile]).
			SetRelationship(contactlink.RelationshipOTHER).Exec(ctx)
	}
}

func newRecord(tx *ent.Client) *ent.RecordCreate {
	return tx.Record.Create().SetNumber("1").SetTitle("n").SetKind(record.KindINDIVIDUAL)
}

func recordOf(owner, workspace string) adding {
	return func(ctx context.Context, c *cast, tx *ent.Client) error {
		return newRecord(tx).SetWorkspaceID(c.id[workspace]).SetOwnerID(c.id[owner]).Exec(ctx)
	}
}

func linkOn(record, profile string) adding {
	return func(ctx context.Context, c *cast, tx *ent.Client) error {
		return tx.RecordLink.Create().SetRecordID(c.id[record]).SetProfileID(c.id[profile]).
			SetRole(recordlink.RolePARTICIPANT).Exec(ctx)
	}
}

func shareOf(record, giver string) adding {
	return func(ctx context.Context, c *cast, tx *ent.Client) error {
		return tx.Share.Create().SetRecordID(c.id[record]).SetGranteeID(c.id["max"]).SetLevel(share.LevelREAD).
			SetEpoch(1).SetCreatedByID(c.maker(ctx, giver)).Exec(ctx)
	}
}

// transferOf hands a record of somebody's to max.
func transferOf(record, from string, status transfer.Status) adding {
	return func(ctx context.Context, c *cast, tx *ent.Client) error {
		if status == transfer.StatusOFFERED {
			tx.Transfer.Update().Where(transfer.RecordID(c.id[record])).SetStatus(transfer.StatusWITHDRAWN).
				ExecX(access.System(ctx, "room for another offer"))
		}
		return newTransfer(c, tx, record, from, "max", status).SetCreatedByID(c.maker(ctx)).Exec(ctx)
	}
}

func newTransfer(c *cast, tx *ent.Client, record, from, to string, status transfer.Status) *ent.TransferCreate {
	return tx.Transfer.Create().SetRecordID(c.id[record]).SetMode(transfer.ModeREQUEST).SetStatus(status).
		SetFromID(c.id[from]).SetFromWorkspaceID(c.facts.WorkspaceOf(c.id[from])).
		SetToID(c.id[to]).SetToWorkspaceID(c.facts.WorkspaceOf(c.id[to])).
		SetBaseEpoch(1).SetSharesDefault(transfer.SharesDefaultKEEP).SetExpiresAt(c.facts.Now.Add(time.Hour))
}

func consentOf(workspace, profile string) adding {
	return func(ctx context.Context, c *cast, tx *ent.Client) error {
		return tx.Consent.Create().SetWorkspaceID(c.id[workspace]).SetProfileID(c.id[profile]).SetPurpose(consent.PurposeSHARE).
			SetMethod(consent.MethodVERBAL).SetSignedAt(c.facts.Now).SetEffectiveAt(c.facts.Now).
			SetCreatedByID(c.maker(ctx)).Exec(ctx)
	}
}

func emergencyOn(record, holder string) adding {
	return func(ctx context.Context, c *cast, tx *ent.Client) error {
		return tx.EmergencyAccess.Create().SetRecordID(c.id[record]).SetProfessionalID(c.maker(ctx, holder)).
			SetWorkspaceID(c.facts.Records[c.id[record]].Workspace).SetReason("r").
			SetStartedAt(c.facts.Now).SetEndsAt(c.facts.Now.Add(time.Hour)).Exec(ctx)
	}
}

func wordTo(professional, actor string) adding {
	return func(ctx context.Context, c *cast, tx *ent.Client) error {
		return tx.Notification.Create().SetProfessionalID(c.id[professional]).SetKind(notification.KindRECORD_SHARED).
			SetEventID(schema.NewID(schema.EventPrefix)).SetActorID(c.maker(ctx, actor)).Exec(ctx)
	}
}

func eventBy(professional, workspace string) adding {
	return func(ctx context.Context, c *cast, tx *ent.Client) error {
		return tx.Event.Create().SetType("test.tried").SetObjectID(c.id[professional]).SetTopics([]string{}).
			SetActorID(c.id[professional]).SetWorkspaceID(c.id[workspace]).Exec(ctx)
	}
}
