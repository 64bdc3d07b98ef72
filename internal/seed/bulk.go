package seed

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"sync"
	"time"

	"entgo.io/ent/dialect"

	"continuum/ent"
	"continuum/ent/workspace"
	"continuum/internal/access"
	"continuum/internal/practice"
	"continuum/internal/store"
	"continuum/schema"
)

// table is rows on their way into the database.
type table struct {
	name    string
	columns []string
	rows    iter.Seq[[]any]
}

// Bulk adds n profiles (at least 100) and, in proportion, everything around them; progress is told of each table and of
// an administrator's key for the largest workspace. It fills many tables, each in one transaction: a database where it
// failed midway is to be thrown away.
func Bulk(ctx context.Context, s *store.Store, n int, progress func(string)) error {
	if n < 100 {
		return fmt.Errorf("seed: %d profiles are no large data; ask for 100 or more", n)
	}
	ctx = access.System(ctx, "large data")
	p := newPlan(n)
	// The same ids stand in every database, so they are looked for by the one that each has.
	present, err := s.Client().Workspace.Query().Where(workspace.ID(p.workspaces.id(0))).Exist(ctx)
	if err != nil {
		return fmt.Errorf("seed: look for large data: %w", err)
	}
	if present {
		return errors.New("seed: the database already holds large data")
	}
	if err := p.load(ctx, s, progress); err != nil {
		return fmt.Errorf("seed: write the large data: %w", err)
	}
	token, err := p.administratorKey(ctx, s)
	if err != nil {
		return fmt.Errorf("seed: make a key: %w", err)
	}
	progress(fmt.Sprintf("administrator of %s: %s", p.workspaceName(0), token))
	return nil
}

// load fills parents before children; what does not depend on each other side by side where there is more than one
// writer.
func (p *plan) load(ctx context.Context, s *store.Store, progress func(string)) error {
	stages := [][][]table{
		{{p.workspaceRows(), p.principalRows(), p.professionalRows(), p.unitRows(), p.memberRows(), p.institutionRows(), p.profileRows()}},
		{
			{p.recordRows(), p.recordLinkRows(), p.shareRows(), p.fileRows()},
			{p.contactRows(), p.contactLinkRows(), p.pointRows(), p.addressRows(), p.identifierRows()},
		},
	}
	var mu sync.Mutex
	told := func(text string) {
		mu.Lock()
		defer mu.Unlock()
		progress(text)
	}
	for _, lanes := range stages {
		if err := run(ctx, s, lanes, told); err != nil {
			return err
		}
	}
	return nil
}

func run(ctx context.Context, s *store.Store, lanes [][]table, progress func(string)) error {
	failures := make([]error, len(lanes))
	var group sync.WaitGroup
	for i, lane := range lanes {
		work := func() { failures[i] = fill(ctx, s, lane, progress) }
		if s.Engine() == dialect.Postgres {
			group.Go(work)
		} else {
			work()
		}
	}
	group.Wait()
	return errors.Join(failures...)
}

func fill(ctx context.Context, s *store.Store, lane []table, progress func(string)) error {
	for _, t := range lane {
		start, n := time.Now(), 0
		err := s.Load(ctx, t.name, t.columns, func(yield func([]any) bool) {
			for row := range t.rows {
				n++
				if !yield(row) {
					return
				}
			}
		})
		if err != nil {
			return err
		}
		progress(fmt.Sprintf("%s: %d rows in %s", t.name, n, time.Since(start).Round(time.Millisecond)))
	}
	return nil
}

// administratorKey opens the largest workspace, which is the first.
func (p *plan) administratorKey(ctx context.Context, s *store.Store) (string, error) {
	key := practice.NewKey()
	err := s.Tx(ctx, func(ctx context.Context, tx *ent.Client) error {
		return tx.ApiKey.Create().SetID(key.ID).SetHash(key.Hash).SetName("Large data").
			SetScopes(schema.AllScopes()).SetProfessionalID(p.professionals.id(0)).Exec(ctx)
	})
	return key.Token, err
}
