package practice

import (
	"context"
	"fmt"
	"slices"

	"continuum/ent"
	"continuum/ent/notification"
	"continuum/internal/access"
	"continuum/schema"
)

// notice is one thing to tell some professionals.
type notice struct {
	kind                               notification.Kind
	to                                 []string // professionals; the viewer themselves is left out
	record, share, transfer, emergency string   // what it is about, where it is about one
}

// toldAtOnce bounds the notifications of one statement.
const toldAtOnce = 500

// tell leaves the one event of a change and tells the notices, all in its transaction. Those told are among
// the event's topics, so that their open screens hear of it.
func (w *work) tell(ctx context.Context, typ, object string, topics []string, notices ...notice) error {
	event := schema.NewID(schema.EventPrefix)
	told, rows := w.notifications(ctx, event, notices)
	topics = append([]string{object}, topics...)
	for _, id := range told {
		if !slices.Contains(topics, id) {
			topics = append(topics, id)
		}
	}
	err := w.Event.Create().
		SetID(event).
		SetType(typ).
		SetObjectID(object).
		SetTopics(topics).
		SetActorID(w.viewer.ProfessionalID).
		SetWorkspaceID(w.viewer.WorkspaceID).
		Exec(ctx)
	if err != nil {
		return err
	}
	for chunk := range slices.Chunk(rows, toldAtOnce) {
		if err := w.Notification.CreateBulk(chunk...).Exec(ctx); err != nil {
			return fmt.Errorf("tell of %s: %w", typ, err)
		}
	}
	return nil
}

// notifications makes the rows of an event's notices, and lists whom they are for. Nobody is told of what they
// did themselves, nor twice of the same.
func (w *work) notifications(ctx context.Context, event string, notices []notice) (told []string, rows []*ent.NotificationCreate) {
	type line struct {
		to                                 string
		kind                               notification.Kind
		record, share, transfer, emergency string
	}
	lines, people := map[line]bool{}, map[string]bool{}
	for _, n := range notices {
		for _, to := range n.to {
			this := line{to, n.kind, n.record, n.share, n.transfer, n.emergency}
			if to == "" || to == w.viewer.ProfessionalID || lines[this] {
				continue
			}
			lines[this] = true
			if !people[to] {
				people[to], told = true, append(told, to)
			}
			rows = append(rows, w.Notification.Create().
				SetProfessionalID(to).
				SetKind(n.kind).
				SetEventID(event).
				SetActorID(w.viewer.ProfessionalID).
				SetNillableRecordID(orNil(n.record)).
				SetNillableShareID(orNil(n.share)).
				SetNillableTransferID(orNil(n.transfer)).
				SetNillableEmergencyAccessID(orNil(n.emergency)).
				SetCreatedAt(access.Now(ctx)))
		}
	}
	return told, rows
}

// MarkNotificationsReadInput is which notifications were read; all when it names none.
type MarkNotificationsReadInput struct{ IDs []string }

// MarkNotificationsReadPayload is what came of MarkNotificationsRead.
type MarkNotificationsReadPayload struct {
	Outcome
	Marked *int
}

// MarkNotificationsRead notes that the viewer has read notifications of theirs. One that was read before keeps
// its instant and does not count.
func (p *Practice) MarkNotificationsRead(ctx context.Context, in MarkNotificationsReadInput) (*MarkNotificationsReadPayload, error) {
	var c checks
	c.atMost("ids", len(in.IDs), 100)
	if in.IDs != nil && len(in.IDs) == 0 {
		c.refuse("ids", "Name at least one notification, or leave the list out for all of them.")
	}
	if err := c.err(); err != nil {
		return nil, err
	}
	var marked int
	out := MarkNotificationsReadPayload{Marked: &marked}
	err := p.change(ctx, schema.ScopeRecordsWrite, &out, func(ctx context.Context, w *work) error {
		if err := w.needs(schema.ScopeRecordsRead); err != nil {
			return err
		}
		if err := w.ownNotifications(ctx, in.IDs); err != nil {
			return err
		}
		unread := w.Notification.Update().
			Where(notification.ProfessionalID(w.viewer.ProfessionalID), notification.ReadAtIsNil()).
			SetReadAt(access.Now(ctx))
		if len(in.IDs) > 0 {
			unread.Where(access.AnyOf(notification.FieldID, in.IDs))
		}
		var err error
		if marked, err = unread.Save(ctx); err != nil || marked == 0 {
			return err
		}
		return w.emit(ctx, "notification.read", w.viewer.ProfessionalID)
	})
	if err != nil {
		return nil, err
	}
	return &out, nil
}

// ownNotifications refuses the ids that name no notification of the viewer's.
func (w *work) ownNotifications(ctx context.Context, ids []string) error {
	var own []string
	if asked := wellFormed(schema.NotificationPrefix, ids); len(asked) > 0 {
		var err error
		if own, err = w.Notification.Query().Where(access.AnyOf(notification.FieldID, asked)).IDs(ctx); err != nil {
			return err
		}
	}
	var c checks
	for i, id := range ids {
		if !slices.Contains(own, id) {
			c.errs = append(c.errs, notFound(fmt.Sprintf("ids.%d", i)))
		}
	}
	return c.err()
}
