package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"sync/atomic"
	"text/template"
)

// testcase is a workload as one viewer asks for it.
type testcase struct {
	workload
	viewer viewer
	main   bool // whether it is measured at every number of connections
	keys   []map[string]any
	others []map[string]any // keys of what the viewer has no right to
	asks   map[*target]*asking
}

// asking is a case put to a target.
type asking struct {
	messages   [][]byte
	others     [][]byte // for what the viewer has no right to
	once       bool     // whether each is good once
	next       atomic.Int64
	size       int     // of an answer, in bytes
	statements float64 // of a request
}

func (c *testcase) name() string { return c.workload.name + " by " + c.viewer.kind }

// findCases finds the keys of every workload and viewer that is wanted.
func findCases(ctx context.Context, o options, d *database, viewers []viewer) ([]*testcase, error) {
	var cases []*testcase
	for _, w := range append(workloads(), changes()...) {
		if len(o.workloads) > 0 && !slices.Contains(o.workloads, w.name) {
			continue
		}
		for i, kind := range w.viewers {
			at := slices.IndexFunc(viewers, func(v viewer) bool { return v.kind == kind })
			if at < 0 {
				continue
			}
			c := &testcase{workload: w, viewer: viewers[at], main: i == 0 || len(o.viewers) > 0, asks: map[*target]*asking{}}
			atMost := readKeys
			if w.change {
				atMost = math.MaxInt
			}
			if w.before != nil {
				if err := w.before(ctx, d, c.viewer.professional); err != nil {
					return nil, err
				}
			}
			var err error
			if c.keys, err = d.rows(ctx, w.keys, atMost, c.viewer.professional); err != nil {
				return nil, fmt.Errorf("keys of %s: %w", c.name(), err)
			}
			if w.strangers != "" {
				if c.others, err = d.rows(ctx, w.strangers, atMost, c.viewer.professional); err != nil {
					return nil, fmt.Errorf("keys of %s: %w", c.name(), err)
				}
			}
			for _, key := range c.keys {
				if w.finish != nil {
					w.finish(key)
				}
			}
			if len(c.keys) == 0 {
				return nil, fmt.Errorf("%s: there is nothing to ask for", c.name())
			}
			cases = append(cases, c)
		}
	}
	return cases, nil
}

// rows reads the first rows of a query by their columns' names.
func (d *database) rows(ctx context.Context, query string, atMost int, args ...any) ([]map[string]any, error) {
	rows, err := d.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	columns, err := rows.Columns()
	if err != nil {
		return nil, err
	}
	var found []map[string]any
	for rows.Next() && len(found) < atMost {
		values, into := make([]any, len(columns)), make([]any, len(columns))
		for i := range values {
			into[i] = &values[i]
		}
		if err := rows.Scan(into...); err != nil {
			return nil, err
		}
		row := map[string]any{}
		for i, column := range columns {
			if text, is := values[i].([]byte); is {
				values[i] = string(text)
			}
			row[column] = values[i]
		}
		found = append(found, row)
	}
	return found, rows.Err()
}

// put writes the messages by which the case is put to a target; nil where the target lacks the workload.
func (c *testcase) put(t *target) (*asking, error) {
	if slices.Contains(t.Skip, c.workload.name) {
		return nil, nil
	}
	document, err := t.text(c.document)
	if os.IsNotExist(err) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	spell, err := t.variables(c.document)
	if err != nil {
		return nil, err
	}
	headers := map[string]string{}
	for name, value := range t.Headers {
		headers[name] = os.Expand(value, func(word string) string {
			return map[string]string{"KEY": c.viewer.key, "PROFESSIONAL": c.viewer.professional}[word]
		})
	}
	a := &asking{once: c.change}
	for _, key := range slices.Concat(c.keys, c.others) {
		variables, err := spell(key)
		if err != nil {
			return nil, err
		}
		body := map[string]any{"operationName": c.document, "variables": variables}
		if document != "" {
			body["query"] = document
		}
		text, err := json.Marshal(body)
		if err != nil {
			return nil, err
		}
		m, err := message(t, headers, text)
		if err != nil {
			return nil, err
		}
		a.messages = append(a.messages, m)
	}
	a.messages, a.others = a.messages[:len(c.keys)], a.messages[len(c.keys):]
	return a, nil
}

// text is the target's own spelling of a workload; empty for one that speaks no GraphQL.
func (t *target) text(workload string) (string, error) {
	if t.Queries == "" {
		return "", nil
	}
	text, err := os.ReadFile(filepath.Join(t.folder, t.Queries, workload+".graphql"))
	return string(text), err
}

// variables spells a key as the target's variables: as it is, or by <workload>.vars.json, a template over its columns.
func (t *target) variables(workload string) (func(map[string]any) (any, error), error) {
	text, err := os.ReadFile(filepath.Join(t.folder, t.Queries, workload+".vars.json"))
	if t.Queries == "" || os.IsNotExist(err) {
		return func(key map[string]any) (any, error) { return key, nil }, nil
	}
	if err != nil {
		return nil, err
	}
	spelled, err := template.New(workload).Option("missingkey=error").Parse(string(text))
	if err != nil {
		return nil, err
	}
	return func(key map[string]any) (any, error) {
		var b bytes.Buffer
		err := spelled.Execute(&b, key)
		return json.RawMessage(b.Bytes()), err
	}, nil
}
