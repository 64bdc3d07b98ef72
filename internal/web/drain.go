package web

import (
	"net/http"
	"sync/atomic"
)

// Drain tells whoever spreads requests over several servers that this one is about to stop: /readyz says no, and every
// answer asks its caller to come back on another connection. Requests are still answered.
//
// The zero value is ready to use, and a nil one never begins.
type Drain struct{ begun atomic.Bool }

// Begin begins it. There is no way back.
func (d *Drain) Begin() { d.begun.Store(true) }

func (d *Drain) underway() bool { return d != nil && d.begun.Load() }

func (d *Drain) follow(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if d.underway() {
			w.Header().Set("Connection", "close")
		}
		next.ServeHTTP(w, r)
	})
}
