package web

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/rs/cors"
)

// origins knows which sites' pages may call the API from a browser: this server's own, and those on the list.
type origins struct {
	allowed []string
	forged  *http.CrossOriginProtection
}

// CheckOrigins says what is wrong with a list of allowed origins.
func CheckOrigins(allowed []string) error {
	_, err := newOrigins(allowed)
	return err
}

func newOrigins(allowed []string) (*origins, error) {
	o := &origins{forged: http.NewCrossOriginProtection()}
	for _, origin := range allowed {
		// A star would let any page in the world try a key; whoever wants that must list the pages.
		if strings.Contains(origin, "*") {
			return nil, fmt.Errorf("allowed origin %q: name each site, a star is not accepted", origin)
		}
		origin = strings.ToLower(origin)
		if err := o.forged.AddTrustedOrigin(origin); err != nil {
			return nil, fmt.Errorf("allowed origin: %w", err)
		}
		o.allowed = append(o.allowed, origin)
	}
	o.forged.SetDenyHandler(http.HandlerFunc(answerForeign))
	return o, nil
}

// cors lets pages of the listed sites read answers. Cookies are never part of it.
func (o *origins) cors(next http.Handler) http.Handler {
	if len(o.allowed) == 0 {
		return next // rs/cors takes an empty list for "everyone"
	}
	return cors.New(cors.Options{
		AllowedOrigins: o.allowed,
		AllowedMethods: []string{http.MethodGet, http.MethodPost},
		AllowedHeaders: []string{"Authorization", "Content-Type", "Idempotency-Key", requestIDHeader, workspaceHeader},
		ExposedHeaders: []string{requestIDHeader, "Retry-After", "RateLimit", "RateLimit-Policy"},
		MaxAge:         600, // seconds for which a browser may skip asking again
	}).Handler(next)
}

// guard refuses what another site's page sends in its visitor's name.
func (o *origins) guard(next http.Handler) http.Handler {
	return o.forged.Handler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		// An upgrade is a GET, which CrossOriginProtection lets pass, and CORS does not cover sockets.
		if isUpgrade(r) && !o.mayConnect(r) {
			answerForeign(w, r)
			return
		}
		next.ServeHTTP(w, r)
	}))
}

// mayConnect reports whether a socket comes from a program (no Origin), from this server's page or from a listed site.
func (o *origins) mayConnect(r *http.Request) bool {
	origin := r.Header.Get("Origin")
	if origin == "" || slices.Contains(o.allowed, strings.ToLower(origin)) {
		return true
	}
	u, err := url.Parse(origin)
	return err == nil && u.Host != "" && strings.EqualFold(u.Host, r.Host)
}

func answerForeign(w http.ResponseWriter, r *http.Request) {
	answerError(w, r, http.StatusForbidden, "FORBIDDEN", "this site is not on the server's list of allowed origins")
}
