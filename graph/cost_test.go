package graph_test

import (
	"context"
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"continuum/graph"
	"continuum/internal/storetest"
)

// allowed is a house in which each credential may spend so much.
func allowed(t *testing.T, perMinute, burst int) *house {
	t.Helper()
	h := demoHouse(t, storetest.URL(t, storetest.Engines[0]))
	allowance, err := graph.NewAllowance(perMinute, burst)
	if err != nil {
		t.Fatal(err)
	}
	h.allowance = allowance
	h.serve()
	return h
}

// dear costs 30,302: a third comes too early for a burst of 75,000.
const dear = `{profiles(first:100){nodes{records(first:100){nodes{id file:id}}}}}`

// Every answer tells its cost, in extensions and in headers; whoever has spent everything waits, alone.
func TestAllowance_IsSpent(t *testing.T) {
	h := allowed(t, 60_000, 75_000)
	first := h.must("ann", `{viewer{scopes}}`, nil)
	cost := regexp.MustCompile(`"extensions":\{"cost":\{"spent":10,"limit":75000,"remaining":74990,"resetSeconds":1\}\}`)
	if !cost.MatchString(first.body) {
		t.Errorf("the answer does not tell its cost: %s", first.body)
	}
	if got := first.header.Get("RateLimit-Policy"); got != `"cost";q=75000;w=75` {
		t.Errorf("RateLimit-Policy: %s", got)
	}
	if got := first.header.Get("RateLimit"); got != `"cost";r=74990;t=1` {
		t.Errorf("RateLimit: %s", got)
	}
	for range 2 {
		if a := h.ask("ann", dear, nil); a.status != http.StatusOK {
			t.Fatalf("within the allowance: %d %s", a.status, a.body)
		}
	}
	refused := h.ask("ann", dear, nil)
	wait, err := strconv.Atoi(refused.header.Get("Retry-After"))
	if refused.status != http.StatusTooManyRequests || refused.code() != "RATE_LIMITED" || refused.Data != nil || err != nil {
		t.Fatalf("over the allowance: %d %s %v", refused.status, refused.body, refused.header)
	}
	if told := refused.Errors[0].Extensions["retryAfter"]; wait < 10 || wait > 20 || told != float64(wait) {
		t.Errorf("to wait: %d in the header, %v in the answer", wait, told)
	}
	if refused.header.Get("RateLimit") == "" {
		t.Error("a refusal does not tell how the credential stands")
	}
	if a := h.must("ann", `{viewer{scopes}}`, nil); a.status != http.StatusOK {
		t.Error("what can still be paid was refused")
	}
	if a := h.must("ben", dear, nil); a.status != http.StatusOK {
		t.Error("another credential was refused")
	}
}

// A key that makes another spends no more by it.
func TestAllowance_IsNotOfTheKey(t *testing.T) {
	h := allowed(t, 60, 50_000)
	h.must("ann", dear, nil)
	made := h.must("ann", `mutation{createApiKey(input:{name:"More",scopes:[RECORDS_READ,PROFILES_READ]}){secret}}`, nil)
	h.keys["ann again"], _ = at(made.Data, "createApiKey.secret").(string)
	if a := h.ask("ann again", dear, nil); a.code() != "RATE_LIMITED" {
		t.Errorf("a new key spends what the old one had spent: %d %.200s", a.status, a.body)
	}
}

// What is refused for its form pays for being read, and over the allowance it is not read at all.
func TestAllowance_CountsWhatDoesNotRun(t *testing.T) {
	h := allowed(t, 60, 50_000)
	left := func(a answer) int {
		number, err := strconv.Atoi(regexp.MustCompile(`r=(\d+)`).FindStringSubmatch(a.header.Get("RateLimit"))[1])
		if err != nil {
			t.Fatal(err)
		}
		return number
	}
	a := h.ask("ann", "{", nil)
	if got := left(a); got != 49_990 {
		t.Errorf("%d are left after a broken document", got)
	}
	for a = h.ask("ann", dear, nil); left(a) >= 10; {
		a = h.ask("ann", "{", nil)
	}
	if a := h.ask("ann", "{", nil); a.code() != "RATE_LIMITED" {
		t.Errorf("a broken document was read: %s", a.body)
	}
}

