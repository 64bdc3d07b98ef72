package store

import (
	"cmp"
	"database/sql"
	sqldriver "database/sql/driver"
	"errors"
	"fmt"
	"maps"
	"net"
	"net/netip"
	"net/url"
	"os"
	"strings"
	"time"

	"entgo.io/ent/dialect"
	"github.com/lib/pq"
)

// statementLimit is longer than a request may last, so that it ends only what nobody waits for any more.
const statementLimit = 12 * time.Second

// openPostgres opens two pools, as on SQLite, so that a write outside Tx fails on both engines alike.
func openPostgres(address string, set settings) (*Store, error) {
	pooled := set.direct != ""
	direct := cmp.Or(set.direct, address)
	reading, err := postgresURL(address, session(pooled, true))
	if err != nil {
		return nil, err
	}
	writing, err := postgresURL(address, session(pooled, false))
	if err != nil {
		return nil, err
	}
	listening, err := postgresURL(direct, session(false, false))
	if err != nil {
		return nil, err
	}
	// No limits of time: a migration lasts as long as it must.
	migrating, err := postgresURL(direct, sessionParameters{forced: map[string]string{
		"statement_timeout": "0", "idle_in_transaction_session_timeout": "0",
	}})
	if err != nil {
		return nil, err
	}
	readers, err := postgresPool(reading, statementLimit, cmp.Or(set.readerLimit, 16), behind(pooled, true))
	if err != nil {
		return nil, err
	}
	writers, err := postgresPool(writing, statementLimit, cmp.Or(set.writerLimit, 16), behind(pooled, false))
	if err != nil {
		return nil, errors.Join(err, readers.Close())
	}
	s := &Store{
		engine: dialect.Postgres, readers: readers, writers: writers, pooled: pooled, listening: listening,
		maintenance: func() (*sql.DB, error) { return postgresPool(migrating, 0, 4, plain) },
	}
	s.hub = &hub{start: func(h *hub) source { return listen(listening, s, h) }}
	return s, nil
}

// sessionParameters are what a session starts with.
type sessionParameters struct {
	usual  map[string]string // where the address says nothing
	forced map[string]string // whatever the address says
}

// session is what a request's session starts with. A pooler would refuse most of it: the operator gives it to the role
// instead, see docs/operators.md, and lookOnly stands in for what keeps readers from writing.
func session(pooled, reads bool) sessionParameters {
	if pooled {
		return sessionParameters{}
	}
	p := sessionParameters{usual: map[string]string{
		"statement_timeout":                   milliseconds(statementLimit),
		"idle_in_transaction_session_timeout": milliseconds(statementLimit),
		// A request reads few rows by many indexes: starting helpers takes ten times as long as the reading, and an
		// index is not the four times dearer than a scan that a spinning disk made it.
		"max_parallel_workers_per_gather": "0",
		"random_page_cost":                "1.1",
		// A plan made for the values of one viewer trusts what was sampled of them, and making it anew takes longer than
		// running it: docs/adr/0035.
		"plan_cache_mode": "force_generic_plan",
		// What is asked together makes long statements, which would be compiled for longer than they run.
		"jit": "off",
	}}
	if reads {
		p.forced = map[string]string{"default_transaction_read_only": "on"}
	}
	return p
}

// postgresURL completes an address with what the program counts on.
func postgresURL(address string, session sessionParameters) (string, error) {
	u, err := url.Parse(address)
	if err != nil {
		// url.Error repeats the address, and with it the password.
		return "", errors.New("store: the PostgreSQL URL cannot be parsed")
	}
	q := u.Query()
	if err := checkTLS(u, q); err != nil {
		return "", err
	}
	usual := map[string]string{"connect_timeout": "5", "fallback_application_name": "continuum"}
	maps.Copy(usual, session.usual)
	for name, value := range usual {
		if !q.Has(name) {
			q.Set(name, value)
		}
	}
	// One round trip for a statement that is not prepared; lib/pq would make it two.
	q.Set("binary_parameters", "yes")
	q.Set("timezone", "UTC")
	for name, value := range session.forced {
		q.Set(name, value)
	}
	// Readers are sessions that may not write, and would never be let in by this; the server must be the same.
	attributes := cmp.Or(q.Get("target_session_attrs"), os.Getenv("PGTARGETSESSIONATTRS"))
	if attributes == "read-write" && session.forced["default_transaction_read_only"] == "on" {
		q.Set("target_session_attrs", "primary")
	}
	spreadPorts(u, q)
	u.RawQuery = q.Encode()
	return u.String(), checkWhere(u.String())
}

