package graph_test

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"net/http"
	"runtime"
	"strings"
	"testing"
	"time"
)

// What a bad request may cost at most: bounds that a busy machine keeps, and that the
// same requests break by far without the limits.
const (
	attackTime   = time.Second
	attackAnswer = 64 << 10
	attackMemory = 64 << 20
)

// attack is a request that nobody should send, and how it is refused.
type attack struct {
	body    string
	headers map[string]string
	status  int
	code    string
}

// document is an attack by the document alone.
func documentAttack(query, code string) attack {
	return attack{body: asking(query, nil), status: http.StatusBadRequest, code: code}
}

const (
	tooMuch = "LIMIT_EXCEEDED"
	invalid = "GRAPHQL_VALIDATION_FAILED"
	broken  = "GRAPHQL_PARSE_FAILED"
	noForm  = "BAD_REQUEST"
)

// The documents of the measurements in security.md, and one for each limit of its table.
func documentAttacks() map[string]attack {
	return map[string]attack{
		"20 kB of the same field":       documentAttack("{viewer{"+strings.Repeat("scopes ", 20<<10/7)+"}}", tooMuch),
		"45 kB of the same list":        documentAttack("{"+strings.Repeat("profiles(first:1){nodes{id}} ", 45<<10/29)+"}", tooMuch),
		"the same within 2,000 tokens":  documentAttack("{viewer{"+strings.Repeat("scopes ", 1900)+"}}", tooMuch),
		"1 kB of doubling fragments":    documentAttack(doubling(25), tooMuch),
		"3 MB of brackets":              {body: asking("{a(b:"+strings.Repeat("[", 3<<20), nil), status: http.StatusRequestEntityTooLarge, code: noForm},
		"200 kB of brackets":            documentAttack("{a(b:"+strings.Repeat("[", 200<<10), tooMuch),
		"60 kB of brackets":             documentAttack("{a(b:"+strings.Repeat("[", 60<<10), tooMuch),
		"60 kB of braces":               documentAttack(strings.Repeat("{a", 30<<10), tooMuch),
		"JSON of brackets":              {body: `{"query":"{a}","variables":{"a":` + strings.Repeat("[", 200<<10) + strings.Repeat("]", 50<<10) + `}}`, status: 400, code: noForm},
		"65 kB":                         documentAttack("{viewer{scopes}}"+strings.Repeat(" ", 64<<10), tooMuch),
		"2,001 tokens":                  documentAttack("{viewer{scopes}"+strings.Repeat("a ", 2000)+"}", tooMuch),
		"25 levels":                     documentAttack(strings.Repeat("{viewer", 24)+"{id}"+strings.Repeat("}", 24), tooMuch),
		"51 aliases":                    documentAttack("{viewer{"+strings.Join(numbered("a%d:scopes", 51), " ")+"}}", tooMuch),
		"21 fields at the root":         documentAttack("{"+strings.Join(numbered("a%d:viewer{scopes} b%[1]d:profiles{totalCount} c%[1]d:records{totalCount}", 7), " ")+"}", tooMuch),
		"as many by a fragment":         documentAttack("{"+strings.Repeat("...a ", 7)+"} fragment a on Query{viewer{scopes} profiles{totalCount} records{totalCount}}", tooMuch),
		"51 directives":                 documentAttack("{viewer{scopes "+strings.Repeat("@skip(if:false)", 51)+"}}", tooMuch),
		"51 directives of fragments":    documentAttack("{viewer{...a} ...b} fragment b on Query{viewer{...a}} fragment a on Viewer "+strings.Repeat("@a", 51)+"{scopes}", tooMuch),
		"51 fragments":                  documentAttack("{viewer{scopes}}"+strings.Join(numbered("fragment f%d on Viewer{scopes}", 51), ""), tooMuch),
		"101 spreads":                   documentAttack("{viewer{"+strings.Repeat("...a ", 101)+"}} fragment a on Viewer{__typename}", tooMuch),
		"5,001 selections":              documentAttack(doubling(13), tooMuch),
		"11 of the same name":           documentAttack("{viewer{"+strings.Repeat("scopes ", 11)+"}}", tooMuch),
		"11 of the same alias":          documentAttack("{viewer{"+strings.Repeat("a:scopes ", 11)+"}}", tooMuch),
		"11 in inline fragments":        documentAttack("{viewer{"+strings.Repeat("...on Viewer{scopes} ...{scopes} ", 11)+"}}", tooMuch),
		"3 fields about the schema":     documentAttack(`{__schema{queryType{name}} a:__type(name:"A"){name} b:__type(name:"B"){name}}`, tooMuch),
		"types of types of types":       documentAttack(`{__schema{types{fields{type{fields{type{fields{name}}}}}}}}`, tooMuch),
		"the same by fragments":         documentAttack(`{__schema{types{...a}}} fragment a on __Type{fields{type{...b}}} fragment b on __Type{interfaces{...c}} fragment c on __Type{possibleTypes{name}}`, tooMuch),
		"a name of 201 letters":         documentAttack("{viewer{"+strings.Repeat("a", 201)+":scopes}}", tooMuch),
		"an operation of that name":     documentAttack("query "+strings.Repeat("a", 201)+"{viewer{scopes}}", tooMuch),
		"a list of 101":                 documentAttack(`{nodes(ids:[`+strings.Repeat(`"a",`, 101)+`]){id}}`, tooMuch),
		"a value of 17 levels":          documentAttack(`{profiles(filter:`+strings.Repeat("{a:", 17)+"1"+strings.Repeat("}", 17)+"){totalCount}}", tooMuch),
		"more than 50,000 values":       documentAttack(`{profiles(first:100){nodes{records(first:100){nodes{profiles(first:100){nodes{id}}}}}}}`, tooMuch),
		"more than any number of them":  documentAttack(nestedLists(11), tooMuch),
		"a fragment in itself":          documentAttack("{viewer{...a}} fragment a on Viewer{...a}", invalid),
		"fragments in one another":      documentAttack("{viewer{...a}} fragment a on Viewer{...b ...b} fragment b on Viewer{...a ...a}", invalid),
		"a number of 60 kB":             documentAttack("{profiles(first:"+strings.Repeat("9", 60<<10)+"){totalCount}}", invalid),
		"a fraction of 60 kB":           documentAttack("{profiles(first:0."+strings.Repeat("9", 60<<10)+"){totalCount}}", invalid),
		"a text of 60 kB for a number":  documentAttack(`{profiles(first:"`+strings.Repeat("9", 60<<10)+`"){totalCount}}`, invalid),
		"a text that does not end":      documentAttack(`{node(id:"`+strings.Repeat("9", 60<<10), broken),
		"a block text of 60 kB":         documentAttack(`{profiles(first:"""`+strings.Repeat("\n ", 30<<10)+`"""){totalCount}}`, invalid),
		"60 kB of comments":             documentAttack(strings.Repeat("#\n", 30<<10)+"{nothing}", tooMuch),
		"300 unknown fields":            documentAttack("{viewer{"+strings.Join(numbered("no%d", 300), " ")+"}}", invalid),
		"variables of 17 levels":        {body: `{"query":"{viewer{scopes}}","variables":{"a":` + strings.Repeat("[", 17) + strings.Repeat("]", 17) + `}}`, status: 400, code: tooMuch},
		"variables of a list of 101":    {body: `{"query":"{viewer{scopes}}","variables":{"a":[` + strings.Repeat("1,", 100) + `1]}}`, status: 400, code: tooMuch},
		"a page of 101":                 {body: asking("{profiles(first:101){totalCount}}", nil), status: 200, code: "INVALID"},
		"a variable of a huge number":   {body: `{"query":"query($n:Int){profiles(first:$n){totalCount}}","variables":{"n":` + strings.Repeat("9", 100<<10) + `}}`, status: 400, code: invalid},
		"a variable of a huge exponent": {body: `{"query":"query($n:Int){profiles(first:$n){totalCount}}","variables":{"n":1e999999999}}`, status: 400, code: invalid},
	}
}