// The twins of one credential take no more together than it may spend.
func TestAllowance_HoldsForTwins(t *testing.T) {
	h := allowed(t, 60, 50_000)
	var twins sync.WaitGroup
	var mu sync.Mutex
	statuses := map[int]int{}
	for range 8 {
		twins.Go(func() {
			a := h.ask("ann", dear, nil)
			mu.Lock()
			defer mu.Unlock()
			statuses[a.status]++
		})
	}
	twins.Wait()
	if statuses[200] != 1 || statuses[429] != 7 {
		t.Errorf("of eight twins one can pay: %v", statuses)
	}
}

// A subscription pays once; over a socket a refusal is an error that tells how long to wait.
func TestAllowance_OverASocket(t *testing.T) {
	h := allowed(t, 60, 50_000)
	w := h.open(t, "ann")
	w.subscribe("1", dear, nil)
	if m := w.next(); !strings.Contains(fmt.Sprint(m.Payload), "cost:map[limit:50000") {
		t.Errorf("an answer over a socket does not tell its cost: %v", m)
	}
	if m := w.next(); m.Type != "complete" {
		t.Fatalf("got %v", m)
	}
	w.subscribe("2", dear, nil)
	if m := w.next(); !strings.Contains(fmt.Sprint(m.Payload), "RATE_LIMITED") || !strings.Contains(fmt.Sprint(m.Payload), "retryAfter:") {
		t.Errorf("over the allowance came %v", m)
	}
}

func TestNewAllowance_RefusesWhatLetsNothingRun(t *testing.T) {
	for _, c := range [][2]int{{1000, 49_999}, {0, 50_000}, {-1, 50_000}, {1, 50_000}} {
		if _, err := graph.NewAllowance(c[0], c[1]); err == nil {
			t.Errorf("%d a minute with a burst of %d was taken", c[0], c[1])
		}
	}
}

// Operators hear of each operation by kind and code; a name is told only when it is listed.
func TestWatch(t *testing.T) {
	h := demoHouse(t, storetest.URL(t, storetest.Engines[0]))
	var mu sync.Mutex
	var told []string
	h.watch = graph.Watch{
		Names: []string{"Known"},
		Slow:  time.Nanosecond,
		Began: func(ctx context.Context, kind, name string) (context.Context, func(graph.Outcome)) {
			return ctx, func(o graph.Outcome) {
				mu.Lock()
				defer mu.Unlock()
				told = append(told, fmt.Sprintf("%s %q %v", kind, name, o.Codes))
			}
		},
		Refused: func(code string) {
			mu.Lock()
			defer mu.Unlock()
			told = append(told, "refused "+code)
		},
	}
	h.serve()
	h.must("ann", `query Known{viewer{scopes}}`, nil)
	h.must("ann", `query Tremblay{viewer{scopes}}`, nil)
	h.ask("ann", `mutation{createProfile(input:{givenName:"Tremblay",familyName:""}){profile{id}}}`, nil)
	h.ask("ann", `{profiles(first:-1){nodes{id}}}`, nil)
	h.ask("ann", `{tremblay}`, nil)
	mu.Lock()
	defer mu.Unlock()
	want := []string{
		`query "Known" []`, `query "other" []`, `mutation "" [INVALID]`, `query "" [INVALID]`, `refused GRAPHQL_VALIDATION_FAILED`,
	}
	if !slices.Equal(told, want) {
		t.Errorf("told %q, want %q", told, want)
	}
	log := h.log.String()
	for _, word := range []string{"slow operation", "kind=query", "name=Known", "cost=10", "document=608f2bea", `document="has values in it"`} {
		if !strings.Contains(log, word) {
			t.Errorf("the log of slow operations lacks %s: %s", word, log)
		}
	}
	if strings.Contains(log, "Tremblay") {
		t.Errorf("the log tells too much: %s", log)
	}
}
