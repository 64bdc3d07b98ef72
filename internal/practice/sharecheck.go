package practice

import (
	"context"

	"continuum/ent/share"
	"continuum/schema"
)

func (c *checks) newShare(ctx context.Context, in ShareRecordInput) ShareRecordInput {
	id := c.id(schema.SharePrefix, in.ID)
	in.ID = &id
	c.shareLevel("level", &in.Level)
	c.future(ctx, "expiresAt", in.ExpiresAt)
	in.ExpiresAt = instantOrNil(in.ExpiresAt)
	in.ConsentOverride = c.prose("consentOverride", in.ConsentOverride, reasonLetters)
	return in
}

// shareLevel refuses a level that there is not. The API's own enum never lets one
// through; other callers might.
func (c *checks) shareLevel(field string, level *share.Level) {
	if level != nil && share.LevelValidator(*level) != nil {
		c.refuse(field, "The level of a share is READ, WRITE or FULL.")
	}
}
