package command

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"continuum/ent"
	"continuum/internal/practice"
	"continuum/schema"
)

// key are the commands about API keys, for whoever runs the server.
type key struct {
	Create createKey `cmd:"" help:"Make a key for a professional, and print it: it is shown this once."`
	List   listKeys  `cmd:"" help:"List the keys of a professional, without their secrets."`
	Revoke revokeKey `cmd:"" help:"Make a key stop working at once."`
}

// createKey is the command that makes a key.
type createKey struct {
	Professional string         `arg:"" help:"The id of the professional that the key acts as: pro_..."`
	Name         string         `default:"made by an operator" help:"What the key is for."`
	Scopes       []schema.Scope `default:"all" help:"What it may be used for: all, or names as in the schema's Scope."`
	Expires      time.Duration  `placeholder:"TIME" help:"After how long it stops working: 2160h. Never when absent."`
}

// Run makes the key and prints it, once. An invited professional becomes active: the
// operator vouches for them.
func (k createKey) Run(ctx context.Context, c *commands, house House) error {
	scopes := k.Scopes
	if slices.Equal(scopes, []schema.Scope{"all"}) {
		scopes = schema.AllScopes()
	}
	var expires *time.Time
	if k.Expires < 0 {
		return errors.New("--expires is a time from now on: 2160h")
	}
	if k.Expires > 0 {
		end := schema.Now().Add(k.Expires)
		expires = &end
	}
	return c.withPractice(ctx, func(work *practice.Practice) error {
		token, err := work.CreateKeyFor(ctx, k.Professional, k.Name, scopes, expires)
		if err != nil {
			return err
		}
		_, err = fmt.Fprintf(house.Out, "%s\nThe key is shown this once.\n", token)
		return err
	})
}

// listKeys is the command that lists keys.
type listKeys struct {
	Professional string `arg:"" help:"The id of the professional that they act as: pro_..."`
}

// Run lists them, the earliest first.
func (k listKeys) Run(ctx context.Context, c *commands, house House) error {
	return c.withPractice(ctx, func(work *practice.Practice) error {
		found, err := work.KeysOf(ctx, k.Professional)
		if err != nil {
			return err
		}
		table := tabwriter.NewWriter(house.Out, 0, 0, 2, ' ', 0)
		_, _ = fmt.Fprintln(table, "KEY\tSTATE\tEXPIRES\tLAST USED\tNAME\tSCOPES") // Flush tells of what cannot be written
		for _, row := range found {
			_, _ = fmt.Fprintf(table, "%s\t%s\t%s\t%s\t%s\t%s\n",
				row.ID, keyState(row), day(row.ExpiresAt), day(row.LastUsedAt), row.Name, scopeNames(row.Scopes))
		}
		return table.Flush()
	})
}

func keyState(row *ent.ApiKey) string {
	switch {
	case row.RevokedAt != nil:
		return "revoked"
	case row.ExpiresAt != nil && !row.ExpiresAt.After(schema.Now()):
		return "expired"
	default:
		return "works"
	}
}

func day(at *time.Time) string {
	if at == nil {
		return "never"
	}
	return at.UTC().Format(time.RFC3339)
}

func scopeNames(scopes []schema.Scope) string {
	if len(scopes) == len(schema.AllScopes()) {
		return "all"
	}
	names := make([]string, len(scopes))
	for i, scope := range scopes {
		names[i] = string(scope)
	}
	return strings.Join(names, ",")
}

// revokeKey is the command that revokes a key.
type revokeKey struct {
	Key string `arg:"" help:"The id of the key: key_..."`
}

// Run revokes it.
func (k revokeKey) Run(ctx context.Context, c *commands, house House) error {
	return c.withPractice(ctx, func(work *practice.Practice) error {
		if err := work.RevokeKey(ctx, k.Key); err != nil {
			return err
		}
		_, err := fmt.Fprintf(house.Out, "%s no longer works.\n", k.Key)
		return err
	})
}

// withPractice lends the practice over the database, which must be at this program's version.
func (c *commands) withPractice(ctx context.Context, do func(*practice.Practice) error) (err error) {
	data, err := c.current(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, data.Close()) }()
	return do(practice.New(data))
}
