package web

import (
	"bufio"
	"cmp"
	"log/slog"
	"net"
	"net/http"
	"slices"
	"time"
)

// accessLog writes one line per request. It names the route's pattern and never the path, query, headers, body or
// address: any of those could hold a key or a person's name.
func accessLog(log *slog.Logger, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		start := time.Now()
		seen := &seenWriter{ResponseWriter: w}
		// Deferred, so that an answer broken off by a panic is logged as well.
		defer func() {
			log.LogAttrs(r.Context(), slog.LevelInfo, "request",
				slog.String("method", knownMethod(r.Method)),
				// The mux below has set the pattern on this same request.
				slog.String("route", cmp.Or(r.Pattern, "none")),
				slog.Int("status", cmp.Or(seen.status, http.StatusOK)),
				slog.Int64("bytes", seen.bytes),
				slog.Duration("duration", time.Since(start)),
				slog.String("request", RequestID(r.Context())),
			)
		}()
		next.ServeHTTP(seen, r)
	})
}

// knownMethod keeps a caller from writing words of their own into the log: any token is a method to net/http.
func knownMethod(method string) string {
	known := []string{"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "CONNECT", "TRACE"}
	if slices.Contains(known, method) {
		return method
	}
	return "OTHER"
}

// seenWriter remembers what was answered. It stays a Flusher and a Hijacker, which event streams and sockets ask for.
type seenWriter struct {
	http.ResponseWriter
	status int // 0 until the answer has begun
	bytes  int64
}

func (w *seenWriter) WriteHeader(status int) {
	// An informational status (1xx) comes before the answer; 101 is the answer.
	if w.status == 0 && (status >= 200 || status == http.StatusSwitchingProtocols) {
		w.status = status
	}
	w.ResponseWriter.WriteHeader(status)
}

func (w *seenWriter) Write(b []byte) (int, error) {
	w.status = cmp.Or(w.status, http.StatusOK)
	n, err := w.ResponseWriter.Write(b)
	w.bytes += int64(n)
	return n, err
}

func (w *seenWriter) Flush() {
	w.status = cmp.Or(w.status, http.StatusOK)
	_ = http.NewResponseController(w.ResponseWriter).Flush() // http.Flusher has no way to say that it failed
}

func (w *seenWriter) Hijack() (net.Conn, *bufio.ReadWriter, error) {
	conn, buffer, err := http.NewResponseController(w.ResponseWriter).Hijack()
	if err == nil {
		w.status = http.StatusSwitchingProtocols
	}
	return conn, buffer, err
}

// Unwrap lets http.ResponseController reach the deadlines of the writer inside.
func (w *seenWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }
