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

// cluster is a PostgreSQL of the test's own, which it may stop, crash, freeze and promote. It keeps its promises to the disk.
type cluster struct {
	t                           *testing.T
	bin, folder, port, password string
	as                          *syscall.SysProcAttr // PostgreSQL refuses to run as root
}

// newCluster makes and starts a cluster; conf are further lines of its postgresql.conf.
func newCluster(t *testing.T, conf ...string) *cluster {
	t.Helper()
	c := site(t)
	c.password = rand.Text()
	secret := filepath.Join(c.folder, "password")
	if err := os.WriteFile(secret, []byte(c.password+"\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	c.must("initdb", "-D", c.data(), "-U", "postgres", "--pwfile="+secret, "--auth=scram-sha-256", "--encoding=UTF8", "--locale=C", "--no-sync")
	c.configure(append([]string{"listen_addresses = '127.0.0.1'", "port = " + c.port, "unix_socket_directories = ''"}, conf...)...)
	c.start()
	return c
}

// follower is a standby that streams from this cluster; from now on a COMMIT waits for it, or a failover would lose what
// was answered.
func (c *cluster) follower() *cluster {
	c.t.Helper()
	f := site(c.t)
	f.password = c.password
	f.must("pg_basebackup", "-D", f.data(), "-R", "-X", "stream", "-c", "fast", "--no-sync",
		"-d", fmt.Sprintf("host=127.0.0.1 port=%s user=postgres password=%s application_name=follower", c.port, c.password))
	f.configure("port = " + f.port)
	f.start()
	c.configure("synchronous_standby_names = 'follower'")
	if err := c.ctl("reload"); err != nil {
		c.t.Fatal(err)
	}
	return f
}

// site is a port and a folder for a cluster, which PostgreSQL's account owns; all of it ends with the test.
func site(t *testing.T) *cluster {
	t.Helper()
	found, _ := filepath.Glob("/usr/lib/postgresql/*/bin")
	if len(found) == 0 {
		t.Fatal("there is no PostgreSQL server in /usr/lib/postgresql")
	}
	folder, err := os.MkdirTemp("", "continuum-cluster-") //nolint:usetesting // t.TempDir is closed to the other account
	if err != nil {
		t.Fatal(err)
	}
	_, port, _ := net.SplitHostPort(freeAddress(t))
	c := &cluster{t: t, bin: slices.Max(found), folder: folder, port: port, as: &syscall.SysProcAttr{}}
	t.Cleanup(func() {
		c.thaw()
		_ = c.ctl("stop", "-m", "immediate")
		_ = os.RemoveAll(folder)
	})
	c.hand()
	return c
}

// hand gives the folder to an account that PostgreSQL runs as.
func (c *cluster) hand() {
	c.t.Helper()
	if os.Getuid() != 0 {
		return
	}
	who, err := user.Lookup("postgres")
	if err != nil {
		c.t.Fatalf("PostgreSQL does not run as root, and there is no account for it: %v", err)
	}
	uid, _ := strconv.Atoi(who.Uid)
	gid, _ := strconv.Atoi(who.Gid)
	c.as.Credential = &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}
	if err := os.Chown(c.folder, uid, gid); err != nil {
		c.t.Fatal(err)
	}
}

// configure adds lines to postgresql.conf, where the last one of a name counts.
func (c *cluster) configure(lines ...string) {
	c.t.Helper()
	f, err := os.OpenFile(filepath.Join(c.data(), "postgresql.conf"), os.O_APPEND|os.O_WRONLY, 0)
	if err != nil {
		c.t.Fatal(err)
	}
	defer f.Close()
	if _, err := fmt.Fprintln(f, strings.Join(lines, "\n")); err != nil {
		c.t.Fatal(err)
	}
}

func (c *cluster) data() string { return filepath.Join(c.folder, "data") }

// url is the address of the cluster's database; with standbys, of whichever of them takes writes.
func (c *cluster) url(standbys ...*cluster) string {
	u := url.URL{Scheme: "postgres", User: url.UserPassword("postgres", c.password), Host: "127.0.0.1:" + c.port, Path: "/postgres", RawQuery: "sslmode=disable"}
	for _, standby := range standbys {
		u.Host += ",127.0.0.1:" + standby.port
	}
	if len(standbys) > 0 {
		u.RawQuery += "&target_session_attrs=read-write&connect_timeout=2"
	}
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

func (c *cluster) must(program string, args ...string) {
	c.t.Helper()
	if output, err := c.command(program, args...).CombinedOutput(); err != nil {
		c.t.Fatalf("%s: %v\n%s", program, err, output)
	}
}

func (c *cluster) start() {
	c.t.Helper()
	if err := c.ctl("start"); err != nil {
		log, _ := os.ReadFile(filepath.Join(c.folder, "log"))
		c.t.Fatalf("PostgreSQL does not start: %v\n%s", err, log)
	}
}

// stop ends the cluster: fast closes its sessions, immediate is a crash.
func (c *cluster) stop(mode string) {
	c.t.Helper()
	if err := c.ctl("stop", "-m", mode); err != nil {
		c.t.Fatal(err)
	}
}

// promote makes a standby the primary, which no longer waits for anybody.
func (c *cluster) promote() {
	c.t.Helper()
	if err := c.ctl("promote"); err != nil {
		c.t.Fatal(err)
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
