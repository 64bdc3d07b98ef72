package graph_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// Every viewer x every row there is x every way to ask for one by its id.
func TestMatrix_ById(t *testing.T) {
	eachHouse(t, func(t *testing.T, h *house) {
		w := h.world()
		for _, who := range viewers() {
			e := w.expect(t, who)
			for prefix, ids := range w.ids {
				want := w.called(e.of(w, ids))
				for _, path := range append([]string{"nodes", "node"}, typedRoot(prefix)...) {
					if diff := cmp.Diff(want, w.called(h.asked(who, path, ids))); diff != "" {
						t.Errorf("%s by %s: %s", who, path, diff)
					}
				}
			}
		}
	})
}

// typedRoot is the root field that asks for a row of one type.
func typedRoot(prefix string) []string {
	field := map[string]string{"prof": "profile", "rec": "record", "cont": "contact", "ws": "workspace"}[prefix]
	if field == "" {
		return nil
	}
	return []string{field}
}

// asked asks for ids by nodes, or by a field of one id under aliases, and tells which
// were answered.
func (h *house) asked(who, field string, ids []string) []string {
	h.t.Helper()
	var found []string
	size := 10 // an operation may select a field no more often
	if field == "nodes" {
		size = 40
	}
	for part := range slices.Chunk(ids, size) {
		if field == "nodes" {
			found = append(found, h.must(who, `query($ids:[ID!]!){nodes(ids:$ids){id}}`, vars{"ids": part}).ids("nodes")...)
			continue
		}
		var query strings.Builder
		for i, id := range part {
			fmt.Fprintf(&query, "f%d:%s(id:%q){id}", i, field, id)
		}
		answers, _ := h.must(who, "{"+query.String()+"}", nil).Data.(map[string]any)
		for _, row := range answers {
			if id, ok := at(row, "id").(string); ok {
				found = append(found, id)
			}
		}
	}
	return found
}

// Every viewer x every list: the same rows, counted, in every order, page by page from
// either end.
func TestMatrix_ByList(t *testing.T) {
	eachHouse(t, func(t *testing.T, h *house) {
		w := h.world()
		for _, who := range viewers() {
			e := w.expect(t, who)
			for field, list := range lists {
				want := e.of(w, w.ids[list.prefix])
				if list.home {
					want = slices.DeleteFunc(want, func(id string) bool { return w.place[id] != e.home })
				}
				// The lists of the workspace are for whom may see it; the others are told which scope they lack.
				if e.blind && list.home {
					want = nil
				}
				for _, order := range list.orders {
					for _, direction := range []string{"ASC", "DESC"} {
						arguments := fmt.Sprintf("orderBy:{field:%s,direction:%s}", order, direction)
						checkList(t, h, w, who, field, arguments, want)
					}
				}
			}
		}
	})
}

// lists are the root lists: what they hold, by what they are ordered.
var lists = map[string]struct {
	prefix string
	home   bool // only of the viewer's own workspace
	orders []string
}{
	"profiles":      {"prof", false, []string{"NAME", "CREATED", "UPDATED"}},
	"contacts":      {"cont", false, []string{"NAME", "CREATED", "UPDATED"}},
	"records":       {"rec", false, []string{"CREATED", "UPDATED"}},
	"institutions":  {"inst", false, []string{"NAME", "CREATED"}},
	"units":         {"unit", true, []string{"NAME", "CREATED"}},
	"professionals": {"pro", true, []string{"NAME", "CREATED"}},
}

func checkList(t *testing.T, h *house, w *world, who, field, arguments string, want []string) {
	t.Helper()
	whole := h.must(who, fmt.Sprintf(`{%s(first:100,%s){totalCount nodes{id} edges{cursor node{id}}}}`, field, arguments), nil)
	got := whole.ids(field + ".nodes")
	if diff := cmp.Diff(w.called(want), w.called(got)); diff != "" {
		t.Errorf("%s, %s %s: %s", who, field, arguments, diff)
	}
	if n := whole.number(field + ".totalCount"); n != len(want) {
		t.Errorf("%s, %s: totalCount %d, want %d", who, field, n, len(want))
	}
	if forward := h.walk(who, field, arguments, "first:2", "after", "hasNextPage", "endCursor"); !slices.Equal(forward, got) {
		t.Errorf("%s, %s %s: forward gives %v, want %v", who, field, arguments, w.called(forward), w.called(got))
	}
	backward := h.walk(who, field, arguments, "last:2", "before", "hasPreviousPage", "startCursor")
	if !same(backward, got) {
		t.Errorf("%s, %s %s: backward gives %v, want %v", who, field, arguments, w.called(backward), w.called(got))
	}
}

// walk reads a list page by page. Backward, the pages come last first.
func (h *house) walk(who, field, arguments, size, beyond, more, cursor string) []string {
	h.t.Helper()
	var ids []string
	from := ""
	for range 100 {
		a := h.must(who, fmt.Sprintf(`{%s(%s,%s%s){nodes{id} pageInfo{%s %s}}}`, field, size, arguments, from, more, cursor), nil)
		page := a.ids(field + ".nodes")
		if beyond == "before" {
			ids = append(page, ids...)
		} else {
			ids = append(ids, page...)
		}
		if a.at(field+".pageInfo."+more) != true {
			return ids
		}
		from = fmt.Sprintf(",%s:%q", beyond, a.text(field+".pageInfo."+cursor))
	}
	h.t.Fatalf("%s never ends", field)
	return nil
}
