package graph

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/99designs/gqlgen/graphql/handler/transport"
	"github.com/coder/websocket"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"continuum/internal/access"
	"continuum/internal/practice"
)

// subprotocol is the only one spoken; the older one has no way to refuse a sign-in.
const subprotocol = "graphql-transport-ws"

// Close codes of graphql-transport-ws.
const closeForbidden = 4403

// maxMessage is how many bytes a message of a client may have, as a body may.
const maxMessage = int64(256 << 10)

type socketKey struct{}

// socket is the WebSocket transport, signed in by its first message. Its Origin has
// been checked at the edge.
func socket(signIn func(context.Context, string) (context.Context, bool, error)) transport.Websocket {
	limit := maxMessage
	return transport.Websocket{
		Implementation:   onlyTransportWS{},
		InitTimeout:      5 * time.Second,
		PingPongInterval: 15 * time.Second,
		PayloadReadLimit: &limit,
		InitFunc:         initSocket(signIn),
	}
}

// onlyTransportWS accepts no other subprotocol.
type onlyTransportWS struct{}

// Accept upgrades the connection.
func (onlyTransportWS) Accept(w http.ResponseWriter, r *http.Request, o transport.WebsocketAcceptOptions) (transport.WebsocketConn, error) {
	if !offers(r) {
		http.Error(w, "this endpoint speaks "+subprotocol, http.StatusBadRequest)
		return nil, errors.New("no subprotocol in common")
	}
	o.Subprotocols = []string{subprotocol}
	return transport.CoderWebsocketImplementation{
		AcceptOptions: websocket.AcceptOptions{InsecureSkipVerify: true},
	}.Accept(w, r, o)
}

func offers(r *http.Request) bool {
	for _, header := range r.Header.Values("Sec-WebSocket-Protocol") {
		if slices.Contains(strings.FieldsFunc(header, func(c rune) bool { return c == ',' || c == ' ' }), subprotocol) {
			return true
		}
	}
	return false
}

// initSocket signs in by the first message, as a header would: {"Authorization":
// "Bearer ck_..."}. An upgrade that carried the header is signed in already.
func initSocket(signIn func(context.Context, string) (context.Context, bool, error)) transport.WebsocketInitFunc {
	return func(ctx context.Context, payload transport.InitPayload) (context.Context, *transport.InitPayload, error) {
		if access.ViewerFrom(ctx) == nil {
			token, bearer := strings.CutPrefix(payload.Authorization(), "Bearer ")
			signed, ok, err := signIn(ctx, token)
			if err != nil || !ok || !bearer {
				refused := transport.WithWebsocketCloseCode(ctx, closeForbidden)
				return transport.AppendCloseReason(refused, "Forbidden"), nil, errors.New("sign-in refused")
			}
			ctx = signed
		}
		return context.WithValue(ctx, socketKey{}, true), nil, nil
	}
}

// seatFresh gives each operation of a socket the viewer's facts as they are now: the
// socket may have been open for hours. A request over HTTP has just been signed in.
func (r *Resolver) seatFresh(ctx context.Context, next graphql.OperationHandler) graphql.ResponseHandler {
	if ctx.Value(socketKey{}) == nil {
		if graphql.GetOperationContext(ctx).Operation.Operation == ast.Subscription {
			err := &practice.Error{Code: practice.CodeInvalid, Message: "Subscriptions are served over a WebSocket that speaks " + subprotocol + "."}
			return graphql.OneShot(&graphql.Response{Errors: gqlerror.List{r.present(ctx, err)}})
		}
		return next(ctx)
	}
	fresh, err := r.practice.SignInAgain(ctx, access.ViewerFrom(ctx))
	if err == nil && fresh == nil {
		err = &practice.Error{Code: practice.CodeUnauthenticated, Message: "Sign in again."}
	}
	if err != nil {
		return graphql.OneShot(&graphql.Response{Errors: gqlerror.List{r.present(ctx, err)}})
	}
	return next(access.WithViewer(ctx, fresh))
}
