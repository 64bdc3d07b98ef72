//go:build faults

package faults_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"regexp"
	"sync"
	"testing"
	"time"
)

// practices are two workspaces in a database, each with its administrator's key.
type practices struct {
	workspaces, people, keys [2]string
}

var made = regexp.MustCompile(`Workspace +(\S+)\nAdministrator +(\S+)\nKey +(\S+)`)

// open makes the two workspaces.
func open(t *testing.T, database string) practices {
	t.Helper()
	var p practices
	run(t, over(database), "migrate")
	for i, name := range []string{"Clinic", "School"} {
		found := made.FindStringSubmatch(run(t, over(database), "workspace", name, "--admin", "Ann", "--email", fmt.Sprintf("ann%d@example.org", i)))
		if found == nil {
			t.Fatal("the workspace was not told")
		}
		p.workspaces[i], p.people[i], p.keys[i] = found[1], found[2], found[3]
	}
	return p
}

// writers work in the clinic: each makes a profile, opens a record about it, offers the record to the school, and the
// school accepts; and so on, until they are stopped. What got no clear answer is asked again under the same key.
type writers struct {
	p    practices
	urls []string // of the servers; each try asks the next one
	stop context.CancelFunc
	done sync.WaitGroup

	mu      sync.Mutex
	acked   map[string]string // what was acknowledged, "transfer W1N2", and its id
	last    []time.Time       // when each writer was last told that something was done
	retries int
	strange []string // answers that no writer should get
}

// write sets n writers to work.
func write(t *testing.T, p practices, n int, urls ...string) *writers {
	t.Helper()
	ctx, stop := context.WithCancel(t.Context())
	w := &writers{p: p, urls: urls, stop: stop, acked: map[string]string{}, last: make([]time.Time, n)}
	for i := range n {
		w.done.Go(func() {
			for round := 0; ctx.Err() == nil; round++ {
				w.round(ctx, i, fmt.Sprintf("W%dN%d", i, round))
			}
		})
	}
	t.Cleanup(stop)
	return w
}

// finish lets every writer end the step that they are at.
func (w *writers) finish(t *testing.T) {
	t.Helper()
	w.stop()
	w.done.Wait()
	if len(w.strange) > 0 {
		t.Errorf("%d strange answers, the first: %s", len(w.strange), w.strange[0])
	}
	t.Logf("%d acknowledged, %d tried again", len(w.acked), w.retries)
}

// round is one profile from its birth to the hand-over of its record.
func (w *writers) round(ctx context.Context, i int, name string) {
	profile := w.step(ctx, i, 0, "profile", name, `mutation($name:String!){createProfile(input:{givenName:"A",familyName:$name}){node:profile{id} userErrors{code message}}}`,
		variables{"name": name})
	record := w.step(ctx, i, 0, "record", name, `mutation($name:String!,$id:ID!){createRecord(input:{title:$name,kind:INDIVIDUAL,status:OPEN,profiles:[{profileId:$id}]}){node:record{id} userErrors{code message}}}`,
		variables{"name": name, "id": profile})
	offer := w.step(ctx, i, 0, "offer", name, `mutation($id:ID!,$to:ID!){transferRecord(input:{recordId:$id,toId:$to}){node:transfer{id} userErrors{code message}}}`,
		variables{"id": record, "to": w.p.people[1]})
	w.step(ctx, i, 1, "transfer", name, `mutation($id:ID!){acceptTransfer(input:{id:$id}){node:transfer{id} userErrors{code message}}}`,
		variables{"id": offer})
}

// step asks for one change until there is a clear answer; the id of what came of it, or nothing once the writers stop.
func (w *writers) step(ctx context.Context, i, as int, what, name, query string, vars variables) string {
	q := question{w.p.keys[as], what + "-" + name, query, vars}
	for try := 0; ctx.Err() == nil; try++ {
		id, plain, strange := w.ask(context.WithoutCancel(ctx), w.urls[(i+try)%len(w.urls)], q)
		w.mu.Lock()
		if strange != "" {
			w.strange = append(w.strange, what+" "+name+": "+strange)
		}
		if id != "" {
			w.acked[what+" "+name], w.last[i] = id, time.Now()
		} else {
			w.retries++
		}
		w.mu.Unlock()
		if plain {
			return id
		}
		select {
		case <-time.After(50 * time.Millisecond):
		case <-ctx.Done():
		}
	}
	return ""
}

// writerPatience is how long a writer waits for an answer: less than the server may take, so that twins meet.
const writerPatience = 4 * time.Second

// ask asks once. An answer that is not plain leaves open what came of the question.
func (w *writers) ask(ctx context.Context, url string, q question) (id string, plain bool, strange string) {
	ctx, cancel := context.WithTimeout(ctx, writerPatience)
	defer cancel()
	status, text, err := ask(ctx, http.DefaultClient, url, q)
	if err != nil || status == http.StatusServiceUnavailable || status == http.StatusTooManyRequests {
		return "", false, ""
	}
	return understand(text)
}

// understand reads an answer. UNAVAILABLE and out of time mean: try again.
func understand(text string) (id string, plain bool, strange string) {
	var answer struct {
		Data map[string]*struct {
			Node       *struct{ ID string }
			UserErrors []struct{ Code string }
		}
		Errors []struct{ Extensions struct{ Code string } }
	}
	if err := json.Unmarshal([]byte(text), &answer); err != nil {
		return "", false, text
	}
	for _, failure := range answer.Errors {
		switch code := failure.Extensions.Code; code {
		case "UNAVAILABLE", "LIMIT_EXCEEDED":
			return "", false, ""
		default:
			return "", false, text
		}
	}
	for _, payload := range answer.Data {
		if payload != nil && payload.Node != nil && len(payload.UserErrors) == 0 {
			return payload.Node.ID, true, ""
		}
	}
	return "", true, text
}

// working waits until every writer has been told of something done since an instant, and returns how long after it the
// first was.
func (w *writers) working(t *testing.T, since time.Time, limit time.Duration) {
	t.Helper()
	count := func() (n int) {
		w.mu.Lock()
		defer w.mu.Unlock()
		for _, at := range w.last {
			if at.After(since) {
				n++
			}
		}
		return n
	}
	within(t, limit, "the work goes on", func() bool { return count() > 0 })
	first := time.Since(since)
	within(t, 20*time.Second, "every writer goes on", func() bool { return count() == len(w.last) })
	t.Logf("the first writer went on after %v, the last after %v", first.Round(time.Millisecond), time.Since(since).Round(time.Millisecond))
}
