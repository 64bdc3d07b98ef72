package graph_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"continuum/ent"
	"continuum/ent/record"
	"continuum/ent/share"
	"continuum/ent/transfer"
	"continuum/ent/unit"
	"continuum/schema"
)

// What the tests look at of what is shared, handed over and told: every edge there is but
// what package practice works out for one row alone.
var handedEdges = map[string]string{
	"share": `...on Share{id level status origin startsAt expiresAt endedAt consentOverride version record{id} grantee{...on Node{id}} givenBy{id} endedBy{id}}`,
	"xfer": `...on Transfer{id mode status message answerReason expiresAt record{id} from{id} to{...on Node{id}} fromWorkspace{id} toWorkspace{id}
		newOwner{id} answeredBy{id} createdBy{id} shares{keep share{id}} preview{number kind profileCount}}`,
	"seal": `...on SealedCopy{id number sealedAt manifestHash record{id} transfer{id} holder{id}}`,
	"cons": `...on Consent{id purpose method signedAt effectiveAt inForce profile{id} givenBy{id} target{...on Node{id}} recordedBy{id} withdrawnBy{id}}`,
	"emer": `...on EmergencyAccess{id reason startedAt endsAt inForce reviewedAt record{id} professional{id} reviewedBy{id}}`,
	"ntf":  `...on Notification{id kind createdAt readAt actor{id} record{id} share{id} transfer{id} emergencyAccess{id}}`,
}

// handedLists are the lists of them: where they stand, of what, and which of those that
// the viewer sees they hold.
var handedLists = map[string]struct {
	of, arguments, prefix string
	holds                 func(w *world, e expected, id string) bool
}{
	"sharedWithMe": {"viewer", "", "share", func(w *world, e expected, id string) bool {
		s := w.shares[id]
		mine := e.holds[s.GranteeID] || s.GranteeID == e.home
		return mine && s.Status == share.StatusACTIVE && w.lasts(s) && w.records[s.RecordID].Status != record.StatusBINNED
	}},
	"pendingShares": {"viewer", "", "share", func(w *world, e expected, id string) bool {
		s := w.shares[id]
		return e.answers[s.GranteeID] && s.Status == share.StatusPENDING && w.lasts(s)
	}},
	"transfers": {"viewer", "", "xfer", all},
	"transfers in": {"viewer", "direction:INCOMING,", "xfer", func(w *world, e expected, id string) bool {
		return e.answers[w.transfers[id].ToID]
	}},
	"transfers out": {"viewer", "direction:OUTGOING,", "xfer", func(w *world, e expected, id string) bool {
		return e.holds[w.transfers[id].FromID]
	}},
	"transfers open": {"viewer", "status:[OFFERED,REQUESTED],", "xfer", func(w *world, _ expected, id string) bool {
		return slices.Contains([]transfer.Status{transfer.StatusOFFERED, transfer.StatusREQUESTED}, w.standing(w.transfers[id]))
	}},
	"transfers expired": {"viewer", "status:EXPIRED,", "xfer", func(w *world, _ expected, id string) bool {
		return w.standing(w.transfers[id]) == transfer.StatusEXPIRED
	}},
	"transfers void": {"viewer", "status:INVALIDATED,", "xfer", func(w *world, _ expected, id string) bool {
		return w.standing(w.transfers[id]) == transfer.StatusINVALIDATED
	}},
	"notifications":            {"viewer", "", "ntf", all},
	"notifications unread":     {"viewer", "unread:true,", "ntf", func(w *world, _ expected, id string) bool { return !w.gone[id] }},
	"notifications read":       {"viewer", "unread:false,", "ntf", func(w *world, _ expected, id string) bool { return w.gone[id] }},
	"sealedCopies":             {"viewer", "", "seal", all},
	"emergencyAccesses":        {"", "", "emer", all},
	"emergencyAccesses open":   {"", "reviewed:false,", "emer", func(w *world, _ expected, id string) bool { return !w.gone[id] }},
	"emergencyAccesses closed": {"", "reviewed:true,", "emer", func(w *world, _ expected, id string) bool { return w.gone[id] }},
}

func all(*world, expected, string) bool { return true }

// lasts says whether a share has not ended by the clock, nor with its owner.
func (w *world) lasts(s *ent.Share) bool {
	return (s.ExpiresAt == nil || s.ExpiresAt.After(time.Now())) && s.Epoch == w.records[s.RecordID].OwnerEpoch
}

