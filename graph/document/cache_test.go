package document_test

import (
	"fmt"
	"strings"
	"testing"

	"continuum/graph/document"
)

// Long documents push out one another, and no short one.
func TestCache(t *testing.T) {
	cache := document.NewCache[int]()
	cache.Add(t.Context(), "short", 7)
	long := func(i int) string { return fmt.Sprint(i) + strings.Repeat(" ", 60<<10) }
	for i := range 2000 {
		cache.Add(t.Context(), long(i), i)
	}
	kept := 0
	for i := range 2000 {
		if value, known := cache.Get(t.Context(), long(i)); known && value == i {
			kept++
		}
	}
	if kept != 100 {
		t.Errorf("%d long documents are remembered", kept)
	}
	if value, known := cache.Get(t.Context(), "short"); !known || value != 7 {
		t.Error("a short one was forgotten")
	}
}
