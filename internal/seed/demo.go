package seed

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"time"

	"continuum/ent"
	"continuum/internal/access"
	"continuum/internal/store"
)

// firstDay is when the demo's world begins.
var firstDay = time.Date(2026, time.August, 31, 13, 0, 0, 0, time.UTC)

// day is an instant of the demo's world.
func day(n int) time.Time { return firstDay.AddDate(0, 0, n) }

// id makes the id of what the demo calls by a name: always the same, and as good a TypeID as any.
func id(prefix, name string) string {
	sum := sha256.Sum256([]byte(prefix + " " + name))
	return idAt(prefix, firstDay, binary.BigEndian.Uint16(sum[:]), binary.BigEndian.Uint64(sum[2:]))
}

// Demo writes the demo, all of it or nothing, and returns the keys to it, which exist nowhere else. On a database that
// has the demo it does nothing and returns nil.
func Demo(ctx context.Context, s *store.Store) (*Cast, error) {
	present, err := Present(ctx, s)
	if err != nil || present {
		return nil, err
	}
	cast := draw()
	err = s.Tx(access.System(ctx, "demo data"), func(ctx context.Context, tx *ent.Client) error {
		for _, write := range []func(context.Context, *ent.Client) error{
			writeWorkspaces, writeInstitutions, writeProfessionals, writeUnits, cast.write,
			writeProfiles, writeContactPoints, writeAddresses, writeIdentifiers, writeFiles,
			writeContacts, writeContactLinks, writeRecords, writeRecordLinks, writeShares,
		} {
			if err := write(ctx, tx); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("seed: write the demo: %w", err)
	}
	return cast, nil
}

// optional is nil for an empty text.
func optional(text string) *string {
	if text == "" {
		return nil
	}
	return &text
}