// within puts a selection where a list stands.
func within(of, selection string) string {
	if of == "" {
		return "{" + selection + "}"
	}
	return "{" + of + "{" + selection + "}}"
}

// Every viewer x every list of what is shared, handed over and told: the same rows, the
// latest first, counted, page by page from either end.
func TestMatrix_HandedByList(t *testing.T) {
	eachHouse(t, func(t *testing.T, h *house) {
		w := h.world()
		held := map[string]bool{}
		for _, who := range viewers() {
			e := w.expect(t, who)
			for name, list := range handedLists {
				field, _, _ := strings.Cut(name, " ")
				var want []string
				for _, id := range e.of(w, w.ids[list.prefix]) {
					if list.holds(w, e, id) {
						want = append(want, id)
						held[name] = true
					}
				}
				h.checkHanded(t, w, who, name, list.of, field, list.arguments, want)
			}
		}
		for name := range handedLists {
			if !held[name] {
				t.Errorf("nobody has anything in %s", name)
			}
		}
	})
}

func (h *house) checkHanded(t *testing.T, w *world, who, name, of, field, arguments string, want []string) {
	t.Helper()
	path := strings.TrimPrefix(of+".list", ".")
	whole := h.must(who, within(of, fmt.Sprintf(`list:%s(%sfirst:100){totalCount nodes{id} edges{cursor node{id}}}`, field, arguments)), nil)
	got := whole.ids(path + ".nodes")
	if diff := cmp.Diff(w.called(want), w.called(got)); diff != "" {
		t.Errorf("%s, %s: %s", who, name, diff)
	}
	if n := whole.number(path + ".totalCount"); n != len(want) {
		t.Errorf("%s, %s: totalCount %d, want %d", who, name, n, len(want))
	}
	for _, way := range []struct{ size, beyond, more, cursor string }{
		{"first:1", "after", "hasNextPage", "endCursor"}, {"last:1", "before", "hasPreviousPage", "startCursor"},
	} {
		var walked []string
		from := ""
		for range len(got) + 1 {
			a := h.must(who, within(of, fmt.Sprintf(`list:%s(%s%s%s){nodes{id} pageInfo{%s %s}}`, field, arguments, way.size, from, way.more, way.cursor)), nil)
			walked = append(walked, a.ids(path+".nodes")...)
			if a.at(path+".pageInfo."+way.more) != true {
				break
			}
			from = fmt.Sprintf(",%s:%q", way.beyond, a.text(path+".pageInfo."+way.cursor))
		}
		if way.beyond == "before" {
			slices.Reverse(walked)
		}
		if !slices.Equal(walked, got) {
			t.Errorf("%s, %s %s: %v, want %v", who, name, way.size, w.called(walked), w.called(got))
		}
	}
}

// Law A8: a share, a transfer, a notification looks the same in its list and by its id,
// and what stands on its edges is what the viewer sees anyhow.
func TestA8_WhatIsHandedOverIsTheSameByEveryPath(t *testing.T) {
	eachHouse(t, func(t *testing.T, h *house) {
		w := h.world()
		for _, who := range viewers() {
			e := w.expect(t, who)
			for name, list := range handedLists {
				field, _, _ := strings.Cut(name, " ")
				edges := handedEdges[list.prefix]
				path := strings.TrimPrefix(list.of+".list", ".")
				listed := h.must(who, within(list.of, fmt.Sprintf(`list:%s(%sfirst:9){nodes{%s} edges{node{%s}}}`, field, list.arguments, edges, edges)), nil)
				for i, row := range listed.list(path + ".nodes") {
					id, _ := at(row, "id").(string)
					apart := h.must(who, `query($id:ID!){node(id:$id){`+edges+`} nodes(ids:[$id]){`+edges+`}}`, vars{"id": id})
					for _, other := range []any{at(listed.list(path + ".edges")[i], "node"), apart.at("node"), apart.at("nodes.0")} {
						if diff := cmp.Diff(row, other); diff != "" {
							t.Errorf("%s, %s in %s: %s", who, w.tell[id], name, diff)
						}
					}
				}
			}
			h.checkHandedEdges(t, w, who, e)
		}
	})
}

