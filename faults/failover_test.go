//go:build faults

package faults_test

import (
	"context"
	"database/sql"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"
)

// The primary dies and its standby is promoted, while clients write: writing goes on within seconds by itself, subscriptions
// are heard again, and no change that was answered is lost.
func TestFailover_GoesOnAtThePromotedStandby(t *testing.T) {
	primary := opsPrimary(t)
	standby := primary.follower()
	env := []string{"CONTINUUM_DATABASE=" + opsURL("postgres", primary, standby)}
	ann, _ := opsDemo(t, env)
	s := opsStart(t, env)
	profile := s.must(ann, `mutation{createProfile(input:{givenName:"Iris",familyName:"Roy"}){profile{id}}}`, nil, `(prof_\w+)`)

	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	var writers sync.WaitGroup
	var mu sync.Mutex
	answered, last := map[string]bool{}, time.Time{}
	for n := range 4 {
		writers.Go(func() {
			for i := 0; ctx.Err() == nil; i++ {
				name := fmt.Sprintf("W%dx%d", n, i)
				_, text, err := opsAsk(ctx, http.DefaultClient, s.url, ann, `mutation($n:String!){createProfile(input:{givenName:$n,familyName:"Failover"}){profile{id}}}`, opsVars{"n": name})
				if err == nil && strings.Contains(text, `"prof_`) {
					mu.Lock()
					answered[name], last = true, time.Now()
					mu.Unlock()
				}
			}
		})
	}
	count := func() int {
		mu.Lock()
		defer mu.Unlock()
		return len(answered)
	}
	opsUntil(t, "the writers write", func() bool { return count() > 50 })

	primary.die()
	standby.promote()
	promoted, before := time.Now(), count()
	opsUntil(t, "writing goes on", func() bool { return count() > before+50 })
	mu.Lock()
	took := last.Sub(promoted)
	mu.Unlock()
	t.Logf("50 writes after the promotion took %v", took)
	if took > 10*time.Second {
		t.Errorf("it took %v to go on", took)
	}
	stop()
	writers.Wait()

	// The subscription ended with the connection that it looked through, as it says; another hears again.
	w := s.socket(ann)
	w.subscribe("f", `subscription($id:ID!){profileChanged(id:$id){givenName}}`, opsVars{"id": profile})
	heard := make(chan struct{})
	go func() { defer close(heard); w.until("f", "Iris") }()
	opsUntil(t, "the subscription hears again", func() bool {
		version := s.must(ann, `query($id:ID!){profile(id:$id){version}}`, opsVars{"id": profile}, `"version":(\d+)`)
		s.must(ann, `mutation($id:ID!,$g:String){updateProfile(input:{id:$id,expectedVersion:`+version+`,grade:$g}){profile{id}}}`,
			opsVars{"id": profile, "g": "turn " + version}, `(prof_\w+)`)
		select {
		case <-heard:
			return true
		default:
			return false
		}
	})

	db, err := sql.Open("postgres", opsURL("postgres", standby))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	rows, err := db.QueryContext(t.Context(), `SELECT given_name, count(*) FROM profiles WHERE family_name = 'Failover' GROUP BY 1`)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		var name string
		var n int
		if err := rows.Scan(&name, &n); err != nil {
			t.Fatal(err)
		}
		if n != 1 {
			t.Errorf("%s is there %d times", name, n)
		}
		delete(answered, name)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	if len(answered) > 0 {
		t.Errorf("%d changes were answered and lost", len(answered))
	}
}
