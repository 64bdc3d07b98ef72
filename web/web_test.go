package web_test

import (
	"io/fs"
	"regexp"
	"strings"
	"testing"

	"continuum/web"
)

// TestPageIsWhole reads the page as a browser would: all that it loads must be among the embedded files.
func TestPageIsWhole(t *testing.T) {
	if !web.Built() {
		t.Skip("web/dist is empty: run `npm ci && npm run build` in web/")
	}
	page, err := fs.ReadFile(web.Dist(), "index.html")
	if err != nil {
		t.Fatal(err)
	}
	links := regexp.MustCompile(`(?:src|href)="([^"]+)"`).FindAllStringSubmatch(string(page), -1)
	if len(links) == 0 {
		t.Fatal("the page loads nothing")
	}
	for _, link := range links {
		if strings.HasPrefix(link[1], "data:") {
			continue
		}
		name, ours := strings.CutPrefix(link[1], "/assets/")
		if !ours {
			t.Errorf("the page loads %s from elsewhere", link[1])
			continue
		}
		if info, err := fs.Stat(web.Dist(), name); err != nil || info.Size() == 0 {
			t.Errorf("the page loads %s, which is missing or empty: %v", name, err)
		}
	}
}
