package command

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"slices"
	"sync"
	"time"

	"continuum/graph"
	"continuum/internal/store"
	"continuum/internal/telemetry"
	"continuum/internal/web"
)

// operators are the settings of what operators are told.
type operators struct {
	AdminListen    string        `env:"CONTINUUM_ADMIN_LISTEN" placeholder:"ADDRESS" help:"Where to serve /metrics, /livez and /readyz to operators, without a credential; on loopback the profiler too. Nowhere when it is not set."`
	OperationNames []string      `env:"CONTINUUM_OPERATION_NAMES" placeholder:"NAME" help:"Names of operations that metrics, traces and the log may tell, besides those of the trusted documents. All others are \"other\": a caller could choose a person's."`
	SlowOperation  time.Duration `env:"CONTINUUM_SLOW_OPERATION" default:"1s" help:"From how long on a query or mutation stands in the log with its cost; 0 for never."`
}

// watch is the telemetry of a server. Metrics are there with an admin listener, and traces where the environment names
// a collector, as OpenTelemetry has it.
type watch struct{ telemetry.Watch }

func (o operators) watch(ctx context.Context) (watch, error) {
	var w watch
	if o.AdminListen != "" {
		w.Metrics = telemetry.NewMetrics()
	}
	if cmp.Or(os.Getenv("OTEL_EXPORTER_OTLP_ENDPOINT"), os.Getenv("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT")) != "" {
		traces, err := telemetry.NewTraces(ctx)
		if err != nil {
			return w, err
		}
		w.Traces = traces
	}
	return w, nil
}

// close sends the last spans. A collector that does not answer is no failure of ours.
func (w watch) close(ctx context.Context, log *slog.Logger) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 3*time.Second)
	defer cancel()
	if err := w.Traces.Close(ctx); err != nil {
		log.WarnContext(ctx, "the last traces were not sent", "error", err)
	}
}

// store is what the database tells of itself.
func (w watch) store() []store.Option {
	options := []store.Option{store.WithRetries(func(_ context.Context, failed error) { w.Metrics.Retried(store.Collided(failed)) })}
	if w.Traces != nil {
		options = append(options, store.WithSpans(w.Traces.Statement))
	}
	return options
}

// graph is what operations tell of themselves, by the names that are listed and those of the trusted documents.
func (w watch) graph(o operators, trusted []string) graph.Watch {
	return graph.Watch{
		Names: slices.Concat(o.OperationNames, trusted), Slow: o.SlowOperation, Refused: w.Metrics.Refused,
		Began: func(ctx context.Context, kind, name string) (context.Context, func(graph.Outcome)) {
			ctx, ended := w.Operation(ctx, kind, name)
			return ctx, func(outcome graph.Outcome) { ended(telemetry.Outcome(outcome)) }
		},
	}
}

func (w watch) gauges(data *store.Store, sockets *web.Sockets, gate *web.Gate) {
	w.Metrics.Gauge("continuum_sockets_open", "WebSockets and event streams that are open now.", sockets.Open)
	w.Metrics.Gauge("continuum_requests_running", "Requests that hold a place to run in.", gate.Running)
	w.Metrics.Pool("readers", func() sql.DBStats { readers, _ := data.Pools(); return readers })
	w.Metrics.Pool("writers", func() sql.DBStats { _, writers := data.Pools(); return writers })
}

// admin serves operators until it is told to stop, which is after the last request was answered.
func (o operators) admin(ctx context.Context, w watch, probes http.Handler, house House) (stop func(), err error) {
	if o.AdminListen == "" {
		return func() {}, nil
	}
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", o.AdminListen)
	if err != nil {
		return nil, fmt.Errorf("cannot listen for operators: %w", err)
	}
	if _, err := fmt.Fprintf(house.Out, "Operators: http://%s/metrics\n", listener.Addr()); err != nil {
		return nil, errors.Join(err, listener.Close())
	}
	ctx, cancel := context.WithCancel(context.WithoutCancel(ctx))
	var serving sync.WaitGroup
	serving.Go(func() {
		handler := telemetry.Admin(w.Metrics, probes, onLoopback(listener.Addr()))
		if err := web.ServeListener(ctx, listener, handler, house.Log); err != nil {
			house.Log.ErrorContext(ctx, "admin listener", "error", err)
		}
	})
	return func() {
		cancel()
		serving.Wait()
	}, nil
}
