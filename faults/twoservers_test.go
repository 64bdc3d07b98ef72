//go:build faults

package faults_test

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"
)

// Of several that migrate at once one does it, and the others find it done; then every server starts.
func TestTwoServers_MigrateOnce(t *testing.T) {
	address, env := pooled(t)
	var all sync.WaitGroup
	for range 3 {
		migrate := program(t, env, "migrate")
		all.Go(func() {
			if out, err := migrate.CombinedOutput(); err != nil {
				t.Errorf("migrate: %v\n%s", err, out)
			}
		})
	}
	all.Wait()
	db := dial(t, address)
	var steps, again int
	if err := db.QueryRowContext(t.Context(), "SELECT count(*), count(*) - count(DISTINCT version_id) FROM goose_db_version").Scan(&steps, &again); err != nil {
		t.Fatal(err)
	}
	if steps < 2 || again != 0 {
		t.Errorf("of %d migrations %d were done again", steps, again)
	}
	demo(t, env)
	first, second := launch(t, env, "--migrate"), launch(t, env, "--migrate")
	first.up()
	second.up()
}

// What one server changes, a subscription on the other hears, and a right that one takes away ends there too.
func TestTwoServers_HearOfEachOther(t *testing.T) {
	_, env := pooled(t)
	ann, ben := demo(t, env)
	here, there := start(t, env), start(t, env)
	bensID := here.must(ben, `{viewer{professional{id}}}`, nil, `(pro_\w+)`)
	profile := here.must(ann, `mutation{createProfile(input:{givenName:"Iris",familyName:"Roy"}){profile{id}}}`, nil, `(prof_\w+)`)
	record := here.must(ann, `mutation($p:ID!){createRecord(input:{title:"Two servers",profiles:[{profileId:$p}]}){record{id}}}`,
		variables{"p": profile}, `(rec_\w+)`)
	share := here.must(ann, `mutation($r:ID!,$g:ID!){shareRecord(input:{recordId:$r,granteeId:$g,level:READ,consentOverride:"A test."}){share{id} userErrors{message}}}`,
		variables{"r": record, "g": bensID}, `(share_\w+)`)

	w := there.socket(ben)
	w.subscribe("f", `subscription($id:ID!){recordChanged(id:$id){reason}}`, variables{"id": record})
	touch := func(text string) {
		version := here.must(ann, `query($id:ID!){record(id:$id){version}}`, variables{"id": record}, `"version":(\d+)`)
		here.must(ann, fmt.Sprintf(`mutation($id:ID!,$text:String){updateRecord(input:{id:$id,expectedVersion:%s,reason:$text}){record{id}}}`, version),
			variables{"id": record, "text": text}, `(rec_\w+)`)
	}
	// Nothing says that the server follows but a first event.
	heard, turns := make(chan struct{}), 0
	go func() {
		defer close(heard)
		w.until("f", "turn")
	}()
	until(t, "the subscription hears of a change made through the other server", func() bool {
		turns++ // the same text again would change nothing
		touch(fmt.Sprint("turn ", turns))
		select {
		case <-heard:
			return true
		default:
			return false
		}
	})
	touch("the last")
	w.until("f", "the last")
	here.must(ann, `mutation($s:ID!){revokeShare(input:{id:$s}){share{id}}}`, variables{"s": share}, `(share_\w+)`)
	w.until("f", "ACCESS_ENDED")
}

// Told to stop, a server says so first, goes on serving, refuses what comes later, and answers what came before.
func TestTwoServers_DrainAnswersWhatIsInFlight(t *testing.T) {
	address, env := pooled(t)
	ann, _ := demo(t, env)
	s := start(t, append(env, "CONTINUUM_DRAIN_DELAY=2s"))
	socket := s.socket(ann)
	held := hold(t, address, "profiles")

	type result struct {
		status int
		text   string
		err    error
	}
	const asked = 4 // fewer than the pooler has connections: signing in needs one too
	answers := make(chan result, asked)
	for range asked {
		go func() {
			status, text, err := ask(context.WithoutCancel(t.Context()), http.DefaultClient, s.url, question{token: ann, query: `{profiles(first:1){nodes{id}}}`})
			answers <- result{status, text, err}
		}()
	}
	until(t, "the requests wait for the table", func() bool { return held.waiting(t) >= asked })

	s.stop()
	until(t, "/readyz says no", func() bool { return s.status("/readyz") == http.StatusServiceUnavailable })
	if status, text, err := ask(t.Context(), http.DefaultClient, s.url, question{token: ann, query: `{__typename}`}); status != http.StatusOK {
		t.Errorf("while draining: %d %s %v", status, text, err)
	}
	if code := socket.closed(); code != 1012 {
		t.Errorf("the socket was closed with %d, not 1012", code)
	}
	until(t, "new requests are refused", func() bool { return s.status("/livez") == 0 })
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
