package graph_test

import (
	"strings"
	"testing"

	"continuum/schema"
)

// shareTo is the id of the live share of a record with somebody, as its giver reads it.
func (h *house) shareTo(giver, recordID, name string) string {
	h.t.Helper()
	a := h.must(giver, `query($id:ID!){record(id:$id){shares(first:50){nodes{id grantee{...on Professional{name} ...on Unit{called:name}}}}}}`, vars{"id": recordID})
	for _, s := range a.list("record.shares.nodes") {
		if at(s, "grantee.name") == name || at(s, "grantee.called") == name {
			return at(s, "id").(string)
		}
	}
	h.t.Fatalf("%s holds no share: %s", name, a.body)
	return ""
}

// handOver offers a record and accepts it.
func (h *house) handOver(giver, receiver, recordID, toID string) {
	h.t.Helper()
	offer := h.must(giver, `mutation($r:ID!,$to:ID!){transferRecord(input:{recordId:$r,toId:$to,includesConfidential:true}){transfer{id status}}}`,
		vars{"r": recordID, "to": toID}).text("transferRecord.transfer.id")
	h.must(receiver, `mutation($id:ID!){acceptTransfer(input:{id:$id}){transfer{status} record{id}}}`, vars{"id": offer})
}

// Law A5: revoked, given back or handed over, and the next event never arrives.
func TestA5_ASubscriptionEndsWithItsShareAndItsRecord(t *testing.T) {
	eachHouse(t, func(t *testing.T, h *house) {
		names := h.names()
		for _, c := range []struct {
			name, follower, query, id, toucher string
			lose                               func()
		}{
			{"the unit's share revoked", "noor@school", followRecord, names[familyRecord], "bob", func() {
				h.must("bob", `mutation($id:ID!){revokeShare(input:{id:$id}){share{status}}}`,
					vars{"id": h.shareTo("bob", names[familyRecord], "Services psychosociaux")})
			}},
			{"given back", "ben", followProfile, names["Julien"], "ann", func() {
				h.must("ben", `mutation($r:ID!){leaveRecord(input:{recordId:$r}){share{status}}}`, vars{"r": names[couplesRecord]})
			}},
			{"a profile handed over", "bob", followProfile, names["Olivier"], "ann", func() {
				h.handOver("bob", "ann", names[olivierRecord], names["Ann Lavoie@clinic"])
			}},
			{"a record handed over", "ann", followRecord, names["Anxiety"], "ann", func() {
				h.handOver("ann", "ben", names["Anxiety"], names["Ben Tran@clinic"])
			}},
		} {
			t.Run(c.name, func(t *testing.T) {
				w := h.following(t, c.follower, c.query, c.id, c.toucher)
				c.lose()
				if c.name == "a record handed over" {
					c.toucher = "ben"
				}
				h.touch(c.toucher, c.id, "a secret")
				w.ended("a secret")
				h.touch(c.toucher, c.id, "another secret")
				w.quiet()
			})
		}
	})
}

// What a change has just opened is there in its own payload.
func TestShares_ThePayloadShowsWhatBegins(t *testing.T) {
	eachHouse(t, func(t *testing.T, h *house) {
		w := h.world()
		a := h.must("sol", `mutation($id:ID!){acceptShare(input:{id:$id}){share{status record{title profiles{nodes{displayName}}} grantee{...on Professional{name}}}}}`,
			vars{"id": w.known(t, "share of Learning assessment to Sol Ayala@")})
		if a.text("acceptShare.share.status") != "ACTIVE" || a.text("acceptShare.share.record.title") != "Learning assessment" ||
			a.text("acceptShare.share.grantee.name") != "Sol Ayala" || len(a.list("acceptShare.share.record.profiles.nodes")) != 1 {
			t.Error(a.body)
		}
		a = h.must("cora", `mutation($r:ID!){requestEmergencyAccess(input:{recordId:$r,reason:"He is at the door."}){record{reason viewerCan{read} profiles{nodes{displayName}}} emergencyAccess{inForce}}}`,
			vars{"r": w.id["Anxiety"]})
		if a.at("requestEmergencyAccess.record.viewerCan.read") != true || a.at("requestEmergencyAccess.emergencyAccess.inForce") != true ||
			len(a.list("requestEmergencyAccess.record.profiles.nodes")) != 1 {
			t.Error(a.body)
		}
	})
}

// Laws A4 and P5: what a share would do is told of no record that one does not see.
func TestA4_APreviewOfAForeignRecordIsAbsent(t *testing.T) {
	eachHouse(t, func(t *testing.T, h *house) {
		w := h.world()
		const query = `query($id:ID!,$to:ID!){previewShare(input:{recordId:$id,granteeId:$to,level:READ}){pending grantee{...on Node{id}} profiles{id} professionals{id} consentMissing{id}}}`
		for i, who := range viewers() {
			e := w.expect(t, who)
			for _, id := range some(w.foreign(e, probe{prefix: "rec"}), i, "query") {
				absent := schema.NewID(schema.RecordPrefix)
				here, there := h.ask(who, query, vars{"id": id, "to": e.self}), h.ask(who, query, vars{"id": absent, "to": e.self})
				if got, want := plain(here, id), plain(there, absent); got != want {
					t.Errorf("%s of %s: %s, of nothing %s", who, w.tell[id], got, want)
				}
			}
		}
	})
}

// Whoever is known by their id can be given to, and nothing but that is told of them; an
// id that names nobody is absent.
func TestA4_APartyIsTakenAndNotTold(t *testing.T) {
	eachHouse(t, func(t *testing.T, h *house) {
		names := h.names()
		const query = `query($id:ID!,$to:ID!){previewShare(input:{recordId:$id,granteeId:$to,level:READ}){pending grantee{...on Professional{name} ...on Unit{called:name} ...on Workspace{known:name}} professionals{id}}}`
		for _, name := range []string{"Noor Rahimi@clinic", "Équipe langage", "Cabinet Sol"} {
			a := h.must("sam", query, vars{"id": names[groupRecord], "to": names[name]})
			if a.at("previewShare.pending") != true || a.at("previewShare.grantee") != nil || len(a.list("previewShare.professionals")) != 0 {
				t.Errorf("%s: %s", name, a.body)
			}
		}
		for _, prefix := range []string{schema.ProfessionalPrefix, schema.UnitPrefix, schema.WorkspacePrefix} {
			a := h.ask("sam", query, vars{"id": names[groupRecord], "to": schema.NewID(prefix)})
			if a.code() != "NOT_FOUND" || !strings.Contains(a.body, `"field":"granteeId"`) {
				t.Errorf("%s: %s", prefix, a.body)
			}
		}
	})
}