// checkHandedEdges compares each edge with what the viewer ought to see there.
func (h *house) checkHandedEdges(t *testing.T, w *world, who string, e expected) {
	t.Helper()
	for prefix, edges := range handedEdges {
		for _, row := range h.must(who, `query($ids:[ID!]!){nodes(ids:$ids){`+edges+`}}`, vars{"ids": w.ids[prefix]}).list("nodes") {
			id, _ := at(row, "id").(string)
			if id == "" {
				continue
			}
			for _, shown := range idsWithin(row) {
				if !e.sees(w, shown) {
					t.Errorf("%s sees %s beside %s", who, w.tell[shown], w.tell[id])
				}
			}
			for edge, other := range w.handedEdges(id) {
				if diff := cmp.Diff(w.called(e.of(w, other)), w.called(idsAt(row, edge))); diff != "" {
					t.Errorf("%s, %s of %s: %s", who, edge, w.tell[id], diff)
				}
			}
		}
	}
}

// handedEdges is what stands on the edges of a share or a transfer, for whoever sees it.
func (w *world) handedEdges(id string) map[string][]string {
	switch id[:4] {
	case "shar":
		s := w.shares[id]
		return map[string][]string{"record": {s.RecordID}, "grantee": {s.GranteeID}, "givenBy": {s.CreatedByID}}
	case "xfer":
		x := w.transfers[id]
		return map[string][]string{"record": {x.RecordID}, "from": {x.FromID}, "to": {x.ToID}, "createdBy": {x.CreatedByID},
			"fromWorkspace": {x.FromWorkspaceID}, "toWorkspace": {x.ToWorkspaceID}}
	default:
		return nil
	}
}

// A record tells its standing shares, and those that ended where they are asked for; the
// clock decides, not the row.
func TestShares_OfARecord(t *testing.T) {
	eachHouse(t, func(t *testing.T, h *house) {
		names := h.names()
		read := func(who, id, arguments string) string {
			a := h.must(who, `query($id:ID!){record(id:$id){shares(`+arguments+`){totalCount nodes{status grantee{...on Professional{name} ...on Workspace{called:name}}}}}}`, vars{"id": id})
			var told []string
			for _, s := range a.list("record.shares.nodes") {
				told = append(told, fmt.Sprint(at(s, "grantee.name"), at(s, "grantee.called"), " ", at(s, "status")))
			}
			if a.number("record.shares.totalCount") != len(told) {
				t.Errorf("%s counts otherwise: %s", who, a.body)
			}
			slices.Sort(told)
			return strings.ReplaceAll(strings.Join(told, ", "), "<nil>", "")
		}
		for _, c := range []struct{ who, record, arguments, want string }{
			{"ann", "Anxiety", "first:9", ""},
			{"ann", "Anxiety", "first:9,includeEnded:true", "Cora Nadeau REVOKED, Dina Haddad EXPIRED"},
			{"dina", "Anxiety", "first:9,includeEnded:true", "Dina Haddad EXPIRED"}, // her own alone
			{"bob", "Learning assessment", "first:9", "Sol Ayala PENDING"},
			{"adam", "Learning assessment", "first:9,includeEnded:true", ""},
			{"ben", couplesRecord, "first:9", "Ben Tran ACTIVE"},
			{"bob", "Support after a loss", "first:9", clinicName + " PENDING"},
			{"ann", "Parents' evenings", "first:9,includeEnded:true", schoolName + " EXPIRED"},
		} {
			if got := read(c.who, names[c.record], c.arguments); got != c.want {
				t.Errorf("%s, %s of %s: %q, want %q", c.who, c.arguments, c.record, got, c.want)
			}
		}
	})
}

// Why a consent was gone without is for those who edit the record.
func TestShares_TellTheOverrideToEditors(t *testing.T) {
	eachHouse(t, func(t *testing.T, h *house) {
		w := h.world()
		id := w.known(t, "share of Learning assessment to Sol Ayala@")
		for who, want := range map[string]any{"bob": "The family cannot be reached.", "sol": nil} {
			a := h.must(who, `query($id:ID!){node(id:$id){...on Share{status consentOverride givenBy{name}}}}`, vars{"id": id})
			if got := a.at("node.consentOverride"); got != want || a.text("node.givenBy.name") != "Bob Gagnon" || a.text("node.status") != "PENDING" {
				t.Errorf("%s: %s", who, a.body)
			}
		}
	})
}

