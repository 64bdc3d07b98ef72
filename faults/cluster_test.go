//go:build faults

package faults_test

import (
	"crypto/rand"
	"fmt"
	"net"
	"net/url"
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

// cluster is a PostgreSQL of the test's own, which it may stop, crash and freeze. It keeps its promises to the disk.
type cluster struct {
	bin, folder, port, password string
	as                          *syscall.SysProcAttr // PostgreSQL refuses to run as root
}

// newCluster makes and starts a cluster; conf are further lines of its postgresql.conf.
func newCluster(t *testing.T, conf ...string) *cluster {
	t.Helper()
	bins, _ := filepath.Glob("/usr/lib/postgresql/*/bin")
	if len(bins) == 0 {
		t.Fatal("there is no PostgreSQL server in /usr/lib/postgresql")
	}
	slices.Sort(bins)
	folder, err := os.MkdirTemp("", "continuum-cluster-") //nolint:usetesting // t.TempDir is closed to the other account
	if err != nil {
		t.Fatal(err)
	}
	_, port, _ := net.SplitHostPort(freeAddress(t))
	c := &cluster{bin: bins[len(bins)-1], folder: folder, port: port, password: rand.Text(), as: &syscall.SysProcAttr{}}
	t.Cleanup(func() {
		c.thaw()
		_ = c.ctl("stop", "-m", "immediate")
		_ = os.RemoveAll(folder)
	})
	c.hand(t)
	secret := filepath.Join(folder, "password")
	if err := os.WriteFile(secret, []byte(c.password+"\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	c.must(t, c.command("initdb", "-D", c.data(), "-U", "postgres", "--pwfile="+secret, "--auth=scram-sha-256", "--encoding=UTF8", "--locale=C", "--no-sync"))
	f, err := os.OpenFile(filepath.Join(c.data(), "postgresql.conf"), os.O_APPEND|os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	lines := append([]string{"listen_addresses = '127.0.0.1'", "port = " + port, "unix_socket_directories = ''"}, conf...)
	if _, err := fmt.Fprintln(f, strings.Join(lines, "\n")); err != nil {
		t.Fatal(err)
	}
	f.Close()
	c.start(t)
	return c
}

// hand gives the folder to an account that PostgreSQL runs as.
func (c *cluster) hand(t *testing.T) {
	t.Helper()
	if os.Getuid() != 0 {
		return
	}
	who, err := user.Lookup("postgres")
	if err != nil {
		t.Fatalf("PostgreSQL does not run as root, and there is no account for it: %v", err)
	}
	uid, _ := strconv.Atoi(who.Uid)
	gid, _ := strconv.Atoi(who.Gid)
	c.as.Credential = &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}
	if err := os.Chown(c.folder, uid, gid); err != nil {
		t.Fatal(err)
	}
}

func (c *cluster) data() string { return filepath.Join(c.folder, "data") }

// url is the address of the cluster's database.
func (c *cluster) url() string {
	u := url.URL{Scheme: "postgres", User: url.UserPassword("postgres", c.password), Host: "127.0.0.1:" + c.port, Path: "/postgres", RawQuery: "sslmode=disable"}
	return u.String()
}

func (c *cluster) command(name string, args ...string) *exec.Cmd {
	command := exec.Command(filepath.Join(c.bin, name), args...)
	command.Dir, command.SysProcAttr = c.folder, c.as
	return command
}

func (c *cluster) ctl(args ...string) error {
	return c.command("pg_ctl", append([]string{"-D", c.data(), "-l", filepath.Join(c.folder, "log"), "-w"}, args...)...).Run()
}

func (c *cluster) must(t *testing.T, command *exec.Cmd) {
	t.Helper()
	if output, err := command.CombinedOutput(); err != nil {
		t.Fatalf("%s: %v\n%s", command.Path, err, output)
	}
}

func (c *cluster) start(t *testing.T) {
	t.Helper()
	if err := c.ctl("start"); err != nil {
		log, _ := os.ReadFile(filepath.Join(c.folder, "log"))
		t.Fatalf("PostgreSQL does not start: %v\n%s", err, log)
	}
}

// stop ends the cluster: fast closes its sessions, immediate is a crash.
func (c *cluster) stop(t *testing.T, mode string) {
	t.Helper()
	if err := c.ctl("stop", "-m", mode); err != nil {
		t.Fatal(err)
	}
}

// freeze stops every process of the cluster where it stands; thaw lets them go on.
func (c *cluster) freeze() { c.signal(syscall.SIGSTOP) }
func (c *cluster) thaw()   { c.signal(syscall.SIGCONT) }

func (c *cluster) signal(signal syscall.Signal) {
	text, err := os.ReadFile(filepath.Join(c.data(), "postmaster.pid"))
	if err != nil {
		return
	}
	first, _, _ := strings.Cut(string(text), "\n")
	postmaster, err := strconv.Atoi(first)
	if err != nil {
		return
	}
	// The postmaster first, so that it makes no new ones meanwhile.
	_ = syscall.Kill(postmaster, signal)
	stats, _ := filepath.Glob("/proc/[0-9]*/stat")
	for _, path := range stats {
		text, err := os.ReadFile(path)
		if err != nil {
			continue // it has ended
		}
		// pid (name) state parent ...
		_, rest, _ := strings.Cut(string(text), ") ")
		if fields := strings.Fields(rest); len(fields) > 1 && fields[1] == strconv.Itoa(postmaster) {
			pid, _ := strconv.Atoi(filepath.Base(filepath.Dir(path)))
			_ = syscall.Kill(pid, signal)
		}
	}
}
