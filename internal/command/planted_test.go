package command_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"github.com/coder/websocket"
)

// planted are the words that must never come out where operators look: a name, an e-mail address, a phone number, a note,
// a credential. Each may come in by every way there is.
var planted = []string{"Zephyrina", "Quillfeather", "zephyrina@quill.example", "5145550142", "514 555-0142", "whispers at night", "ck_zephyrina_secret"}

// Everything that a caller can say is said with planted words, to the real program; its log, metrics and traces are then
// searched for each of them.
func TestServe_TellsNothingOfPeople(t *testing.T) {
	db, _, key := founded(t)
	collector := newReceiver(t)
	p := runProgram(t, []string{"OTEL_EXPORTER_OTLP_ENDPOINT=" + collector.URL}, db, "--slow-operation=1ns", "--operation-names=Known")
	c := &caller{t: t, url: p.public + "/graphql", key: key}

	c.people()
	c.errors()
	c.nonsense()
	c.sockets(p.public)
	// A database that quotes what it cannot take.
	execute(t, db, `CREATE TRIGGER refuse BEFORE INSERT ON contacts BEGIN SELECT RAISE(ABORT, 'cannot take "Zephyrina "Quillfeather""'); END`)
	fault := c.post(map[string]any{"query": `mutation Quillfeather { Zephyrina: createContact(input: {givenName: "Zephyrina", familyName: "Quillfeather"}) { contact { id } } }`})
	if !strings.Contains(fault, "INTERNAL") {
		t.Errorf("a broken database answers %s", fault)
	}
	execute(t, db, `ALTER TABLE workspaces RENAME TO gone`)
	c.post(map[string]any{"query": `{ viewer { scopes } }`})

	_, metrics := fetch(t, p.admin+"/metrics")
	p.stop()
	log := p.out.String()
	if !strings.Contains(log, "cannot take") || !strings.Contains(log, "createContact") || !strings.Contains(log, "sign-in could not be checked") {
		t.Errorf("the log does not tell what went wrong: %s", log)
	}
	if len(collector.spans()) < 20 || !strings.Contains(metrics, `kind="mutation"`) {
		t.Fatal("there is nothing to search")
	}
	for where, text := range map[string]string{"log": log, "metrics": metrics, "traces": collector.text()} {
		for _, word := range planted {
			for line := range strings.Lines(text) {
				if strings.Contains(strings.ToLower(line), strings.ToLower(word)) {
					t.Errorf("%q stands in the %s: %.600s", word, where, line)
				}
			}
		}
	}
}

// caller says planted words.
type caller struct {
	t        *testing.T
	url, key string
}

func (c *caller) send(r *http.Request, err error) string {
	c.t.Helper()
	if err != nil {
		c.t.Fatal(err)
	}
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		return "" // a broken request gets a broken answer
	}
	defer func() { _ = answer.Body.Close() }()
	var text strings.Builder
	_ = answer.Write(&text)
	return text.String()
}

func (c *caller) raw(method, url, body string, header http.Header) string {
	c.t.Helper()
	r, err := http.NewRequestWithContext(c.t.Context(), method, url, strings.NewReader(body))
	if err == nil {
		r.Header = header.Clone()
	}
	return c.send(r, err)
}

func (c *caller) signedIn() http.Header {
	return http.Header{"Content-Type": {"application/json"}, "Authorization": {"Bearer " + c.key}}
}

func (c *caller) post(request map[string]any) string {
	c.t.Helper()
	body, err := json.Marshal(request)
	if err != nil {
		c.t.Fatal(err)
	}
	return c.raw(http.MethodPost, c.url, string(body), c.signedIn())
}

// people makes and looks for people, by literals, by variables, under aliases and names of a caller's choice.
func (c *caller) people() {
	made := c.post(map[string]any{
		"operationName": "Zephyrina",
		"query":         `mutation Zephyrina($in: CreateProfileInput!) { Quillfeather: createProfile(input: $in) { profile { id displayName contactPoints { value } } } }`,
		"variables": map[string]any{"in": map[string]any{
			"givenName": "Zephyrina", "familyName": "Quillfeather", "tags": []string{"whispers at night"},
			"contactPoints": []map[string]any{{"kind": "EMAIL", "value": "zephyrina@quill.example"}, {"kind": "PHONE", "value": "514 555-0142"}},
		}},
	})
	if !strings.Contains(made, "Zephyrina") || !strings.Contains(made, "zephyrina@quill.example") {
		c.t.Fatalf("nobody was planted: %s", made)
	}
	for _, query := range []string{
		`query Quillfeather { Zephyrina: profiles(filter: {name: "Zephyrina"}) { nodes { displayName } } }`,
		`{ profiles(filter: {search: "zephyrina@quill.example"}) { totalCount } }`,
		`mutation { createRecord(input: {title: "Zephyrina", reason: "whispers at night"}) { record { title reason } } }`,
		`mutation { createContact(input: {givenName: "Zephyrina", contactPoints: [{kind: PHONE, value: "514 555-0142"}]}) { contact { id } userErrors { message } } }`,
	} {
		c.post(map[string]any{"query": query})
	}
}

