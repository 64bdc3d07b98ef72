package graph_test

import (
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"continuum/schema"
)

// pool is what the drawing of operations knows of a world.
type pool struct {
	t        *testing.T
	now      time.Time
	viewers  []string
	prefixes []string                       // of the ids that there are
	all      map[string][]string            // ids by prefix
	types    map[string]string              // by prefix
	seen     map[string]map[string][]string // ids that a viewer has been told
	cursors  map[string][]string            // by the connection that told them
	kinds    []string                       // the connections that told some
	strange  []string                       // ids that name nothing, or are none
	known    map[string]bool
}

// look makes a pool of what there is, and of what each viewer is told of it at first.
func (w *randomWorld) look() *pool {
	w.t.Helper()
	facts := w.world()
	p := &pool{
		t: w.t.(*testing.T), now: w.now,
		viewers: slices.Sorted(maps.Keys(w.keys)), prefixes: slices.Sorted(maps.Keys(facts.ids)), all: facts.ids,
		types: map[string]string{}, seen: map[string]map[string][]string{}, cursors: map[string][]string{}, known: map[string]bool{},
	}
	w.pool = p
	for _, prefix := range append([]string{"ev", "nothing"}, p.prefixes...) {
		p.strange = append(p.strange, schema.NewID(prefix))
	}
	p.strange = append(p.strange, "", "x", "prof_", "prof_\x00", "rec_00000000000000000000000000", "7", "é", strings.Repeat("a", 300))
	for _, who := range p.viewers {
		p.seen[who] = map[string][]string{}
		for _, prefix := range p.prefixes {
			for part := range slices.Chunk(p.all[prefix], 100) {
				came := w.answer(w.alone, operation{who: who, text: `query($ids:[ID!]!){nodes(ids:$ids){__typename id}}`, variables: vars{"ids": part}})
				p.learn(who, came.body)
				if found := regexp.MustCompile(`"__typename":"(\w+)"`).FindStringSubmatch(came.body); found != nil {
					p.types[prefix] = found[1]
				}
			}
		}
	}
	// A key that lacks scopes answers little: the others ask more often.
	for _, who := range p.viewers {
		if !strings.HasPrefix(who, "narrow") {
			p.viewers = append(p.viewers, who, who)
		}
	}
	return p
}

var idText = regexp.MustCompile(`"([a-z]{2,5})(_[0-9a-z]{26})"`)

// learn keeps the ids that an answer tells.
func (p *pool) learn(who, body string) {
	for _, found := range idText.FindAllStringSubmatch(body, -1) {
		prefix, id := found[1], found[1]+found[2]
		if p.known[who+id] || len(p.seen[who][prefix]) > 500 || schema.IDPrefix(id) == "" {
			continue
		}
		p.known[who+id] = true
		p.seen[who][prefix] = append(p.seen[who][prefix], id)
		if !p.known[id] && !slices.Contains(p.all[prefix], id) {
			p.all[prefix] = append(p.all[prefix], id)
		}
		p.known[id] = true
	}
}

// keep keeps a cursor that a connection told.
func (p *pool) keep(connection, cursor string) {
	if p.known[cursor] || len(p.cursors[connection]) > 500 {
		return
	}
	p.known[cursor] = true
	if p.cursors[connection] == nil {
		p.kinds = append(p.kinds, connection)
	}
	p.cursors[connection] = append(p.cursors[connection], cursor)
}
