package graph

import (
	"context"
	"maps"
	"slices"
	"time"

	"continuum/ent"
	"continuum/ent/notification"
	"continuum/graph/protocol"
	"continuum/internal/access"
	"continuum/internal/practice"
	"continuum/internal/store"
	"continuum/schema"
)

// lateness is how long before its event is heard a notification may have been written.
const lateness = time.Minute

// listener is one subscription to what the viewer is told.
type listener struct {
	*Resolver
	changes <-chan store.Change
	out     chan *ent.Notification
	began   time.Time
	looked  time.Time            // up to when everything was heard
	told    map[string]time.Time // what was told of late: its id, and when it was written
}

// followViewer sends each notification as it is written to the viewer. Before each of
// them the viewer's facts are read anew; when they may no longer act it ends.
func (r *Resolver) followViewer(ctx context.Context) <-chan *ent.Notification {
	l := &listener{Resolver: r, out: make(chan *ent.Notification), told: map[string]time.Time{}}
	go func() {
		defer close(l.out)
		if err := l.run(ctx); err != nil && ctx.Err() == nil {
			protocol.End(ctx, r.present(ctx, err))
		}
	}()
	return l.out
}

func (l *listener) run(ctx context.Context) (err error) {
	defer caught(ctx, &err)
	l.changes = l.store.Changes(ctx) // before the first look, so that nothing slips by
	l.began, l.looked = access.Now(ctx), access.Now(ctx)
	if err := l.signInAgain(ctx); err != nil {
		return err
	}
	if err := practice.Needs(ctx, schema.ScopeRecordsRead); err != nil {
		return err
	}
	return l.listen(ctx)
}

// listen runs until the subscription is over; the error, if any, is why.
func (l *listener) listen(ctx context.Context) error {
	clock := time.NewTicker(recheck)
	defer clock.Stop()
	var waiting []*ent.Notification // what the client has not taken yet
	for {
		var ready chan<- *ent.Notification
		var next *ent.Notification
		if len(waiting) > 0 {
			ready, next = l.out, waiting[0]
		}
		var change store.Change
		open := true
		select {
		case <-ctx.Done():
			return nil
		case ready <- next:
			waiting = waiting[1:]
			continue
		case <-clock.C:
		case change, open = <-l.changes:
		}
		if !open {
			return nil
		}
		if change.Event != nil && !l.concerns(ctx, change.Event) {
			continue
		}
		var news []*ent.Notification
		err := l.inTurn(ctx, func() (err error) {
			news, err = l.hear(ctx, change)
			return err
		})
		if err != nil {
			return err
		}
		waiting = append(waiting, news...)
	}
}

// concerns says whether an event may tell the viewer something, or end what they may do.
func (l *listener) concerns(ctx context.Context, event *ent.Event) bool {
	return slices.Contains(event.Topics, access.ViewerFrom(ctx).ProfessionalID) || movesAccess(event.Type)
}

// hear reads what a change tells the viewer: the notifications of its event, or, when
// some were missed, those since the last look.
func (l *listener) hear(ctx context.Context, change store.Change) ([]*ent.Notification, error) {
	if err := l.signInAgain(ctx); err != nil {
		return nil, err
	}
	q := l.client().Notification.Query()
	switch {
	case change.Event != nil:
		q.Where(notification.EventID(change.Event.ID))
	case change.Missed:
		q.Where(notification.CreatedAtGTE(l.began), notification.CreatedAtGTE(l.looked.Add(-lateness)))
	default: // the clock has nothing to tell
		l.looked = access.ViewerFrom(ctx).At
		return nil, nil
	}
	found, err := q.Order(notification.ByCreatedAt(), notification.ByID()).All(ctx)
	if err != nil {
		return nil, err
	}
	l.looked = access.ViewerFrom(ctx).At
	return l.untold(found), nil
}

// untold leaves out what was told already, and remembers the rest.
func (l *listener) untold(found []*ent.Notification) []*ent.Notification {
	var news []*ent.Notification
	maps.DeleteFunc(l.told, func(_ string, written time.Time) bool { return written.Before(l.looked.Add(-lateness)) })
	for _, n := range found {
		if _, told := l.told[n.ID]; !told {
			news = append(news, n)
			l.told[n.ID] = n.CreatedAt
		}
	}
	return news
}

// signInAgain reads afresh what the viewer may do; errAccessEnded when they may no
// longer act.
func (l *listener) signInAgain(ctx context.Context) error {
	fresh, err := l.practice.SignInAgain(ctx, access.ViewerFrom(ctx))
	if err != nil {
		return err
	}
	if fresh == nil {
		return errAccessEnded
	}
	access.Refresh(ctx, fresh)
	return nil
}
