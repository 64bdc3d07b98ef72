// Command limit answers the workloads of the benchmark as fast as this machine allows with the same rule about seeing:
// hand-written SQL, prepared once per connection, and JSON written by hand from the rows. It knows no GraphQL.
//
// Its one rule: it does for each request what the server must do (it reads who asks, and lets the database decide what
// they see) and nothing besides.
package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/signal"
	"syscall"
	"time"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, os.Getenv("DSN"), os.Getenv("PORT")); err != nil {
		fmt.Fprintln(os.Stderr, "limit:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, database, port string) error {
	data, err := open(ctx, database)
	if err != nil {
		return err
	}
	server := &http.Server{
		Handler:           limit{data, reads(data.engine), changes(data.engine)},
		ReadHeaderTimeout: 10 * time.Second,
	}
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", "127.0.0.1:"+port)
	if err != nil {
		return err
	}
	go func() {
		<-ctx.Done()
		_ = server.Close() // there is nothing to wait for
	}()
	if err := server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}
