package main

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"time"

	"github.com/Khan/genqlient/graphql"
	"github.com/vektah/gqlparser/v2/gqlerror"
)

type keyOfChange struct{}

// withKey gives the changes that are sent under ctx the key by which the server knows them again.
func withKey(ctx context.Context, key string) context.Context {
	return context.WithValue(ctx, keyOfChange{}, key)
}

// dial makes a client that signs in with an API key and tries again what may be tried again.
func dial(endpoint, apiKey string) graphql.Client {
	signed := &http.Client{Timeout: 15 * time.Second, Transport: signing{apiKey, http.DefaultTransport}}
	return retrying{graphql.NewClient(endpoint, signed)}
}

// signing adds the headers that every request needs.
type signing struct {
	apiKey string
	next   http.RoundTripper
}

// RoundTrip sends a copy of the request, as http.RoundTripper asks.
func (s signing) RoundTrip(r *http.Request) (*http.Response, error) {
	r = r.Clone(r.Context())
	r.Header.Set("Authorization", "Bearer "+s.apiKey)
	if key, ok := r.Context().Value(keyOfChange{}).(string); ok {
		r.Header.Set("Idempotency-Key", key)
	}
	return s.next.RoundTrip(r)
}

// retrying sends again, under the same key, what was lost or was refused for the moment.
type retrying struct{ next graphql.Client }

const tries = 6

// MakeRequest waits longer before each further try, and as long as the server says.
func (c retrying) MakeRequest(ctx context.Context, request *graphql.Request, response *graphql.Response) error {
	wait := 200 * time.Millisecond
	for try := 1; ; try++ {
		response.Errors = nil
		err := c.next.MakeRequest(ctx, request, response)
		said, again := mayPass(err)
		if !again || try == tries {
			return err
		}
		select {
		case <-ctx.Done():
			return err
		case <-time.After(max(wait, said)):
		}
		wait *= 2
	}
}

// mayPass says whether an error may be gone at the next try, and how long the server asks to wait until then.
func mayPass(err error) (wait time.Duration, again bool) {
	var status *graphql.HTTPError
	if errors.As(err, &status) {
		wait, _ = passing(status.Response.Errors)
		switch status.StatusCode {
		case http.StatusTooManyRequests, http.StatusBadGateway, http.StatusServiceUnavailable, http.StatusGatewayTimeout:
			return wait, true
		}
		return 0, false
	}
	var failures gqlerror.List
	if errors.As(err, &failures) {
		return passing(failures)
	}
	var network *url.Error
	return 0, errors.As(err, &network)
}

func passing(failures gqlerror.List) (wait time.Duration, again bool) {
	for _, failure := range failures {
		if seconds, ok := failure.Extensions["retryAfter"].(float64); ok {
			wait = time.Duration(seconds * float64(time.Second))
		}
		switch failure.Extensions["code"] {
		case "RATE_LIMITED", "UNAVAILABLE":
			again = true
		}
	}
	return wait, again
}
