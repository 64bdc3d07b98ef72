// Command continuum serves the graph of a practice or a school.
//
//	continuum            the same as continuum serve
//	continuum --help     every command, and every setting with its environment variable
package main

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"os/signal"
	"syscall"

	// An image that holds nothing but the program has no certificates to trust: these stand in where there are none.
	_ "golang.org/x/crypto/x509roots/fallback"

	"continuum/internal/command"
	"continuum/web"
)

func main() {
	log := slog.New(slog.NewTextHandler(os.Stderr, nil))
	slog.SetDefault(log)
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := command.Run(ctx, os.Args[1:], command.House{Out: os.Stdout, Log: log, Page: web.Dist()})
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "continuum:", err)
		os.Exit(1)
	}
}
