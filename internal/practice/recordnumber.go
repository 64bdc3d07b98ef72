package practice

import (
	"context"
	"crypto/rand"
	"errors"
	"strconv"

	"continuum/internal/access"
)

// errNumberTaken says that a number drawn is another record's. It never leaves CreateRecord.
var errNumberTaken = errors.New("practice: the number drawn is taken")

// draws bounds how often a number is drawn: one in a thousand million is taken by each
// record of the year.
const draws = 5

// digits are Crockford's: none can be taken for another on the phone.
const digits = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"

// drawNumber draws the number of a new record: the year, and six digits at random, so
// that it tells nothing of other records.
func drawNumber(ctx context.Context) string {
	var drawn [6]byte
	_, _ = rand.Read(drawn[:]) // it never fails
	for i, b := range drawn {
		drawn[i] = digits[int(b)%len(digits)]
	}
	return strconv.Itoa(access.Now(ctx).Year()) + "-" + string(drawn[:])
}
