// Package telemetry tells operators how the server fares: metrics for Prometheus and traces for OpenTelemetry.
//
// Its one rule: nothing in it is about a person. Labels and attributes are kinds, codes, routes, and names that an
// operator listed; never an id, an argument, an address or a path.
package telemetry

import (
	"context"
	"database/sql"
	"net/http"
	"strconv"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"
)

// Metrics counts what happens. A nil one counts nothing.
type Metrics struct {
	registry      *prometheus.Registry
	requests      *prometheus.HistogramVec
	operations    *prometheus.HistogramVec
	cost          *prometheus.HistogramVec
	errors        *prometheus.CounterVec
	refused       *prometheus.CounterVec
	turnedAway    *prometheus.CounterVec
	retries       *prometheus.CounterVec
	subscriptions prometheus.Gauge
}

// NewMetrics makes them, with those of the Go runtime and of the process.
func NewMetrics() *Metrics {
	seconds := []float64{.001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10}
	m := &Metrics{
		registry: prometheus.NewRegistry(),
		requests: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "continuum_http_request_duration_seconds", Help: "Requests, by how long their answers took.", Buckets: seconds,
		}, []string{"method", "route", "status"}),
		operations: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "continuum_operation_duration_seconds", Help: "Queries and mutations, by how long they took.", Buckets: seconds,
		}, []string{"kind", "name"}),
		cost: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "continuum_operation_cost", Help: "Operations, by what they could cost.",
			Buckets: []float64{10, 30, 100, 300, 1000, 3000, 10_000, 30_000, 50_000},
		}, []string{"kind"}),
		errors: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "continuum_operation_errors_total", Help: "Errors in the answers of operations that ran, by code.",
		}, []string{"kind", "code"}),
		refused: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "continuum_operations_refused_total", Help: "Errors of operations that did not run, by code.",
		}, []string{"code"}),
		turnedAway: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "continuum_turned_away_total", Help: "Requests refused for load, and sign-ins refused unchecked after many that failed.",
		}, []string{"why"}),
		retries: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "continuum_transaction_retries_total", Help: "Transactions tried again, by whether they had collided or lost their connection.",
		}, []string{"why"}),
		subscriptions: prometheus.NewGauge(prometheus.GaugeOpts{
			Name: "continuum_subscriptions_open", Help: "Subscriptions that are followed now.",
		}),
	}
	m.registry.MustRegister(m.requests, m.operations, m.cost, m.errors, m.refused, m.turnedAway, m.retries, m.subscriptions,
		collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	return m
}

// Handler answers what Prometheus asks.
func (m *Metrics) Handler() http.Handler {
	return promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{})
}

// Gauge adds a number that is asked for when it is read.
func (m *Metrics) Gauge(name, help string, read func() int) {
	if m == nil {
		return
	}
	m.registry.MustRegister(prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: name, Help: help}, func() float64 { return float64(read()) }))
}

// Pool adds the connections of a database pool.
func (m *Metrics) Pool(name string, stats func() sql.DBStats) {
	if m == nil {
		return
	}
	label := prometheus.Labels{"pool": name}
	for metric, read := range map[string]func(sql.DBStats) float64{
		"open":   func(s sql.DBStats) float64 { return float64(s.OpenConnections) },
		"in_use": func(s sql.DBStats) float64 { return float64(s.InUse) },
		"limit":  func(s sql.DBStats) float64 { return float64(s.MaxOpenConnections) },
	} {
		m.registry.MustRegister(prometheus.NewGaugeFunc(prometheus.GaugeOpts{
			Name: "continuum_database_connections_" + metric, Help: "Connections of a pool.", ConstLabels: label,
		}, func() float64 { return read(stats()) }))
	}
	m.registry.MustRegister(prometheus.NewCounterFunc(prometheus.CounterOpts{
		Name: "continuum_database_wait_seconds_total", Help: "How long was waited for a connection of a pool.", ConstLabels: label,
	}, func() float64 { return stats().WaitDuration.Seconds() }))
}

// TurnedAway counts a request that was refused for the sake of others: "load" or "failed sign-ins".
func (m *Metrics) TurnedAway(why string) {
	if m != nil {
		m.turnedAway.WithLabelValues(why).Inc()
	}
}

// Retried counts a transaction that is tried again.
func (m *Metrics) Retried(collided bool) {
	why := "connection"
	if collided {
		why = "collision"
	}
	if m != nil {
		m.retries.WithLabelValues(why).Inc()
	}
}

// Refused counts an operation that did not run.
func (m *Metrics) Refused(code string) {
	if m != nil {
		m.refused.WithLabelValues(code).Inc()
	}
}

func (m *Metrics) answered(method, route string, status int, took time.Duration) {
	if m != nil {
		m.requests.WithLabelValues(method, route, strconv.Itoa(status)).Observe(took.Seconds())
	}
}

func (m *Metrics) began(kind string) {
	if m != nil && kind == subscription {
		m.subscriptions.Inc()
	}
}

const subscription = "subscription"

func (m *Metrics) ended(kind, name string, o Outcome) {
	if m == nil {
		return
	}
	if kind == subscription {
		m.subscriptions.Dec()
	} else {
		m.operations.WithLabelValues(kind, name).Observe(o.Took.Seconds())
	}
	m.cost.WithLabelValues(kind).Observe(float64(o.Cost))
	for _, code := range o.Codes {
		m.errors.WithLabelValues(kind, code).Inc()
	}
}

// Outcome is how an operation ended.
type Outcome struct {
	Cost  int
	Took  time.Duration
	Codes []string
}

// Watch is metrics and traces together; each may be absent.
type Watch struct {
	Metrics *Metrics
	Traces  *Traces
}

// Request is told of a request, and gives the context it runs in and who is told of its end.
func (w Watch) Request(ctx context.Context, header http.Header) (context.Context, func(method, route string, status int, took time.Duration)) {
	ctx, ended := w.Traces.request(ctx, header)
	return ctx, func(method, route string, status int, took time.Duration) {
		w.Metrics.answered(method, route, status, took)
		ended(method, route, status)
	}
}

// Operation does likewise for an operation.
func (w Watch) Operation(ctx context.Context, kind, name string) (context.Context, func(Outcome)) {
	w.Metrics.began(kind)
	ctx, ended := w.Traces.operation(ctx, kind, name)
	return ctx, func(o Outcome) {
		w.Metrics.ended(kind, name, o)
		ended(o)
	}
}
