package protocol_test

import (
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/coder/websocket"
)

const follow = `{"query":"subscription{name}"}`

func subscribe(id, payload string) string {
	return fmt.Sprintf(`{"type":"subscribe","id":%q,"payload":%s}`, id, payload)
}

// Each way to break the protocol has its code.
func TestSocket_CloseCodes(t *testing.T) {
	const signedIn = `{"type":"connection_init","payload":{"Authorization":"Bearer good"}}`
	for name, c := range map[string]struct {
		says []string
		want websocket.StatusCode
	}{
		"no JSON":                {[]string{`{`}, 4400},
		"a list":                 {[]string{`[{"type":"ping"}]`}, 4400},
		"more than one":          {[]string{`{"type":"ping"} {}`}, 4400},
		"an unknown type":        {[]string{`{"type":"start","id":"1"}`}, 4400},
		"no type":                {[]string{`{}`}, 4400},
		"not UTF-8":              {[]string{"{\"type\":\"ping\",\"payload\":{\"a\":\"\xff\"}}"}, 4400},
		"a subscription of none": {[]string{signedIn, `{"type":"subscribe","payload":` + follow + `}`}, 4400},
		"a long id":              {[]string{signedIn, subscribe(strings.Repeat("x", 129), follow)}, 4400},
		"no query":               {[]string{signedIn, subscribe("1", `{}`)}, 4400},
		"a number for a query":   {[]string{signedIn, subscribe("1", `{"query":7}`)}, 4400},
		"a word for the payload": {[]string{`{"type":"connection_init","payload":"x"}`}, 4400},
		"before the sign-in":     {[]string{subscribe("1", follow)}, 4401},
		"no credential":          {[]string{`{"type":"connection_init"}`}, 4403},
		"a bad credential":       {[]string{`{"type":"connection_init","payload":{"Authorization":"Bearer bad"}}`}, 4403},
		"no bearer":              {[]string{`{"type":"connection_init","payload":{"Authorization":"good"}}`}, 4403},
		"when nobody can tell":   {[]string{`{"type":"connection_init","payload":{"Authorization":"Bearer away"}}`}, 1013},
		"an id twice":            {[]string{signedIn, subscribe("1", follow), subscribe("1", follow)}, 4409},
		"a second sign-in":       {[]string{signedIn, signedIn}, 4429},
		"a message of 300 kB":    {[]string{signedIn, subscribe("1", `{"query":"`+strings.Repeat(" ", 300<<10)+`"}`)}, websocket.StatusMessageTooBig},
	} {
		t.Run(name, func(t *testing.T) {
			onTheClock(t, func(t *testing.T, s *server) {
				w := s.dial("graphql-transport-ws")
				go func() { // the server may have closed before it has read all
					for _, text := range c.says {
						_ = w.conn.Write(t.Context(), websocket.MessageText, []byte(text))
					}
				}()
				w.ends(c.want)
			})
		})
	}
}

func TestSocket_OtherSubprotocols(t *testing.T) {
	for name, subprotocols := range map[string][]string{"none": nil, "the older one": {"graphql-ws"}} {
		t.Run(name, func(t *testing.T) {
			onTheClock(t, func(_ *testing.T, s *server) { s.dial(subprotocols...).ends(4406) })
		})
	}
}

func TestSocket_BinaryMessages(t *testing.T) {
	onTheClock(t, func(t *testing.T, s *server) {
		w := s.dial("graphql-transport-ws")
		if err := w.conn.Write(t.Context(), websocket.MessageBinary, []byte(`{"type":"ping"}`)); err != nil {
			t.Fatal(err)
		}
		w.ends(4400)
	})
}

// Who does not sign in within five seconds is not waited for.
func TestSocket_WaitsFiveSeconds(t *testing.T) {
	onTheClock(t, func(t *testing.T, s *server) {
		start := time.Now()
		s.dial("graphql-transport-ws").ends(4408)
		if took := time.Since(start); took != 5*time.Second {
			t.Errorf("it took %v", took)
		}
	})
}

// A socket lasts for as long as its sign-in does, and not a minute longer.
func TestSocket_EndsWithTheSignIn(t *testing.T) {
	onTheClock(t, func(t *testing.T, s *server) {
		start := time.Now()
		ends := start.Add(time.Hour)
		s.expires = &ends
		w := s.open()
		w.say(subscribe("1", follow))
		w.ends(4403)
		if took := time.Since(start); took != time.Hour {
			t.Errorf("it took %v", took)
		}
	})
}

