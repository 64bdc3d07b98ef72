package practice

import (
	"context"
	"errors"
	"fmt"
	"time"

	"entgo.io/ent/dialect/sql"

	"continuum/ent"
	"continuum/internal/access"
)

// tidiedAtOnce bounds what one pass looks up.
const tidiedAtOnce = 100

// chore is one kind of thing that the clock, or something else that happened, has ended.
type chore interface {
	// due lists some of what has ended and does not say so yet, the longest ended first: of
	// one record when it is given, of all when not.
	due(ctx context.Context, client *ent.Client, recordID string) ([]string, error)
	// end writes one down and tells it, unless somebody else has meanwhile.
	end(ctx context.Context, w *work, id string) (bool, error)
}

// Tidy writes down what is over: shares and transfers that have expired, and transfers that something else has
// made void since. They were over before, as everything asks the clock and the facts; Tidy makes their status say
// so and tells those concerned, each once, also when several servers tidy at the same time. It returns how many
// it ended, and fails for those that it could not: the rest is tidied nevertheless. Idempotency keys that have run
// out go as well, uncounted.
func (p *Practice) Tidy(ctx context.Context) (int, error) { return p.tidy(ctx, "") }

// tidy is Tidy for what concerns one record, or for everything.
func (p *Practice) tidy(ctx context.Context, recordID string) (int, error) {
	ctx = access.System(ctx, "what the clock has ended")
	ended := 0
	var errs []error
	for _, one := range []chore{expiredTransfers, voidTransfers, expiredShares{}} {
		done, err := p.do(ctx, one, recordID)
		ended, errs = ended+done, append(errs, err)
	}
	if recordID == "" {
		errs = append(errs, p.forgetOld(ctx))
	}
	return ended, errors.Join(errs...)
}

// Keep tidies now and then, until the context ends. What fails is reported, and tried again the next time.
func (p *Practice) Keep(ctx context.Context, every time.Duration) {
	ticker := time.NewTicker(every)
	defer ticker.Stop()
	for {
		if _, err := p.Tidy(ctx); err != nil && ctx.Err() == nil {
			p.report(ctx, fmt.Errorf("tidy: %w", err))
		}
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
	}
}

// do does a chore pass by pass, until nothing is left or a pass has ended nothing.
func (p *Practice) do(ctx context.Context, one chore, recordID string) (ended int, err error) {
	for {
		due, err := one.due(ctx, p.store.Client(), recordID)
		if err != nil {
			return ended, err
		}
		var errs []error
		before := ended
		for _, id := range due {
			done, err := p.endOne(ctx, one, id)
			if err != nil {
				errs = append(errs, fmt.Errorf("%s: %w", id, err))
			}
			if done {
				ended++
			}
		}
		if len(due) < tidiedAtOnce || ended == before {
			return ended, errors.Join(errs...)
		}
	}
}

func (p *Practice) endOne(ctx context.Context, one chore, id string) (done bool, err error) {
	err = p.unasked(ctx, func(ctx context.Context, w *work) (err error) {
		done, err = one.end(ctx, w, id)
		return err
	})
	return done && err == nil, err
}

// ofRecord keeps what concerns one record, when it is given.
func ofRecord(recordID string) func(*sql.Selector) {
	return func(s *sql.Selector) {
		if recordID != "" {
			s.Where(sql.EQ(s.C("record_id"), recordID))
		}
	}
}
