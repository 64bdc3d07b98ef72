package command

import (
	"os"
	"runtime/debug"
)

// seldom is how much the heap grows, in percent, before garbage is collected: little of what a request makes outlives it,
// so that the program stays small all the same. docs/performance.md has the figures.
const seldom = 400

// collectSeldom is for a server, unless the operator says otherwise by GOGC or GOMEMLIMIT.
func collectSeldom() {
	if os.Getenv("GOGC") == "" && os.Getenv("GOMEMLIMIT") == "" {
		debug.SetGCPercent(seldom)
	}
}
