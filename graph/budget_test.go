package graph_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"entgo.io/ent/dialect"
	"entgo.io/ent/dialect/sql"

	"continuum/ent"
	"continuum/ent/consent"
	"continuum/ent/notification"
	"continuum/ent/professional"
	"continuum/ent/profile"
	"continuum/ent/record"
	"continuum/ent/share"
	"continuum/ent/transfer"
	"continuum/internal/access"
	"continuum/internal/seed"
	"continuum/internal/storetest"
	"continuum/schema"
)

const centralizedView = `query($id:ID!){profile(id:$id){
	displayName contactPoints{kind value preferred} addresses{line1 city} institution{name kind} workspaceFile{fileNumber tags note}
	contacts(first:10){edges{relationship authority authorityInForce emergencyRank mayReceiveInformation restriction channels
		node{displayName}}}
	records(first:10){totalCount edges{role linkedAt node{number title service status owner{name} profiles(first:8){edges{role node{displayName}}}}}}
	viewerCan{update link share}}}`

// budgets are the statements that an operation may send, sign-in left out. On PostgreSQL those about the same rows are one.
var budgets = []struct {
	name, query string
	most        int
	postgres    int // where it is less there
}{
	{"point read", `query($id:ID!){profile(id:$id){displayName birthDate status}}`, 1, 0},
	{"point read with what comes along", `query($id:ID!){profile(id:$id){displayName institution{name} workspaceFile{fileNumber}}}`, 1, 0},
	{"centralized view", centralizedView, 9, 2}, // 8, and the count of the records
	{"centralized view without the count", strings.Replace(centralizedView, "totalCount ", "", 1), 8, 2},
	{"page of 50", `{profiles(first:50){nodes{displayName records{totalCount} contacts(first:3){nodes{displayName}}}}}`, 3, 2},
	{"page of 50 by its edges", `{profiles(first:50){edges{cursor node{displayName records{totalCount} contacts(first:3){edges{relationship node{displayName}}}}}}}`, 3, 2},
	{"50 x 20 x 5", `{profiles(first:50){nodes{displayName records(first:20){nodes{title profiles(first:5){nodes{displayName}}}}}}}`, 4, 3},
	{"caseload", `{records(first:50){nodes{number title owner{name} profileCount profiles(first:3){nodes{displayName}} viewerCan{update}}}}`, 5, 0},
	{"contacts", `{contacts(first:50){nodes{displayName contactPoints{value} profiles(first:3){nodes{displayName}}}}}`, 3, 2},
	{"count alone", `{profiles{totalCount}}`, 1, 0},
	{"rows alone", `{profiles(first:50){nodes{id}}}`, 1, 0},
	{"rows and count", `{profiles(first:50){totalCount nodes{id}}}`, 2, 0},
	{"count skipped", `{profiles(first:50){totalCount @skip(if:true) nodes{id}}}`, 1, 0},
	{"nested count skipped", `{profiles(first:50){nodes{id records(first:2){...on ProfileRecordConnection @include(if:false){totalCount} nodes{id}}}}}`, 2, 0},
	{"shared with me", `{viewer{sharedWithMe(first:50){nodes{level status record{title owner{name} profiles(first:3){nodes{displayName}}} givenBy{name} grantee{...on Professional{name} ...on Unit{name}}}}}}`, 7, 0},
	{"shares of a caseload", `{records(first:50){nodes{title shares(first:5){totalCount nodes{level grantee{...on Professional{name} ...on Unit{name} ...on Workspace{name}} givenBy{name}}}}}}`, 6, 0},
	{"transfers", `{viewer{transfers(first:50){totalCount nodes{status preview{number} from{name} to{...on Professional{name}} fromWorkspace{name} toWorkspace{name} createdBy{name} record{title} shares{keep share{level}}}}}}`, 9, 0},
	{"notifications", `{viewer{notifications(first:50,unread:true){totalCount nodes{kind actor{name} record{title} share{level} transfer{status}}}}}`, 6, 0},
	{"consents of a page", `{profiles(first:50){nodes{displayName consents(first:3){nodes{inForce givenBy{relationship} target{...on Unit{name}} recordedBy{name}}}}}}`, 5, 0},
	{"who sees a profile", `query($id:ID!){profile(id:$id){access{complete entries{reason level professional{name} record{title} link{role} since until}}}}`, 8, 0},
	{"why somebody sees a profile", `query($id:ID!){explainAccess(id:$id){level right complete chains{reason level professional{name} profile{displayName} record{title} link{role} since until}}}`, 7, 0},
	{"a hundred nodes", `query($ids:[ID!]!){nodes(ids:$ids){id}}`, 1, 0},
}

