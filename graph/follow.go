package graph

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/99designs/gqlgen/graphql/handler/transport"

	"continuum/ent"
	"continuum/internal/access"
	"continuum/internal/practice"
	"continuum/internal/store"
	"continuum/schema"
)

// recheck is how often a subscription looks for access that ended by the clock alone.
const recheck = 10 * time.Second

// follow sends the row each time that something it shows has changed. Before each
// event the viewer's facts and the row are read anew; when the row is no longer there
// for them the subscription ends with a reason.
func follow[T any](ctx context.Context, r *Resolver, id string, read func(context.Context) (*T, error)) (<-chan *T, error) {
	changes := r.store.Changes(ctx) // before the first look, so that nothing slips by
	row, err := lookAgain(ctx, r, read)
	if err != nil {
		return nil, err
	}
	if row == nil {
		return nil, practice.NotFound()
	}
	out := make(chan *T)
	go func() {
		defer close(out)
		if err := watch(ctx, r, id, changes, read, out); err != nil {
			transport.AddSubscriptionError(ctx, r.present(ctx, err))
		}
	}()
	return out, nil
}

// watch runs until the subscription is over; the error, if any, is why.
func watch[T any](ctx context.Context, r *Resolver, id string, changes <-chan store.Change,
	read func(context.Context) (*T, error), out chan<- *T) error {
	clock := time.NewTicker(recheck)
	defer clock.Stop()
	for {
		var change store.Change
		var open, named bool
		select {
		case <-ctx.Done():
			return nil
		case <-clock.C:
		case change, open = <-changes:
			if !open {
				return nil
			}
			named = change.Missed || slices.Contains(change.Event.Topics, id)
			if !named && !movesAccess(change.Event.Type) {
				continue
			}
		}
		row, err := lookAgain(ctx, r, read)
		if ctx.Err() != nil {
			return nil
		}
		if err != nil {
			return err
		}
		if row == nil {
			return errAccessEnded
		}
		if !named {
			continue
		}
		if shows, err := r.shows(ctx, id, change); err != nil || !shows {
			if err != nil {
				return err
			}
			continue
		}
		select {
		case out <- row:
		case <-ctx.Done():
			return nil
		}
	}
}

// shows says whether a change is one that the viewer's screen shows: it happened to
// what they follow, or to something else that they see. That a record they may not
// read linked the profile must not even be felt.
func (r *Resolver) shows(ctx context.Context, id string, change store.Change) (bool, error) {
	if change.Missed || change.Event.ObjectID == id {
		return true, nil
	}
	object := change.Event.ObjectID
	if schema.ValidID(schema.RecordPrefix, object) {
		level, err := access.RecordLevel(ctx, r.client(), object)
		return level >= access.Read, err
	}
	node, err := r.nodeOf(withLoaders(ctx, r.client()), object)
	return node != nil, err
}

// movesAccess says whether an event can change what somebody sees of things that it
// does not name: memberships, roles, keys. Links name both of their ends.
func movesAccess(event string) bool {
	noun, _, _ := strings.Cut(event, ".")
	return slices.Contains([]string{"unit", "professional", "api_key", "workspace", "share"}, noun)
}

// lookAgain signs the viewer in afresh, and reads with what they may do now; nil when
// they may no longer act, or no longer see the row.
func lookAgain[T any](ctx context.Context, r *Resolver, read func(context.Context) (*T, error)) (*T, error) {
	fresh, err := r.practice.SignInAgain(ctx, access.ViewerFrom(ctx))
	if err != nil || fresh == nil {
		return nil, err
	}
	access.Refresh(ctx, fresh)
	row, err := read(ctx)
	if ent.IsNotFound(err) {
		return nil, nil
	}
	return row, err
}

// followProfile and followRecord read past the loaders, which a subscription outlives.
func (r *Resolver) followProfile(ctx context.Context, id string) (<-chan *ent.Profile, error) {
	return follow(ctx, r, id, func(ctx context.Context) (*ent.Profile, error) {
		return r.client().Profile.Get(ctx, id)
	})
}

func (r *Resolver) followRecord(ctx context.Context, id string) (<-chan *ent.Record, error) {
	return follow(ctx, r, id, func(ctx context.Context) (*ent.Record, error) {
		return r.client().Record.Get(ctx, id)
	})
}
