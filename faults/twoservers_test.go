//go:build faults

// Package faults_test runs the program itself, in its own processes, and lets things go wrong around it.
package faults_test

import (
	"context"
	"database/sql"
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"entgo.io/ent/dialect"
	_ "github.com/lib/pq" // to hold a table behind the program's back

	"continuum/internal/storetest"
)

// opsDatabase is an empty database that ends with the test, and the variables that name it, through the pooler where
// there is one.
func opsDatabase(t *testing.T) (address string, env []string) {
	t.Helper()
	address = storetest.EmptyURL(t, dialect.Postgres)
	pooled, direct := storetest.Pooled(t, address)
	if direct == "" {
		t.Fatal("these tests go through a pooler: make servers")
	}
	return address, []string{"CONTINUUM_DATABASE=" + pooled, "CONTINUUM_DIRECT_DATABASE=" + direct}
}

// opsDemo fills a database with the demo, and returns the keys of two colleagues.
func opsDemo(t *testing.T, env []string) (ann, ben string) {
	t.Helper()
	out := opsRun(t, env, "seed")
	find := func(who string) string {
		m := regexp.MustCompile(who + `.*(ck_\w+)`).FindStringSubmatch(out)
		if m == nil {
			t.Fatalf("no key of %s", who)
		}
		return m[1]
	}
	return find("Ann Lavoie +clinic +psychologist"), find("Ben Tran")
}

func TestTwoServers_BothMigrateAnEmptyDatabase(t *testing.T) {
	_, env := opsDatabase(t)
	// Nobody has a key yet, so a server needs an issuer to open at all.
	env = append(env, "CONTINUUM_OIDC_ISSUER=https://id.example.org", "CONTINUUM_OIDC_AUDIENCE=continuum")
	first, second := opsLaunch(t, env, "--migrate"), opsLaunch(t, env, "--migrate")
	for _, s := range []*opsServer{first, second} {
		s.url = s.text.find(t, `(http://127\.0\.0\.1:\d+)`)
		opsUntil(t, "a server is ready", func() bool { return s.status("/readyz") == http.StatusOK })
	}
}

// What one server changes, a subscription on the other hears, and a right that one takes away ends there too.
func TestTwoServers_HearOfEachOther(t *testing.T) {
	_, env := opsDatabase(t)
	ann, ben := opsDemo(t, env)
	here, there := opsStart(t, env), opsStart(t, env)
	bensID := here.must(ben, `{viewer{professional{id}}}`, nil, `(pro_\w+)`)
	profile := here.must(ann, `mutation{createProfile(input:{givenName:"Iris",familyName:"Roy"}){profile{id}}}`, nil, `(prof_\w+)`)
	record := here.must(ann, `mutation($p:ID!){createRecord(input:{title:"Two servers",profiles:[{profileId:$p}]}){record{id}}}`,
		opsVars{"p": profile}, `(rec_\w+)`)
	share := here.must(ann, `mutation($r:ID!,$g:ID!){shareRecord(input:{recordId:$r,granteeId:$g,level:READ,consentOverride:"A test."}){share{id} userErrors{message}}}`,
		opsVars{"r": record, "g": bensID}, `(share_\w+)`)

	w := there.socket(ben)
	w.subscribe("f", `subscription($id:ID!){recordChanged(id:$id){reason}}`, opsVars{"id": record})
	touch := func(text string) {
		version := here.must(ann, `query($id:ID!){record(id:$id){version}}`, opsVars{"id": record}, `"version":(\d+)`)
		here.must(ann, fmt.Sprintf(`mutation($id:ID!,$text:String){updateRecord(input:{id:$id,expectedVersion:%s,reason:$text}){record{id}}}`, version),
			opsVars{"id": record, "text": text}, `(rec_\w+)`)
	}
	// Nothing says that the server follows but a first event.
	heard := make(chan struct{})
	go func() {
		defer close(heard)
		w.until("f", "turn")
	}()
	opsUntil(t, "the subscription hears of a change made through the other server", func() bool {
		touch("turn")
		select {
		case <-heard:
			return true
		default:
			return false
		}
	})
	touch("the last")
	w.until("f", "the last")
	here.must(ann, `mutation($s:ID!){revokeShare(input:{id:$s}){share{id}}}`, opsVars{"s": share}, `(share_\w+)`)
	w.until("f", "ACCESS_ENDED")
}

// Told to stop, a server says so first, goes on serving, refuses what comes later, and answers what came before.
func TestTwoServers_DrainAnswersWhatIsInFlight(t *testing.T) {
	address, env := opsDatabase(t)
	ann, _ := opsDemo(t, env)
	s := opsStart(t, append(env, "CONTINUUM_DRAIN_DELAY=2s"))
	socket := s.socket(ann)
	held := opsHold(t, address, "profiles")

	type result struct {
		status int
		text   string
		err    error
	}
	const asked = 4 // fewer than the pooler has connections: signing in needs one too
	answers := make(chan result, asked)
	for range asked {
		go func() {
			status, text, err := opsAsk(context.WithoutCancel(t.Context()), http.DefaultClient, s.url, ann, `{profiles(first:1){nodes{id}}}`, nil)
			answers <- result{status, text, err}
		}()
	}
	opsUntil(t, "the requests wait for the table", func() bool { return held.waiting(t) >= asked })

	s.stop()
	opsUntil(t, "/readyz says no", func() bool { return s.status("/readyz") == http.StatusServiceUnavailable })
	if status, text, err := opsAsk(t.Context(), http.DefaultClient, s.url, ann, `{__typename}`, nil); status != http.StatusOK {
		t.Errorf("while draining: %d %s %v", status, text, err)
	}
	if code := socket.closed(); code != 1012 {
		t.Errorf("the socket was closed with %d, not 1012", code)
	}
	opsUntil(t, "new requests are refused", func() bool { return s.status("/livez") == 0 })
	held.release(t)
	for range asked {
		if a := <-answers; a.status != http.StatusOK || a.err != nil || !strings.Contains(a.text, "prof_") {
			t.Errorf("what was in flight got %d %s %v", a.status, a.text, a.err)
		}
	}
	if err := s.wait(); err != nil {
		t.Errorf("it ended with %v", err)
	}
}

// opsHeld is a table that nobody else may read.
type opsHeld struct {
	db *sql.DB
	tx *sql.Tx
}

func opsHold(t *testing.T, address, table string) *opsHeld {
	t.Helper()
	db, err := sql.Open("postgres", address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	tx, err := db.BeginTx(context.WithoutCancel(t.Context()), nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = tx.Rollback() })
	if _, err := tx.ExecContext(t.Context(), "LOCK TABLE "+table+" IN ACCESS EXCLUSIVE MODE"); err != nil {
		t.Fatal(err)
	}
	return &opsHeld{db, tx}
}

func (h *opsHeld) waiting(t *testing.T) (n int) {
	t.Helper()
	if err := h.db.QueryRowContext(t.Context(), "SELECT count(*) FROM pg_locks WHERE NOT granted AND database = (SELECT oid FROM pg_database WHERE datname = current_database())").Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

func (h *opsHeld) release(t *testing.T) {
	t.Helper()
	if err := h.tx.Rollback(); err != nil {
		t.Fatal(err)
	}
}
