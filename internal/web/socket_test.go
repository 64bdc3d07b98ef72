package web_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"testing"

	"continuum/internal/web"

	"github.com/coder/websocket"
)

// echo is a GraphQL handler that only knows sockets: it says who the header signed in, then waits for its end.
func echo(w http.ResponseWriter, r *http.Request) {
	// The edge has checked the origin.
	conn, err := websocket.Accept(w, r, &websocket.AcceptOptions{InsecureSkipVerify: true})
	if err != nil {
		return
	}
	defer conn.CloseNow()
	viewer, _ := r.Context().Value(viewerKey{}).(string)
	if _, limited := r.Context().Deadline(); limited {
		viewer = "a deadline"
	}
	// Without the request's end: it may come while Write returns, and would break the socket off without a code.
	if err := conn.Write(context.WithoutCancel(r.Context()), websocket.MessageText, []byte("viewer "+viewer)); err != nil {
		return
	}
	<-r.Context().Done()
	conn.Close(websocket.StatusGoingAway, "stopping")
}

func dial(t *testing.T, server *httptest.Server, header http.Header) (*websocket.Conn, int) {
	t.Helper()
	conn, response, err := websocket.Dial(t.Context(), server.URL+"/graphql", &websocket.DialOptions{HTTPHeader: header})
	if err != nil && response == nil {
		t.Fatal(err)
	}
	if conn != nil {
		t.Cleanup(func() { conn.CloseNow() })
	}
	return conn, response.StatusCode
}

func TestUpgrade(t *testing.T) {
	server, _ := start(t, web.Config{GraphQL: http.HandlerFunc(echo), AllowedOrigins: []string{friend}})
	tests := map[string]struct {
		header http.Header
		want   int
		says   string
	}{
		"without a header":     {nil, 101, "viewer "},
		"with a good key":      {http.Header{"Authorization": {"Bearer " + annsKey}}, 101, "viewer ann"},
		"with a bad key":       {http.Header{"Authorization": {"Bearer x"}}, 401, ""},
		"with an empty header": {http.Header{"Authorization": {""}}, 401, ""},
		"from our own page":    {http.Header{"Origin": {server.URL}}, 101, "viewer "},
		"from a listed site":   {http.Header{"Origin": {friend}}, 101, "viewer "},
		"from another site":    {http.Header{"Origin": {"https://evil.org"}}, 403, ""},
		"from nowhere":         {http.Header{"Origin": {"null"}}, 403, ""},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			conn, status := dial(t, server, test.header)
			if status != test.want {
				t.Fatalf("got %d, want %d", status, test.want)
			}
			if status != 101 {
				return
			}
			_, said, err := conn.Read(t.Context())
			if err != nil || string(said) != test.says {
				t.Errorf("got %q, %v, want %q", said, err, test.says)
			}
		})
	}
}

func TestUpgradeWithoutHost(t *testing.T) {
	r := httptest.NewRequest(http.MethodGet, "/graphql", nil)
	r.Host = ""
	r.Header = http.Header{"Connection": {"Upgrade"}, "Upgrade": {"websocket"}, "Origin": {"null"}}
	w := httptest.NewRecorder()
	newEdge(t, web.Config{}, &journal{}).ServeHTTP(w, r)
	if w.Code != 403 {
		t.Errorf("no host and no origin count as the same: %d", w.Code)
	}
}

func TestSocketsClose(t *testing.T) {
	sockets := &web.Sockets{}
	server, _ := start(t, web.Config{GraphQL: http.HandlerFunc(echo), Sockets: sockets})
	conn, _ := dial(t, server, nil)
	if _, _, err := conn.Read(t.Context()); err != nil {
		t.Fatal(err)
	}

	closed := make(chan error)
	go func() {
		_, _, err := conn.Read(t.Context())
		closed <- err
	}()
	sockets.Close(t.Context())
	if err := <-closed; websocket.CloseStatus(err) != websocket.StatusGoingAway {
		t.Errorf("the socket ended with %v", err)
	}
	if _, status := dial(t, server, nil); status != 503 {
		t.Errorf("a new socket after the end: %d", status)
	}
	if got := send(t, request(t, server, nil)); got.status == 503 {
		t.Error("requests other than sockets are refused too")
	}
}

func TestSocketsCloseGivesUp(t *testing.T) {
	entered, release := make(chan struct{}), make(chan struct{})
	sockets := &web.Sockets{}
	server, _ := start(t, web.Config{Sockets: sockets, GraphQL: http.HandlerFunc(func(http.ResponseWriter, *http.Request) {
		close(entered)
		<-release
	})})
	go websocket.Dial(t.Context(), server.URL+"/graphql", nil)
	<-entered

	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	sockets.Close(ctx) // returns although the handler has not
	close(release)
}
