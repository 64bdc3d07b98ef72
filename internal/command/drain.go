package command

import (
	"context"
	"log/slog"
	"time"

	"continuum/internal/web"
)

// drain is how a server leaves those beside it.
type drain struct {
	DrainDelay time.Duration `env:"CONTINUUM_DRAIN_DELAY" default:"0s" help:"How long to go on serving after the signal to stop, with /readyz saying no: as long as the load balancer needs to notice."`
}

// after is a context that ends the drain's delay after the given one, and keeps its
// values. Between the two ends the server says that it is leaving.
func (d drain) after(ctx context.Context, leaving *web.Drain, log *slog.Logger) context.Context {
	serving, end := context.WithCancel(context.WithoutCancel(ctx))
	context.AfterFunc(ctx, func() {
		leaving.Begin()
		if d.DrainDelay <= 0 {
			end()
			return
		}
		log.InfoContext(ctx, "draining", "delay", d.DrainDelay)
		time.AfterFunc(d.DrainDelay, end)
	})
	return serving
}
