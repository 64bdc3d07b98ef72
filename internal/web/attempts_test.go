package web_test

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"

	"continuum/internal/web"
)

// doored is an edge that lets six sign-ins fail a minute, and knows ann's key, ben's and a signed token. It tells which
// tokens were looked up.
func doored(t *testing.T, proxies ...string) (try func(token string, forwarded ...string) answer, checked func() []string) {
	t.Helper()
	attempts, err := web.NewAttempts(6, proxies)
	if err != nil {
		t.Fatal(err)
	}
	var tokens []string
	server, log := start(t, web.Config{Attempts: attempts, SignIn: func(ctx context.Context, token string) (context.Context, bool, error) {
		tokens = append(tokens, token)
		return ctx, slices.Contains([]string{annsKey, "ck_ben", "header.claims.good"}, token), nil
	}})
	t.Cleanup(func() {
		if strings.Contains(log.String(), "203.0.113") || strings.Contains(log.String(), "127.0.0.1") {
			t.Errorf("the log tells addresses: %s", log)
		}
	})
	return func(token string, forwarded ...string) answer {
		return send(t, request(t, server, func(r *http.Request) {
			r.Header.Set("Authorization", "Bearer "+token)
			r.Header["X-Forwarded-For"] = forwarded
		}))
	}, func() []string { return tokens }
}

func statuses(n int, try func(i int) answer) (all []int) {
	for i := range n {
		all = append(all, try(i).status)
	}
	return all
}

// After six failures from an address, keys that never worked are not even looked up; what worked before still does.
func TestAttempts_ByAddress(t *testing.T) {
	try, checked := doored(t)
	if got := try(annsKey); got.status != http.StatusOK {
		t.Fatal(got.status)
	}
	got := statuses(9, func(i int) answer { return try(fmt.Sprint("ck_", i)) })
	if want := []int{401, 401, 401, 401, 401, 401, 429, 429, 429}; !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
	refused := try("ck_9")
	if wait, err := strconv.Atoi(refused.header.Get("Retry-After")); err != nil || wait < 1 || wait > 10 || refused.code(t) != "RATE_LIMITED" {
		t.Errorf("got %v %s", refused.header, refused.body)
	}
	if n := len(checked()); n != 7 {
		t.Errorf("%d tokens were looked up: %q", n, checked())
	}
	if got := try(annsKey); got.status != http.StatusOK {
		t.Errorf("a key that worked before: %d", got.status)
	}
	if got := try("ck_a.key.with"); got.status != http.StatusTooManyRequests || slices.Contains(checked(), "ck_a.key.with") {
		t.Errorf("a key in the form of a signed token: %d, looked up: %q", got.status, checked())
	}
	if got := try("header.claims.good"); got.status != http.StatusOK {
		t.Errorf("a good signed token: %d", got.status)
	}
	if got := try("header.claims.bad"); got.status != http.StatusTooManyRequests {
		t.Errorf("a bad signed token: %d", got.status)
	}
	if got := try("ck_ben"); got.status != http.StatusTooManyRequests {
		t.Errorf("a key that nobody has seen work: %d", got.status)
	}
}

// A program that repeats one bad key is stopped by the key, and its neighbours are not.
func TestAttempts_ByCredential(t *testing.T) {
	try, checked := doored(t)
	got := statuses(5, func(int) answer { return try("ck_revoked") })
	if want := []int{401, 429, 429, 429, 429}; !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
	if n := len(checked()); n != 1 {
		t.Errorf("the key was looked up %d times", n)
	}
	if got := try("ck_ben"); got.status != http.StatusOK {
		t.Errorf("a neighbour's first sign-in: %d", got.status)
	}
}

// An address is what a trusted proxy says, and never what a caller says.
func TestAttempts_BehindProxies(t *testing.T) {
	spend := func(try func(string, ...string) answer, forwarded func(i int) []string) []int {
		return statuses(8, func(i int) answer { return try(fmt.Sprint("ck_", i), forwarded(i)...) })
	}
	limited := []int{401, 401, 401, 401, 401, 401, 429, 429}
	for name, test := range map[string]struct {
		proxies   []string
		forwarded func(i int) []string
		limited   bool
	}{
		"nobody is trusted":              {nil, func(i int) []string { return []string{fmt.Sprint("203.0.113.", i)} }, true},
		"each from an address":           {[]string{"127.0.0.0/8"}, func(i int) []string { return []string{fmt.Sprint("203.0.113.", i)} }, false},
		"all from one":                   {[]string{"127.0.0.1"}, func(int) []string { return []string{"203.0.113.7"} }, true},
		"a caller writes its own":        {[]string{"127.0.0.1"}, func(i int) []string { return []string{fmt.Sprint("203.0.113.", i), "203.0.113.200"} }, true},
		"two proxies":                    {[]string{"127.0.0.1", "10.0.0.0/8"}, func(i int) []string { return []string{fmt.Sprint("203.0.113.", i, ", 10.1.2.3")} }, false},
		"a network of one household":     {[]string{"127.0.0.1"}, func(i int) []string { return []string{fmt.Sprint("2001:db8:0:1::", i+1)} }, true},
		"what is no address is the peer": {[]string{"127.0.0.1"}, func(i int) []string { return []string{fmt.Sprint("nobody", i)} }, true},
	} {
		t.Run(name, func(t *testing.T) {
			try, _ := doored(t, test.proxies...)
			if got := spend(try, test.forwarded); slices.Equal(got, limited) != test.limited {
				t.Errorf("got %v", got)
			}
		})
	}
}

func TestNewAttempts_RefusesBadSettings(t *testing.T) {
	for _, proxy := range []string{"", "everyone", "10.0.0.0/40"} {
		if _, err := web.NewAttempts(60, []string{proxy}); err == nil {
			t.Errorf("the proxy %q was taken", proxy)
		}
	}
	if _, err := web.NewAttempts(0, nil); err == nil {
		t.Error("no attempts at all were taken")
	}
}