// Of a party of another workspace one learns the name and the title, and where they work.
func TestParties_AreNamedAndNoMore(t *testing.T) {
	eachHouse(t, func(t *testing.T, h *house) {
		names := h.names()
		a := h.must("bob", `query($p:ID!,$w:ID!){professional:node(id:$p){...on Professional{name title email licenceNumber roles status version workspace{name} units{id} directory{scope}}}
			workspace(id:$w){name kind region policies{adultAge}}}`, vars{"p": names["Ann Lavoie@clinic"], "w": names[clinicName]})
		want := map[string]any{
			"professional": map[string]any{"name": "Ann Lavoie", "title": "Psychologist", "email": nil, "licenceNumber": nil, "roles": nil, "status": nil,
				"version": nil, "workspace": map[string]any{"name": clinicName}, "units": nil, "directory": nil},
			"workspace": map[string]any{"name": clinicName, "kind": "ORGANIZATION", "region": nil, "policies": nil},
		}
		if diff := cmp.Diff(any(want), a.Data); diff != "" {
			t.Error(diff)
		}
	})
}

// A receiver is told the number, the kind and how many people; once the offer is no
// longer open, nothing.
func TestT4_APreviewIsForTheReceiverOfAnOpenOffer(t *testing.T) {
	eachHouse(t, func(t *testing.T, h *house) {
		w := h.world()
		const query = `query($id:ID!){node(id:$id){...on Transfer{status message record{id} preview{number kind profileCount}}}}`
		offered := w.known(t, "transfer of Exam stress to Services psychosociaux")
		for who, preview := range map[string]bool{"sam": true, "noor@school": true, "adam": false, "ann": false, "cora": false} {
			a := h.must(who, query, vars{"id": offered})
			if got := a.at("node.preview") != nil; got != preview {
				t.Errorf("%s: %s", who, a.body)
			}
			if said := a.at("node.message") != nil; said != (preview || who == "ann") {
				t.Errorf("%s: %s", who, a.body)
			}
		}
		a := h.must("sam", query, vars{"id": offered})
		want := map[string]any{"number": w.records[w.id["Exam stress"]].Number, "kind": "INDIVIDUAL", "profileCount": 1.0}
		if diff := cmp.Diff(any(want), a.at("node.preview")); diff != "" || a.at("node.record") != nil {
			t.Error(diff, a.body)
		}
		for name, who := range map[string]string{
			"transfer of Thrown away to Ben Tran@clinic": "ben", "transfer of Parents' evenings to Noor Rahimi@clinic": "noor@clinic",
			"transfer of " + strokeRecord + " to Ben Tran@clinic": "ben",
		} {
			if a := h.must(who, query, vars{"id": w.known(t, name)}); a.at("node.preview") != nil {
				t.Errorf("%s: %s", name, a.body)
			}
		}
	})
}

