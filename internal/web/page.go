package web

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io/fs"
	"net/http"
	"regexp"
	"time"
)

// How a page that was not built introduces itself.
const unbuilt = "GraphiQL is not in this program: run `make run` with Node installed. The API is at /graphql."

// A Host that can be named in a policy: without this, a header could write policy of its own.
var plainHost = regexp.MustCompile(`^[A-Za-z0-9.-]+(:[0-9]+)?$|^\[[0-9A-Fa-f:.]+\](:[0-9]+)?$`)

// page serves GraphiQL from memory, each file under a tag of its content so that a browser loads it once per version.
type page struct {
	files map[string]file
}

type file struct {
	content []byte
	tag     string
}

func newPage(built fs.FS) (*page, error) {
	p := &page{files: map[string]file{}}
	if built == nil {
		return p, nil
	}
	entries, err := fs.ReadDir(built, ".")
	if err != nil {
		return nil, fmt.Errorf("read the page: %w", err)
	}
	for _, entry := range entries {
		if entry.IsDir() {
			continue
		}
		content, err := fs.ReadFile(built, entry.Name())
		if err != nil {
			return nil, fmt.Errorf("read the page: %w", err)
		}
		sum := sha256.Sum256(content)
		p.files[entry.Name()] = file{content, `"` + hex.EncodeToString(sum[:16]) + `"`}
	}
	return p, nil
}

func (p *page) index(w http.ResponseWriter, r *http.Request) {
	if _, built := p.files["index.html"]; !built {
		answerText(w, http.StatusNotFound, unbuilt)
		return
	}
	w.Header().Set("Content-Security-Policy", policy(r.Host))
	w.Header().Set("Referrer-Policy", "no-referrer")
	p.serve(w, r, "index.html")
}

func (p *page) asset(w http.ResponseWriter, r *http.Request) {
	name := r.PathValue("name")
	if _, known := p.files[name]; !known || name == "index.html" || name == ".gitkeep" {
		http.NotFound(w, r) // the page itself is only at /, where its policy goes with it
		return
	}
	p.serve(w, r, name)
}

func (p *page) serve(w http.ResponseWriter, r *http.Request, name string) {
	f := p.files[name]
	w.Header().Set("ETag", f.tag)
	w.Header().Set("Cache-Control", "no-cache")
	http.ServeContent(w, r, name, time.Time{}, bytes.NewReader(f.content))
}

// policy lets the page load from this server, talk to this server, and nothing else. GraphiQL's dialogs write <style>
// elements, hence unsafe-inline for styles. Older browsers do not count sockets as 'self', so those are named.
func policy(host string) string {
	connect := "'self'"
	if plainHost.MatchString(host) {
		connect += " ws://" + host + " wss://" + host
	}
	return "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; " +
		"font-src 'self' data:; connect-src " + connect + "; " +
		"frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
}
