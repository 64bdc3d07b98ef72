package practice

import (
	"context"

	"continuum/ent/notification"
	"continuum/schema"
)

// Notice is a notice about a record and a share, for tests of how it is told.
type Notice struct {
	Kind          notification.Kind
	To            []string
	Record, Share string
}

// Tell makes a change that does nothing but tell those behind the principals.
func (p *Practice) Tell(ctx context.Context, object string, topics []string, notices ...Notice) error {
	return p.change(ctx, schema.ScopeRecordsWrite, nil, func(ctx context.Context, w *work) error {
		var told []notice
		for _, n := range notices {
			people, err := w.behind(ctx, n.To...)
			if err != nil {
				return err
			}
			for _, to := range n.To {
				told = append(told, notice{kind: n.Kind, to: people[to], record: n.Record, share: n.Share})
			}
		}
		return w.tell(ctx, "test.told", object, topics, told...)
	})
}

// Behind lists the professionals to tell for each principal.
func (p *Practice) Behind(ctx context.Context, principals ...string) (people map[string][]string, err error) {
	err = p.change(ctx, schema.ScopeRecordsWrite, nil, func(ctx context.Context, w *work) error {
		people, err = w.behind(ctx, principals...)
		return err
	})
	return people, err
}