func requestAttacks() map[string]attack {
	const fine = `{"query":"{viewer{scopes}}"}`
	var zipped bytes.Buffer
	w := gzip.NewWriter(&zipped)
	_, _ = w.Write([]byte(fine)) // into memory
	_ = w.Close()
	form := "--x\r\nContent-Disposition: form-data; name=\"operations\"\r\n\r\n" + fine + "\r\n--x--\r\n"
	return map[string]attack{
		"a batch":                    {body: "[" + strings.Repeat(fine+",", 999) + fine + "]", status: 400, code: noForm},
		"a form":                     {body: "query={viewer{scopes}}", headers: map[string]string{"Content-Type": "application/x-www-form-urlencoded"}, status: 415, code: noForm},
		"a multipart form":           {body: form, headers: map[string]string{"Content-Type": "multipart/form-data; boundary=x"}, status: 415, code: noForm},
		"plain text, as pages may":   {body: fine, headers: map[string]string{"Content-Type": "text/plain"}, status: 415, code: noForm},
		"gzip":                       {body: zipped.String(), headers: map[string]string{"Content-Encoding": "gzip"}, status: 415, code: noForm},
		"257 kB":                     {body: asking(strings.Repeat(" ", 257<<10), nil), status: 413, code: noForm},
		"not UTF-8":                  {body: "{\"query\":\"{viewer{scopes}} #\xff\"}", status: 400, code: noForm},
		"two values":                 {body: fine + fine, status: 400, code: noForm},
		"something after":            {body: fine + "x", status: 400, code: noForm},
		"a query twice":              {body: `{"query":"{viewer{scopes}}","query":"{viewer{id}}"}`, status: 400, code: noForm},
		"a query that is a number":   {body: `{"query":1}`, status: 400, code: noForm},
		"another site's page":        {body: fine, headers: map[string]string{"Sec-Fetch-Site": "cross-site", "Origin": "https://evil.example"}, status: 403, code: "FORBIDDEN"},
		"another site's old browser": {body: fine, headers: map[string]string{"Origin": "https://evil.example"}, status: 403, code: "FORBIDDEN"},
		"an answer of no kind":       {body: fine, headers: map[string]string{"Accept": "text/html"}, status: 406, code: noForm},
		"no credential":              {body: fine, headers: map[string]string{"Authorization": ""}, status: 401, code: "UNAUTHENTICATED"},
	}
}

