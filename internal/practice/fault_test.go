package practice_test

import (
	"context"
	"database/sql"
	"errors"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync/atomic"
	"testing"

	"entgo.io/ent/dialect"
	"entgo.io/ent/schema/field"

	"continuum/internal/store"
	"continuum/schema"
)

// fault watches the statements of a change: strike is called before each, with its number.
type fault struct {
	sent   int
	strike func(number int)
}

type faultKey struct{}

func withFault(ctx context.Context, f *fault) context.Context {
	return context.WithValue(ctx, faultKey{}, f)
}

// sending tells the fault of the context, if it has one, that a statement is sent.
func sending(ctx context.Context) {
	if f, is := ctx.Value(faultKey{}).(*fault); is {
		f.sent++
		f.strike(f.sent)
	}
}

var errStruck = errors.New("the disk is full")

// faults are the ways in which a change fails at one of its statements, for good.
var faults = map[string]func(t *testing.T, c *clinic, ctx context.Context, number int, do func(context.Context) error) error{
	// The one statement fails, and those that follow would not.
	"a statement fails": func(_ *testing.T, _ *clinic, ctx context.Context, number int, do func(context.Context) error) error {
		stumbles := &stumbling{Context: ctx}
		return do(withFault(stumbles, &fault{strike: func(sent int) { stumbles.now.Store(sent == number) }}))
	},
	"the program panics": func(_ *testing.T, _ *clinic, ctx context.Context, number int, do func(context.Context) error) (err error) {
		defer func() {
			switch struck := recover(); struck {
			case nil:
			case errStruck:
				err = errStruck
			default:
				panic(struck)
			}
		}()
		return do(withFault(ctx, &fault{strike: func(sent int) {
			if sent == number {
				panic(errStruck)
			}
		}}))
	},
	// SQLite has no connection to end. With the caller, nobody is left who would try again.
	"the connection ends, and the caller leaves": func(t *testing.T, c *clinic, ctx context.Context, number int, do func(context.Context) error) error {
		ctx, leave := context.WithCancelCause(ctx)
		defer leave(nil)
		return do(withFault(ctx, &fault{strike: func(sent int) {
			if sent == number {
				c.terminate(t)
				leave(errStruck)
			}
		}}))
	},
}

// stumbling is a context that has ended for one statement, and has not for the next.
type stumbling struct {
	context.Context
	now atomic.Bool
}

var ended = func() chan struct{} { c := make(chan struct{}); close(c); return c }()

func (s *stumbling) Done() <-chan struct{} {
	if s.now.Load() {
		return ended
	}
	return s.Context.Done()
}

func (s *stumbling) Err() error {
	if s.now.Load() {
		return errStruck
	}
	return s.Context.Err()
}

// terminate has the server end the connection that is in a transaction.
func (c *clinic) terminate(t *testing.T) {
	if c.store.Engine() == dialect.SQLite {
		return
	}
	var gone int
	err := c.past(t).QueryRowContext(t.Context(), "SELECT count(pg_terminate_backend(pid, 5000)) FROM pg_stat_activity"+
		" WHERE datname = current_database() AND state LIKE 'idle in transaction%'").Scan(&gone)
	if err != nil || gone != 1 {
		t.Errorf("%d connections were in a transaction: %v", gone, err)
	}
}

// past is a way to the clinic's database that does not pass by the store.
func (c *clinic) past(t *testing.T) *sql.DB {
	t.Helper()
	if c.around == nil {
		c.around = openPast(t, c.store.Engine(), c.url)
		t.Cleanup(func() { c.around.Close() })
	}
	return c.around
}

func openPast(t *testing.T, engine, url string) *sql.DB {
	t.Helper()
	driver := "postgres"
	if engine == dialect.SQLite {
		driver, url = "sqlite", strings.TrimPrefix(url, "sqlite:")
	}
	db, err := sql.Open(driver, url)
	if err != nil {
		t.Fatal(err)
	}
	return db
}

