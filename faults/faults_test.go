//go:build faults

// Package faults_test runs the real program, in processes of its own, against real databases, and lets things go wrong
// under it and around it: nothing that was acknowledged may be lost, nothing done twice, no record be handed over by half,
// and seconds after a fault is over the work goes on.
//
// Its one rule: whatever is asked, is asked over HTTP, as a partner would, and what came of it is read from the database
// itself. The helpers stand in a file each: server, client, socket, writers, cluster, hose, database.
package faults_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"
)

const (
	sixteen  = 16
	recovery = 5 * time.Second // from the end of a fault until the work goes on
)

// wait lets the writers work for a while.
func wait(d time.Duration) { <-time.After(d) }

// strike sets writers to work, strikes, and sees that the work goes on and that everything is whole.
func strike(t *testing.T, database, through string, n int, fault func(s *server)) {
	t.Helper()
	p := open(t, database)
	s := start(t, over(through))
	w := write(t, p, n, s.url)
	w.working(t, time.Now(), recovery)
	fault(s)
	w.working(t, time.Now(), recovery)
	w.finish(t)
	w.whole(t, database)
}

func killThrice(s *server) {
	for range 3 {
		wait(300 * time.Millisecond)
		s.kill()
		s.restart()
	}
}

func TestKill_SQLite(t *testing.T) {
	database := "sqlite:" + filepath.Join(t.TempDir(), "continuum.db")
	strike(t, database, database, sixteen, killThrice)
}

func TestKill_PostgreSQL(t *testing.T) {
	database := newCluster(t).url()
	strike(t, database, database, sixteen, killThrice)
}

func TestRestart_PostgreSQL(t *testing.T) {
	for _, mode := range []string{"fast", "immediate"} {
		t.Run(mode, func(t *testing.T) {
			c := newCluster(t)
			strike(t, c.url(), c.url(), sixteen, func(*server) {
				for range 2 {
					wait(time.Second)
					c.stop(mode)
					wait(time.Second)
					c.start()
				}
			})
		})
	}
}

func TestFreeze_PostgreSQL(t *testing.T) {
	c := newCluster(t)
	strike(t, c.url(), c.url(), sixteen, func(*server) {
		c.freeze()
		wait(6 * time.Second)
		c.thaw()
	})
}

func TestBlackHole_PostgreSQL(t *testing.T) {
	database := newCluster(t).url()
	h, through := lay(t, database)
	strike(t, database, through, sixteen, func(*server) {
		h.pinch()
		wait(6 * time.Second)
		h.let()
	})
}

// More writers than connections, and somebody who holds up all of them.
func TestExhausted_PostgreSQL(t *testing.T) {
	database := newCluster(t).url()
	strike(t, database, database, 4*sixteen, func(*server) {
		held := hold(t, database, "events")
		wait(6 * time.Second)
		held.release(t)
	})
}

// A file system of its own fills up, and has room again.
func TestFull_SQLite(t *testing.T) {
	folder := t.TempDir()
	if output, err := exec.CommandContext(t.Context(), "mount", "-t", "tmpfs", "-o", "size=24m", "tmpfs", folder).CombinedOutput(); err != nil {
		t.Skipf("NOT TESTED: a full disk takes the right to mount one: %v %s", err, output)
	}
	t.Cleanup(func() { _ = exec.Command("umount", "-l", folder).Run() })
	database := "sqlite:" + filepath.Join(folder, "continuum.db")
	strike(t, database, database, sixteen, func(*server) {
		filler := filepath.Join(folder, "filler")
		f, err := os.Create(filler)
		if err != nil {
			t.Fatal(err)
		}
		// To the last byte: the write that fails is what is wanted.
		for block := make([]byte, 1<<12); err == nil; {
			_, err = f.Write(block)
		}
		f.Close()
		wait(2 * time.Second)
		if err := os.Remove(filler); err != nil {
			t.Fatal(err)
		}
	})
}
