package graph

import (
	"context"
	"reflect"
	"slices"
	"strings"
	"time"

	"continuum/ent"
	"continuum/graph/protocol"
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
func follow[T any](ctx context.Context, r *Resolver, id string, read func(context.Context) (*T, error)) <-chan *T {
	f := &follower[T]{Resolver: r, id: id, read: read, out: make(chan *T)}
	go func() {
		defer close(f.out)
		if err := f.run(ctx); err != nil {
			protocol.End(ctx, r.present(ctx, err))
		}
	}()
	return f.out
}

// follower is one subscription.
type follower[T any] struct {
	*Resolver
	id      string
	read    func(context.Context) (*T, error)
	changes <-chan store.Change
	out     chan *T
}

// run looks whether there is anything to follow, and follows it.
func (f *follower[T]) run(ctx context.Context) (err error) {
	defer caught(ctx, &err)
	if schema.IDPrefix(f.id) == "" {
		return practice.NotFound()
	}
	f.changes = f.store.Changes(ctx) // before the first look, so that nothing slips by
	switch row, err := f.lookAgain(ctx); {
	case ctx.Err() != nil:
		return nil // the client has gone, and with it whoever would be told
	case err != nil:
		return err
	case row == nil:
		return practice.NotFound()
	}
	return f.watch(ctx)
}

// watch runs until the subscription is over; the error, if any, is why. A row that the
// client is slow to take is read again with each change meanwhile, so that it is never
// one that they have lost.
func (f *follower[T]) watch(ctx context.Context) error {
	clock := time.NewTicker(recheck)
	defer clock.Stop()
	var row *T
	var ready chan<- *T // out, while there is a row to send
	for {
		var change store.Change
		open := true
		select {
		case <-ctx.Done():
			return nil
		case ready <- row:
			ready = nil
			continue
		case <-clock.C:
		case change, open = <-f.changes:
		}
		if !open {
			return nil
		}
		if change.Event != nil && !f.concerns(change.Event) {
			continue
		}
		var shows bool
		err := f.inTurn(ctx, func() (err error) {
			if row, err = f.lookAgain(ctx); err == nil && row != nil {
				shows, err = f.shows(ctx, change)
			}
			return err
		})
		switch {
		case ctx.Err() != nil:
			return nil
		case err != nil:
			return err
		case row == nil:
			return errAccessEnded
		}
		if shows {
			ready = f.out
		}
	}
}

// concerns says whether an event may change what the subscription shows, or whether
// the viewer still sees it.
func (f *follower[T]) concerns(event *ent.Event) bool {
	return slices.Contains(event.Topics, f.id) || movesAccess(event.Type)
}

// shows says whether a change is one that the viewer's screen shows: it happened to
// what they follow, or to something else that they see. That a record they may not
// read linked the profile must not even be felt.
func (f *follower[T]) shows(ctx context.Context, change store.Change) (bool, error) {
	if change.Event == nil {
		return change.Missed, nil // the clock has nothing to show
	}
	object := change.Event.ObjectID
	switch {
	case !slices.Contains(change.Event.Topics, f.id):
		return false, nil
	case object == f.id:
		return true, nil
	case schema.ValidID(schema.RecordPrefix, object):
		level, err := access.RecordLevel(ctx, f.client(), object)
		return level >= access.Read, err
	}
	node, err := f.nodeOf(f.withLoaders(ctx), object)
	return node != nil, err
}

// movesAccess says whether an event can change what somebody sees of things that it
// does not name: memberships, roles, keys. Links name both of their ends.
func movesAccess(event string) bool {
	noun, _, _ := strings.Cut(event, ".")
	return slices.Contains([]string{"unit", "professional", "api_key", "workspace"}, noun)
}

// lookAgain signs the viewer in afresh, and reads with what they may do now; nil when
// they may no longer act, or no longer see the row. Afterwards it makes sure that they
// still could when it was read: between the two a membership may end, and what was
// written after that is not for them.
func (f *follower[T]) lookAgain(ctx context.Context) (*T, error) {
	fresh, err := f.practice.SignInAgain(ctx, access.ViewerFrom(ctx))
	for err == nil && fresh != nil {
		access.Refresh(ctx, fresh)
		row, failed := f.read(ctx)
		before := fresh
		fresh, err = f.practice.SignInAgain(ctx, before)
		if err != nil || fresh == nil || !sameFacts(before, fresh) {
			continue
		}
		if ent.IsNotFound(failed) {
			return nil, nil
		}
		return row, failed
	}
	return nil, err
}

// sameFacts says whether nothing has changed between two looks at a viewer.
func sameFacts(a, b *access.Viewer) bool {
	plain := func(v access.Viewer) access.Viewer {
		v.At = time.Time{}
		v.Stewarded, v.Worked = slices.Sorted(slices.Values(v.Stewarded)), slices.Sorted(slices.Values(v.Worked))
		return v
	}
	return reflect.DeepEqual(plain(*a), plain(*b))
}

// followProfile and followRecord read past the loaders, which a subscription outlives.
func (r *Resolver) followProfile(ctx context.Context, id string) <-chan *ent.Profile {
	return follow(ctx, r, id, func(ctx context.Context) (*ent.Profile, error) {
		if err := practice.Needs(ctx, schema.ScopeProfilesRead); err != nil {
			return nil, err
		}
		return r.client().Profile.Get(ctx, id)
	})
}

func (r *Resolver) followRecord(ctx context.Context, id string) <-chan *ent.Record {
	return follow(ctx, r, id, func(ctx context.Context) (*ent.Record, error) {
		if err := practice.Needs(ctx, schema.ScopeRecordsRead); err != nil {
			return nil, err
		}
		return r.client().Record.Get(ctx, id)
	})
}
