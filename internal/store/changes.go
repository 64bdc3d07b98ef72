package store

import (
	"context"
	"errors"
	"fmt"
	"sync"

	entgo "entgo.io/ent"

	"continuum/ent"
)

// Change is one committed event, or word that some were missed.
type Change struct {
	Event *ent.Event
	// Missed says that events were lost, by a slow watcher or a broken connection: look at everything again.
	Missed bool
}

// backlog is how many changes a watcher may lag behind.
const backlog = 256

// Changes delivers every event committed from now on, by this process and, on PostgreSQL, by all others. It returns
// once nothing can slip by. The channel closes when the context ends or the store closes. Writers never wait for a
// watcher: one that falls behind gets a Change that says Missed.
func (s *Store) Changes(ctx context.Context) <-chan Change {
	return s.hub.watch(ctx)
}

// collect remembers the events of a transaction until its commit. An event outside Tx is refused: nobody would hear it.
func collect(next entgo.Mutator) entgo.Mutator {
	return entgo.MutateFunc(func(ctx context.Context, m entgo.Mutation) (entgo.Value, error) {
		tx := transactionOf(ctx)
		if tx == nil {
			return nil, errors.New("store: an event is written with the context that Tx gives, or not at all")
		}
		value, err := next.Mutate(ctx, m)
		if err != nil || !m.Op().Is(entgo.OpCreate) {
			return value, err
		}
		event, ok := value.(*ent.Event)
		if !ok {
			return nil, fmt.Errorf("store: creating an event gave a %T", value)
		}
		tx.events = append(tx.events, event)
		return value, nil
	})
}

// source is where a hub's changes come from, when they do not come from Tx itself.
type source interface {
	// ready waits until the source hears everything, or the context ends.
	ready(ctx context.Context) error
	Close() error
}

// hub hands each change to every watcher.
type hub struct {
	// order is held from COMMIT until the changes are published, so that they are heard in the order of the commits.
	order sync.Mutex
	// start opens the source, with the first watcher; nil where there is none.
	start func(*hub) source

	mu       sync.Mutex
	source   source
	watchers map[*watcher]struct{}
	closed   bool
}

// watcher is one open channel. Only the hub sends on it and closes it, under its lock.
type watcher struct{ changes chan Change }

func (h *hub) watch(ctx context.Context) <-chan Change {
	w := &watcher{changes: make(chan Change, backlog)}
	if !h.add(w) {
		close(w.changes)
		return w.changes
	}
	context.AfterFunc(ctx, func() { h.remove(w) })
	if h.source != nil {
		// It fails only when the context ended or the store closed, and then the channel is closed.
		_ = h.source.ready(ctx)
	}
	return w.changes
}

func (h *hub) add(w *watcher) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.closed {
		return false
	}
	if h.watchers == nil {
		h.watchers = map[*watcher]struct{}{}
		if h.start != nil {
			h.source = h.start(h)
		}
	}
	h.watchers[w] = struct{}{}
	return true
}

func (h *hub) remove(w *watcher) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if _, ok := h.watchers[w]; ok {
		delete(h.watchers, w)
		close(w.changes)
	}
}

func (h *hub) publish(c Change) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for w := range h.watchers {
		w.offer(c)
	}
}

// offer never waits. The last free place is kept for the word that changes were missed; while that is unread, those
// that follow are covered by it.
func (w *watcher) offer(c Change) {
	switch cap(w.changes) - len(w.changes) {
	case 0:
	case 1:
		w.changes <- Change{Missed: true}
	default:
		w.changes <- c
	}
}

func (h *hub) close() error {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.closed {
		return nil
	}
	h.closed = true
	for w := range h.watchers {
		close(w.changes)
	}
	clear(h.watchers)
	if h.source == nil {
		return nil
	}
	return h.source.Close()
}
