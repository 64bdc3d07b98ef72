package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"time"
)

// target is a server to measure: a folder with a target.json.
type target struct {
	Name      string            // its row in the report
	Setup     []string          // what builds it; quick where there is nothing to do
	Cmd       []string          // what starts it
	Env       map[string]string // besides DSN and PORT
	URL       string            // where each request is sent
	Headers   map[string]string // of each request
	Queries   string            // the folder of its documents; it gets the variables alone where there is none
	Reference bool              // the limit, which ratios are taken to
	Skip      []string          // workloads that it lacks

	folder string
	port   int
	run    *exec.Cmd
	gone   chan struct{} // closed when the program ended
}

// place is what a target's words ${...} stand for.
type place struct{ program, build, results, database string }

func (t *target) expand(p place, text string) string {
	return strings.NewReplacer("${PROGRAM}", p.program, "${BUILD}", p.build, "${DSN}", p.database,
		"${PORT}", fmt.Sprint(t.port), "${TARGET}", t.folder, "${ROOT}", filepath.Dir(filepath.Dir(t.folder))).Replace(text)
}

// findTargets reads the target.json of every folder, the limit first.
func findTargets(o options) ([]*target, error) {
	files, err := filepath.Glob(filepath.Join(o.folder, "*", "target.json"))
	if err != nil {
		return nil, err
	}
	var targets []*target
	for _, file := range files {
		t, err := readTarget(file)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", file, err)
		}
		if t.Reference {
			targets = slices.Insert(targets, 0, t)
		} else if len(o.targets) == 0 || slices.Contains(o.targets, t.Name) {
			targets = append(targets, t)
		}
	}
	if len(targets) == 0 || !targets[0].Reference {
		return nil, fmt.Errorf("no reference among the targets of %s", o.folder)
	}
	return targets, nil
}

func readTarget(file string) (*target, error) {
	raw, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	var t target
	if err := json.Unmarshal(raw, &t); err != nil {
		return nil, err
	}
	t.folder, err = filepath.Abs(filepath.Dir(file))
	return &t, err
}

// start builds and starts the target, and waits until it answers.
func (t *target) start(ctx context.Context, p place) error {
	var err error
	if t.port, err = freePort(ctx); err != nil {
		return err
	}
	t.URL = t.expand(p, t.URL)
	if len(t.Setup) > 0 {
		setup := t.command(ctx, p, t.Setup)
		setup.Stdout = os.Stderr
		if err := setup.Run(); err != nil {
			return fmt.Errorf("set up: %w", err)
		}
	}
	if len(t.Cmd) == 0 {
		return errors.New("target.json says no cmd")
	}
	// What it says goes to a file: a terminal would slow it down.
	said, err := os.Create(filepath.Join(p.results, t.Name+".log"))
	if err != nil {
		return err
	}
	defer func() { _ = said.Close() }() // the program has it open itself
	t.run = t.command(ctx, p, t.Cmd)
	t.run.Stdout, t.run.Stderr = said, said
	t.run.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	if err := t.run.Start(); err != nil {
		return err
	}
	t.gone = make(chan struct{})
	go func() {
		defer close(t.gone)
		_ = t.run.Wait() // who asks next is told that nobody answers
	}()
	if err := t.answers(ctx); err != nil {
		raw, _ := os.ReadFile(said.Name()) // what it said may tell why
		return fmt.Errorf("%w: %s", err, raw[max(0, len(raw)-2000):])
	}
	return nil
}

func (t *target) command(ctx context.Context, p place, words []string) *exec.Cmd {
	expanded := make([]string, len(words))
	for i, word := range words {
		expanded[i] = t.expand(p, word)
	}
	c := exec.CommandContext(ctx, expanded[0], expanded[1:]...)
	c.Dir, c.Stderr = t.folder, os.Stderr
	c.Env = append(os.Environ(), "DSN="+p.database, fmt.Sprintf("PORT=%d", t.port))
	for name, value := range t.Env {
		c.Env = append(c.Env, name+"="+t.expand(p, value))
	}
	return c
}

// answers waits until somebody listens.
func (t *target) answers(ctx context.Context) error {
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	for range 1200 {
		conn, err := (&net.Dialer{}).DialContext(ctx, "tcp", fmt.Sprintf("127.0.0.1:%d", t.port))
		if err == nil {
			return conn.Close()
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-t.gone:
			return errors.New("it ended before it answered")
		case <-tick.C:
		}
	}
	return errors.New("it does not answer")
}

// stopAll ends the targets, each with what it started.
func stopAll(targets []*target) {
	for _, t := range targets {
		if t.gone == nil {
			continue
		}
		_ = syscall.Kill(-t.run.Process.Pid, syscall.SIGTERM) // it may have ended by itself
		select {
		case <-t.gone:
		case <-time.After(10 * time.Second):
			_ = syscall.Kill(-t.run.Process.Pid, syscall.SIGKILL)
		}
	}
}

func freePort(ctx context.Context) (int, error) {
	l, err := (&net.ListenConfig{}).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return 0, err
	}
	return l.Addr().(*net.TCPAddr).Port, l.Close()
}
