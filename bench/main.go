// Command bench measures this server beside the limit, and beside whatever other targets stand in folders here, on one
// machine and one database. docs/performance.md says how to run it and how to read what it prints.
//
// Its one rule: nothing is timed before every target has given the same answers, and no figure stands alone: targets
// take turns in every round, and the report tells medians and ratios.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// options are what the command line says.
type options struct {
	folder      string // this one, where targets and workloads stand
	database    string
	profiles    int
	targets     []string
	workloads   []string
	viewers     []string
	connections []int
	rounds      int
	ready       time.Duration
	slice, warm time.Duration
	foreign     float64
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	o, err := read(os.Args[1:])
	if err == nil {
		err = run(ctx, o)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

// usual is at how many connections everything is measured.
const usual = "1,16,64"

func read(args []string) (options, error) {
	var o options
	var targets, workloads, viewers, connections string
	var quick bool
	f := flag.NewFlagSet("bench", flag.ContinueOnError)
	f.StringVar(&o.folder, "folder", "bench", "where the targets and the workloads stand")
	f.StringVar(&o.database, "database", os.Getenv("CONTINUUM_TEST_POSTGRES"), "a PostgreSQL server to make a database on, or sqlite:FILE; one that holds large data already is used as it is")
	f.IntVar(&o.profiles, "profiles", 100_000, "how many profiles a fresh database gets")
	f.StringVar(&targets, "targets", "", "only these, comma between them; the limit is always there")
	f.StringVar(&workloads, "workloads", "", "only these, comma between them")
	f.StringVar(&viewers, "viewers", "", "only these: owner, team, directory")
	f.StringVar(&connections, "connections", usual, "at how many connections")
	f.IntVar(&o.rounds, "rounds", 3, "how often each target has its turn")
	f.DurationVar(&o.slice, "slice", time.Second, "how long a turn is measured")
	f.DurationVar(&o.ready, "ready", 2*time.Second, "how long a target answers a case before its first turn: statements are prepared and planned, code is compiled")
	f.DurationVar(&o.warm, "warm", 200*time.Millisecond, "how long a turn runs before it is measured")
	f.Float64Var(&o.foreign, "foreign", 0.2, "a turn is taken again, twice at most, when other programs had more than this part of the machine")
	f.BoolVar(&quick, "quick", false, "for a look: one short round at 1 and 16 connections")
	if err := f.Parse(args); err != nil {
		return o, err
	}
	if quick {
		o.rounds, o.slice = 1, 500*time.Millisecond
		if connections == usual {
			connections = "1,16"
		}
	}
	o.targets, o.workloads, o.viewers = split(targets), split(workloads), split(viewers)
	for _, each := range split(connections) {
		n, err := strconv.Atoi(each)
		if err != nil || n < 1 {
			return o, fmt.Errorf("%q is no number of connections", each)
		}
		o.connections = append(o.connections, n)
	}
	return o, nil
}

func split(list string) []string {
	return strings.FieldsFunc(list, func(r rune) bool { return r == ',' })
}

func run(ctx context.Context, o options) (err error) {
	results := filepath.Join(o.folder, "results")
	if err := os.MkdirAll(results, 0o755); err != nil {
		return err
	}
	build, err := os.MkdirTemp("", "continuum-bench")
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(build) }() // it is temporary
	program, err := buildProgram(ctx, build)
	if err != nil {
		return err
	}
	data, err := prepare(ctx, o, program)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, data.Close()) }()
	viewers, err := data.viewers(ctx, program, o.viewers)
	if err != nil {
		return err
	}
	targets, err := findTargets(o)
	if err != nil {
		return err
	}
	defer stopAll(targets)
	for _, t := range targets {
		if err := t.start(ctx, place{program, build, results, data.url}); err != nil {
			return fmt.Errorf("%s: %w", t.Name, err)
		}
	}
	if err := data.settle(ctx); err != nil {
		return err
	}
	cases, err := findCases(ctx, o, data, viewers)
	if err != nil {
		return err
	}
	for _, c := range cases {
		if err := c.check(ctx, data, targets); err != nil {
			return fmt.Errorf("%s: %w", c.name(), err)
		}
	}
	size, err := data.size(ctx)
	if err != nil {
		return err
	}
	whole, turns, failed := measure(ctx, o, data, targets, cases)
	if len(whole) == 0 {
		return failed
	}
	return errors.Join(failed, report(o, data.version, size, targets, whole, turns))
}