// errors fails in every place: in the document, in a variable, in a scalar, in a field, at a limit.
func (c *caller) errors() {
	for _, query := range []string{
		`{ Zephyrina }`, `{ profiles(filter: {Zephyrina: 1}) { totalCount } }`, `query ($x: Zephyrina) { viewer { scopes } }`, `{ "Zephyrina`,
		`{ node(id: "Zephyrina") { id } }`, `{ node(id: "zephyrina@quill.example") { id } Zephyrina: node(id: "x") { id } }`,
		`mutation { createProfile(input: {givenName: "Zephyrina", familyName: "", birthDate: "whispers at night"}) { profile { id } } }`,
		`mutation { createProfile(input: {givenName: "Zephyrina", familyName: "", kind: Quillfeather}) { profile { id } } }`,
		`mutation { createContact(input: {givenName: "Q", contactPoints: [{kind: EMAIL, value: "Zephyrina Quillfeather"}]}) { contact { id } } }`,
		`{ Zephyrina: profiles(first: -1) { nodes { id } } }`, `{ profiles(after: "Zephyrina") { nodes { id } } }`,
		`subscription Zephyrina { profileChanged(id: "Zephyrina") { id } }`,
		"{" + strings.Repeat("Zephyrina{", 30) + strings.Repeat("}", 31),
	} {
		c.post(map[string]any{"query": query, "operationName": nil})
	}
	c.post(map[string]any{"query": `query A { viewer { scopes } }`, "operationName": "Zephyrina"})
	c.post(map[string]any{"query": `query ($n: Int) { profiles(first: $n) { totalCount } }`, "variables": map[string]any{"n": "Zephyrina"}})
	c.post(map[string]any{"query": `{ viewer { scopes } }`, "extensions": map[string]any{"Zephyrina": "whispers at night"}})
}

// nonsense is what is no GraphQL at all: broken bodies, addresses, headers and credentials.
func (c *caller) nonsense() {
	site := strings.TrimSuffix(c.url, "/graphql")
	for _, body := range []string{`{"query":"Zephyrina`, `["Zephyrina"]`, `Zephyrina`, `{"query":7,"Zephyrina":"514 555-0142"}`} {
		c.raw(http.MethodPost, c.url, body, c.signedIn())
	}
	for _, path := range []string{"/Zephyrina", "/assets/Zephyrina.js", "/graphql/Zephyrina", "/graphql?query={Zephyrina}&access_token=ck_zephyrina_secret", "/livez?Zephyrina"} {
		c.raw(http.MethodGet, site+path, "", c.signedIn())
	}
	c.raw("ZEPHYRINA", c.url, "", c.signedIn())
	for _, name := range []string{
		"User-Agent", "Referer", "X-Forwarded-For", "X-Request-Id", "Cookie", "Origin", "Accept", "Content-Type", "Idempotency-Key",
		"X-Workspace", "Traceparent", "Tracestate", "Baggage", "Accept-Language", "Forwarded", "Upgrade",
	} {
		header := c.signedIn()
		header.Set("Traceparent", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01")
		header.Set(name, "Zephyrina=Quillfeather")
		c.raw(http.MethodPost, c.url, `{"query":"{ viewer { scopes } }"}`, header)
	}
	for _, credential := range []string{"Bearer ck_zephyrina_secret", "Bearer Zephyrina.Quill.feather", "Basic Zephyrina", "Zephyrina"} {
		c.raw(http.MethodPost, c.url, `{"query":"{ viewer { scopes } }"}`, http.Header{"Content-Type": {"application/json"}, "Authorization": {credential}})
	}
}

// sockets say them in each kind of message.
func (c *caller) sockets(site string) {
	open := func(messages ...string) {
		conn, response, err := websocket.Dial(c.t.Context(), "ws"+strings.TrimPrefix(site, "http")+"/graphql?Zephyrina", &websocket.DialOptions{Subprotocols: []string{"graphql-transport-ws"}})
		if err != nil {
			c.t.Fatal(err)
		}
		if response.Body != nil {
			_ = response.Body.Close()
		}
		defer func() { _ = conn.CloseNow() }()
		for _, m := range messages {
			if err := conn.Write(c.t.Context(), websocket.MessageText, []byte(m)); err != nil {
				return
			}
			if _, _, err := conn.Read(c.t.Context()); err != nil {
				return
			}
		}
	}
	hello := `{"type":"connection_init","payload":{"Authorization":"Bearer ` + c.key + `"}}`
	open(`{"type":"connection_init","payload":{"Authorization":"Bearer ck_zephyrina_secret","name":"Zephyrina"}}`)
	open(`Zephyrina`)
	open(hello, `{"id":"Zephyrina","type":"subscribe","payload":{"query":"query Zephyrina { Quillfeather: profiles { nodes { displayName } } }"}}`)
	open(hello, `{"id":"1","type":"subscribe","payload":{"query":"subscription Zephyrina { profileChanged(id: \"Zephyrina\") { id } }"}}`)
	open(hello, `{"id":"1","type":"Zephyrina"}`)
}
