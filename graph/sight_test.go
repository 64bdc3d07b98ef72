package graph_test

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"continuum/ent"
	"continuum/ent/record"
	"continuum/ent/transfer"
	"continuum/ent/unit"
	"continuum/internal/access"
	"continuum/schema"
)

// sight is what one viewer sees of the world, worked out by hand from the demo's story.
type sight struct {
	profiles      string
	contacts      string
	records       string // those they read
	knows         string // those of which they only know that they exist
	edits         string // of those they read, the ones at FULL or more
	institutions  string
	professionals string
	units         string
	workspaces    string
	keysOf        string // whose keys
	blind         bool   // a key that sees none of what a record or a workspace tells
}

const (
	schoolStaff = "Bob Gagnon@school,Sam Ouellet@school,Maya Benali@school,Adam Fortin@school,Noor Rahimi@school"
	clinicStaff = "Ann Lavoie@clinic,Ben Tran@clinic,Cora Nadeau@clinic,Dina Haddad@clinic,Noor Rahimi@clinic"
	schoolSites = "École primaire du Ruisseau,École secondaire des Grands-Pins"
	schoolName  = "Centre de services scolaire des Érables"
	clinicName  = "Clinique Rivière"

	leasContacts   = "Sophie,Marc-André,Denise,Hélène,Luc"
	groupProfiles  = "Noah,Rosalie,Samuel,Yasmine,Liam,Anaïs"
	clinicRecords  = "Couple counselling;Speech therapy;Anxiety;Exam stress;Speech after a stroke;Parents' evenings;A delicate matter;Thrown away"
	groupRecord    = "Social skills, grades 5 and 6"
	familyRecord   = "Support between two homes"
	couplesRecord  = "Couple counselling"
	olivierRecord  = "Attention and organisation"
	annsRecords    = "Couple counselling;Anxiety;Exam stress;Parents' evenings;A delicate matter;Thrown away"
	speechOfLea    = "Speech therapy"
	annsProfiles   = "Élodie,Julien,Gabriel,Olivier,Thomas"
	annsContacts   = "Julien, spouse;Nadia;Éric"
	strokeRecord   = "Speech after a stroke"
	clinicHospital = "Hôpital Sainte-Odile"
)

// sights: records and contacts are told apart by semicolons, as some have a comma in
// their name; all else by commas.
var sights = map[string]sight{
	"bob": {
		profiles:     "Léa,Noah,Mia,Julien,Olivier",
		contacts:     "Sophie;Marc-André;Denise;Hélène;Luc;Nadia;Éric",
		records:      "Learning assessment;Support between two homes;Support after a loss;Attention and organisation",
		edits:        "Learning assessment;Support between two homes;Support after a loss;Attention and organisation",
		institutions: schoolSites, professionals: schoolStaff + ",Ann Lavoie@clinic", // whom his share names
		units: "Services psychosociaux", workspaces: schoolName + "," + clinicName,
		keysOf: "Bob Gagnon@school",
	},
	// Sam answers for the unit that owns the group, and made Kevin, whom no record links any more.
	"sam": {
		profiles: "Léa,Mia,Kevin," + groupProfiles, contacts: strings.ReplaceAll(leasContacts, ",", ";"),
		records: groupRecord + ";" + familyRecord, edits: groupRecord,
		institutions: schoolSites, professionals: schoolStaff, units: "Services psychosociaux", workspaces: schoolName,
		keysOf: "Sam Ouellet@school",
	},
	"noor@school": {
		profiles: "Léa,Mia," + groupProfiles, contacts: strings.ReplaceAll(leasContacts, ",", ";"),
		records: groupRecord + ";" + familyRecord, edits: groupRecord,
		institutions: schoolSites, professionals: schoolStaff, units: "Services psychosociaux",
		workspaces: schoolName + "," + clinicName, keysOf: "Noor Rahimi@school",
	},
	// Maya's directory opens the children of one school, and no record.
	"maya": {
		profiles: "Léa,Mia,Zoé," + groupProfiles, contacts: strings.ReplaceAll(leasContacts, ",", ";"),
		institutions: schoolSites, professionals: schoolStaff, units: "Services psychosociaux", workspaces: schoolName,
		keysOf: "Maya Benali@school",
	},
	// Adam administers: he knows of every record, and sees no one but whom he made.
	"adam": {
		profiles: "Zoé",
		knows: "Learning assessment;Support between two homes;Social skills, grades 5 and 6;Support after a loss;" +
			"Attention and organisation",
		institutions: schoolSites, professionals: schoolStaff, units: "Services psychosociaux", workspaces: schoolName,
		keysOf: schoolStaff,
	},
	// Ann reads Olivier's record, which Bob shares with her across the workspaces.
	"ann": {
		profiles: annsProfiles, contacts: annsContacts,
		records: annsRecords + ";" + olivierRecord, edits: annsRecords + ";" + olivierRecord,
		institutions: clinicHospital + ",École secondaire des Grands-Pins", professionals: clinicStaff + ",Bob Gagnon@school",
		units: "Équipe langage", workspaces: clinicName + "," + schoolName, keysOf: "Ann Lavoie@clinic",
	},
	"program": {
		profiles: annsProfiles, contacts: annsContacts, professionals: "Ann Lavoie@clinic", workspaces: clinicName, blind: true,
	},
	"ben": {
		profiles: "Élodie,Julien,Léa,Marguerite", contacts: "Julien, spouse;" + strings.ReplaceAll(leasContacts, ",", ";"),
		records: couplesRecord + ";" + speechOfLea + ";" + strokeRecord, edits: speechOfLea + ";" + strokeRecord,
		institutions: clinicHospital + "," + schoolSites, professionals: clinicStaff, units: "Équipe langage",
		workspaces: clinicName, keysOf: "Ben Tran@clinic",
	},
	"noor@clinic": {
		profiles: "Léa", contacts: strings.ReplaceAll(leasContacts, ",", ";"), records: speechOfLea, edits: speechOfLea,
		institutions: clinicHospital + ",École primaire du Ruisseau", professionals: clinicStaff, units: "Équipe langage",
		workspaces: clinicName + "," + schoolName, keysOf: "Noor Rahimi@clinic",
	},
	"cora": {
		knows: clinicRecords, institutions: clinicHospital, professionals: clinicStaff, units: "Équipe langage",
		workspaces: clinicName, keysOf: "Cora Nadeau@clinic",
	},
	"dina": {
		knows: clinicRecords, institutions: clinicHospital, professionals: clinicStaff, units: "Équipe langage",
		workspaces: clinicName, keysOf: clinicStaff,
	},
	"sol": {
		profiles: "Omar", contacts: "Hodan", records: "Sol's record", edits: "Sol's record", institutions: "Sol's school",
		professionals: "Sol Ayala@", units: "Sol's own", workspaces: "Cabinet Sol", keysOf: "Sol Ayala@",
	},
}