// The statements of an operation depend on its shape, not on the data: they are within
// the budget, and the same with ten times the rows.
func TestBudget(t *testing.T) {
	for _, engine := range storetest.Engines {
		t.Run(storetest.Name(engine), func(t *testing.T) {
			few, many := crowded(t, engine, 300), crowded(t, engine, 3000)
			for _, b := range budgets {
				t.Run(b.name, func(t *testing.T) {
					small, large := few.spend(b.query), many.spend(b.query)
					most := b.most
					if engine == dialect.Postgres && b.postgres > 0 {
						most = b.postgres
					}
					if len(large) > most {
						t.Errorf("%d statements, want at most %d:\n%s", len(large), most, strings.Join(large, "\n"))
					}
					if len(small) != len(large) {
						t.Errorf("%d statements with little data, %d with ten times that:\n%s", len(small), len(large), strings.Join(large, "\n"))
					}
				})
			}
		})
	}
}

// crowded is a house of n profiles, whose largest workspace belongs to one professional.
func crowded(t *testing.T, engine string, n int) *house {
	t.Helper()
	h := newHouse(t, storetest.URL(t, engine))
	if err := seed.Bulk(t.Context(), h.store, n, func(string) {}); err != nil {
		t.Fatal(err)
	}
	c, ctx := h.store.Client(), access.System(t.Context(), "the facts of a test")
	who := c.Professional.Query().Order(professional.ByID()).FirstX(ctx)
	h.change(func(ctx context.Context, tx *ent.Client) error {
		if err := tx.Record.Update().Where(record.WorkspaceID(who.WorkspaceID)).SetOwnerID(who.ID).Exec(ctx); err != nil {
			return err
		}
		// Somebody shares with the whole workspace: it is read apart from professionals and units.
		abroad, err := tx.Record.Query().Where(record.WorkspaceIDNEQ(who.WorkspaceID)).Order(record.ByID()).FirstID(ctx)
		if err != nil {
			return err
		}
		err = tx.Share.Create().SetRecordID(abroad).SetGranteeID(who.WorkspaceID).SetLevel(share.LevelREAD).SetStatus(share.StatusACTIVE).SetEpoch(1).Exec(ctx)
		if err != nil {
			return err
		}
		// And one of the latest records is shared with one, whatever the data.
		there, err := tx.Record.Query().Where(record.ID(abroad)).Select(record.FieldWorkspaceID).String(ctx)
		if err != nil {
			return err
		}
		latest, err := tx.Record.Query().Where(record.OwnerID(who.ID)).Order(record.ByCreatedAt(sql.OrderDesc()), record.ByID(sql.OrderDesc())).FirstID(ctx)
		if err != nil {
			return err
		}
		err = tx.Share.Create().SetRecordID(latest).SetGranteeID(there).SetLevel(share.LevelREAD).SetStatus(share.StatusACTIVE).SetEpoch(1).Exec(ctx)
		if err != nil {
			return err
		}
		if err := handMuch(ctx, tx, who, n/10); err != nil {
			return err
		}
		return h.addKey(ctx, tx, "owner", who.ID, schema.AllScopes()...)
	})
	return h
}

// handMuch offers some of the professional's records to a colleague, tells them of it, and
// keeps consents of some profiles.
func handMuch(ctx context.Context, tx *ent.Client, who *ent.Professional, n int) error {
	colleague, err := tx.Professional.Query().Where(professional.WorkspaceID(who.WorkspaceID), professional.IDNEQ(who.ID)).Order(professional.ByID()).FirstID(ctx)
	if err != nil {
		return err
	}
	for _, r := range tx.Record.Query().Where(record.OwnerID(who.ID)).Order(record.ByID()).Limit(n).AllX(ctx) {
		x, err := tx.Transfer.Create().SetRecordID(r.ID).SetMode(transfer.ModeOFFER).SetFromID(who.ID).SetFromWorkspaceID(who.WorkspaceID).
			SetToID(colleague).SetToWorkspaceID(who.WorkspaceID).SetStatus(transfer.StatusOFFERED).SetBaseEpoch(r.OwnerEpoch).
			SetSharesDefault(transfer.SharesDefaultKEEP).SetExpiresAt(schema.Now().Add(forLong)).SetCreatedByID(who.ID).Save(ctx)
		if err != nil {
			return err
		}
		err = tx.Notification.Create().SetProfessionalID(who.ID).SetKind(notification.KindTRANSFER_REQUESTED).SetEventID(schema.NewID(schema.EventPrefix)).
			SetActorID(colleague).SetRecordID(r.ID).SetTransferID(x.ID).Exec(ctx)
		if err != nil {
			return err
		}
	}
	for _, p := range tx.Profile.Query().Where(profile.HomeWorkspaceID(who.WorkspaceID)).Order(profile.BySortName(), profile.ByID()).Limit(n).AllX(ctx) {
		err := tx.Consent.Create().SetWorkspaceID(who.WorkspaceID).SetProfileID(p.ID).SetPurpose(consent.PurposeSHARE).SetMethod(consent.MethodVERBAL).
			SetTargetID(colleague).SetSignedAt(schema.Now()).SetEffectiveAt(schema.Now()).SetCreatedByID(who.ID).Exec(ctx)
		if err != nil {
			return err
		}
	}
	return nil
}

