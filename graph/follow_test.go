package graph_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"entgo.io/ent/dialect"

	"continuum/ent"
	"continuum/ent/share"
	"continuum/internal/storetest"
)

const (
	followProfile = `subscription($id:ID!){changed:profileChanged(id:$id){id text:grade}}`
	followRecord  = `subscription($id:ID!){changed:recordChanged(id:$id){id text:reason}}`
)

// touch changes what can be followed, as somebody who may.
func (h *house) touch(who, id, text string) {
	h.t.Helper()
	field, noun, column := "updateProfile", "profile", "grade"
	if strings.HasPrefix(id, "rec") {
		field, noun, column = "updateRecord", "record", "reason"
	}
	version := h.must(who, `query($id:ID!){`+noun+`(id:$id){version}}`, vars{"id": id}).number(noun + ".version")
	h.must(who, `mutation($id:ID!,$v:Int!,$text:String){`+field+`(input:{id:$id,expectedVersion:$v,`+column+`:$text}){`+noun+`{id}}}`,
		vars{"id": id, "v": version, "text": text})
}

// following subscribes, and returns when the server follows. Nothing says so but a
// first event, so somebody else changes the thing until one comes.
func (h *house) following(t *testing.T, follower, query, id, toucher string) *wire {
	t.Helper()
	w := h.open(t, follower)
	w.subscribe("f", query, vars{"id": id})
	for i := range 200 {
		h.touch(toucher, id, fmt.Sprint("turn ", i))
		w.subscribe(fmt.Sprint("turn", i), `{__typename}`, nil)
		for heard := false; ; {
			m := w.next()
			heard = heard || m.ID == "f" && m.Type == "next"
			if m.ID != "f" && m.Type == "complete" {
				if heard {
					w.turns = i + 1
					return w
				}
				break
			}
		}
	}
	t.Fatal("the subscription never began")
	return nil
}

// until waits for an event with this text.
func (w *wire) until(text string) {
	w.t.Helper()
	for {
		m := w.next()
		if m.ID != "f" || m.Type != "next" {
			w.t.Fatalf("instead of %q came %v", text, m)
		}
		if at(m.Payload, "data.changed.text") == text {
			return
		}
	}
}

// ended waits for the end of the subscription, and fails on an event that shows what
// was written after the access had ended.
func (w *wire) ended(secret string) {
	w.t.Helper()
	for {
		m := w.next()
		if strings.Contains(fmt.Sprint(m.Payload), secret) {
			w.t.Fatalf("an event after the end: %v", m)
		}
		if m.Type == "next" {
			continue
		}
		if code := at(m.Payload, "0.extensions.code"); m.Type != "error" || code != "ACCESS_ENDED" {
			w.t.Errorf("the subscription ended with %v", m)
		}
		return
	}
}

// Law M2: an edit is seen at once on every screen that is open, whoever made it, in
// every workspace.
func TestM2_AnEditReachesOpenScreens(t *testing.T) {
	eachHouse(t, func(t *testing.T, h *house) {
		names := h.names()
		for _, c := range []struct{ name, follower, query, id, toucher string }{
			{"a profile, in the workspace", "sam", followProfile, names["Noah"], "bob"},
			{"a profile, in another workspace", "ann", followProfile, names["Olivier"], "bob"},
			{"a profile, by its directory", "maya", followProfile, names["Noah"], "bob"},
			{"a record, by a colleague", "noor@school", followRecord, names[groupRecord], "sam"},
			{"a record, in another workspace", "bob", followRecord, names[olivierRecord], "ann"},
		} {
			t.Run(c.name, func(t *testing.T) {
				w := h.following(t, c.follower, c.query, c.id, c.toucher)
				h.touch(c.toucher, c.id, "the news")
				w.until("the news")
			})
		}
	})
}

// An open record shows its profiles: a change of one of them, and a link, are news.
func TestFollow_TellsOfProfiles(t *testing.T) {
	eachHouse(t, func(t *testing.T, h *house) {
		names := h.names()
		query := `subscription($id:ID!){changed:recordChanged(id:$id){text:reason profiles{nodes{grade}}}}`
		w := h.following(t, "ann", query, names[olivierRecord], "bob")
		h.touch("bob", names["Olivier"], "Secondary 4")
		for m := w.next(); at(m.Payload, "data.changed.profiles.nodes.0.grade") != "Secondary 4"; m = w.next() {
			if m.Type != "next" {
				t.Fatal(m)
			}
		}
		h.must("bob", `mutation($r:ID!,$p:ID!){linkProfile(input:{recordId:$r,profileId:$p}){link{id}}}`,
			vars{"r": names[olivierRecord], "p": names["Julien"]})
		for m := w.next(); at(m.Payload, "data.changed.profiles.nodes.1") == nil; m = w.next() {
			if m.Type != "next" {
				t.Fatal(m)
			}
		}
	})
}

