package web

import (
	"context"
	"log/slog"
	"net/http"
)

// live says that the process runs. It asks nothing else: a database that is away is no reason to restart the server.
func live(w http.ResponseWriter, _ *http.Request) {
	answerText(w, http.StatusOK, "alive")
}

// ready says whether requests should be sent here. The reason for a no is in the log, not in the answer.
func ready(c Config) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if c.Drain.underway() {
			answerText(w, http.StatusServiceUnavailable, "stopping")
			return
		}
		ctx, cancel := context.WithTimeout(r.Context(), readinessTimeout)
		defer cancel()
		if err := c.Ready(ctx); err != nil {
			c.Log.LogAttrs(ctx, slog.LevelWarn, "not ready",
				slog.Any("error", err),
				slog.String("request", RequestID(ctx)),
			)
			answerText(w, http.StatusServiceUnavailable, "not ready")
			return
		}
		answerText(w, http.StatusOK, "ready")
	})
}
