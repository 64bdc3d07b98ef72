package web

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log"
	"log/slog"
	"net"
	"net/http"
	"sync"
	"time"
)

// grace is how long a stopping server waits for what is in flight: longer than any execution may take.
const grace = executionTime + 5*time.Second

// Serve answers requests on the address until the context is done, then stops as ServeListener says.
func Serve(ctx context.Context, address string, h http.Handler, log *slog.Logger, onStop ...func(context.Context)) error {
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", address)
	if err != nil {
		return fmt.Errorf("listen: %w", err)
	}
	return ServeListener(ctx, listener, h, log, onStop...)
}

// ServeListener answers requests until the context is done. Then it takes no new ones, calls the given functions (one
// of them Sockets.Close), and returns nil when everything in flight is answered. What is not after the grace period is
// cut off and reported as an error.
func ServeListener(
	ctx context.Context, l net.Listener, h http.Handler, log *slog.Logger, onStop ...func(context.Context),
) error {
	server := newServer(ctx, h, log)
	failed := make(chan error, 1)
	go func() { failed <- server.Serve(l) }()
	log.Info("listening", "address", l.Addr().String())

	select {
	case err := <-failed:
		return fmt.Errorf("serve: %w", err)
	case <-ctx.Done():
	}

	log.Info("stopping")
	left, cancel := context.WithTimeout(context.WithoutCancel(ctx), grace)
	defer cancel()
	err := stop(left, server, onStop)
	if err != nil {
		return fmt.Errorf("stop: %w", errors.Join(err, server.Close()))
	}
	log.Info("stopped")
	return nil
}

// stop waits for the requests and the given functions side by side: a socket's end may be what a request waits for.
func stop(ctx context.Context, server *http.Server, onStop []func(context.Context)) error {
	var hooks sync.WaitGroup
	for _, hook := range onStop {
		hooks.Go(func() { hook(ctx) })
	}
	err := server.Shutdown(ctx)
	hooks.Wait()
	return err
}

func newServer(ctx context.Context, h http.Handler, to *slog.Logger) *http.Server {
	return &http.Server{
		Handler:           h,
		ReadHeaderTimeout: 5 * time.Second,
		ReadTimeout:       20 * time.Second,
		// Reading, executing, and then half a minute for a slow reader. A hijacked socket is free of it.
		WriteTimeout:   20*time.Second + executionTime + 30*time.Second,
		IdleTimeout:    75 * time.Second,
		MaxHeaderBytes: 32 << 10,
		// Requests in flight outlive the signal to stop.
		BaseContext: func(net.Listener) context.Context { return context.WithoutCancel(ctx) },
		ErrorLog:    log.New(acceptErrors{to}, "", 0),
	}
}

// acceptErrors passes on what net/http says about the listener. The rest of its messages name callers' addresses, or
// panics that rescue has logged already.
type acceptErrors struct{ to *slog.Logger }

func (e acceptErrors) Write(line []byte) (int, error) {
	if bytes.HasPrefix(line, []byte("http: Accept error")) {
		e.to.Error("listener", "error", string(bytes.TrimSpace(line)))
	}
	return len(line), nil
}
