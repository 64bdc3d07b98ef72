//go:build plans

package graph_test

import (
	"os"
	"testing"
)

func TestZSeat(t *testing.T) {
	db := openSQL(t, os.Getenv("SEAT"))
	seat(t, db)
	execSQL(t, db, `VACUUM (ANALYZE)`)
}
