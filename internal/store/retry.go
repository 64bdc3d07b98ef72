package store

import (
	"context"
	"database/sql"
	sqldriver "database/sql/driver"
	"errors"
	"io"
	"math/rand/v2"
	"net"
	"time"

	"github.com/lib/pq"
	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

// tries bounds how often Tx runs its function; the pauses between them add up to about two seconds.
const tries = 10

// pause waits before the next try, doubling from 5 ms to half a second. The jitter keeps those who collided apart.
func pause(ctx context.Context, try int) error {
	longest := min(5*time.Millisecond<<(try-1), 500*time.Millisecond)
	timer := time.NewTimer(longest/4 + rand.N(longest))
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// passing says whether the same work may well succeed when it is done again.
func passing(err error) bool {
	if errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return false
	}
	if pg, ok := errors.AsType[*pq.Error](err); ok {
		return collision(pg) || goingDown(pg) || planChanged(pg)
	}
	if lite, ok := errors.AsType[*sqlite.Error](err); ok {
		// The extended codes, SQLITE_BUSY_SNAPSHOT among them, keep the kind in the low byte.
		return lite.Code()&0xff == sqlite3.SQLITE_BUSY
	}
	return broken(err)
}

// Unavailable says whether the database was lost, busy or full, so that the same may well succeed later: whoever asked
// is told to try again, and not of a fault.
func Unavailable(err error) bool {
	if errors.Is(err, ErrUnknownOutcome) || passing(err) {
		return true
	}
	if pg, ok := errors.AsType[*pq.Error](err); ok {
		return pg.Code.Class() == "53" || pg.Code.Class() == "58" // out of disk, memory or connections; its machine failed
	}
	lite, ok := errors.AsType[*sqlite.Error](err)
	return ok && (lite.Code()&0xff == sqlite3.SQLITE_FULL || lite.Code()&0xff == sqlite3.SQLITE_IOERR)
}

// doubtful says whether a failed COMMIT may have taken effect all the same.
func doubtful(err error) bool {
	// database/sql says these before it sends anything.
	if errors.Is(err, sql.ErrTxDone) || errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return false
	}
	if pg, ok := errors.AsType[*pq.Error](err); ok {
		return goingDown(pg)
	}
	if lite, ok := errors.AsType[*sqlite.Error](err); ok {
		return lite.Code()&0xff == sqlite3.SQLITE_IOERR
	}
	return broken(err)
}

// Collided says whether another transaction was in the way.
func Collided(err error) bool {
	pg, ok := errors.AsType[*pq.Error](err)
	return ok && collision(pg)
}

// collision: serialization_failure and deadlock_detected.
func collision(err *pq.Error) bool { return err.Code == "40001" || err.Code == "40P01" }

// goingDown: connection exceptions, and a server that is stopping, has crashed or does not accept sessions yet.
func goingDown(err *pq.Error) bool {
	return err.Code.Class() == "08" || err.Code == "57P01" || err.Code == "57P02" || err.Code == "57P03"
}

func broken(err error) bool {
	if errors.Is(err, sqldriver.ErrBadConn) || errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return true
	}
	_, ok := errors.AsType[net.Error](err)
	return ok
}
