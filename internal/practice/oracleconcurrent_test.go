package practice_test

import (
	"fmt"
	"slices"
	"strings"
	"sync"

	"pgregory.net/rapid"

	"continuum/internal/oracle"
)

// together lets three or four things happen at once to one record, each tried by somebody
// else, and finds an order in which the oracle would have said and done the same.
func (l *life) together(t *rapid.T) int {
	l.focus = pick(t, "record", keys(l.facts.Records)...)
	defer func() { l.focus = "" }()
	attempts := l.several(t)
	codes := l.race(attempts)
	for i, a := range attempts {
		l.note("at once: ", a, codes[i])
	}
	l.tally.concurrent += len(attempts)
	touched, signs := map[string]bool{}, false
	for _, a := range attempts {
		for _, typ := range a.touches {
			touched[typ] = true
		}
		signs = signs || a.signs
	}
	types := slices.DeleteFunc(slices.Clone(everyRow), func(typ string) bool { return !touched[typ] })
	l.facts = l.serial(attempts, codes, types)
	l.settle(types, signs, slices.Contains(codes, ""))
	return len(attempts)
}

// several draws attempts by people unlike each other.
func (l *life) several(t *rapid.T) []attempt {
	var attempts []attempt
	for len(attempts) < 3 || len(attempts) < 4 && rapid.Bool().Draw(t, "one more") {
		a := l.draw(t)
		if a.do == nil || slices.ContainsFunc(attempts, func(b attempt) bool { return a.who == b.who }) {
			continue
		}
		attempts = append(attempts, a)
	}
	return attempts
}

// busy stands for what a database gave up after several tries, which changes nothing.
const busy = "BUSY"

// race lets the practice do all attempts at once.
func (l *life) race(attempts []attempt) []string {
	codes, faults := make([]string, len(attempts)), make([]error, len(attempts))
	start := make(chan struct{})
	var wg sync.WaitGroup
	for i, a := range attempts {
		wg.Go(func() {
			<-start
			codes[i], faults[i] = l.try(a)
		})
	}
	close(start)
	wg.Wait()
	for i, err := range faults {
		switch {
		case err == nil:
		case strings.Contains(err.Error(), "could not serialize"), strings.Contains(err.Error(), "deadlock"):
			codes[i] = busy
			l.tally.weary++
		default:
			l.fail("at once, %s: %s: the practice broke: %v", attempts[i].who, attempts[i].what, err)
		}
	}
	return codes
}

// serial is the world after the attempts, in an order that gives the codes and the rows
// that the practice gave.
func (l *life) serial(attempts []attempt, codes []string, types []string) *oracle.World {
	rows := map[string]map[string]string{}
	var misses []string
	var search func(w *oracle.World, left []int) *oracle.World
	search = func(w *oracle.World, left []int) *oracle.World {
		if len(left) == 0 {
			if miss := l.matches(w, types, rows); miss != "" {
				misses = append(misses, miss)
				return nil
			}
			return w
		}
		for i, n := range left {
			next := w.Clone()
			if codes[n] != busy && !attempts[n].tell(next).Allows(codes[n]) {
				continue
			}
			if found := search(next, slices.Delete(slices.Clone(left), i, i+1)); found != nil {
				return found
			}
		}
		return nil
	}
	var all []int
	for i := range attempts {
		all = append(all, i)
	}
	found := search(l.facts, all)
	if found == nil {
		var orders []string
		for _, a := range attempts {
			orders = append(orders, fmt.Sprintf("%s: %s, alone: %s", a.who, a.what, a.tell(l.facts.Clone())))
		}
		l.fail("no order of these gives what happened:\n  %s\nwith the codes of some, the rows differ:\n%s",
			strings.Join(orders, "\n  "), strings.Join(misses, "\n"))
	}
	return found
}

// matches says in what the database differs from a world.
func (l *life) matches(w *oracle.World, types []string, rows map[string]map[string]string) string {
	before := l.facts
	l.facts = w
	defer func() { l.facts = before }()
	for _, typ := range types {
		// Whether a transfer waits depends on the world: read it in each.
		if rows[typ] == nil || typ == "Transfer" {
			rows[typ] = l.rows(typ)
		}
		if diff := l.differ(w, rows[typ], typ); diff != "" {
			return typ + ": " + diff
		}
	}
	return ""
}
