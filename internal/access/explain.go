package access

import (
	"context"
	"slices"

	"entgo.io/ent/dialect/sql"

	"continuum/ent"
	"continuum/ent/address"
	"continuum/ent/contact"
	"continuum/ent/contactlink"
	"continuum/ent/contactpoint"
	"continuum/ent/identifier"
	"continuum/ent/recordlink"
	"continuum/ent/share"
	"continuum/ent/workspaceprofile"
	"continuum/schema"
)

// Explain tells by which chains the viewer sees a record, a profile, a contact, or what
// hangs on one of them: a link, a contact link, a contact point, an address, an
// identifier, a workspace's own view, a share. It is nil for what they do not see, and
// for whatever else there is.
func Explain(ctx context.Context, client *ent.Client, id string) (*Report, error) {
	v := ViewerFrom(ctx)
	if v == nil {
		return nil, nil
	}
	chains, err := explainer{v, client}.chains(ctx, id)
	if err != nil || len(chains) == 0 {
		return nil, err
	}
	v.through(chains)
	if err := v.memberships(ctx, client, chains); err != nil {
		return nil, err
	}
	return report(chains), date(ctx, client, chains, v.At)
}

// explainer reads the reasons from the branches of the access function themselves. What
// hangs on something is read under the guard first, so that a chain to its parent is
// told only to whoever sees it.
type explainer struct {
	v      *Viewer
	client *ent.Client
}

func (e explainer) chains(ctx context.Context, id string) ([]Chain, error) {
	switch schema.IDPrefix(id) {
	case schema.RecordPrefix:
		if !e.v.Has(schema.ScopeRecordsRead) {
			return nil, nil
		}
		return e.record(ctx, id, Metadata)
	case schema.ProfilePrefix:
		if !e.v.Has(schema.ScopeProfilesRead) {
			return nil, nil
		}
		return e.profiles(ctx, id)
	case schema.ContactPrefix:
		if !e.v.Has(schema.ScopeContactsRead) {
			return nil, nil
		}
		return e.contact(ctx, id)
	case schema.RecordLinkPrefix:
		return e.recordLink(ctx, id)
	case schema.SharePrefix:
		return e.share(ctx, id)
	default:
		return e.holding(ctx, id)
	}
}

// holding explains what hangs on a profile or a contact.
func (e explainer) holding(ctx context.Context, id string) ([]Chain, error) {
	switch schema.IDPrefix(id) {
	case schema.ContactLinkPrefix:
		rows, err := e.client.ContactLink.Query().Where(contactlink.ID(id)).All(ctx)
		if err != nil || len(rows) == 0 {
			return nil, err
		}
		return e.profiles(ctx, rows[0].ProfileID)
	case schema.ContactPointPrefix:
		rows, err := e.client.ContactPoint.Query().Where(contactpoint.ID(id)).All(ctx)
		if err != nil || len(rows) == 0 {
			return nil, err
		}
		return e.holder(ctx, rows[0].ProfileID, rows[0].ContactID)
	case schema.AddressPrefix:
		rows, err := e.client.Address.Query().Where(address.ID(id)).All(ctx)
		if err != nil || len(rows) == 0 {
			return nil, err
		}
		return e.holder(ctx, rows[0].ProfileID, rows[0].ContactID)
	case schema.IdentifierPrefix:
		rows, err := e.client.Identifier.Query().Where(identifier.ID(id)).All(ctx)
		if err != nil || len(rows) == 0 {
			return nil, err
		}
		return e.profiles(ctx, rows[0].ProfileID)
	case schema.WorkspaceProfilePrefix:
		rows, err := e.client.WorkspaceProfile.Query().Where(workspaceprofile.ID(id)).All(ctx)
		if err != nil || len(rows) == 0 {
			return nil, err
		}
		return e.profiles(ctx, rows[0].ProfileID)
	default:
		return nil, nil
	}
}

// holder explains the one of the two that is there; an institution's is nobody's.
func (e explainer) holder(ctx context.Context, profileID, contactID *string) ([]Chain, error) {
	switch {
	case profileID != nil:
		return e.profiles(ctx, *profileID)
	case contactID != nil:
		return e.contact(ctx, *contactID)
	default:
		return nil, nil
	}
}

