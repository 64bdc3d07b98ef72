package practice

import (
	"context"

	"continuum/ent/consent"
	"continuum/schema"
)

// ConsentQuestion is consentQuestion for the tests of its law.
type ConsentQuestion struct {
	Workspace string
	Across    bool
	Profiles  []string
	Purpose   consent.Purpose
	Target    string
	TargetsIn string
	Override  *string
	Again     bool
}

// Consented answers the question for the viewer, as a share or a transfer asks it.
func (p *Practice) Consented(ctx context.Context, q ConsentQuestion) (missing []string, err error) {
	err = p.change(ctx, schema.ScopeRecordsWrite, nil, func(ctx context.Context, w *work) error {
		missing, err = w.consented(ctx, consentQuestion{
			q.Workspace, q.Across, q.Profiles, q.Purpose, q.Target, q.TargetsIn, q.Override, q.Again, "recordId",
		})
		return err
	})
	return missing, err
}