// Law A5: who has lost access is told so once, and sees nothing of what comes after.
func TestA5_ASubscriptionEndsWithItsAccess(t *testing.T) {
	eachHouse(t, func(t *testing.T, h *house) {
		names := h.names()
		keyOf := func(who string) string { return "key_" + strings.Split(h.keys[who], "_")[1] }
		for _, c := range []struct {
			name, follower, query, id, toucher string
			lose                               func()
		}{
			{"unlinked", "noor@school", followProfile, names["Rosalie"], "sam", func() {
				h.must("sam", `mutation($r:ID!,$p:ID!){unlinkProfile(input:{recordId:$r,profileId:$p}){link{id}}}`,
					vars{"r": names[groupRecord], "p": names["Rosalie"]})
			}},
			{"out of the unit", "noor@school", followRecord, names[groupRecord], "sam", func() {
				h.must("adam", `mutation($u:ID!,$p:ID!){removeUnitMember(input:{unitId:$u,professionalId:$p}){unitMember{id}}}`,
					vars{"u": names["Services psychosociaux"], "p": names["Noor Rahimi@school"]})
			}},
			{"the share revoked", "ann", followProfile, names["Olivier"], "bob", func() {
				h.change(func(ctx context.Context, tx *ent.Client) error {
					return tx.Share.Update().Where(share.RecordID(names[olivierRecord])).SetStatus(share.StatusREVOKED).Exec(ctx)
				})
			}},
			{"the key revoked", "noor@clinic", followProfile, names["Léa"], "ben", func() {
				h.must("dina", `mutation($id:ID!){revokeApiKey(input:{id:$id}){apiKey{id}}}`, vars{"id": keyOf("noor@clinic")})
			}},
			{"the membership ended", "ben", followProfile, names["Élodie"], "ann", func() {
				h.must("dina", `mutation($id:ID!){endProfessional(input:{professionalId:$id}){professional{id}}}`,
					vars{"id": names["Ben Tran@clinic"]})
			}},
		} {
			t.Run(c.name, func(t *testing.T) {
				w := h.following(t, c.follower, c.query, c.id, c.toucher)
				c.lose()
				h.touch(c.toucher, c.id, "a secret")
				w.ended("a secret")
				h.touch(c.toucher, c.id, "another secret")
				if c.name != "the key revoked" && c.name != "the membership ended" {
					w.quiet()
				}
			})
		}
	})
}

// A change made by another process is heard as well.
func TestFollow_HearsOtherProcesses(t *testing.T) {
	url := storetest.URL(t, dialect.Postgres)
	here := furnished(t, url)
	there := newHouse(t, url)
	there.keys = here.keys
	names := here.names()
	w := there.following(t, "ann", followProfile, names["Olivier"], "bob")
	here.touch("bob", names["Olivier"], "from afar")
	w.until("from afar")
}

// That a record which the viewer may not read links a profile is not even felt.
func TestA4_AHiddenLinkIsNotFelt(t *testing.T) {
	eachHouse(t, func(t *testing.T, h *house) {
		names := h.names()
		w := h.following(t, "maya", followProfile, names["Léa"], "bob")
		for i := range 10 {
			h.touch("bob", names["Learning assessment"], fmt.Sprint("unheard ", i))
		}
		h.must("bob", `mutation($r:ID!,$p:ID!){linkProfile(input:{recordId:$r,profileId:$p}){link{id}}}`,
			vars{"r": names[olivierRecord], "p": names["Léa"]})
		h.touch("bob", names["Léa"], "the end")
		// Each of the turns is told of once; the first event has been read.
		events := 1
		for m := w.next(); at(m.Payload, "data.changed.text") != "the end"; m = w.next() {
			events++
		}
		if events > w.turns {
			t.Errorf("%d events of %d changes that Maya may see", events, w.turns)
		}
	})
}

// Law M2, on the screens of records: they show their profiles, so an edit of one is told
// to whoever reads the record, and to nobody who only knows of it.
func TestM2_AnEditReachesTheScreensOfRecords(t *testing.T) {
	const query = `subscription($id:ID!){changed:recordChanged(id:$id){text:reason profiles(first:20){nodes{grade}}}}`
	eachHouse(t, func(t *testing.T, h *house) {
		names := h.names()
		reads := h.following(t, "bob", query, names["Learning assessment"], "bob")
		h.touch("bob", names["Léa"], "the news")
		for m := reads.next(); !strings.Contains(fmt.Sprint(m.Payload), "the news"); m = reads.next() {
			if m.Type != "next" {
				t.Fatalf("instead of the news came %v", m)
			}
		}
		knows := h.following(t, "adam", query, names["Learning assessment"], "bob")
		for i := range 10 {
			h.touch("bob", names["Léa"], fmt.Sprint("unheard ", i))
		}
		h.must("bob", `mutation($id:ID!){archiveRecord(input:{id:$id}){record{id}}}`, vars{"id": names["Learning assessment"]})
		h.must("bob", `mutation($id:ID!){reopenRecord(input:{id:$id}){record{id}}}`, vars{"id": names["Learning assessment"]})
		knows.subscribe("end", `{__typename}`, nil)
		events := 1 // the first event has been read
		for m := knows.next(); m.ID != "end" || m.Type != "complete"; m = knows.next() {
			if m.ID == "f" {
				events++
			}
		}
		if events > knows.turns+2 {
			t.Errorf("%d events of %d changes that Adam may know of", events, knows.turns+2)
		}
	})
}