// What a chain takes from a row of the access function.
const (
	reasonColumns = `reason, through AS recipient_id, CASE WHEN reason = 'SHARE' THEN fact ELSE '' END AS share_id,` +
		` CASE WHEN reason = 'EMERGENCY' THEN fact ELSE '' END AS emergency_id`
	recordColumns  = `id AS record_id, MAX(level) AS level, 0 AS access, ` + reasonColumns
	profileColumns = `id AS profile_id, MAX(level) AS level, MAX(access) AS access, record_id, link_id, ` + reasonColumns
)

// record explains a record, by the chains that reach a level at least.
func (e explainer) record(ctx context.Context, id string, atLeast Level) ([]Chain, error) {
	chains, err := scan(ctx, e.client, func(s *sql.Selector) *sql.Selector {
		return s.AppendSelectExpr(sql.Expr(recordColumns)).FromExpr(e.v.recordLevels([]string{id}).table()).
			GroupBy("id", "reason", "through", "fact").OrderExpr(sql.Expr(strongest)).Limit(maxChains + 1)
	})
	return slices.DeleteFunc(chains, func(c Chain) bool { return c.Level < atLeast }), err
}

// profiles explains one profile or several.
func (e explainer) profiles(ctx context.Context, ids ...string) ([]Chain, error) {
	chains, err := scan(ctx, e.client, func(s *sql.Selector) *sql.Selector {
		return s.AppendSelectExpr(sql.Expr(profileColumns)).FromExpr(e.v.profileRights(ids).table()).
			GroupBy("id", "record_id", "link_id", "reason", "through", "fact").
			OrderExpr(sql.Expr(strongest + `, profile_id`)).Limit(maxChains + 1)
	})
	asProfiles(chains)
	return chains, err
}

// contact explains a contact by the profiles around whom it stands, or by its maker.
func (e explainer) contact(ctx context.Context, id string) ([]Chain, error) {
	seen, err := e.client.ContactLink.Query().
		Where(contactlink.ContactID(id), contactlink.EndedAtIsNil(), func(s *sql.Selector) {
			s.Where(e.v.readableProfiles().in(s.C(contactlink.FieldProfileID)))
		}).
		Order(contactlink.ByID()).Limit(maxChains + 1).Select(contactlink.FieldProfileID).
		Strings(System(ctx, "the access function itself"))
	if err != nil {
		return nil, err
	}
	if len(seen) > 0 {
		return e.profiles(ctx, seen...)
	}
	made, err := e.client.Contact.Query().
		Where(contact.ID(id), func(s *sql.Selector) { s.Where(set{e.v.ownUnlinkedContacts()}.in(s.C(contact.FieldID))) }).
		Exist(System(ctx, "the access function itself"))
	if err != nil || !made {
		return nil, err
	}
	return []Chain{{Reason: ReasonMaker, Right: EditRight}}, nil
}

// recordLink explains a link by its record: to its readers while it lives, to its
// editors when it has ended.
func (e explainer) recordLink(ctx context.Context, id string) ([]Chain, error) {
	rows, err := e.client.RecordLink.Query().Where(recordlink.ID(id)).All(ctx)
	if err != nil || len(rows) == 0 {
		return nil, err
	}
	if rows[0].UnlinkedAt != nil {
		return e.record(ctx, rows[0].RecordID, Full)
	}
	return e.record(ctx, rows[0].RecordID, Read)
}

// share explains a share by its record to those who edit it, and to whom it names.
func (e explainer) share(ctx context.Context, id string) ([]Chain, error) {
	rows, err := e.client.Share.Query().Where(share.ID(id)).All(ctx)
	if err != nil || len(rows) == 0 {
		return nil, err
	}
	chains, err := e.record(ctx, rows[0].RecordID, Full)
	if slices.Contains(e.v.Principals(), rows[0].GranteeID) {
		chains = append(chains, Chain{Reason: ReasonGrantee, RecipientID: rows[0].GranteeID, ShareID: id})
	}
	return chains, err
}
