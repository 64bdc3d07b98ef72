//go:build plans

package graph_test

import (
	"bytes"
	"crypto/rand"
	"database/sql"
	"encoding/json"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"testing"

	_ "github.com/lib/pq" // the driver of the connection that reads the log
)

// explained is what PostgreSQL did for one statement, as auto_explain tells it: the statement as it was sent, with its
// arguments, under the plan that it really had.
type explained struct {
	Text string   `json:"Query Text"`
	Root planNode `json:"Plan"`
	took float64  // ms, without planning
}

type planNode struct {
	Type     string     `json:"Node Type"`
	Table    string     `json:"Relation Name"`
	Index    string     `json:"Index Name"`
	Rows     float64    `json:"Actual Rows"`
	Loops    float64    `json:"Actual Loops"`
	Hit      int        `json:"Shared Hit Blocks"`
	Read     int        `json:"Shared Read Blocks"`
	Children []planNode `json:"Plans"`
}

// walk calls visit for a node and all below it.
func (n planNode) walk(visit func(planNode)) {
	visit(n)
	for _, child := range n.Children {
		child.walk(visit)
	}
}

// String draws the plan: what each node does, how many rows it gives how often, and the pages that it touches.
func (e explained) String() string {
	var text strings.Builder
	fmt.Fprintf(&text, "%s\n", e.Text)
	e.Root.draw(&text, 1)
	return text.String()
}

func (n planNode) draw(text *strings.Builder, depth int) {
	fmt.Fprintf(text, "%s%s %s %s: %.0f rows x %.0f, %d pages\n",
		strings.Repeat("  ", depth), n.Type, n.Table, n.Index, n.Rows, n.Loops, n.Hit+n.Read)
	for _, child := range n.Children {
		child.draw(text, depth+1)
	}
}

// buffers are the pages of tables and indexes that the statement touched, each as often as it did.
func (e explained) buffers() int { return e.Root.Hit + e.Root.Read }

// whole lists which of the tables it read from end to end.
func (e explained) whole(among []string) []string {
	var tables []string
	e.Root.walk(func(n planNode) {
		if n.Type == "Seq Scan" && n.Loops > 0 && slices.Contains(among, n.Table) {
			tables = append(tables, n.Table)
		}
	})
	return tables
}

// serverLog is the server's own log, read over a connection of a superuser.
type serverLog struct {
	t    testing.TB
	db   *sql.DB
	file string
}

func openServerLog(t testing.TB, address string) *serverLog {
	t.Helper()
	l := &serverLog{t: t, db: openSQL(t, address)}
	var file sql.NullString
	if err := l.db.QueryRowContext(t.Context(), `SELECT pg_current_logfile('jsonlog')`).Scan(&file); err != nil {
		t.Fatal(err)
	}
	if !file.Valid {
		t.Fatal("the server keeps no log in JSON: start it with logging_collector=on and log_destination=jsonlog, as make plans does")
	}
	l.file = file.String
	return l
}

func openSQL(t testing.TB, address string) *sql.DB {
	t.Helper()
	db, err := sql.Open("postgres", address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	return db
}

// explaining adds to an address that the server's log tells how each statement of its sessions ran, under a name.
func explaining(t testing.TB, address, name string) string {
	t.Helper()
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal("the address is not a URL")
	}
	q := u.Query()
	for parameter, value := range map[string]string{
		"application_name": name, "session_preload_libraries": "auto_explain", "auto_explain.log_min_duration": "0",
		"auto_explain.log_analyze": "on", "auto_explain.log_buffers": "on", "auto_explain.log_timing": "off",
		"auto_explain.log_format": "json",
	} {
		q.Set(parameter, value)
	}
	if *plansMode != "" {
		q.Set("plan_cache_mode", *plansMode)
	}
	u.RawQuery = q.Encode()
	return u.String()
}

// during lists what the sessions of a name sent while something was done.
func (l *serverLog) during(name string, do func()) []explained {
	l.t.Helper()
	from := l.size()
	do()
	// A server logs how a statement ran before it says that it did, so all of them stand before this word.
	end := "end " + rand.Text()
	if _, err := l.db.ExecContext(l.t.Context(), fmt.Sprintf("DO $$ BEGIN RAISE LOG '%s'; END $$", end)); err != nil {
		l.t.Fatal(err)
	}
	var text []byte
	for !bytes.Contains(text, []byte(end)) {
		err := l.db.QueryRowContext(l.t.Context(), `SELECT pg_read_binary_file($1, $2, 1 << 29)`, l.file, from).Scan(&text)
		if err != nil {
			l.t.Fatal(err)
		}
	}
	var found []explained
	for line := range bytes.Lines(text) {
		if e := l.parse(line, name); e != nil {
			found = append(found, *e)
		}
	}
	return found
}

// bigTables are those of more than 10,000 rows.
func (l *serverLog) bigTables() (names []string) {
	l.t.Helper()
	rows, err := l.db.QueryContext(l.t.Context(), `SELECT relname FROM pg_class WHERE relkind = 'r' AND reltuples > 10000`)
	if err != nil {
		l.t.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		var name string
		if err := rows.Scan(&name); err != nil {
			l.t.Fatal(err)
		}
		names = append(names, name)
	}
	if err := rows.Err(); err != nil {
		l.t.Fatal(err)
	}
	return names
}

func (l *serverLog) size() (n int64) {
	l.t.Helper()
	if err := l.db.QueryRowContext(l.t.Context(), `SELECT size FROM pg_stat_file($1)`, l.file).Scan(&n); err != nil {
		l.t.Fatal(err)
	}
	return n
}

// parse reads a line of the log; nil where it tells something else.
func (l *serverLog) parse(line []byte, name string) *explained {
	l.t.Helper()
	var entry struct {
		Application string `json:"application_name"`
		Message     string `json:"message"`
	}
	if json.Unmarshal(line, &entry) != nil || entry.Application != name {
		return nil
	}
	head, plan, found := strings.Cut(entry.Message, "plan:\n")
	if !found {
		return nil
	}
	e := &explained{}
	if err := json.Unmarshal([]byte(plan), e); err != nil {
		l.t.Fatalf("a plan that cannot be read: %v", err)
	}
	if _, err := fmt.Sscanf(head, "duration: %f ms", &e.took); err != nil {
		l.t.Fatalf("no duration in %q", head)
	}
	return e
}
