package command

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"sync"
	"time"

	"continuum/graph"
	"continuum/internal/access"
	"continuum/internal/practice"
	"continuum/internal/store"
	"continuum/internal/web"
)

// serve is the command that serves.
type serve struct {
	Listen         string   `env:"CONTINUUM_LISTEN" default:"127.0.0.1:8080" help:"Where to listen. Another address than loopback needs keys in the database, or an issuer."`
	Migrate        bool     `env:"CONTINUUM_MIGRATE" help:"Bring an older database to this program's version first. A fresh one always is."`
	Demo           bool     `env:"CONTINUUM_DEMO" help:"Fill a fresh database with the demo, and print its keys. Loopback only."`
	SealKeysFile   string   `env:"CONTINUUM_SEAL_KEYS_FILE" type:"existingfile" placeholder:"FILE" help:"A file that holds the keys of sealed copies; it goes before CONTINUUM_SEAL_KEYS, which holds them itself. On SQLite, seal-keys.json beside the database when neither is set."`
	AllowedOrigins []string `env:"CONTINUUM_ALLOWED_ORIGINS" placeholder:"ORIGIN" help:"Origins whose pages may call this server: https://app.example.org."`

	Drain     drain            `embed:""`
	OIDC      oidc             `embed:"" group:"Sign-in by an issuer:"`
	Documents trustedDocuments `embed:"" group:"Trusted documents:"`
	Limits    limits           `embed:"" group:"Limits:"`
	Operators operators        `embed:"" group:"For operators:"`
}

// Run serves until the context ends, then answers what is in flight and stops.
func (s serve) Run(ctx context.Context, c *commands, house House) (err error) {
	collectSeldom()
	issuer, err := s.OIDC.option()
	if err != nil {
		return err
	}
	watch, err := s.Operators.watch(ctx)
	if err != nil {
		return err
	}
	defer watch.close(ctx, house.Log)
	data, err := c.open(ctx, watch.store()...)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, data.Close()) }()
	if err := upToDate(ctx, data, s.Migrate); err != nil {
		return err
	}
	keys, err := s.sealKeys(ctx, c, data, house)
	if err != nil {
		return err
	}
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", s.Listen)
	if err != nil {
		return fmt.Errorf("cannot listen: %w", err)
	}
	defer func() { _ = listener.Close() }() // closed already, once it was served
	if err := s.prepare(ctx, c, data, listener.Addr(), house); err != nil {
		return err
	}
	work := practice.New(data, practice.WithSeal(keys), issuer, practice.WithReport(func(ctx context.Context, err error) {
		house.Log.WarnContext(ctx, "practice", "error", store.Fault(err))
	}))
	sockets, leaving := s.Limits.sockets(), &web.Drain{}
	edge, err := s.wire(work, data, sockets, leaving, watch, house)
	if err != nil {
		return err
	}
	admin, err := s.Operators.admin(ctx, watch, edge, house)
	if err != nil {
		return err
	}
	defer admin()
	defer keep(ctx, work)()
	return web.ServeListener(s.Drain.after(ctx, leaving, house.Log), listener, edge, house.Log, sockets.Close)
}

// tidiedEvery is how long what has expired may wait for its status to say so.
const tidiedEvery = time.Minute

// keep tidies the practice beside the requests, until it is told to stop: then it
// returns when the last touch is done.
func keep(ctx context.Context, work *practice.Practice) (stop func()) {
	ctx, cancel := context.WithCancel(ctx)
	var keeping sync.WaitGroup
	keeping.Go(func() { work.Keep(ctx, tidiedEvery) })
	return func() {
		cancel()
		keeping.Wait()
	}
}

// prepare fills in the demo where it is asked for, refuses to open a door without a
// lock, and tells how to begin.
func (s serve) prepare(ctx context.Context, c *commands, data *store.Store, at net.Addr, house House) error {
	loopback := onLoopback(at)
	if s.Demo {
		if !loopback {
			return errors.New("the demo is served on loopback only")
		}
		return greet(ctx, c, data, at, house)
	}
	url, err := c.url()
	if err != nil {
		return err
	}
	keys, err := s.lock(ctx, data, url, loopback)
	switch {
	case err != nil:
		return err
	case !keys && s.OIDC.configured():
		_, err = fmt.Fprintf(house.Out, "Continuum listens at http://%s\nThere are no API keys; whoever is invited signs in by the issuer. Invite the first (continuum workspace --help).\n", at)
	case !keys:
		_, err = fmt.Fprintf(house.Out, "Continuum listens at http://%s\nThe database is empty. Stop, and try the demo (--demo) or make a workspace (continuum workspace --help).\n", at)
	default:
		_, err = fmt.Fprintf(house.Out, "Continuum listens at http://%s\n", at)
	}
	return err
}

// wire puts the rooms of the house together.
func (s serve) wire(work *practice.Practice, data *store.Store, sockets *web.Sockets, leaving *web.Drain, watch watch, house House) (http.Handler, error) {
	shelf, err := s.Documents.shelf()
	if err != nil {
		return nil, err
	}
	signIn := func(ctx context.Context, token string) (context.Context, bool, error) {
		viewer, err := work.SignIn(ctx, token)
		if err != nil && !errors.Is(err, access.ErrNoWorkspace) {
			err = errors.New(store.Fault(err)) // it goes into the log
		}
		if err != nil || viewer == nil {
			return ctx, false, err
		}
		return access.WithViewer(ctx, viewer), true, nil
	}
	allowance, err := s.Limits.allowance()
	if err != nil {
		return nil, err
	}
	gate, err := s.Limits.gate()
	if err != nil {
		return nil, err
	}
	attempts, err := s.Limits.attempts()
	if err != nil {
		return nil, err
	}
	attempts.OnRefused = func() { watch.Metrics.TurnedAway("failed sign-ins") }
	gate.OnShed = func() { watch.Metrics.TurnedAway("load") }
	watch.gauges(data, sockets, gate)
	return web.New(web.Config{
		GraphQL: graph.New(graph.Config{
			Practice: work, Store: data, Log: house.Log, SignIn: attempts.Check(signIn), RequestID: web.RequestID,
			Lasting: web.Lasting, Shelf: shelf,
			Watch: watch.graph(s.Operators, shelf.Names()), Allowance: allowance, Crowd: graph.Crowd{Claim: sockets.Claim, Follow: s.Limits.followed().Claim, Enter: gate.Enter},
		}),
		SignIn:         signIn,
		Ready:          ready(data),
		Page:           house.Page,
		Log:            house.Log,
		AllowedOrigins: s.AllowedOrigins,
		Sockets:        sockets,
		Drain:          leaving,
		Gate:           gate,
		Attempts:       attempts,
		Watch:          watch.Request,
	})
}

// ready says whether requests can be answered: the database is there, at our version.
func ready(data *store.Store) func(context.Context) error {
	return func(ctx context.Context) error {
		if err := data.Ping(ctx); err != nil {
			return err
		}
		state, err := data.State(ctx)
		if err == nil && state != store.Current {
			return fmt.Errorf("the database is not at this program's version")
		}
		return err
	}
}

func onLoopback(at net.Addr) bool {
	tcp, ok := at.(*net.TCPAddr)
	return ok && tcp.IP.IsLoopback()
}
