//go:build faults

package faults_test

import (
	"context"
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
	primary := newCluster(t, "fsync = off")
	standby := primary.follower()
	env := over(primary.url(standby))
	ann, _ := demo(t, env)
	s := start(t, env)
	profile := s.must(ann, `mutation{createProfile(input:{givenName:"Iris",familyName:"Roy"}){profile{id}}}`, nil, `(prof_\w+)`)

	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	var clients sync.WaitGroup
	var mu sync.Mutex
	answered, last := map[string]bool{}, time.Time{}
	for n := range 4 {
		clients.Go(func() {
			for i := 0; ctx.Err() == nil; i++ {
				name := fmt.Sprintf("W%dx%d", n, i)
				_, text, err := ask(ctx, http.DefaultClient, s.url, question{token: ann, query: `mutation($n:String!){createProfile(input:{givenName:$n,familyName:"Failover"}){profile{id}}}`, variables: variables{"n": name}})
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
	until(t, "the clients write", func() bool { return count() > 50 })

	primary.stop("immediate")
	standby.promote()
	promoted, before := time.Now(), count()
	until(t, "writing goes on", func() bool { return count() > before+50 })
	mu.Lock()
	took := last.Sub(promoted)
	mu.Unlock()
	t.Logf("50 writes after the promotion took %v", took)
	if took > 10*time.Second {
		t.Errorf("it took %v to go on", took)
	}
	stop()
	clients.Wait()

	// The subscription ended with the connection that it looked through, as it says; another hears again.
	w := s.socket(ann)
	w.subscribe("f", `subscription($id:ID!){profileChanged(id:$id){givenName}}`, variables{"id": profile})
	heard := make(chan struct{})
	go func() { defer close(heard); w.until("f", "Iris") }()
	until(t, "the subscription hears again", func() bool {
		version := s.must(ann, `query($id:ID!){profile(id:$id){version}}`, variables{"id": profile}, `"version":(\d+)`)
		s.must(ann, `mutation($id:ID!,$g:String){updateProfile(input:{id:$id,expectedVersion:`+version+`,grade:$g}){profile{id}}}`,
			variables{"id": profile, "g": "turn " + version}, `(prof_\w+)`)
		select {
		case <-heard:
			return true
		default:
			return false
		}
	})

	db := dial(t, standby.url())
	for _, name := range column(t, db, `SELECT given_name FROM profiles WHERE family_name = 'Failover' GROUP BY 1 HAVING count(*) > 1`) {
		t.Errorf("%s is there more than once", name)
	}
	for _, name := range column(t, db, `SELECT given_name FROM profiles WHERE family_name = 'Failover'`) {
		delete(answered, name)
	}
	if len(answered) > 0 {
		t.Errorf("%d changes were answered and lost", len(answered))
	}
}