func TestSocket_EndsWithTheServer(t *testing.T) {
	onTheClock(t, func(t *testing.T, s *server) {
		w := s.open()
		w.say(subscribe("1", follow))
		synctest.Wait()
		s.stop()
		w.ends(websocket.StatusServiceRestart)
	})
}

// A client that has gone without a word is not kept for long: it answers no ping.
func TestSocket_Pings(t *testing.T) {
	onTheClock(t, func(t *testing.T, s *server) {
		w := s.open()
		start := time.Now()
		// Reading is what answers pings; an hour of silence is none to a client that reads.
		go func() { time.AfterFunc(time.Hour, s.graph.SendNextSubscriptionMessage) }()
		w.say(subscribe("1", follow))
		if m := w.hear(); m.Type != "next" || time.Since(start) != time.Hour {
			t.Errorf("after %v: %v", time.Since(start), m)
		}
		gone := s.open()
		gone.say(subscribe("1", follow))
		silent := time.NewTimer(time.Minute) // of which nothing is read
		<-silent.C
		if _, _, err := gone.conn.Read(t.Context()); err == nil {
			t.Error("a silent client was kept")
		}
	})
}

// Fifty at a time are enough; one more is refused, and the rest goes on.
func TestSocket_FiftySubscriptions(t *testing.T) {
	onTheClock(t, func(t *testing.T, s *server) {
		w := s.open()
		for i := range 50 {
			w.say(subscribe(fmt.Sprint(i), follow))
		}
		synctest.Wait()
		w.say(subscribe("one more", follow))
		if m := w.hear(); m.Type != "error" || m.ID != "one more" || !strings.Contains(string(m.Payload), "LIMIT_EXCEEDED") {
			t.Errorf("got %v", m)
		}
		w.say(`{"type":"complete","id":"7"}`)
		synctest.Wait()
		w.say(subscribe("one more", `{"query":"{name}"}`))
		if m := w.hear(); m.Type != "next" || string(m.Payload) != `{"data":{"name":"test"}}` {
			t.Errorf("got %v", m)
		}
		if m := w.hear(); m.Type != "complete" || m.ID != "one more" {
			t.Errorf("got %v", m)
		}
		s.graph.SendNextSubscriptionMessage()
		if m := w.hear(); m.Type != "next" {
			t.Errorf("got %v", m)
		}
		s.graph.SendCompleteSubscriptionMessage()
		if m := w.hear(); m.Type != "complete" {
			t.Errorf("got %v", m)
		}
	})
}

// Who asks on and on and takes no answer is not heard any more: each answer that waits is memory.
func TestSocket_TakesNoAnswers(t *testing.T) {
	onTheClock(t, func(t *testing.T, s *server) {
		w := s.open()
		heard := 0
		over := make(chan struct{})
		go func() {
			defer close(over)
			for ; heard < 1000; heard++ {
				text := subscribe(fmt.Sprint(heard), `{"query":"{nothing}"}`)
				if w.conn.Write(t.Context(), websocket.MessageText, []byte(text)) != nil {
					return
				}
				time.Sleep(time.Millisecond) //nolint:forbidigo // on synctest's clock, which waits for nobody
			}
		}()
		time.Sleep(5 * time.Second) //nolint:forbidigo // on synctest's clock, which waits for nobody
		synctest.Wait()
		if heard > 200 {
			t.Errorf("%d were heard, and not one answer taken", heard)
		}
		_ = w.conn.CloseNow()
		<-over
	})
}

func TestSocket_Answers(t *testing.T) {
	onTheClock(t, func(t *testing.T, s *server) {
		w := s.open()
		w.say(`{"type":"ping","payload":{"a":1}}`)
		if m := w.hear(); m.Type != "pong" || string(m.Payload) != `{"a":1}` {
			t.Errorf("a ping gave %v", m)
		}
		w.say(`{"type":"pong"}`)
		w.say(`{"type":"complete","id":"nothing"}`)
		w.say(subscribe("1", `{"query":"{nothing}"}`))
		if m := w.hear(); m.Type != "error" || !strings.HasPrefix(string(m.Payload), `[{"message":"`) {
			t.Errorf("what cannot run gave %v", m)
		}
	})
}
