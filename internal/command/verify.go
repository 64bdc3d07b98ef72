package command

import (
	"context"
	"errors"
	"fmt"
	"math"

	"continuum/internal/practice"
	"continuum/internal/store"
)

// verify is the command that proves a restored database.
type verify struct {
	Against      secret `env:"CONTINUUM_AGAINST" placeholder:"URL" help:"The database that this one is a copy of: every table must hold the same rows. Nobody may write to either meanwhile."`
	AgainstFile  string `env:"CONTINUUM_AGAINST_FILE" type:"existingfile" placeholder:"FILE" help:"A file that holds that URL; it goes before --against."`
	SealKeysFile string `env:"CONTINUUM_SEAL_KEYS_FILE" type:"existingfile" placeholder:"FILE" help:"The keys of sealed copies, as for serve."`
}

// Run reads the whole database, and fails at the first thing that is wrong.
func (v verify) Run(ctx context.Context, c *commands, house House) (err error) {
	if err := c.exists(); err != nil {
		return err
	}
	data, err := c.current(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, data.Close()) }()
	if err := data.Whole(ctx); err != nil {
		return err
	}
	has, err := data.Inventory(ctx)
	if err != nil {
		return err
	}
	rows := 0
	for _, h := range has {
		rows += h.Rows
	}
	have, _, err := data.Version(ctx)
	if err != nil {
		return err
	}
	_, _ = fmt.Fprintf(house.Out, "The database is whole: version %d, %d rows in %d tables.\n", have, rows, len(has))
	if err := v.sealed(ctx, c, data, house); err != nil {
		return err
	}
	return v.compare(ctx, has, house)
}

// sealed opens every sealed copy, where there are any.
func (v verify) sealed(ctx context.Context, c *commands, data *store.Store, house House) error {
	keys, _, err := c.knownSealKeys(v.SealKeysFile)
	if err != nil {
		return err
	}
	opened, err := practice.New(data, practice.WithSeal(keys)).ProveSealedCopies(ctx, math.MaxInt)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(house.Out, "%d sealed copies open.\n", opened)
	return err
}

// compare finds the tables that hold other rows than those of the original.
func (v verify) compare(ctx context.Context, has []store.Holding, house House) (err error) {
	url := string(v.Against)
	if v.AgainstFile != "" {
		if url, err = readURL(v.AgainstFile); err != nil {
			return err
		}
	}
	if url == "" {
		return nil
	}
	original, err := store.Open(ctx, url)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, original.Close()) }()
	want, err := original.Inventory(ctx)
	if err != nil {
		return err
	}
	if len(has) != len(want) {
		return fmt.Errorf("there are %d tables, and %d in the original", len(has), len(want))
	}
	for i, w := range want {
		switch h := has[i]; {
		case h.Table != w.Table:
			return fmt.Errorf("there is a table %s where the original has %s", h.Table, w.Table)
		case h.Rows != w.Rows:
			return fmt.Errorf("%s has %d rows, and %d in the original", h.Table, h.Rows, w.Rows)
		case h.Digest != w.Digest:
			return fmt.Errorf("%s has other rows than the original", h.Table)
		}
	}
	_, err = fmt.Fprintln(house.Out, "Every table holds the rows of the original.")
	return err
}
