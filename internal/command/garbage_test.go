package command

import (
	"runtime"
	"runtime/debug"
	"testing"
	"time"
)

// What is in use decides how much the program may take: as much as a small server has, and more where it is needed.
func TestCollectSeldom(t *testing.T) {
	t.Setenv("GOGC", "")
	t.Setenv("GOMEMLIMIT", "")
	percent, memory := debug.SetGCPercent(-1), debug.SetMemoryLimit(-1)
	t.Cleanup(func() { debug.SetGCPercent(percent); debug.SetMemoryLimit(memory) })
	collectSeldom()
	mayTake(t, func(bytes int64) bool { return bytes == room })
	held := make([]byte, 128<<20)
	mayTake(t, func(bytes int64) bool { return bytes > 2*128<<20 })
	runtime.KeepAlive(held)
	mayTake(t, func(bytes int64) bool { return bytes == room })
}

// mayTake collects until the program may take as much as wanted.
func mayTake(t *testing.T, wanted func(bytes int64) bool) {
	t.Helper()
	// What is told of a collection comes soon after it, on its own.
	for deadline := time.Now().Add(10 * time.Second); time.Now().Before(deadline); runtime.GC() {
		if wanted(debug.SetMemoryLimit(-1)) {
			return
		}
	}
	t.Fatalf("the program may take %d bytes", debug.SetMemoryLimit(-1))
}

func TestCollectSeldom_UnlessToldOtherwise(t *testing.T) {
	for _, name := range []string{"GOGC", "GOMEMLIMIT"} {
		t.Setenv("GOGC", "")
		t.Setenv("GOMEMLIMIT", "")
		t.Setenv(name, "150")
		percent, memory := debug.SetGCPercent(77), debug.SetMemoryLimit(1<<40)
		collectSeldom()
		if was, limit := debug.SetGCPercent(percent), debug.SetMemoryLimit(memory); was != 77 || limit != 1<<40 {
			t.Errorf("with %s in the environment the heap grows by %d percent and the program takes %d bytes", name, was, limit)
		}
	}
}
