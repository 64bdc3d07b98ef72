package protocol

import (
	"context"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"continuum/graph/document"
)

// subscribe runs an operation, of whichever kind, under the id that the client gave it;
// false when it closed the socket.
func (c *connection) subscribe(m message) bool {
	asked, err := readRequest(m.Payload, c.headers)
	if err != nil {
		c.close(closeBadMessage, "Invalid message")
		return false
	}
	ctx, cancel := context.WithCancel(graphql.StartOperationTrace(c.ctx))
	c.mu.Lock()
	_, taken := c.active[m.ID]
	full := len(c.active) >= maxSubscriptions
	if !taken && !full {
		c.active[m.ID] = cancel
	}
	c.mu.Unlock()
	switch {
	case taken:
		cancel()
		c.close(closeIDTaken, "Subscriber already exists")
		return false
	case full:
		cancel()
		c.fail(m.ID, gqlerror.List{document.Refusal("LIMIT_EXCEEDED", "This socket has as many subscriptions as it may have.")})
		return true
	}
	// Whoever asks and takes no answers is not read any further.
	select {
	case c.places <- struct{}{}:
	case <-c.ctx.Done():
		cancel()
		return false
	}
	c.running.Go(func() {
		defer func() { <-c.places }()
		failures := c.run(withEnding(ctx), m.ID, asked)
		gone := ctx.Err() != nil
		cancel()
		// Before its end is told: the client may use the id again as soon as it knows.
		c.mu.Lock()
		delete(c.active, m.ID)
		c.mu.Unlock()
		switch {
		case len(failures) > 0:
			c.fail(m.ID, failures)
		case !gone:
			c.send(message{Type: "complete", ID: m.ID})
		}
	})
	return true
}

// run sends the responses of an operation; the failures, if any, are why it ended.
func (c *connection) run(ctx context.Context, id string, asked *request) gqlerror.List {
	operation, refused := c.prepare(ctx, asked, c.exec)
	if refused != nil {
		return refused.Errors
	}
	if operation.Operation.Operation != ast.Subscription {
		limited, cancel := context.WithTimeout(ctx, executionTime)
		defer cancel()
		ctx = limited
	}
	next := c.responses(ctx, operation, c.exec)
	for response := next(); response != nil; response = next() {
		if !ran(response) {
			return response.Errors
		}
		c.send(message{Type: "next", ID: id, Payload: encode(response)})
		if operation.Operation.Operation != ast.Subscription {
			break
		}
	}
	return endingOf(ctx)
}

// fail ends an operation with the reasons why.
func (c *connection) fail(id string, failures gqlerror.List) {
	c.send(message{Type: "error", ID: id, Payload: marshal(few(failures))})
}
