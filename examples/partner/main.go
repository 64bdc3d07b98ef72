// Command partner is a program as a partner writes it: a registry of students that tells Continuum of two children and
// their mother, and reads back what is known of them. docs/partners.md goes through it.
//
// Its one rule: each change has a key of its own, made from what the registry knows, so that whatever is sent twice
// takes effect once, even when the whole program is run again.
package main

import (
	"context"
	"fmt"
	"os"
	"os/signal"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	continuum := dial(os.Getenv("CONTINUUM_URL")+"/graphql", os.Getenv("CONTINUUM_KEY"))
	if err := enroll(ctx, continuum, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "partner:", err)
		stop()
		os.Exit(1)
	}
}