// Each limit of security.md's table, attacked over the wire. Slow and endless callers
// stand in internal/web, sockets and streams in graph/protocol.
func TestAttacks(t *testing.T) {
	eachHouse(t, func(t *testing.T, h *house) {
		for name, a := range documentAttacks() {
			t.Run(name, func(t *testing.T) { h.withstand(t, a) })
		}
		for name, a := range requestAttacks() {
			t.Run(name, func(t *testing.T) { h.withstand(t, a) })
		}
	})
}

// withstand sends an attack, and measures what it took to refuse it.
func (h *house) withstand(t *testing.T, a attack) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, h.url, strings.NewReader(a.body))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Accept", "application/graphql-response+json, application/json;q=0.9, */*;q=0.1")
	r.Header.Set("Authorization", "Bearer "+h.keys["ann"])
	for name, value := range a.headers {
		r.Header.Set(name, value)
	}
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	start := time.Now()
	response, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	took := time.Since(start)
	runtime.ReadMemStats(&after)
	if response.StatusCode != a.status || !strings.Contains(string(body), fmt.Sprintf("%q:%q", "code", a.code)) {
		t.Errorf("%d %.300s, want %d %s", response.StatusCode, body, a.status, a.code)
	}
	if strings.Contains(string(body), `"data"`) != (a.status == http.StatusOK) {
		t.Errorf("%.300s", body)
	}
	if took > attackTime {
		t.Errorf("it took %v", took)
	}
	if len(body) > attackAnswer {
		t.Errorf("%d bytes of answer", len(body))
	}
	if spent := after.TotalAlloc - before.TotalAlloc; spent > attackMemory {
		t.Errorf("%d MB", spent>>20)
	}
}

// The dearest documents that pass every limit are validated, run and answered in no time
// either.
func TestAttacks_WithinTheLimits(t *testing.T) {
	eachHouse(t, func(t *testing.T, h *house) {
		for name, query := range map[string]string{
			"ten in ten in ten": "{" + strings.Repeat("viewer{"+strings.Repeat("professional{"+strings.Repeat("id ", 10)+"}", 10)+"}", 10) + "}",
			"fifty fragments":   "{viewer{" + strings.Join(numbered("...f%d", 50), " ") + "}}" + strings.Join(numbered("fragment f%d on Viewer{"+strings.Repeat("scopes ", 10)+"professional{"+strings.Repeat("id ", 10)+"}}", 50), " "),
			"fragments below":   "{viewer{" + strings.Join(numbered("...f%d", 50), " ") + "}}" + strings.Join(numbered("fragment f%d on Viewer{"+strings.Repeat("professional{id name}", 5)+"}", 50), " "),
			"types of a node":   `{node(id:"x"){__typename ` + strings.Join(numbered("...on Profile{id a%d:__typename} ...on Record{id} ...on Contact{id} ...on Unit{id}", 10), " ") + "}}",
			"a chain of them":   chain(49),
			"the whole schema":  `{__schema{types{name description fields(includeDeprecated:true){name description args{name description type{...t}} type{...t}} inputFields{name description type{...t}} enumValues{name description} interfaces{name} possibleTypes{name}}}} fragment t on __Type{kind name ofType{kind name ofType{kind name ofType{name}}}}`,
			"fields of types":   `{__schema{types{fields{name description type{fields{name description args{name description type{name}}}}}}}}`,
			"twice of one type": `{a:__type(name:"Query"){fields{type{fields{name description args{name}}}}} b:__type(name:"Mutation"){fields{type{fields{name description args{name}}}}}}`,
			"long names":        "{profiles(first:100){nodes{" + strings.Join(numbered(strings.Repeat("a", 190)+"%d:id", 9), " ") + "}}}",
		} {
			t.Run(name, func(t *testing.T) {
				start := time.Now()
				a := h.must("ann", query, nil)
				if took := time.Since(start); took > 2*attackTime || len(a.body) > 1<<20 {
					t.Errorf("%v for %d bytes", took, len(a.body))
				}
			})
		}
	})
}

// chain spreads each fragment in the next, beside ten fields of one name.
func chain(n int) string {
	var text strings.Builder
	text.WriteString("{viewer{...f0}}")
	for i := range n {
		fmt.Fprintf(&text, "fragment f%d on Viewer{%s ...f%d}", i, strings.Repeat("scopes ", 10), i+1)
	}
	fmt.Fprintf(&text, "fragment f%d on Viewer{scopes}", n)
	return text.String()
}
