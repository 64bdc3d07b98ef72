package main

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"time"
)

// figures are the medians of a target's turns.
type figures struct {
	rate, p50, p95, p99    float64 // per second, and milliseconds
	server, database       float64 // milliseconds of processor per request
	memory, foreign, apart float64 // apart: how far the turns lie apart, in parts of the median
	failed                 float64 // of all requests
}

type spot struct {
	target      *target
	of          *testcase
	connections int
}

// figuresOf takes the medians.
func figuresOf(turns []turn) map[spot]figures {
	by := map[spot][]turn{}
	for _, t := range turns {
		if t.requests > 0 || t.failed > 0 {
			by[spot{t.target, t.of, t.connections}] = append(by[spot{t.target, t.of, t.connections}], t)
		}
	}
	all := map[spot]figures{}
	for at, turns := range by {
		of := func(what func(turn) float64) float64 { return median(turns, what) }
		rate := func(t turn) float64 { return float64(t.requests) / t.took.Seconds() }
		f := figures{
			rate: of(rate),
			p50:  of(func(t turn) float64 { return t.percentile(50) }),
			p95:  of(func(t turn) float64 { return t.percentile(95) }),
			p99:  of(func(t turn) float64 { return t.percentile(99) }),
			server: of(func(t turn) float64 {
				return milliseconds(t.used.server) / float64(t.requests)
			}),
			database: of(func(t turn) float64 {
				return milliseconds(t.used.database) / float64(t.requests)
			}),
			memory:  of(func(t turn) float64 { return t.memory }),
			foreign: of(turn.foreign),
			failed:  of(func(t turn) float64 { return float64(t.failed) / float64(t.requests+t.failed) }),
		}
		first := slices.MinFunc(turns, func(a, b turn) int { return cmp.Compare(rate(a), rate(b)) })
		last := slices.MaxFunc(turns, func(a, b turn) int { return cmp.Compare(rate(a), rate(b)) })
		f.apart = (rate(last) - rate(first)) / f.rate
		all[at] = f
	}
	return all
}

func median(turns []turn, what func(turn) float64) float64 {
	values := make([]float64, len(turns))
	for i, t := range turns {
		values[i] = what(t)
	}
	slices.Sort(values)
	middle := len(values) / 2
	if len(values)%2 == 1 {
		return values[middle]
	}
	return (values[middle-1] + values[middle]) / 2
}

func (t turn) percentile(p int) float64 {
	if len(t.latencies) == 0 {
		return 0
	}
	return milliseconds(t.latencies[min(len(t.latencies)-1, len(t.latencies)*p/100)])
}

func milliseconds(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }

// report prints what was measured, and keeps it in results/.
func report(o options, version, size string, targets []*target, cases []*testcase, turns []turn) error {
	var b bytes.Buffer
	fmt.Fprintf(&b, "# Continuum beside the limit, %s\n\n", time.Now().UTC().Format(time.DateOnly))
	fmt.Fprintf(&b, "%d cores, %s, %s; %s. Medians of %d turns of %s.\n", runtime.NumCPU(), runtime.Version(), version, size, o.rounds, o.slice)
	all := figuresOf(turns)
	summary(&b, o, targets, cases, all)
	for _, c := range cases {
		c.table(&b, o, targets, all)
	}
	if _, err := os.Stdout.Write(b.Bytes()); err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(o.folder, "results", time.Now().UTC().Format("20060102-150405")+".md"), b.Bytes(), 0o644)
}

// size tells how much data there is.
func (d *database) size(ctx context.Context) (string, error) {
	var profiles, records, links, contacts, workspaces int
	err := d.QueryRowContext(ctx, `SELECT (SELECT count(*) FROM profiles), (SELECT count(*) FROM records), (SELECT count(*) FROM record_links),
		(SELECT count(*) FROM contacts), (SELECT count(*) FROM workspaces)`).Scan(&profiles, &records, &links, &contacts, &workspaces)
	return fmt.Sprintf("%d profiles, %d records, %d links, %d contacts, %d workspaces", profiles, records, links, contacts, workspaces), err
}

// summary tells of every case how many times the limit each target takes: for a request at full load, of processor time, and
// of the time that half of the requests wait less than.
func summary(b *bytes.Buffer, o options, targets []*target, cases []*testcase, all map[spot]figures) {
	for _, connections := range o.connections {
		fmt.Fprintf(b, "\n## Times the limit, %s\n\n| |", plural(connections, "connection"))
		for _, t := range targets[1:] {
			fmt.Fprintf(b, " %s: requests | CPU | p50 |", t.Name)
		}
		b.WriteString("\n|---|" + strings.Repeat("---|---|---|", len(targets)-1) + "\n")
		for _, c := range cases {
			limit, found := all[spot{targets[0], c, connections}]
			if !found {
				continue
			}
			fmt.Fprintf(b, "| %s |", c.name())
			for _, t := range targets[1:] {
				if f, found := all[spot{t, c, connections}]; found {
					fmt.Fprintf(b, " %.2f | %.2f | %.2f |", limit.rate/f.rate, f.processor()/limit.processor(), f.p50/limit.p50)
				} else {
					b.WriteString(" | | |")
				}
			}
			b.WriteString("\n")
		}
	}
}

// processor is the time of server and database together.
func (f figures) processor() float64 { return f.server + f.database }

// table tells all figures of a case.
func (c *testcase) table(b *bytes.Buffer, o options, targets []*target, all map[spot]figures) {
	fmt.Fprintf(b, "\n## %s\n\n%s.\n\n", c.name(), c.title)
	b.WriteString("| target | connections | requests/s | x limit | p50 ms | p95 | p99 | server CPU ms | database CPU ms | CPU x limit | memory MiB | statements | KiB | failed | turns apart | others |\n")
	b.WriteString("|---|---|---|---|---|---|---|---|---|---|---|---|---|---|---|---|\n")
	for _, connections := range o.connections {
		limit := all[spot{targets[0], c, connections}]
		for _, t := range targets {
			f, found := all[spot{t, c, connections}]
			if !found {
				continue
			}
			fmt.Fprintf(b, "| %s | %d | %.0f | %.2f | %.2f | %.2f | %.2f | %.3f | %.3f | %.2f | %.0f | %s | %.1f | %.0f%% | %.0f%% | %.0f%% |\n",
				t.Name, connections, f.rate, limit.rate/f.rate, f.p50, f.p95, f.p99, f.server, f.database,
				f.processor()/limit.processor(), f.memory, c.asks[t].statementsText(), float64(c.asks[t].size)/1024,
				f.failed*100, f.apart*100, f.foreign*100)
		}
	}
}

func (a *asking) statementsText() string {
	if a.statements == 0 {
		return ""
	}
	return fmt.Sprintf("%.1f", a.statements)
}

func plural(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}
