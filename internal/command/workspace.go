package command

import (
	"context"
	"fmt"

	entworkspace "continuum/ent/workspace"
	"continuum/internal/practice"
)

// workspace is the command that makes a workspace.
type workspace struct {
	Name   string `arg:"" help:"Its name."`
	Kind   string `enum:"ORGANIZATION,INDIVIDUAL" default:"ORGANIZATION" help:"An organisation, or one practitioner's private practice."`
	Region string `default:"CA" help:"The country whose phone numbers may be typed without a prefix."`
	Admin  string `required:"" placeholder:"NAME" help:"The name of the first administrator."`
	Email  string `required:"" placeholder:"ADDRESS" help:"Their address at work."`
}

// Run makes the workspace and prints the administrator's key, once.
func (w workspace) Run(ctx context.Context, c *commands, house House) error {
	return c.withPractice(ctx, func(work *practice.Practice) error {
		made, first, token, err := work.CreateWorkspace(ctx, w.Name, entworkspace.Kind(w.Kind), w.Region,
			practice.NewAdministrator{Name: w.Admin, Email: w.Email})
		if err != nil {
			return err
		}
		_, err = fmt.Fprintf(house.Out, "Workspace      %s\nAdministrator  %s\nKey            %s\nThe key is shown this once.\n", made.ID, first.ID, token)
		return err
	})
}
