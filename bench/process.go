package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// usage is how much of the processors programs had up to an instant.
type usage struct {
	server, database, bench, machine time.Duration
}

// tick is the unit of /proc/*/stat and /proc/stat: every Linux counts in it.
const tick = 10 * time.Millisecond

// used reads what the server's and the database's processes, this one and the whole machine have used so far.
func used(server, database int) usage {
	u := usage{server: ofTree(server), database: ofTree(database)}
	var own syscall.Rusage
	if syscall.Getrusage(syscall.RUSAGE_SELF, &own) == nil {
		u.bench = time.Duration(own.Utime.Nano() + own.Stime.Nano())
	}
	raw, _ := os.ReadFile("/proc/stat") // elsewhere than on Linux there is none, and the report says nothing of it
	line, _, _ := bytes.Cut(raw, []byte("\n"))
	for i, field := range strings.Fields(string(line)) {
		// user, nice, system, then idle and iowait, then irq, softirq and steal
		if i > 0 && i != 4 && i != 5 && i < 9 {
			u.machine += ticks(field)
		}
	}
	return u
}

func (u usage) since(start usage) usage {
	return usage{u.server - start.server, u.database - start.database, u.bench - start.bench, u.machine - start.machine}
}

func ticks(field string) time.Duration {
	n, _ := strconv.ParseInt(field, 10, 64) // the kernel writes numbers
	return time.Duration(n) * tick
}

// process is a line of /proc/*/stat, as far as it matters.
type process struct {
	parent int
	ended  time.Duration // what its children used that have ended
}

func processOf(pid int) (process, bool) {
	raw, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return process{}, false
	}
	fields := strings.Fields(string(raw[bytes.LastIndexByte(raw, ')')+1:])) // a name may hold spaces
	parent, _ := strconv.Atoi(fields[1])
	return process{parent, ticks(fields[13]) + ticks(fields[14])}, true
}

// tree lists a process with all below it.
func tree(root int) []int {
	if root == 0 {
		return nil
	}
	children := map[int][]int{}
	folders, _ := filepath.Glob("/proc/[0-9]*")
	for _, folder := range folders {
		pid, _ := strconv.Atoi(filepath.Base(folder))
		if p, found := processOf(pid); found {
			children[p.parent] = append(children[p.parent], pid)
		}
	}
	all := []int{root}
	for i := 0; i < len(all); i++ {
		all = append(all, children[all[i]]...)
	}
	return all
}

// ofTree is the time that a tree of processes has had: of the threads there are, to the nanosecond, and of the
// children that have ended.
func ofTree(root int) time.Duration {
	var sum time.Duration
	for _, pid := range tree(root) {
		threads, _ := filepath.Glob(fmt.Sprintf("/proc/%d/task/*/schedstat", pid))
		for _, thread := range threads {
			raw, _ := os.ReadFile(thread) // it may have ended
			first, _, _ := strings.Cut(string(raw), " ")
			n, _ := strconv.ParseInt(first, 10, 64)
			sum += time.Duration(n)
		}
		if p, found := processOf(pid); found {
			sum += p.ended
		}
	}
	return sum
}

// forgetPeak lets the peak of a tree's memory begin anew.
func forgetPeak(root int) {
	for _, pid := range tree(root) {
		_ = os.WriteFile(fmt.Sprintf("/proc/%d/clear_refs", pid), []byte("5"), 0) // where it may not, the peak is that of all turns
	}
}

// peak is how much memory a tree had at the most since, in MiB.
func peak(root int) float64 {
	var sum float64
	for _, pid := range tree(root) {
		raw, _ := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid)) // it may have ended
		_, after, found := strings.Cut(string(raw), "VmHWM:")
		if fields := strings.Fields(after); found && len(fields) > 0 {
			kib, _ := strconv.ParseFloat(fields[0], 64)
			sum += kib / 1024
		}
	}
	return sum
}
