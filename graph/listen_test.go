package graph_test

import (
	"context"
	"strings"
	"testing"

	"continuum/ent"
	"continuum/ent/notification"
	"continuum/schema"
)

const followViewer = `subscription{changed:viewerChanged{id kind actor{name} record{title} transfer{id}}}`

// told writes a notification as package practice does: with its event, whose topics name
// whom it tells.
func (h *house) told(kind notification.Kind, to, actor, recordID string) string {
	h.t.Helper()
	id := schema.NewID(schema.NotificationPrefix)
	h.change(func(ctx context.Context, tx *ent.Client) error {
		return writeNotice(ctx, tx, id, kind, to, actor, recordID)
	})
	return id
}

func writeNotice(ctx context.Context, tx *ent.Client, id string, kind notification.Kind, to, actor, recordID string) error {
	event, err := tx.Event.Create().SetType("record.shared").SetObjectID(recordID).SetTopics([]string{recordID, to}).SetActorID(actor).Save(ctx)
	if err != nil {
		return err
	}
	return tx.Notification.Create().SetID(id).SetProfessionalID(to).SetKind(kind).SetEventID(event.ID).SetActorID(actor).SetRecordID(recordID).Exec(ctx)
}

// listening subscribes to what the viewer is told, and returns when the server follows:
// nothing says so but a first notification, so they are told things until one comes.
func (h *house) listening(t *testing.T, who, id string) *wire {
	t.Helper()
	w := h.open(t, who)
	w.subscribe("f", followViewer, nil)
	names := h.names()
	for range 5000 {
		h.told(notification.KindACCESS_ENDED, id, names["Cora Nadeau@clinic"], names["Sol's record"])
		w.subscribe("turn", `{__typename}`, nil)
		for heard := false; ; {
			m := w.next()
			if m.ID == "f" && m.Type != "next" {
				t.Fatalf("instead of a notification came %v", m)
			}
			heard = heard || m.ID == "f"
			if m.ID == "turn" && m.Type == "complete" {
				if heard {
					return w
				}
				break
			}
		}
	}
	t.Fatal("the subscription never began")
	return nil
}

// hears waits for a notification, and returns it and those that came before it.
func (w *wire) hears(id string) (it message, before []string) {
	w.t.Helper()
	for {
		m := w.next()
		if m.ID != "f" || m.Type != "next" {
			w.t.Fatalf("instead of a notification came %v", m)
		}
		heard, _ := at(m.Payload, "data.changed.id").(string)
		if heard == id {
			return m, before
		}
		before = append(before, heard)
	}
}

// Each notification comes as it is written, to the one whom it tells, and shows what they
// may see of what it names.
func TestListen_TellsWhomItTells(t *testing.T) {
	eachHouse(t, func(t *testing.T, h *house) {
		names := h.names()
		ann, bob := names["Ann Lavoie@clinic"], names["Bob Gagnon@school"]
		w := h.listening(t, "ann", ann)
		to := h.told(notification.KindRECORD_SHARED, ann, bob, names[olivierRecord])
		m, _ := w.hears(to)
		if at(m.Payload, "data.changed.record.title") != olivierRecord || at(m.Payload, "data.changed.actor.name") != "Bob Gagnon" {
			t.Errorf("ann hears %v", m)
		}
		other := h.told(notification.KindRECORD_SHARED, bob, ann, names[couplesRecord])
		hidden := h.told(notification.KindRECORD_SHARED, ann, names["Sol Ayala@"], names["Sol's record"])
		m, before := w.hears(hidden)
		if at(m.Payload, "data.changed.record") != nil || at(m.Payload, "data.changed.actor") != nil {
			t.Errorf("ann hears %v", m)
		}
		if strings.Contains(strings.Join(before, " "), other) {
			t.Error("ann hears what bob is told")
		}
	})
}

// Of a crowd of events more than a watcher may lag behind, what the viewer is told comes
// once all the same.
func TestListen_MissesNothing(t *testing.T) {
	eachHouse(t, func(t *testing.T, h *house) {
		names := h.names()
		ann, cora := names["Ann Lavoie@clinic"], names["Cora Nadeau@clinic"]
		w := h.listening(t, "ann", ann)
		var ids []string
		h.change(func(ctx context.Context, tx *ent.Client) error {
			ids = nil
			for i := range 900 {
				to := cora
				id := schema.NewID(schema.NotificationPrefix)
				if i%300 == 100 {
					to, ids = ann, append(ids, id)
				}
				if err := writeNotice(ctx, tx, id, notification.KindACCESS_ENDED, to, cora, names["Anxiety"]); err != nil {
					return err
				}
			}
			return nil
		})
		last := h.told(notification.KindACCESS_ENDED, ann, cora, names["Anxiety"])
		_, before := w.hears(last)
		for _, id := range ids {
			if n := strings.Count(strings.Join(before, " "), id); n != 1 {
				t.Errorf("one of the crowd came %d times", n)
			}
		}
	})
}

// Whoever may no longer act is told so, and nothing more.
func TestA5_ListeningEndsWithTheViewer(t *testing.T) {
	eachHouse(t, func(t *testing.T, h *house) {
		names := h.names()
		for _, c := range []struct {
			name, who, id string
			lose          func()
		}{
			{"the key revoked", "noor@clinic", names["Noor Rahimi@clinic"], func() {
				h.must("dina", `mutation($id:ID!){revokeApiKey(input:{id:$id}){apiKey{id}}}`,
					vars{"id": "key_" + strings.Split(h.keys["noor@clinic"], "_")[1]})
			}},
			{"the membership ended", "ben", names["Ben Tran@clinic"], func() {
				h.must("dina", `mutation($id:ID!){endProfessional(input:{professionalId:$id}){professional{id}}}`,
					vars{"id": names["Ben Tran@clinic"]})
			}},
		} {
			t.Run(c.name, func(t *testing.T) {
				w := h.listening(t, c.who, c.id)
				c.lose()
				secret := h.told(notification.KindRECORD_SHARED, c.id, names["Ann Lavoie@clinic"], names["Anxiety"])
				w.ended(secret)
			})
		}
	})
}

// Without the scope there is nothing to hear, and the subscription says so.
func TestG3_ListeningNeedsTheScope(t *testing.T) {
	eachHouse(t, func(t *testing.T, h *house) {
		w := h.open(t, "program")
		w.subscribe("f", followViewer, nil)
		if m := w.next(); m.Type != "error" || at(m.Payload, "0.extensions.code") != "MISSING_SCOPE" {
			t.Errorf("came %v", m)
		}
	})
}
