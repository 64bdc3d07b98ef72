package telemetry

import (
	"net/http"
	"net/http/pprof"
)

// Admin is what the admin listener serves: the metrics, the probes, and the profiler where it may. It asks for no
// credential, so it belongs where operators alone can reach it.
func Admin(m *Metrics, probes http.Handler, profiler bool) http.Handler {
	mux := http.NewServeMux()
	mux.Handle("GET /metrics", m.Handler())
	mux.Handle("GET /livez", probes)
	mux.Handle("GET /readyz", probes)
	if !profiler {
		return mux
	}
	// Not its cmdline, which tells the arguments.
	mux.HandleFunc("GET /debug/pprof/", pprof.Index)
	mux.HandleFunc("GET /debug/pprof/profile", pprof.Profile)
	mux.HandleFunc("GET /debug/pprof/symbol", pprof.Symbol)
	mux.HandleFunc("GET /debug/pprof/trace", pprof.Trace)
	return mux
}
