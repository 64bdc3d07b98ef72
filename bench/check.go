package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"path/filepath"
	"reflect"
	"slices"
)

// checked is how many answers of each case are compared.
const checked = 10

// check puts the case to every target, compares what they answer, and counts their statements.
func (c *testcase) check(ctx context.Context, d *database, targets []*target) error {
	var wanted []any
	for _, t := range targets {
		a, err := c.put(t)
		if err != nil {
			return fmt.Errorf("%s: %w", t.Name, err)
		}
		if a == nil {
			continue
		}
		answers, err := a.sample(ctx, d, t)
		if err != nil {
			return fmt.Errorf("%s: %w", t.Name, err)
		}
		c.asks[t] = a
		if c.change {
			if err := d.undo(ctx, d.since); err != nil {
				return err
			}
			continue
		}
		if wanted == nil {
			wanted = answers
			continue
		}
		for i := range answers {
			if !t.same(wanted[i], answers[i]) {
				return fmt.Errorf("%s answers otherwise than %s for the key %d of %v, %v:\n%s\n%s",
					t.Name, targets[0].Name, i, c.keys[:min(len(c.keys), checked)], c.others, short(answers[i]), short(wanted[i]))
			}
		}
	}
	return nil
}

// sample asks for the first keys; where statements are counted three times, for the fewest: what a server does beside
// the requests shall not count.
func (a *asking) sample(ctx context.Context, d *database, t *target) ([]any, error) {
	conn, err := dial(ctx, t)
	if err != nil {
		return nil, err
	}
	defer conn.close()
	var answers []any
	rounds := 1
	if d.statements {
		rounds = 3
	}
	for round := range rounds {
		if err := d.forgetStatements(ctx); err != nil {
			return nil, err
		}
		answers, a.size = nil, 0
		if !a.once {
			a.next.Store(0)
		}
		for range checked {
			status, body, err := conn.ask(a.messages[a.turn()%len(a.messages)])
			if err != nil {
				return nil, err
			}
			data, err := dataOf(status, body)
			if err != nil {
				return nil, err
			}
			answers, a.size = append(answers, data), a.size+len(body)/checked
		}
		n, err := d.countStatements(ctx)
		if err != nil {
			return nil, err
		}
		if each := float64(n) / checked; round == 0 || each < a.statements {
			a.statements = each
		}
	}
	for _, m := range a.others {
		status, body, err := conn.ask(m)
		if err != nil {
			return nil, err
		}
		data, err := dataOf(status, body)
		if err != nil {
			return nil, err
		}
		answers = append(answers, data)
	}
	return answers, nil
}

func dataOf(status int, body []byte) (any, error) {
	var answer struct{ Data, Errors any }
	if err := json.Unmarshal(body, &answer); err != nil || !fine(status, body) || answer.Data == nil {
		return nil, fmt.Errorf("status %d: %s", status, short(string(body)))
	}
	return answer.Data, nil
}

// same compares two answers: whole, or for a target with a graph of its own the scalars that they hold.
func (t *target) same(a, b any) bool {
	if t.Queries == "" || filepath.Base(t.Queries) == "workloads" {
		return reflect.DeepEqual(a, b)
	}
	var left, right []string
	scalars(a, &left)
	scalars(b, &right)
	slices.Sort(left)
	slices.Sort(right)
	return slices.Equal(left, right)
}

// scalars lists the scalars of an answer. Ids and cursors are each graph's own.
func scalars(v any, into *[]string) {
	switch v := v.(type) {
	case map[string]any:
		for name, each := range v {
			if name != "id" && name != "endCursor" && name != "__typename" {
				scalars(each, into)
			}
		}
	case []any:
		for _, each := range v {
			scalars(each, into)
		}
	default:
		*into = append(*into, fmt.Sprint(v))
	}
}

func short(v any) string {
	var b bytes.Buffer
	switch v := v.(type) {
	case string:
		b.WriteString(v)
	default:
		_ = json.NewEncoder(&b).Encode(v) // it was read from JSON
	}
	return string(b.Bytes()[:min(b.Len(), 2000)])
}

// fine says whether an answer holds no error, without reading all of a long one.
func fine(status int, body []byte) bool {
	const around = 1024
	mark := []byte(`"errors"`)
	if bytes.Contains(body[:min(len(body), 2*around)], []byte(`"userErrors":[{`)) {
		return false
	}
	if len(body) > 2*around {
		return status == 200 && !bytes.Contains(body[:around], mark) && !bytes.Contains(body[len(body)-around:], mark)
	}
	return status == 200 && !bytes.Contains(body, mark)
}
