//go:build faults

package faults_test

import (
	"fmt"
	"net"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
)

// opsCluster is a PostgreSQL of the test's own, which it may stop and promote.
type opsCluster struct {
	t      *testing.T
	bin    string
	data   string
	host   string
	port   string
	runner *syscall.Credential // PostgreSQL refuses to run as root
}

const opsPassword = "only-for-this-test"

// opsPrimary makes a cluster that others may follow, and starts it.
func opsPrimary(t *testing.T) *opsCluster {
	t.Helper()
	c := opsNewCluster(t)
	secret := filepath.Join(filepath.Dir(c.data), "password")
	if err := os.WriteFile(secret, []byte(opsPassword), 0o644); err != nil {
		t.Fatal(err)
	}
	c.run("initdb", "-D", c.data, "-U", "postgres", "--pwfile", secret, "--auth=scram-sha-256", "--encoding=UTF8", "--locale=C", "--no-sync")
	// What is answered must be on the standby too, or a failover would lose it.
	c.append("postgresql.conf", "listen_addresses='127.0.0.1'\nunix_socket_directories=''\nmax_connections=60\nshared_buffers=32MB\nwal_level=replica\nmax_wal_senders=4\nfsync=off\n")
	c.append("pg_hba.conf", "host replication postgres 127.0.0.1/32 scram-sha-256\n")
	c.start()
	return c
}

// follower is a standby that streams from this cluster; from now on a COMMIT waits for it.
func (c *opsCluster) follower() *opsCluster {
	c.t.Helper()
	f := opsNewCluster(c.t)
	f.run("pg_basebackup", "-D", f.data, "-R", "-X", "stream", "-c", "fast", "--no-sync",
		"-d", fmt.Sprintf("host=127.0.0.1 port=%s user=postgres password=%s application_name=follower", c.port, opsPassword))
	f.start()
	c.append("postgresql.conf", "synchronous_standby_names='follower'\n")
	c.run("pg_ctl", "-D", c.data, "reload")
	return f
}

func opsNewCluster(t *testing.T) *opsCluster {
	t.Helper()
	found, err := filepath.Glob("/usr/lib/postgresql/*/bin/initdb")
	if err != nil || len(found) == 0 {
		t.Fatal("no PostgreSQL server is installed")
	}
	_, port, err := net.SplitHostPort(opsFreePort(t))
	if err != nil {
		t.Fatal(err)
	}
	folder, err := os.MkdirTemp("", "continuum-cluster-") //nolint:usetesting // another account may not enter t.TempDir's parents
	if err != nil {
		t.Fatal(err)
	}
	c := &opsCluster{t: t, bin: filepath.Dir(slices.Max(found)), data: filepath.Join(folder, "data"), host: "127.0.0.1", port: port}
	if os.Getuid() == 0 {
		c.runner = opsAccount(t)
		if err := os.Chown(folder, int(c.runner.Uid), int(c.runner.Gid)); err != nil {
			t.Fatal(err)
		}
	}
	t.Cleanup(func() {
		_ = c.command("pg_ctl", "-D", c.data, "-m", "immediate", "-w", "stop").Run()
		if err := os.RemoveAll(folder); err != nil {
			t.Error(err)
		}
	})
	return c
}

func opsAccount(t *testing.T) *syscall.Credential {
	t.Helper()
	for _, name := range []string{"postgres", "nobody"} {
		account, err := user.Lookup(name)
		if err != nil {
			continue
		}
		uid, err := strconv.ParseUint(account.Uid, 10, 32)
		if err != nil {
			t.Fatal(err)
		}
		gid, err := strconv.ParseUint(account.Gid, 10, 32)
		if err != nil {
			t.Fatal(err)
		}
		return &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}
	}
	t.Fatal("no account but root to run PostgreSQL as")
	return nil
}

func (c *opsCluster) start() {
	c.t.Helper()
	c.run("pg_ctl", "-D", c.data, "-l", filepath.Join(filepath.Dir(c.data), "log"), "-o", "-p "+c.port, "-w", "-t", "60", "start")
}

// die ends the cluster as a power cut would.
func (c *opsCluster) die() { c.run("pg_ctl", "-D", c.data, "-m", "immediate", "-w", "stop") }

// promote makes a standby the primary, which no longer waits for anybody.
func (c *opsCluster) promote() { c.run("pg_ctl", "-D", c.data, "-w", "promote") }

func (c *opsCluster) append(file, text string) {
	c.t.Helper()
	f, err := os.OpenFile(filepath.Join(c.data, file), os.O_APPEND|os.O_WRONLY, 0)
	if err != nil {
		c.t.Fatal(err)
	}
	if _, err := f.WriteString(text); err != nil {
		c.t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		c.t.Fatal(err)
	}
}

func (c *opsCluster) run(program string, args ...string) {
	c.t.Helper()
	out, err := os.CreateTemp(c.t.TempDir(), "out")
	if err != nil {
		c.t.Fatal(err)
	}
	defer out.Close()
	// A file and not a pipe: the server that pg_ctl starts keeps it open.
	cmd := c.command(program, args...)
	cmd.Stdout, cmd.Stderr = out, out
	if err := cmd.Run(); err != nil {
		said, _ := os.ReadFile(out.Name())
		c.t.Fatalf("%s %s: %v\n%s", program, strings.Join(args, " "), err, said)
	}
}

func (c *opsCluster) command(program string, args ...string) *exec.Cmd {
	cmd := exec.Command(filepath.Join(c.bin, program), args...)
	cmd.Dir = "/"
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: c.runner}
	return cmd
}

// url is the address of a database on these clusters, in this order.
func opsURL(database string, clusters ...*opsCluster) string {
	var hosts []string
	for _, c := range clusters {
		hosts = append(hosts, c.host+":"+c.port)
	}
	return fmt.Sprintf("postgres://postgres:%s@%s/%s?sslmode=disable&target_session_attrs=read-write&connect_timeout=2",
		opsPassword, strings.Join(hosts, ","), database)
}
