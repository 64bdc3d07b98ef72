package telemetry

import (
	"context"
	"fmt"
	"net/http"
	"strings"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/exporters/otlp/otlptrace/otlptracehttp"
	"go.opentelemetry.io/otel/propagation"
	"go.opentelemetry.io/otel/sdk/resource"
	sdk "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/trace"
)

// Traces sends spans to a collector: one per request, per operation, per statement. A nil one sends none.
type Traces struct {
	provider *sdk.TracerProvider
	tracer   trace.Tracer
}

// NewTraces sends by OTLP over HTTP to where OTEL_EXPORTER_OTLP_ENDPOINT and its kin say; OTEL_TRACES_SAMPLER says how many.
func NewTraces(ctx context.Context) (*Traces, error) {
	exporter, err := otlptracehttp.New(ctx)
	if err != nil {
		return nil, fmt.Errorf("traces: %w", err)
	}
	// No detectors: what they find names the machine, its account and the arguments that the program was started with.
	about, err := resource.New(ctx,
		resource.WithAttributes(attribute.String("service.name", "continuum")), resource.WithFromEnv())
	if err != nil {
		return nil, fmt.Errorf("traces: %w", err)
	}
	provider := sdk.NewTracerProvider(sdk.WithBatcher(exporter), sdk.WithResource(about))
	return &Traces{provider: provider, tracer: provider.Tracer("continuum")}, nil
}

// Close sends what is left.
func (t *Traces) Close(ctx context.Context) error {
	if t == nil {
		return nil
	}
	return t.provider.Shutdown(ctx)
}

func (t *Traces) request(ctx context.Context, header http.Header) (context.Context, func(method, route string, status int)) {
	if t == nil {
		return ctx, func(string, string, int) {}
	}
	ctx = propagation.TraceContext{}.Extract(ctx, propagation.HeaderCarrier(header))
	// tracestate is the caller's own text, and would be sent on as it is.
	from := trace.SpanContextFromContext(ctx).WithTraceState(trace.TraceState{})
	ctx, span := t.tracer.Start(trace.ContextWithRemoteSpanContext(ctx, from), "request", trace.WithSpanKind(trace.SpanKindServer))
	return ctx, func(method, route string, status int) {
		span.SetName(method + " " + route)
		span.SetAttributes(
			attribute.String("http.request.method", method),
			attribute.String("http.route", route),
			attribute.Int("http.response.status_code", status),
		)
		if status >= http.StatusInternalServerError {
			span.SetStatus(codes.Error, http.StatusText(status))
		}
		span.End()
	}
}

func (t *Traces) operation(ctx context.Context, kind, name string) (context.Context, func(Outcome)) {
	if t == nil {
		return ctx, func(Outcome) {}
	}
	ctx, span := t.tracer.Start(ctx, strings.TrimSpace(kind+" "+name), trace.WithAttributes(
		attribute.String("graphql.operation.type", kind), attribute.String("graphql.operation.name", name)))
	return ctx, func(o Outcome) {
		span.SetAttributes(attribute.Int("continuum.cost", o.Cost))
		if len(o.Codes) > 0 {
			span.SetAttributes(attribute.StringSlice("continuum.errors", o.Codes))
			span.SetStatus(codes.Error, strings.Join(o.Codes, " "))
		}
		span.End()
	}
}

// Statement begins a span for an SQL statement, under whatever runs in ctx, and returns what ends it. It tells the text,
// in which arguments are numbers, and of an error no more than that there was one: a driver's may quote a row.
func (t *Traces) Statement(ctx context.Context, text string) (ended func(error)) {
	if t == nil || !trace.SpanContextFromContext(ctx).IsValid() {
		return func(error) {}
	}
	verb, _, _ := strings.Cut(text, " ")
	_, span := t.tracer.Start(ctx, verb, trace.WithSpanKind(trace.SpanKindClient),
		trace.WithAttributes(attribute.String("db.query.text", text)))
	return func(err error) {
		if err != nil {
			span.SetStatus(codes.Error, "failed")
		}
		span.End()
	}
}