// state is every row of every table of the clinic's database.
func (c *clinic) state(t *testing.T) []string {
	t.Helper()
	if c.everything == nil {
		var err error
		if c.everything, err = c.past(t).PrepareContext(t.Context(), c.everyRow(t)); err != nil {
			t.Fatal(err)
		}
	}
	rows, err := c.everything.QueryContext(t.Context())
	return linesOf(t, rows, err)
}

// powerless is the state that a machine that loses its power now would find again: the
// files of SQLite as they stand.
func (c *clinic) powerless(t *testing.T) []string {
	t.Helper()
	from, to := strings.TrimPrefix(c.url, "sqlite:"), filepath.Join(t.TempDir(), "copy.db")
	for _, suffix := range []string{"", "-wal"} {
		content, err := os.ReadFile(from + suffix)
		if err == nil {
			err = os.WriteFile(to+suffix, content, 0o600)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	db := openPast(t, dialect.SQLite, to)
	defer db.Close()
	rows, err := db.QueryContext(t.Context(), c.everyRow(t))
	return linesOf(t, rows, err)
}

func linesOf(t *testing.T, rows *sql.Rows, err error) []string {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	var lines []string
	for rows.Next() {
		var line string
		if err := rows.Scan(&line); err != nil {
			t.Fatal(err)
		}
		lines = append(lines, line)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return lines
}

// everyRow is the statement that reads every row of every table as a line of text.
func (c *clinic) everyRow(t *testing.T) string {
	t.Helper()
	tables, err := store.Tables(c.store.Engine())
	if err != nil {
		t.Fatal(err)
	}
	var parts []string
	for _, table := range tables {
		line := "'" + table.Name + "'"
		for _, column := range table.Columns {
			text := `CAST("` + column.Name + `" AS TEXT)`
			if column.Type == field.TypeBytes && c.store.Engine() == dialect.SQLite {
				text = `hex("` + column.Name + `")`
			}
			line += " || ' " + column.Name + "=' || COALESCE(" + text + ", 'NULL')"
		}
		parts = append(parts, "SELECT "+line+` FROM "`+table.Name+`"`)
	}
	return strings.Join(parts, " UNION ALL ")
}

var (
	instants = regexp.MustCompile(`\d{4}-\d\d-\d\d[ T][\d:.]+( ?[+-][\d:]+)*( UTC|Z)?`)
	secrets  = regexp.MustCompile(`(\\x)?[0-9a-fA-F]{64,}`)
	ids      = regexp.MustCompile(`[a-z]+_[0-9a-z]{26}`)
)

// happened is what was added to a state, with +, and what was taken away, with -, in words
// that are the same for all records to which the same happened.
func (c *clinic) happened(before, after []string, name string) []string {
	had, has := map[string]bool{}, map[string]bool{}
	for _, line := range before {
		had[line] = true
	}
	for _, line := range after {
		has[line] = true
	}
	changes := []string{}
	for _, line := range before {
		if !has[line] {
			changes = append(changes, "- "+c.inWords(line, name))
		}
	}
	for _, line := range after {
		if !had[line] {
			changes = append(changes, "+ "+c.inWords(line, name))
		}
	}
	return sorted(changes)
}

// inWords writes a row without what differs from one record to the next. Its words are
// sorted, as lists of ids stand in the order of the ids.
func (c *clinic) inWords(line, name string) string {
	line = instants.ReplaceAllString(line, "INSTANT")
	line = secrets.ReplaceAllString(line, "SECRET")
	line = ids.ReplaceAllStringFunc(line, func(id string) string {
		if known := c.name(id); known != id {
			return "<" + known + ">"
		}
		return "<a " + schema.IDPrefix(id) + ">"
	})
	line = strings.ReplaceAll(line, name, "RECORD")
	words := strings.FieldsFunc(line, func(r rune) bool { return strings.ContainsRune(`",[]{}`, r) })
	return strings.Join(sorted(words), " ")
}
