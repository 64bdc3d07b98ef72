package command

import (
	"errors"
	"fmt"
	"runtime"
	"time"

	"continuum/graph"
	"continuum/internal/web"
)

// limits are the settings of what callers may ask for, and of how much the server takes on.
type limits struct {
	CostPerMinute int `env:"CONTINUUM_COST_PER_MINUTE" default:"1000000" help:"What an account, or a professional without one, may spend a minute by all of their keys, by the cost that each answer tells; 0 for no limit."`
	CostBurst     int `env:"CONTINUUM_COST_BURST" default:"500000" help:"How much of it may be spent at once."`

	FailedSignIns  int      `env:"CONTINUUM_FAILED_SIGN_INS" default:"60" help:"How many sign-ins may fail a minute from one address, before keys that never worked are refused unchecked."`
	TrustedProxies []string `env:"CONTINUUM_TRUSTED_PROXIES" placeholder:"NETWORK" help:"Proxies whose X-Forwarded-For is believed: 10.0.0.0/8. Without any, the address is the peer's."`

	MaxRunning int           `env:"CONTINUUM_MAX_RUNNING" placeholder:"COUNT" help:"How many requests may run at once; 8 for each core when it is not set."`
	MaxWaiting int           `env:"CONTINUUM_MAX_WAITING" placeholder:"COUNT" help:"How many more may wait for a place; 32 for each core when it is not set. Beyond them is 503."`
	MaxWait    time.Duration `env:"CONTINUUM_MAX_WAIT" default:"500ms" help:"For how long they may wait, before they too are told 503."`

	MaxSockets     int `env:"CONTINUUM_MAX_SOCKETS" default:"2000" help:"How many WebSockets and event streams may be open."`
	MaxSocketsEach int `env:"CONTINUUM_MAX_SOCKETS_EACH" default:"100" help:"How many WebSockets and event streams one account, or professional without one, may have open."`

	MaxSubscriptionsEach int `env:"CONTINUUM_MAX_SUBSCRIPTIONS_EACH" default:"500" help:"How many subscriptions one account, or professional without one, may follow, on all of its sockets and streams."`
}

// allowance is what each credential may spend; nil for no limit.
func (l limits) allowance() (*graph.Allowance, error) {
	if l.CostPerMinute == 0 {
		return nil, nil
	}
	allowance, err := graph.NewAllowance(l.CostPerMinute, l.CostBurst)
	if err != nil {
		return nil, fmt.Errorf("--cost-per-minute and --cost-burst: %w", err)
	}
	return allowance, nil
}

// attempts bounds the sign-ins that fail.
func (l limits) attempts() (*web.Attempts, error) {
	attempts, err := web.NewAttempts(l.FailedSignIns, l.TrustedProxies)
	if err != nil {
		return nil, fmt.Errorf("--failed-sign-ins and --trusted-proxies: %w", err)
	}
	return attempts, nil
}

// gate bounds what runs at once.
func (l limits) gate() (*web.Gate, error) {
	cores := runtime.GOMAXPROCS(0)
	running, waiting := l.MaxRunning, l.MaxWaiting
	if running == 0 {
		running = 8 * cores
	}
	if waiting == 0 {
		waiting = 32 * cores
	}
	if running < 1 || waiting < 1 || l.MaxWait <= 0 {
		return nil, errors.New("--max-running, --max-waiting and --max-wait are larger than nothing")
	}
	return web.NewGate(running, waiting, l.MaxWait), nil
}

// followed bounds the subscriptions of each.
func (l limits) followed() *web.Sockets { return &web.Sockets{AtMostEach: l.MaxSubscriptionsEach} }

// sockets bounds what stays open.
func (l limits) sockets() *web.Sockets {
	return &web.Sockets{AtMost: l.MaxSockets, AtMostEach: l.MaxSocketsEach}
}
