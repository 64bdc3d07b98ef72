// Package web is the HTTP edge: it decides which requests reach the API, who they come from, and what may be said about
// them afterwards. Its one rule: nothing is executed before the request is known to be small, well-formed and signed in.
//
// A request passes, in this order: request id, access log, recovery from panics, the routes; and on /graphql CORS, the
// cross-origin check, the gate (is there room?), the guard (method, Accept, type, size, JSON), the deadline and sign-in.
package web

import (
	"context"
	"io/fs"
	"log/slog"
	"net/http"
	"time"
)

const (
	maxBody          = 256 << 10        // bytes of a POST
	executionTime    = 10 * time.Second // sign-in and operation of one POST or GET, not of sockets
	readinessTimeout = 2 * time.Second
)

// Config is what the edge needs from the rest of the house.
type Config struct {
	// GraphQL executes operations: POST, GET and WebSocket. A request whose context carries no viewer is a WebSocket
	// upgrade and nothing else; the handler signs it in from connection_init, or closes it. Its Origin was checked.
	GraphQL http.Handler

	// SignIn turns the token of an Authorization header into a context that carries its viewer. It answers false for
	// every token that is refused, whatever the reason, and an error only when it could not tell.
	SignIn func(ctx context.Context, token string) (context.Context, bool, error)

	// Ready answers nil when requests can be served: the database answers and its migrations are current.
	Ready func(context.Context) error

	// Page holds GraphiQL, or nothing when it was not built.
	Page fs.FS

	Log *slog.Logger

	// AllowedOrigins are the sites ("https://app.example.org") whose pages may call the API from a browser.
	// Without any, only this server's own page may.
	AllowedOrigins []string

	// WithRequestID, when set, hands the request's id on to packages that do not know this one.
	WithRequestID func(ctx context.Context, id string) context.Context

	// Drain, when set, says that this server is about to stop.
	Drain *Drain

	// Sockets, when set, keeps track of open WebSockets so that Serve can end them.
	Sockets *Sockets

	// Attempts, when set, bounds the sign-ins that fail. What signs in otherwise, a socket, passes Attempts.Check itself.
	Attempts *Attempts

	// Watch, when set, is told of each request, and gives the context it runs in and who is told of its end.
	Watch WatchFunc

	// Gate, when set, bounds what is executed at once.
	Gate *Gate
}

// New builds the edge. It fails when an allowed origin is not an origin, or the page cannot be read.
func New(c Config) (http.Handler, error) {
	origins, err := newOrigins(c.AllowedOrigins)
	if err != nil {
		return nil, err
	}
	page, err := newPage(c.Page)
	if err != nil {
		return nil, err
	}

	if c.Attempts != nil {
		c.SignIn = c.Attempts.Check(c.SignIn)
	}
	signedIn := signIn(c, c.Sockets.follow(c.GraphQL))
	api := origins.cors(noStore(origins.guard(c.Gate.turnAway(guard(c.Gate.hold(deadline(c.Sockets, c.Attempts.locate(signedIn))))))))

	mux := http.NewServeMux()
	mux.Handle("/graphql", api)
	mux.HandleFunc("GET /{$}", page.index)
	mux.HandleFunc("GET /assets/{name}", page.asset)
	mux.HandleFunc("GET /livez", live)
	mux.Handle("GET /readyz", ready(c))

	return identify(c.WithRequestID, accessLog(c.Log, c.Watch, rescue(c.Log, c.Drain.follow(mux)))), nil
}

// noStore keeps answers, which are about people, out of every cache.
func noStore(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Cache-Control", "no-store")
		next.ServeHTTP(w, r)
	})
}
