package web

import (
	"bufio"
	"cmp"
	"context"
	"log/slog"
	"net"
	"net/http"
	"slices"
	"time"
)

// WatchFunc is told of a request that begins, and gives the context it runs in and who is told of its end.
type WatchFunc func(ctx context.Context, header http.Header) (context.Context, func(method, route string, status int, took time.Duration))

// accessLog writes one line per request. It names the route's pattern and never the path, query, headers, body or
// address: any of those could hold a key or a person's name.
func accessLog(log *slog.Logger, watch WatchFunc, next http.Handler) http.Handler {
	if watch == nil {
		watch = func(ctx context.Context, _ http.Header) (context.Context, func(string, string, int, time.Duration)) {
			return ctx, func(string, string, int, time.Duration) {}
		}
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		start := time.Now()
		seen := &seenWriter{ResponseWriter: w}
		ctx, ended := watch(r.Context(), r.Header)
		r = r.WithContext(ctx)
		// Deferred, so that an answer broken off by a panic is logged as well.
		defer func() {
			// The mux below has set the pattern on this same request.
			method, route, status, took := knownMethod(r.Method), cmp.Or(r.Pattern, "none"), cmp.Or(seen.status, http.StatusOK), time.Since(start)
			ended(method, route, status, took)
			writeLine(r.Context(), log, "request",
				slog.String("method", method),
				slog.String("route", route),
				slog.Int("status", status),
				slog.Int64("bytes", seen.bytes),
				slog.Duration("duration", took),
				slog.String("request", RequestID(r.Context())),
			)
		}()
		next.ServeHTTP(seen, r)
	})
}

// writeLine is slog's LogAttrs for what is logged always at the same place of the code, which that would find out each time.
func writeLine(ctx context.Context, log *slog.Logger, message string, attrs ...slog.Attr) {
	if !log.Enabled(ctx, slog.LevelInfo) {
		return
	}
	line := slog.NewRecord(time.Now(), slog.LevelInfo, message, 0)
	line.AddAttrs(attrs...)
	_ = log.Handler().Handle(ctx, line) // as LogAttrs does: there is nowhere else to say that it failed
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
