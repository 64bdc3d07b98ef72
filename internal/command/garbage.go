package command

import (
	"os"
	"runtime"
	"runtime/debug"
	"runtime/metrics"
)

// Little of what a request makes outlives it, so the heap may grow much before garbage is collected; but not beyond what a small
// server has, as with many wide answers at once. docs/performance.md has the figures.
const (
	seldom = 400       // percent that the heap grows
	room   = 192 << 20 // bytes that the program takes at the most, unless it needs them
)

// collectSeldom is for a server, unless the operator says otherwise by GOGC or GOMEMLIMIT.
func collectSeldom() {
	if os.Getenv("GOGC") != "" || os.Getenv("GOMEMLIMIT") != "" {
		return
	}
	debug.SetGCPercent(seldom)
	debug.SetMemoryLimit(room)
	makeRoom(room)
}

// makeRoom lets the program take more after each collection that found more in use: it would collect without end otherwise. It
// ends when somebody else has set another limit. Something that nobody holds tells when a collection has been.
func makeRoom(allowed int64) {
	runtime.AddCleanup(&struct{ held *byte }{}, func(allowed int64) {
		if debug.SetMemoryLimit(-1) != allowed {
			return
		}
		next := limit(liveHeap())
		debug.SetMemoryLimit(next)
		makeRoom(next)
	}, allowed)
}

// limit is how many bytes the program may take when so many are in use: never less than twice that, which is how much a heap grows
// in Go if nobody says otherwise.
func limit(live int64) int64 { return max(room, 2*live+room/4) }

// liveHeap is how many bytes the last collection found in use.
func liveHeap() int64 {
	sample := []metrics.Sample{{Name: "/gc/heap/live:bytes"}}
	metrics.Read(sample)
	return int64(sample[0].Value.Uint64())
}
