package command

import (
	"context"
	"errors"
	"fmt"
)

// migrate is the command that brings a database to this program's version.
type migrate struct{}

// Run migrates, under a lock, and says from where to where.
func (migrate) Run(ctx context.Context, c *commands, house House) (err error) {
	data, err := c.open(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, data.Close()) }()
	before, _, err := data.Version(ctx)
	if err != nil {
		return err
	}
	if err := upToDate(ctx, data, true); err != nil {
		return err
	}
	after, _, err := data.Version(ctx)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(house.Out, "The database was at version %d and is at %d.\n", before, after)
	return err
}
