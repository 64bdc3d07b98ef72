package main

import (
	"context"
	"fmt"
	"os"
	"runtime"
	"slices"
	"sync"
	"time"
)

// turn is one target's slice of a round.
type turn struct {
	target      *target
	of          *testcase
	connections int
	requests    int // answered
	failed      int
	took        time.Duration
	latencies   []time.Duration // in order
	used        usage
	memory      float64 // MiB
}

// measure lets the targets take turns, for each case and number of connections: ABC, BCA, CAB.
// What was measured before a failure is given back with it, of the cases that were measured whole.
func measure(ctx context.Context, o options, d *database, targets []*target, cases []*testcase) (whole []*testcase, turns []turn, err error) {
	for i, c := range cases {
		those, err := c.measure(ctx, o, d, targets)
		if err != nil {
			return cases[:i], turns, fmt.Errorf("%s: %w", c.name(), err)
		}
		turns = append(turns, those...)
		fmt.Fprintf(os.Stderr, "%d of %d: %s\n", i+1, len(cases), c.name())
	}
	return cases, turns, nil
}

func (c *testcase) measure(ctx context.Context, o options, d *database, targets []*target) ([]turn, error) {
	for _, t := range targets {
		if err := c.makeReady(ctx, o, d, t); err != nil {
			return nil, fmt.Errorf("%s: %w", t.Name, err)
		}
	}
	var turns []turn
	for _, connections := range o.connections {
		if !c.main && connections != 16 {
			continue
		}
		for round := range o.rounds {
			for k := range targets {
				t := targets[(k+round)%len(targets)]
				if c.asks[t] == nil {
					continue
				}
				one, err := c.quietTurn(ctx, o, d, t, connections)
				if err != nil {
					return nil, fmt.Errorf("%s: %w", t.Name, err)
				}
				turns = append(turns, one)
			}
		}
	}
	return turns, nil
}

// quietTurn takes a turn again when other programs had too much of the machine.
func (c *testcase) quietTurn(ctx context.Context, o options, d *database, t *target, connections int) (turn, error) {
	for try := 1; ; try++ {
		one, err := c.turn(ctx, o, d, t, connections)
		if err != nil || try == 3 || one.foreign() <= o.foreign {
			return one, err
		}
	}
}

// makeReady lets a target answer for a while on as many connections as most turns have.
func (c *testcase) makeReady(ctx context.Context, o options, d *database, t *target) error {
	if c.asks[t] == nil {
		return nil
	}
	clients, err := dialAll(ctx, t, 16)
	if err != nil {
		return err
	}
	defer closeAll(clients)
	if _, _, err := c.load(t, clients, o.ready); err != nil || !c.change {
		return err
	}
	return d.undo(ctx, d.since)
}

// foreign is the part of the machine that other programs had.
func (t turn) foreign() float64 {
	others := t.used.machine - t.used.server - t.used.database - t.used.bench
	return max(0, others.Seconds()/(t.took.Seconds()*float64(runtime.NumCPU())))
}

func (c *testcase) turn(ctx context.Context, o options, d *database, t *target, connections int) (turn, error) {
	one := turn{target: t, of: c, connections: connections}
	clients, err := dialAll(ctx, t, connections)
	if err != nil {
		return one, err
	}
	defer closeAll(clients)
	if c.change {
		c.asks[t].next.Store(0)
	}
	if _, _, err := c.load(t, clients, o.warm); err != nil {
		return one, err
	}
	server, postgres := t.run.Process.Pid, d.pid
	forgetPeak(server)
	before, start := used(server, postgres), time.Now()
	latencies, failed, err := c.load(t, clients, o.slice)
	one.took = time.Since(start)
	one.used = used(server, postgres).since(before)
	one.memory, one.requests, one.failed, one.latencies = peak(server), len(latencies), failed, latencies
	slices.Sort(one.latencies)
	if err == nil && c.change {
		err = d.undo(ctx, d.since)
	}
	return one, err
}

// load lets every client ask for a while, each as soon as it was answered.
func (c *testcase) load(t *target, clients []*client, lasting time.Duration) (all []time.Duration, failed int, err error) {
	a := c.asks[t]
	until := time.Now().Add(lasting)
	var (
		group sync.WaitGroup
		mu    sync.Mutex
	)
	for _, conn := range clients {
		group.Go(func() {
			mine, bad, failure := a.ask(conn, until)
			mu.Lock()
			defer mu.Unlock()
			all, failed = append(all, mine...), failed+bad
			if failure != nil {
				err = failure
			}
		})
	}
	group.Wait()
	return all, failed, err
}

// turn is the place of the next message.
func (a *asking) turn() int { return int(a.next.Add(1) - 1) }

// ask asks again and again, and tells how long each answer took and how many were none.
func (a *asking) ask(conn *client, until time.Time) (took []time.Duration, failed int, err error) {
	for {
		start := time.Now()
		if start.After(until) {
			return took, failed, nil
		}
		n := a.turn()
		if a.once && n >= len(a.messages) {
			return took, failed, nil
		}
		status, body, err := conn.ask(a.messages[n%len(a.messages)])
		if err != nil {
			return took, failed, err
		}
		if fine(status, body) {
			took = append(took, time.Since(start))
		} else {
			failed++
		}
	}
}
