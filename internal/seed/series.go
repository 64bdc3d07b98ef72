package seed

import "time"

// The large data was made over two years.
var (
	bulkStart = time.Date(2024, time.September, 2, 12, 0, 0, 0, time.UTC)
	bulkSpan  = 2 * 365 * 24 * time.Hour
)

// series is the rows of one type, counted from 0: row i has its id and its instant without being stored anywhere.
type series struct {
	prefix string
	count  int
}

// at is when row i was made: evenly over the span, in the microseconds that both engines keep.
func (s series) at(i int) time.Time {
	step := bulkSpan / time.Duration(max(s.count, 1))
	return bulkStart.Add(time.Duration(i) * step).Truncate(time.Microsecond)
}

func (s series) id(i int) string {
	salt := uint64(0)
	for _, letter := range []byte(s.prefix) {
		salt = salt<<8 | uint64(letter)
	}
	low := scramble(salt<<24 + uint64(i))
	return idAt(s.prefix, s.at(i), uint16(scramble(low)), low)
}

// scramble spreads a number over 64 bits so that no two meet (the last steps of SplitMix64).
func scramble(x uint64) uint64 {
	x += 0x9e3779b97f4a7c15
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}
