package command

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"time"
)

// healthcheck is the command that asks a server on this machine how it is: an image that
// holds nothing but the program has nothing else to ask with.
type healthcheck struct {
	Listen string `env:"CONTINUUM_LISTEN" default:"127.0.0.1:8080" help:"Where the server listens."`
	Path   string `default:"/livez" help:"What to ask: /livez whether it runs, /readyz whether it can answer requests."`
}

// Run fails where the server does not say yes.
func (h healthcheck) Run(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, 3*time.Second)
	defer cancel()
	host, port, err := net.SplitHostPort(h.Listen)
	if err != nil {
		return err
	}
	if ip := net.ParseIP(host); host == "" || ip != nil && ip.IsUnspecified() {
		host = "127.0.0.1" // it listens everywhere
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+net.JoinHostPort(host, port)+h.Path, nil)
	if err != nil {
		return err
	}
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		return err
	}
	defer answer.Body.Close()
	if answer.StatusCode != http.StatusOK {
		return fmt.Errorf("%s answers %s", h.Path, answer.Status)
	}
	return nil
}
