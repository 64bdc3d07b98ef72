package issuer

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"sync"
	"time"
)

// longestAnswer of the issuer is in bytes; key sets have some thousands.
const longestAnswer = 256 << 10

// errNotTold says that userinfo does not answer for this token: it was made without the
// scope openid, or without email.
var errNotTold = errors.New("issuer: userinfo does not answer for this token")

// newClient makes the client of everything that the issuer is asked.
func newClient(now func() time.Time) *http.Client {
	to := &http.Transport{
		Proxy:                  http.ProxyFromEnvironment,
		ForceAttemptHTTP2:      true,
		MaxIdleConnsPerHost:    4,
		IdleConnTimeout:        time.Minute,
		MaxResponseHeaderBytes: 64 << 10,
	}
	return &http.Client{
		Transport: &sparing{to: to, now: now, public: map[string]*kept{}},
		Timeout:   answersWithin,
		// The addresses are the issuer's own: one that leads elsewhere would leave https, or this network's outside.
		CheckRedirect: func(*http.Request, []*http.Request) error { return errors.New("issuer: it answers with a redirect") },
	}
}

// sparing asks the issuer for what it publishes at most once in askedEvery, whoever
// makes us ask: the library asks again for every key that it does not know, and who
// makes tokens up can make those up without end.
type sparing struct {
	to  http.RoundTripper
	now func() time.Time

	mu     sync.Mutex
	public map[string]*kept // by address; there are two
}

// kept is the last answer of an address.
type kept struct {
	mu     sync.Mutex
	at     time.Time
	answer *http.Response // its body is empty; body has it
	body   []byte
	err    error
}

// RoundTrip asks, or repeats the last answer. What is asked with a token is never kept.
func (s *sparing) RoundTrip(r *http.Request) (*http.Response, error) {
	if !guarded(r.URL) {
		return nil, errors.New("issuer: it names an address that does not begin with https://")
	}
	if r.Header.Get("Authorization") != "" {
		answer, body, err := s.ask(r)
		return repeat(answer, body, r), err
	}
	k := s.kept(r.URL.String())
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.at.IsZero() || s.now().Sub(k.at) >= askedEvery {
		// The answer is for all who will ask, so it does not end with the one who did.
		ctx, cancel := context.WithTimeout(context.WithoutCancel(r.Context()), answersWithin)
		defer cancel()
		k.answer, k.body, k.err = s.ask(r.WithContext(ctx))
		k.at = s.now()
	}
	return repeat(k.answer, k.body, r), k.err
}

func (s *sparing) kept(address string) *kept {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.public[address] == nil {
		s.public[address] = &kept{}
	}
	return s.public[address]
}

// ask asks in earnest. An answer that is no object of JSON is a fault of the issuer.
func (s *sparing) ask(r *http.Request) (*http.Response, []byte, error) {
	answer, err := s.to.RoundTrip(r)
	if err != nil {
		return nil, nil, err
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(io.LimitReader(answer.Body, longestAnswer+1))
	if err != nil {
		return nil, nil, err
	}
	asked := r.URL.Host + r.URL.Path
	switch kind, _, _ := mime.ParseMediaType(answer.Header.Get("Content-Type")); {
	case r.Header.Get("Authorization") != "" && answer.StatusCode >= 400 && answer.StatusCode < 500 &&
		answer.StatusCode != http.StatusTooManyRequests:
		return nil, nil, errNotTold
	case answer.StatusCode != http.StatusOK:
		return nil, nil, fmt.Errorf("issuer: %s answers %d", asked, answer.StatusCode)
	case len(body) > longestAnswer:
		return nil, nil, fmt.Errorf("issuer: %s answers without end", asked)
	case kind == "application/jwt" || !json.Valid(body) || !bytes.HasPrefix(bytes.TrimLeft(body, " \t\r\n"), []byte("{")):
		return nil, nil, fmt.Errorf("issuer: %s answers with something else than an object of JSON", asked)
	}
	return answer, body, nil
}

// repeat is an answer of its own for each who asks.
func repeat(answer *http.Response, body []byte, r *http.Request) *http.Response {
	if answer == nil {
		return nil
	}
	own := *answer
	own.Header = answer.Header.Clone()
	own.Body = io.NopCloser(bytes.NewReader(body))
	own.Request = r
	return &own
}