// world is every row there is, by type, and whom it hangs on.
type world struct {
	id   map[string]string   // by name
	ids  map[string][]string // of each type
	tell map[string]string   // names, for the reader of a failure
	// of says, of a row, the row that opens it: a point's holder, a link's record.
	of map[string][]string
	// gone are the links that have ended, the emergencies that were reviewed, the notices that were read.
	gone map[string]bool
	// place is the workspace of a file, and of a membership.
	place map[string]string
	// oversees are the professionals who know of every record of their workspace.
	oversees  map[string]bool
	shares    map[string]*ent.Share
	transfers map[string]*ent.Transfer
	records   map[string]*ent.Record
	closed    map[string]bool // units that are closed
	// offers are the transfers that are open offers, by their record.
	offers map[string][]string
}

func (h *house) world() *world {
	h.t.Helper()
	ctx := access.System(h.t.Context(), "the facts of a test")
	w := &world{id: h.names(), ids: map[string][]string{}, tell: map[string]string{}, of: map[string][]string{},
		gone: map[string]bool{}, place: map[string]string{}, oversees: map[string]bool{},
		shares: map[string]*ent.Share{}, transfers: map[string]*ent.Transfer{}, offers: map[string][]string{},
		records: map[string]*ent.Record{}, closed: map[string]bool{}}
	for name, id := range w.id {
		w.tell[id] = name
		w.add(id)
	}
	w.addBelongings(ctx, h)
	w.addEdges(ctx, h)
	w.addHanded(ctx, h)
	for _, ids := range w.ids {
		slices.Sort(ids)
	}
	return w
}

func (w *world) add(id string, holders ...*string) {
	prefix, _, _ := strings.Cut(id, "_")
	w.ids[prefix] = append(w.ids[prefix], id)
	for _, holder := range holders {
		if holder != nil {
			w.of[id] = append(w.of[id], *holder)
		}
	}
}

func (w *world) addBelongings(ctx context.Context, h *house) {
	c := h.store.Client()
	for _, x := range c.ContactPoint.Query().AllX(ctx) {
		w.add(x.ID, x.ProfileID, x.ContactID)
	}
	for _, x := range c.Address.Query().AllX(ctx) {
		w.add(x.ID, x.ProfileID, x.ContactID, x.InstitutionID)
	}
	for _, x := range c.Identifier.Query().AllX(ctx) {
		w.add(x.ID, &x.ProfileID)
	}
	for _, x := range c.WorkspaceProfile.Query().AllX(ctx) {
		w.add(x.ID, &x.ProfileID)
		w.place[x.ID] = x.WorkspaceID
	}
	for _, x := range c.ApiKey.Query().AllX(ctx) {
		w.add(x.ID, &x.ProfessionalID)
	}
	for _, x := range c.Professional.Query().AllX(ctx) {
		w.place[x.ID] = x.WorkspaceID
		w.oversees[x.ID] = slices.Contains(x.Roles, schema.RoleCoordinator) || slices.Contains(x.Roles, schema.RoleAdministrator)
		if x.AccountID != nil {
			w.of[*x.AccountID] = append(w.of[*x.AccountID], x.ID)
		}
	}
	for _, x := range c.Account.Query().AllX(ctx) {
		w.add(x.ID)
	}
	for _, x := range c.Unit.Query().AllX(ctx) {
		w.closed[x.ID] = x.Status == unit.StatusCLOSED
		w.place[x.ID] = x.WorkspaceID
	}
	for _, x := range c.Institution.Query().AllX(ctx) {
		w.place[x.ID] = x.WorkspaceID
	}
	for _, x := range c.Profile.Query().AllX(ctx) {
		w.place[x.ID] = x.HomeWorkspaceID
		if x.InstitutionID != nil {
			w.of[x.ID] = []string{*x.InstitutionID}
		}
	}
	for _, x := range c.Contact.Query().AllX(ctx) {
		if x.ProfileID != nil {
			w.of[x.ID] = []string{*x.ProfileID}
		}
	}
}