// checkWhere looks again at where the driver would go, however it was told: by a service file too, which overrules the
// environment, and of two hosts, one in the address and one behind it, by whichever it takes.
func checkWhere(address string) error {
	c, err := pq.NewConfig(address)
	if err != nil {
		return fmt.Errorf("store: the PostgreSQL URL is wrong: %w", err)
	}
	hosts := append([]pq.ConfigMultihost{{Host: c.Host, Hostaddr: c.Hostaddr}}, c.Multi...)
	for _, h := range hosts {
		local := loopback(h.Host)
		if h.Hostaddr.IsValid() {
			local = h.Hostaddr.IsLoopback()
		}
		if !local && c.SSLMode != pq.SSLModeVerifyFull {
			return fmt.Errorf("store: a PostgreSQL server off this machine needs sslmode=verify-full, not %q", c.SSLMode)
		}
	}
	return nil
}

// spreadPorts writes one:5432,two:5433 as lib/pq wants it, which knows no port of each host in a URL.
func spreadPorts(u *url.URL, q url.Values) {
	if !strings.Contains(u.Host, ",") || q.Has("port") {
		return
	}
	var hosts, ports []string
	for each := range strings.SplitSeq(u.Host, ",") {
		host, port, found := strings.Cut(each, ":")
		if !found {
			port = "5432"
		}
		hosts, ports = append(hosts, host), append(ports, port)
	}
	u.Host = strings.Join(hosts, ",")
	q.Set("port", strings.Join(ports, ","))
}

// checkTLS lets nothing but a verified server be spoken to off this machine.
func checkTLS(u *url.URL, q url.Values) error {
	mode := cmp.Or(q.Get("sslmode"), os.Getenv("PGSSLMODE"))
	hosts := cmp.Or(q.Get("hostaddr"), os.Getenv("PGHOSTADDR"), q.Get("host"), u.Host, os.Getenv("PGHOST"))
	local := true
	for host := range strings.SplitSeq(hosts, ",") {
		local = local && loopback(host)
	}
	switch {
	case local:
		return nil
	case mode == "":
		q.Set("sslmode", "verify-full")
		return nil
	case mode != "verify-full":
		return fmt.Errorf("store: a PostgreSQL server off this machine needs sslmode=verify-full, not %q", mode)
	default:
		return nil
	}
}

// loopback says whether a host of a PostgreSQL URL, with or without a port, is this machine.
func loopback(host string) bool {
	if name, _, err := net.SplitHostPort(host); err == nil {
		host = name
	}
	host = strings.Trim(host, "[]")
	if host == "" || host == "localhost" || strings.HasPrefix(host, "/") || strings.HasPrefix(host, "@") {
		return true
	}
	ip, err := netip.ParseAddr(host)
	return err == nil && ip.IsLoopback()
}

// postgresPool opens connections that wrap finishes.
func postgresPool(address string, patience time.Duration, limit int, wrap func(pqConn) sqldriver.Conn) (*sql.DB, error) {
	base, err := pq.NewConnector(address)
	if err != nil {
		return nil, fmt.Errorf("store: the PostgreSQL URL is wrong: %w", err)
	}
	if patience > 0 {
		// The server gives up first and says so; this is for a server that says nothing any more.
		base.Dialer(dialer{patience: patience + 3*time.Second})
	}
	db := sql.OpenDB(connector{Connector: base, wrap: wrap})
	db.SetMaxOpenConns(limit)
	db.SetMaxIdleConns(limit)
	db.SetConnMaxIdleTime(5 * time.Minute)
	db.SetConnMaxLifetime(time.Hour)
	return db, nil
}

func milliseconds(d time.Duration) string { return fmt.Sprint(d.Milliseconds()) }