// An open transfer is void as soon as what it is about has changed, in every place that
// shows it, and again what it was when that is undone.
func TestTransfers_StandByTheFacts(t *testing.T) {
	eachHouse(t, func(t *testing.T, h *house) {
		w := h.world()
		offered := w.known(t, "transfer of Exam stress to Services psychosociaux")
		standing := func() string {
			a := h.must("ann", `query($id:ID!,$r:ID!){node(id:$id){...on Transfer{status}} record(id:$r){openTransfer{status}}
				viewer{open:transfers(status:OFFERED,first:9){nodes{id status}} void:transfers(status:INVALIDATED,first:9){nodes{id status}}}}`,
				vars{"id": offered, "r": w.id["Exam stress"]})
			status := a.text("node.status")
			open := status == "OFFERED"
			if (a.at("record.openTransfer.status") == "OFFERED") != open || slices.Contains(a.ids("viewer.open.nodes"), offered) != open ||
				slices.Contains(a.ids("viewer.void.nodes"), offered) == open {
				t.Errorf("not the same everywhere: %s", a.body)
			}
			return status
		}
		set := func(write func(context.Context, *ent.Client) error) { h.change(write) }
		record, group := w.id["Exam stress"], w.id["Services psychosociaux"]
		for name, change := range map[string]struct {
			there, back func(context.Context, *ent.Client) error
		}{
			"another owner": {
				func(ctx context.Context, tx *ent.Client) error {
					return tx.Record.UpdateOneID(record).SetOwnerEpoch(2).Exec(ctx)
				},
				func(ctx context.Context, tx *ent.Client) error {
					return tx.Record.UpdateOneID(record).SetOwnerEpoch(1).Exec(ctx)
				},
			},
			"thrown away": {
				func(ctx context.Context, tx *ent.Client) error {
					return tx.Record.UpdateOneID(record).SetStatus("BINNED").Exec(ctx)
				},
				func(ctx context.Context, tx *ent.Client) error {
					return tx.Record.UpdateOneID(record).SetStatus("ARCHIVED").Exec(ctx)
				},
			},
			"the unit closed": {
				func(ctx context.Context, tx *ent.Client) error {
					return tx.Unit.UpdateOneID(group).SetStatus(unit.StatusCLOSED).Exec(ctx)
				},
				func(ctx context.Context, tx *ent.Client) error {
					return tx.Unit.UpdateOneID(group).SetStatus(unit.StatusACTIVE).Exec(ctx)
				},
			},
		} {
			if got := standing(); got != "OFFERED" {
				t.Errorf("before %s: %s", name, got)
			}
			set(change.there)
			if got := standing(); got != "INVALIDATED" {
				t.Errorf("%s: %s", name, got)
			}
			set(change.back)
		}
		set(func(ctx context.Context, tx *ent.Client) error {
			return tx.Transfer.UpdateOneID(offered).SetExpiresAt(schema.Now().Add(-time.Minute)).Exec(ctx)
		})
		if a := h.must("ann", `query($id:ID!){node(id:$id){...on Transfer{status}}}`, vars{"id": offered}); a.text("node.status") != "EXPIRED" {
			t.Error(a.body)
		}
	})
}

// The plan of a transfer names shares, and shows those that its reader sees.
func TestTransfers_ShowThePlanToWhoSeesTheShares(t *testing.T) {
	eachHouse(t, func(t *testing.T, h *house) {
		w := h.world()
		kept := w.known(t, "share of Anxiety to Cora Nadeau@clinic")
		dropped := w.known(t, "share of Anxiety to Dina Haddad@clinic")
		id := w.known(t, "transfer of Anxiety to Ben Tran@clinic")
		h.change(func(ctx context.Context, tx *ent.Client) error {
			return tx.Transfer.UpdateOneID(id).SetSharePlan(map[string]string{kept: "KEEP", dropped: "DROP"}).Exec(ctx)
		})
		for who, want := range map[string]int{"ann": 2, "ben": 0, "cora": 1} {
			a := h.must(who, `query($id:ID!){node(id:$id){...on Transfer{shares{keep share{id}}}}}`, vars{"id": id})
			shares := a.list("node.shares")
			if len(shares) != want {
				t.Errorf("%s: %s", who, a.body)
			}
			for _, s := range shares {
				if at(s, "keep") != (at(s, "share.id") == kept) {
					t.Errorf("%s: %s", who, a.body)
				}
			}
		}
	})
}

// A consent counts between its dates until it is withdrawn.
func TestConsents_AreInForce(t *testing.T) {
	eachHouse(t, func(t *testing.T, h *house) {
		names := h.names()
		for name, want := range map[string]bool{"Élodie": true, "Olivier": false} {
			a := h.must("ann", `query($id:ID!){profile(id:$id){consents{nodes{inForce purpose method givenBy{id} recordedBy{name} withdrawnAt}}}}`, vars{"id": names[name]})
			if a.at("profile.consents.nodes.0.inForce") != want || a.text("profile.consents.nodes.0.recordedBy.name") != "Ann Lavoie" {
				t.Errorf("%s: %s", name, a.body)
			}
		}
		a := h.must("bob", `query($id:ID!){profile(id:$id){consents{totalCount nodes{givenBy{contact{displayName}} target{...on Professional{name}}}}}}`, vars{"id": names["Léa"]})
		if a.number("profile.consents.totalCount") != 1 || !strings.HasPrefix(a.text("profile.consents.nodes.0.givenBy.contact.displayName"), "Sophie") ||
			a.text("profile.consents.nodes.0.target.name") != "Sam Ouellet" {
			t.Error(a.body)
		}
	})
}
