package graph_test

import "pgregory.net/rapid"

// dice are what a draw is made of: bits, which rapid shrinks towards the first choice.
type dice struct{ t *rapid.T }

// below draws a number below n, each about as often as any other; rapid's own numbers are mostly small.
func (d dice) below(n int) int {
	if n < 2 {
		return 0
	}
	drawn := 0
	for room := 1; room < 8*n; room *= 2 {
		drawn *= 2
		if rapid.Bool().Draw(d.t, "bit") {
			drawn++
		}
	}
	return drawn % n
}

// once says yes once in n times.
func (d dice) once(n int) bool { return d.below(n) == n-1 }

// pick draws one of the choices; what stands there twice is drawn twice as often.
func pick[T any](d dice, choices ...T) T { return choices[d.below(len(choices))] }