// spend runs an operation about the busiest of the profiles, and lists its statements.
func (h *house) spend(query string) []string {
	h.t.Helper()
	page := h.must("owner", `{profiles(first:100){nodes{id records{totalCount}}}}`, nil)
	var id string
	most := -1
	for i, row := range page.list("profiles.nodes") {
		if n := page.number(fmt.Sprintf("profiles.nodes.%d.records.totalCount", i)); n > most {
			id, most = at(row, "id").(string), n
		}
	}
	h.must("owner", query, vars{"id": id, "ids": page.ids("profiles.nodes")})
	return h.spent.statements
}

// What a mutation answers with costs a statement for each edge, not for each row.
func TestBudget_Payloads(t *testing.T) {
	for _, engine := range storetest.Engines {
		t.Run(storetest.Name(engine), func(t *testing.T) {
			h := crowded(t, engine, 1000)
			id := h.must("owner", `{profiles(first:1,filter:{hasRecord:true}){nodes{id}}}`, nil).text("profiles.nodes.0.id")
			change := func(n int, selection string) int {
				version := h.must("owner", `query($id:ID!){profile(id:$id){version}}`, vars{"id": id}).number("profile.version")
				h.must("owner", fmt.Sprintf(`mutation($id:ID!,$v:Int!){updateProfile(input:{id:$id,expectedVersion:$v,grade:"%d"}){profile%s}}`, n, selection),
					vars{"id": id, "v": version})
				return len(h.spent.statements)
			}
			bare := change(1, `{id}`)
			full := change(2, `{id contactPoints{value} contacts(first:10){nodes{displayName contactPoints{value}}}
				records(first:20){nodes{title owner{name} profiles(first:10){nodes{displayName contactPoints{value}}}}}}`)
			// Seven edges. What no level foresees is gathered by the clock, which may need a second turn.
			if full-bare > 14 {
				t.Errorf("%d statements for the payload alone:\n%s", full-bare, strings.Join(h.spent.statements, "\n"))
			}
		})
	}
}

// Former profiles no longer come along with their links: they are asked for at once,
// however many there are.
func TestBudget_FormerProfiles(t *testing.T) {
	for _, engine := range storetest.Engines {
		t.Run(storetest.Name(engine), func(t *testing.T) {
			h := crowded(t, engine, 300)
			ids := h.must("owner", `{profiles(first:8){nodes{id}}}`, nil).ids("profiles.nodes")
			var profiles []vars
			for _, id := range ids {
				profiles = append(profiles, vars{"profileId": id})
			}
			r := h.must("owner", `mutation($p:[RecordProfileInput!]!){createRecord(input:{title:"t",kind:GROUP,profiles:$p}){record{id}}}`,
				vars{"p": profiles}).text("createRecord.record.id")
			spent := func(leave []string) int {
				for _, id := range leave {
					h.must("owner", `mutation($r:ID!,$p:ID!){unlinkProfile(input:{recordId:$r,profileId:$p}){link{id}}}`, vars{"r": r, "p": id})
				}
				h.must("owner", `query($r:ID!){record(id:$r){formerProfiles(first:20){nodes{id}}}}`, vars{"r": r})
				return len(h.spent.statements)
			}
			if one, six := spent(ids[:1]), spent(ids[1:6]); one != 3 || six != 3 {
				t.Errorf("%d statements for one former profile, %d for six:\n%s", one, six, strings.Join(h.spent.statements, "\n"))
			}
		})
	}
}
