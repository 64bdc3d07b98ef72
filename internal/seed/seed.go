// Package seed makes worlds to look at: a small one for newcomers and for demonstrations, and a large one for
// measurements.
//
// Its one rule: everything but the keys comes out the same every time, ids and instants included, on either engine.
package seed

import (
	"context"
	"encoding/binary"
	"fmt"
	"time"

	"go.jetify.com/typeid"

	"continuum/ent/workspace"
	"continuum/internal/access"
	"continuum/internal/store"
)

// Present says whether the database already holds the demo.
func Present(ctx context.Context, s *store.Store) (bool, error) {
	found, err := s.Client().Workspace.Query().Where(workspace.ID(id("ws", "school"))).
		Exist(access.System(ctx, "demo data"))
	if err != nil {
		return false, fmt.Errorf("seed: look for the demo: %w", err)
	}
	return found, nil
}

// idAt makes a TypeID from an instant and 80 bits that tell apart what was made then.
func idAt(prefix string, at time.Time, high uint16, low uint64) string {
	var uuid [16]byte
	binary.BigEndian.PutUint64(uuid[:], uint64(at.UnixMilli())<<16|uint64(high))
	binary.BigEndian.PutUint64(uuid[8:], low)
	uuid[6] = 0x70 | uuid[6]&0x0f // version 7
	uuid[8] = 0x80 | uuid[8]&0x3f // the variant of RFC 9562
	return typeid.Must(typeid.FromUUIDBytesWithPrefix(prefix, uuid[:])).String()
}
