package doctor

import (
	"fmt"
	"strings"
	"time"

	"continuum/internal/store"
)

// State judges how the database stands to the program.
func (r *Report) State(state store.State, have, want int64) {
	switch state {
	case store.Current:
		r.Good("migrations", "the database is at version %d, as this program is", have)
	case store.Fresh:
		r.Doubt("migrations", "run `continuum migrate`, or let the first start do it", "the database is empty")
	case store.Older:
		r.Bad("migrations", "back up, then run `continuum migrate`", "the database is at version %d, this program at %d", have, want)
	case store.Newer:
		r.Bad("migrations", "run the newer program", "the database is at version %d, this program only at %d", have, want)
	}
}

// Database judges what the database tells of itself; pooled says that a pooler before it is named in the settings.
func (r *Report) Database(f *store.Facts, pooled bool) {
	if p := f.Postgres; p != nil {
		r.server(f, p)
		r.role(p)
		r.sessions(p, pooled)
		r.clock(f.Skew)
	} else if r.Good("database", "SQLite %s answers", f.Version); f.Damage != "" {
		r.Bad("file", "stop the server and restore a backup", "the file is damaged: %s", f.Damage)
	} else {
		r.Good("file", "SQLite finds no damage in it")
	}
	if !f.Durable {
		r.Doubt("durability", "set fsync=on and synchronous_commit=on, unless this is a test", "what was answered may be lost with the power")
	}
}

// oldest is the oldest PostgreSQL that its makers still mend.
const oldest = 140000

func (r *Report) server(f *store.Facts, p *store.PostgresFacts) {
	if p.Number < oldest {
		r.Doubt("database", "upgrade PostgreSQL: the program is tested with 15", "PostgreSQL %s answers, which is old", f.Version)
	} else {
		r.Good("database", "PostgreSQL %s answers", f.Version)
	}
	if p.Standby {
		r.Bad("primary", "add target_session_attrs=read-write to the URL, and every host", "this server is a standby, which takes no writes")
	}
	if p.Encoding != "UTF8" {
		r.Bad("encoding", "make the database anew: CREATE DATABASE ... ENCODING 'UTF8' TEMPLATE template0", "the database keeps text as %s", p.Encoding)
	} else {
		r.Good("encoding", "UTF8; the program sorts by bytes, whatever the collation")
	}
	if p.TLS == "" {
		r.Good("tls", "none, and none is needed: the program would refuse it off this machine")
	} else {
		r.Good("tls", "%s", p.TLS)
	}
}

func (r *Report) role(p *store.PostgresFacts) {
	switch {
	case p.Schema == "":
		r.Bad("role", "CREATE SCHEMA, or set search_path for the role", "%s has no schema to work in", p.Role)
	case !p.MayMigrate:
		r.Doubt("role", "run `continuum migrate` as the tables' owner, or GRANT CREATE ON SCHEMA "+p.Schema, "%s cannot make tables in the schema %s, and so not migrate", p.Role, p.Schema)
	case p.Superuser:
		r.Doubt("role", "use a role that owns this database and nothing else", "%s is a superuser", p.Role)
	default:
		r.Good("role", "%s may do what the program does", p.Role)
	}
	if len(p.Missing) > 0 {
		r.Bad("tables", "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA "+p.Schema+" TO "+p.Role,
			"%s may not read and write %s", p.Role, strings.Join(p.Missing, ", "))
	}
}

func (r *Report) sessions(p *store.PostgresFacts, pooled bool) {
	switch {
	case p.Unsettled:
		r.Bad("pooler", "name PostgreSQL itself in CONTINUUM_DIRECT_DATABASE", "a pooler stands between that drops the settings of sessions, and the program does not know of it")
	case pooled && p.StatementTimeout == "0":
		r.Doubt("pooler", "ALTER ROLE "+p.Role+" SET statement_timeout = '12s', and the other lines in docs/operators.md", "through the pooler no statement ends by itself")
	case pooled:
		r.Good("pooler", "statements end after %s", p.StatementTimeout)
	case p.Connections < 40:
		r.Doubt("connections", "raise max_connections, or put PgBouncer before it", "the server admits %d connections; a server of ours may take 33", p.Connections)
	default:
		r.Good("connections", "the server admits %d; a server of ours may take 33", p.Connections)
	}
	if p.Standby {
		return
	}
	if p.Hears {
		r.Good("events", "a notification came through")
		return
	}
	do := "name PostgreSQL itself in CONTINUUM_DIRECT_DATABASE, not a pooler: events are heard there"
	if pooled {
		do = "CONTINUUM_DIRECT_DATABASE must name the same database as CONTINUUM_DATABASE, and no pooler"
	}
	r.Bad("events", do, "subscriptions would hear nothing: %s", p.HearProblem)
}

// Clocks may differ by so much.
const (
	slight = time.Second
	wide   = 30 * time.Second
)

func (r *Report) clock(skew time.Duration) {
	says := fmt.Sprintf("this machine and the database are %v apart", skew.Abs().Round(time.Millisecond))
	const do = "let both machines follow a time server (chrony): shares and keys end by these clocks"
	switch {
	case skew.Abs() > wide:
		r.Bad("clock", do, "%s", says)
	case skew.Abs() > slight:
		r.Doubt("clock", do, "%s", says)
	default:
		r.Good("clock", "%s", says)
	}
}
