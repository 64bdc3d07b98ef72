package command

import (
	"context"
	"errors"
	"fmt"
	"time"

	entworkspace "continuum/ent/workspace"
	"continuum/internal/practice"
	"continuum/schema"
)

// workspace is the command that makes a workspace.
type workspace struct {
	Name   string `arg:"" help:"Its name."`
	Kind   string `enum:"ORGANIZATION,INDIVIDUAL" default:"ORGANIZATION" help:"An organisation, or one practitioner's private practice."`
	Region string `default:"CA" help:"The country whose phone numbers may be typed without a prefix."`
	Admin  string `required:"" placeholder:"NAME" help:"The name of the first administrator."`
	Email  string `required:"" help:"Their address at work."`
}

// Run makes the workspace and prints the administrator's key, once.
func (w workspace) Run(ctx context.Context, c *commands, house House) (err error) {
	data, err := c.current(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, data.Close()) }()
	made, first, token, err := practice.New(data).CreateWorkspace(ctx, w.Name, entworkspace.Kind(w.Kind), w.Region,
		practice.NewAdministrator{Name: w.Admin, Email: w.Email})
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(house.Out, "Workspace      %s\nAdministrator  %s\nKey            %s\nThe key is shown this once.\n", made.ID, first.ID, token)
	return err
}

// key is the command that makes a key.
type key struct {
	Professional string         `arg:"" help:"The id of the professional that the key acts as."`
	Name         string         `default:"made by an operator" help:"What the key is for."`
	Scopes       []schema.Scope `default:"all" help:"What it may be used for: all, or names as in the schema's Scope."`
	Expires      time.Duration  `help:"After how long it stops working: 2160h. Never when absent."`
}

// Run makes the key and prints it, once. An invited professional becomes active: the
// operator vouches for them.
func (k key) Run(ctx context.Context, c *commands, house House) (err error) {
	data, err := c.current(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, data.Close()) }()
	scopes := k.Scopes
	if len(scopes) == 1 && scopes[0] == "all" {
		scopes = schema.AllScopes()
	}
	var expires *time.Time
	if k.Expires > 0 {
		end := schema.Now().Add(k.Expires)
		expires = &end
	}
	token, err := practice.New(data).CreateKeyFor(ctx, k.Professional, k.Name, scopes, expires)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(house.Out, "%s\nThe key is shown this once.\n", token)
	return err
}
