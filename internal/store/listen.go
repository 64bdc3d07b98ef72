package store

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"github.com/lib/pq"

	"continuum/ent"
	"continuum/ent/event"
	"continuum/internal/access"
)

const (
	// channel is where the trigger on events notifies; the payload is the event's id.
	channel = "continuum_events"
	// heartbeat keeps the listening connection alive, and finds out when it is not.
	heartbeat = 20 * time.Second
	// batch bounds how many events one statement loads.
	batch = 200
)

// listener hears the events that PostgreSQL announces, on a connection of its own that reconnects by itself.
type listener struct {
	store     *Store
	hub       *hub
	pq        *pq.Listener
	listening chan struct{}
	done      context.Context
	stop      context.CancelFunc
}

func listen(address string, s *Store, h *hub) *listener {
	l := &listener{store: s, hub: h, listening: make(chan struct{})}
	l.done, l.stop = context.WithCancel(context.Background())
	// An answered heartbeat every 20 s means that a minute of silence is a dead connection.
	l.pq = pq.NewDialListener(dialer{patience: 3 * heartbeat}, address, 50*time.Millisecond, 5*time.Second, l.lost)
	go l.begin()
	go l.run()
	return l
}

func (l *listener) begin() {
	// Listen waits through reconnections, and fails only when the listener is closed.
	if err := l.pq.Listen(channel); err != nil {
		return
	}
	close(l.listening)
}

func (l *listener) lost(kind pq.ListenerEventType, err error) {
	if kind == pq.ListenerEventDisconnected || kind == pq.ListenerEventConnectionAttemptFailed {
		slog.Warn("not listening for events", "error", Fault(err))
	}
}

func (l *listener) ready(ctx context.Context) error {
	select {
	case <-l.listening:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	case <-l.done.Done():
		return l.done.Err()
	}
}

func (l *listener) Close() error {
	l.stop()
	return l.pq.Close()
}

func (l *listener) run() {
	ticker := time.NewTicker(heartbeat)
	defer ticker.Stop()
	for {
		select {
		case notice, ok := <-l.pq.Notify:
			if !ok {
				return
			}
			l.deliver(notice)
		case <-ticker.C:
			// Its error shows as a reconnection.
			go func() { _ = l.pq.Ping() }()
		}
	}
}

// deliver publishes a notice and those already waiting behind it, which one statement loads together.
func (l *listener) deliver(notice *pq.Notification) {
	var ids []string
	for {
		if notice == nil {
			// The connection was lost and made anew: what was announced meanwhile was not heard.
			l.publish(ids)
			l.hub.publish(Change{Missed: true})
			return
		}
		ids = append(ids, notice.Extra)
		if len(ids) == batch {
			break
		}
		select {
		case next, ok := <-l.pq.Notify:
			if ok {
				notice = next
				continue
			}
		default:
		}
		break
	}
	l.publish(ids)
}

// publish loads the events and hands them on in the order in which they were announced.
func (l *listener) publish(ids []string) {
	if len(ids) == 0 {
		return
	}
	found, err := l.load(ids)
	if err != nil {
		if l.done.Err() == nil {
			slog.Warn("events announced but not loaded", "error", Fault(err))
		}
		l.hub.publish(Change{Missed: true})
		return
	}
	for _, id := range ids {
		if e, ok := found[id]; ok {
			l.hub.publish(Change{Event: e})
		}
	}
}

func (l *listener) load(ids []string) (map[string]*ent.Event, error) {
	ctx, cancel := context.WithTimeout(access.System(l.done, "tell watchers of committed events"), statementLimit)
	defer cancel()
	events, err := l.store.reader.Event.Query().Where(event.IDIn(ids...)).All(ctx)
	if err != nil {
		return nil, fmt.Errorf("store: load events: %w", err)
	}
	found := make(map[string]*ent.Event, len(events))
	for _, e := range events {
		found[e.ID] = e
	}
	return found, nil
}