func (w *world) addEdges(ctx context.Context, h *house) {
	c := h.store.Client()
	for _, x := range c.RecordLink.Query().AllX(ctx) {
		w.add(x.ID, &x.RecordID)
		w.of[x.ID] = append(w.of[x.ID], x.ProfileID)
		w.gone[x.ID] = x.UnlinkedAt != nil
	}
	for _, x := range c.ContactLink.Query().AllX(ctx) {
		w.add(x.ID, &x.ProfileID)
		w.of[x.ID] = append(w.of[x.ID], x.ContactID)
		w.gone[x.ID] = x.EndedAt != nil
	}
	for _, x := range c.UnitMember.Query().AllX(ctx) {
		w.add(x.ID, &x.UnitID)
		w.of[x.ID] = append(w.of[x.ID], x.ProfessionalID)
		w.gone[x.ID] = x.EndedAt != nil
	}
	for _, x := range c.Record.Query().AllX(ctx) {
		w.of[x.ID] = []string{x.OwnerID}
		w.records[x.ID] = x
		w.place[x.ID] = x.WorkspaceID
	}
}

// addHanded adds what is shared, handed over, consented to and told.
func (w *world) addHanded(ctx context.Context, h *house) {
	c := h.store.Client()
	for _, x := range c.Share.Query().AllX(ctx) {
		w.add(x.ID, &x.RecordID)
		w.shares[x.ID] = x
		w.tell[x.ID] = "share of " + w.tell[x.RecordID] + " to " + w.tell[x.GranteeID]
	}
	for _, x := range c.Transfer.Query().AllX(ctx) {
		w.add(x.ID, &x.RecordID)
		w.transfers[x.ID] = x
		w.tell[x.ID] = "transfer of " + w.tell[x.RecordID] + " to " + w.tell[x.ToID]
		if w.standing(x) == transfer.StatusOFFERED {
			w.offers[x.RecordID] = []string{x.ID}
		}
	}
	for _, x := range c.SealedCopy.Query().AllX(ctx) {
		w.add(x.ID, &x.HolderID)
		w.tell[x.ID] = "sealed copy of " + w.tell[x.RecordID]
	}
	for _, x := range c.Consent.Query().AllX(ctx) {
		w.add(x.ID, &x.ProfileID)
		w.place[x.ID] = x.WorkspaceID
		w.tell[x.ID] = "consent of " + w.tell[x.ProfileID] + " to " + w.tell[x.WorkspaceID]
	}
	for _, x := range c.EmergencyAccess.Query().AllX(ctx) {
		w.add(x.ID, &x.RecordID, &x.ProfessionalID)
		w.place[x.ID] = x.WorkspaceID
		w.tell[x.ID] = "emergency access to " + w.tell[x.RecordID]
		w.gone[x.ID] = x.ReviewedAt != nil
	}
	for _, x := range c.Notification.Query().AllX(ctx) {
		w.add(x.ID, &x.ProfessionalID)
		w.tell[x.ID] = string(x.Kind) + " to " + w.tell[x.ProfessionalID]
		w.gone[x.ID] = x.ReadAt != nil
	}
}

// standing is where a transfer stands by the clock and the facts.
func (w *world) standing(x *ent.Transfer) transfer.Status {
	r := w.records[x.RecordID]
	switch {
	case x.Status != transfer.StatusOFFERED && x.Status != transfer.StatusREQUESTED:
		return x.Status
	case !x.ExpiresAt.After(time.Now()):
		return transfer.StatusEXPIRED
	case r.OwnerEpoch != x.BaseEpoch || r.Status == record.StatusBINNED || w.closed[x.ToID]:
		return transfer.StatusINVALIDATED
	default:
		return x.Status
	}
}

// known is the id of what goes by this name in the failures of a test.
func (w *world) known(t *testing.T, name string) string {
	t.Helper()
	for id, tell := range w.tell {
		if tell == name {
			return id
		}
	}
	t.Fatalf("nothing is called %q", name)
	return ""
}
