package web

import (
	"errors"
	"log/slog"
	"math"
	"net/http"
	"regexp"
	"strconv"

	"continuum/internal/access"
)

const (
	// longestToken is more than any key of ours and than access tokens should be; longer ones are not worth looking up.
	longestToken = 8 << 10
	// longestID is more than any id of a workspace.
	longestID = 64
	// workspaceHeader names the workspace to act in, for an account that acts in several.
	workspaceHeader = "X-Workspace"
)

// RFC 6750's form of a bearer token.
var bearer = regexp.MustCompile(`^(?i:Bearer) ([A-Za-z0-9._~+/-]+=*)$`)

// signIn lets only signed-in requests through, with their viewer in the context. A browser cannot put a header on a
// WebSocket upgrade, so that one may come without; it is signed in by its first message.
//
// The credential is the Authorization header and never part of the address, which proxies and browsers write down.
func signIn(c Config, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		given := r.Header.Values("Authorization")
		if len(given) == 0 && isUpgrade(r) {
			next.ServeHTTP(w, r)
			return
		}

		token, ok := soleToken(given)
		if !ok {
			answerUnauthenticated(w, r)
			return
		}
		ctx, ok, err := c.SignIn(access.InWorkspace(r.Context(), workspaceAsked(r.Header)), token)
		if refused, limited := errors.AsType[tooMany](err); limited {
			w.Header().Set("Retry-After", strconv.Itoa(int(math.Ceil(refused.wait.Seconds()))))
			answerError(w, r, http.StatusTooManyRequests, "RATE_LIMITED", "too many sign-ins failed, try again later")
			return
		}
		if errors.Is(err, access.ErrNoWorkspace) {
			answerError(w, r, http.StatusForbidden, "NOT_FOUND", "X-Workspace names a workspace that does not exist, or not for you")
			return
		}
		if err != nil {
			c.Log.LogAttrs(r.Context(), slog.LevelError, "sign-in could not be checked",
				slog.Any("error", err),
				slog.String("request", RequestID(r.Context())),
			)
			w.Header().Set("Retry-After", "1")
			answerError(w, r, http.StatusServiceUnavailable, "UNAVAILABLE", "try again in a moment",
				"requestId", RequestID(r.Context()))
			return
		}
		if !ok {
			answerUnauthenticated(w, r)
			return
		}
		next.ServeHTTP(w, r.WithContext(ctx))
	})
}

// soleToken returns the one token given. With two headers, a proxy and this server might each believe a different one.
func soleToken(given []string) (string, bool) {
	if len(given) != 1 {
		return "", false
	}
	match := bearer.FindStringSubmatch(given[0])
	if match == nil || len(match[1]) > longestToken {
		return "", false
	}
	return match[1], true
}

// workspaceAsked is the workspace that a request names. Two names, or one without end, name none that exists.
func workspaceAsked(h http.Header) string {
	given := h.Values(workspaceHeader)
	if len(given) == 0 {
		return ""
	}
	if len(given) > 1 || given[0] == "" || len(given[0]) > longestID {
		return "none"
	}
	return given[0]
}

// answerUnauthenticated says the same about a missing, malformed, unknown, expired and revoked credential.
func answerUnauthenticated(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("WWW-Authenticate", "Bearer")
	answerError(w, r, http.StatusUnauthorized, "UNAUTHENTICATED", "sign in with one header, Authorization: Bearer, and an API key or an access token")
}
