package practice

import (
	"context"
	"errors"
	"time"

	"entgo.io/ent/dialect/sql"

	"continuum/ent"
	"continuum/ent/idempotencykey"
	"continuum/internal/access"
	"continuum/schema"
)

// keptFor is how long a key remembers what came of its change.
const keptFor = 24 * time.Hour

// longestKey is how many letters a key may have.
const longestKey = 255

// IdempotencyKey makes a change happen once, however often it is asked for.
type IdempotencyKey struct {
	Key      string // the caller's own: see ValidIdempotencyKey
	Mutation string // what it is used for
	Input    []byte // with what, written so that the same is always written the same
}

// ValidIdempotencyKey says whether a key may be used: 1 to 255 visible letters of ASCII.
func ValidIdempotencyKey(key string) bool {
	for _, letter := range []byte(key) {
		if letter <= ' ' || letter > '~' {
			return false
		}
	}
	return key != "" && len(key) <= longestKey
}

// errClaimed says that the key was used already, maybe by a twin that has just finished.
var errClaimed = errors.New("practice: the idempotency key is taken")

type claimKey struct{}

// claim is an IdempotencyKey on its way to the transaction that it is kept in.
type claim struct {
	practice            *Practice
	key, keyHash        string
	mutation, inputHash string
}

// Under gives the changes of ctx that go through Once a key.
func (p *Practice) Under(ctx context.Context, k IdempotencyKey) context.Context {
	return context.WithValue(ctx, claimKey{}, &claim{
		practice: p, mutation: k.Mutation, key: k.Key, keyHash: hashOf([]byte(k.Key)), inputHash: hashOf(k.Input),
	})
}

// part is a key of its own for one part of a change that is many: a text that no key of a
// caller's can be, as it has a space.
func (c *claim) part(name string) *claim {
	own := *c
	own.key = c.key + " " + name
	own.keyHash = hashOf([]byte(own.key))
	return &own
}

func claimOf(ctx context.Context) *claim {
	c, _ := ctx.Value(claimKey{}).(*claim)
	return c
}

// Once does what is asked, unless it was done under the key of ctx before: then it tells
// what came of it, read anew with the viewer's rights of now. Without a key it just does it.
// A change that failed leaves no key behind and is done anew. Of twins that come at the same
// moment one does it, and the others wait for its outcome.
func Once[I, P any](ctx context.Context, do func(context.Context, I) (*P, error), in I) (*P, error) {
	c := claimOf(ctx)
	if c == nil || inParts[P]() {
		return do(ctx, in)
	}
	for {
		out := new(P)
		found, err := c.recall(ctx, out)
		if found || err != nil {
			return out, err
		}
		out, err = do(ctx, in)
		// Each turn of this loop is one that somebody else has finished, or a key that has just run out.
		if !errors.Is(err, errClaimed) || ctx.Err() != nil {
			return out, err
		}
	}
}

// inParts says whether a change is many, each with a key of its own.
func inParts[P any]() bool {
	_, many := any(new(P)).(interface{ inParts() })
	return many
}

// recall reads into out what came of the change that was made under the key, if one was.
func (c *claim) recall(ctx context.Context, out any) (found bool, err error) {
	viewer := access.ViewerFrom(ctx)
	if viewer == nil {
		return false, nil // whoever does it says so
	}
	client := c.practice.store.Client()
	rows, err := client.IdempotencyKey.Query().
		Where(idempotencykey.ProfessionalID(viewer.ProfessionalID), idempotencykey.KeyHash(c.keyHash)).
		Order(idempotencykey.ByDone(sql.OrderDesc())).
		All(access.System(ctx, "one's own key, which is shown to nobody"))
	if err != nil || len(rows) == 0 {
		return false, err
	}
	row := rows[0]
	switch {
	case !row.CreatedAt.After(access.Now(ctx).Add(-keptFor)):
		return false, c.practice.forget(ctx, rows[0].ID, rows[len(rows)-1].ID)
	case row.Mutation != c.mutation || row.InputHash != c.inputHash:
		return false, fail(CodeMismatch, "", "This idempotency key was used for something else; use a new key for each change.")
	}
	if _, err := asking(ctx, schema.Scope(row.Scope)); err != nil {
		return false, err
	}
	return true, recalled(ctx, client, row.Outcome, out)
}

// claim takes the key of ctx for this change, as the first thing in its transaction. A twin
// that has taken it and is still at work is waited for by the database.
func (w *work) claim(ctx context.Context, scope schema.Scope) error {
	c := claimOf(ctx)
	if c == nil {
		return nil
	}
	err := w.keyRow(c, scope).SetDone(false).Exec(access.System(ctx, "a key is the practice's alone to keep"))
	if clashes(err, idempotencykey.FieldKeyHash) {
		return errClaimed
	}
	return err
}

// keep writes down what came of the change, as the last thing in its transaction.
func (w *work) keep(ctx context.Context, scope schema.Scope, out any) error {
	c := claimOf(ctx)
	if c == nil {
		return nil
	}
	outcome, err := kept(out)
	if err != nil {
		return err
	}
	return w.keyRow(c, scope).SetDone(true).SetOutcome(outcome).Exec(access.System(ctx, "a key is the practice's alone to keep"))
}

func (w *work) keyRow(c *claim, scope schema.Scope) *ent.IdempotencyKeyCreate {
	return w.IdempotencyKey.Create().
		SetProfessionalID(w.viewer.ProfessionalID).SetKeyHash(c.keyHash).
		SetMutation(c.mutation).SetInputHash(c.inputHash).SetScope(string(scope)).
		SetCreatedAt(w.viewer.At)
}

// forget lets go of rows of keys that have run out.
func (p *Practice) forget(ctx context.Context, ids ...string) error {
	return p.unasked(access.System(ctx, "what has run out"), func(ctx context.Context, w *work) error {
		_, err := w.IdempotencyKey.Delete().Where(idempotencykey.IDIn(ids...)).Exec(ctx)
		return err
	})
}

// forgottenAtOnce bounds how many rows of keys one transaction lets go of.
const forgottenAtOnce = 1000

// forgetOld lets go of all keys that have run out, some at a time: together they would hold
// up everybody who writes.
func (p *Practice) forgetOld(ctx context.Context) error {
	for {
		old, err := p.store.Client().IdempotencyKey.Query().
			Where(idempotencykey.CreatedAtLTE(access.Now(ctx).Add(-keptFor))).
			Order(idempotencykey.ByCreatedAt()).Limit(forgottenAtOnce).
			IDs(ctx)
		if err != nil || len(old) == 0 {
			return err
		}
		if err := p.forget(ctx, old...); err != nil || len(old) < forgottenAtOnce {
			return err
		}
	}
}
