package sweep

import (
	"context"
	"errors"
)

// errKind says that a row is of a type that its field cannot lead to.
var errKind = errors.New("sweep: a row of an unexpected type")

// run is one answer under way.
type run struct {
	*Schema
	ctx    context.Context
	places []place
	// brought is what came along with a row, by the field that wants it.
	brought map[*Field]map[any]any
}

// place is what was found for one field.
type place struct {
	found []any  // for each row of its level one, nil for none; or all that their lists hold
	ends  []int  // of lists: where each row's share ends
	null  []bool // of lists: those that are null
	nth   []int  // the number of each in its own level below, where that is not its place in found
	asked bool   // whether it was asked for before the rows were read
}

// sweep reads all that is selected below the rows of a level: first what hangs on them, for all fields, then what is below
// that, field by field.
func (r *run) sweep(s *Selection, rows []any) error {
	if len(rows) == 0 {
		return nil
	}
	if err := r.level(s, rows); err != nil {
		return err
	}
	for _, f := range s.Fields {
		if f.Below == nil {
			continue
		}
		if err := r.below(f); err != nil {
			return err
		}
	}
	return nil
}

// level finds what the fields give for the rows.
func (r *run) level(s *Selection, rows []any) error {
	var questions []Question
	for _, f := range s.Fields {
		if r.hangs(f, rows) {
			continue
		}
		level := r.of(s, f, rows)
		if f.how.Ask == nil {
			if err := f.how.Read(r.ctx, level); err != nil {
				return err
			}
			continue
		}
		asked, err := f.how.Ask(r.ctx, level)
		if err != nil {
			return err
		}
		questions = append(questions, asked...)
	}
	if len(questions) == 0 {
		return nil
	}
	return r.guide.Answer(r.ctx, questions)
}

// of is the level of one field.
func (r *run) of(s *Selection, f *Field, rows []any) *Level {
	return &Level{Object: s.Type, Field: f.CollectedField, Rows: rows, Below: f.Below, run: r, at: &r.places[f.place]}
}

// hangs says whether what a field gives stands in the rows themselves, or came along with them, and finds it.
func (r *run) hangs(f *Field, rows []any) bool {
	at := &r.places[f.place]
	switch {
	case f.text != nil || f.how.Write != nil || at.asked:
	case f.how.One != nil:
		at.found = make([]any, len(rows))
		for i, row := range rows {
			at.found[i] = f.how.One(row)
		}
	case f.how.Many != nil:
		at.ends, at.null = make([]int, len(rows)), make([]bool, len(rows))
		for i, row := range rows {
			var there bool
			at.found, there = f.how.Many(at.found, row)
			at.ends[i], at.null[i] = len(at.found), !there
		}
	case r.brought[f] != nil:
		at.found = make([]any, len(rows))
		for i, row := range rows {
			at.found[i] = r.brought[f][row]
		}
	default:
		return false
	}
	return true
}

// below goes on with what was found: the rows of each type are a level of their own.
func (r *run) below(f *Field) error {
	at := &r.places[f.place]
	if f.Below.of == nil {
		return r.sweep(f.Below, r.there(at))
	}
	at.nth = make([]int, len(at.found))
	apart := map[string][]any{}
	for i, row := range at.found {
		if row != nil {
			name := r.guide.TypeOf(row)
			at.nth[i] = len(apart[name])
			apart[name] = append(apart[name], row)
		}
	}
	for name, rows := range apart {
		if f.Below.of[name] == nil {
			return errKind
		}
		if err := r.sweep(f.Below.of[name], rows); err != nil {
			return err
		}
	}
	return nil
}

// there leaves out what was not found.
func (*run) there(at *place) []any {
	for i, row := range at.found {
		if row != nil {
			continue
		}
		rows := append(make([]any, 0, len(at.found)), at.found[:i]...)
		at.nth = make([]int, len(at.found))
		for n := range i {
			at.nth[n] = n
		}
		for n := i; n < len(at.found); n++ {
			at.nth[n] = len(rows)
			if at.found[n] != nil {
				rows = append(rows, at.found[n])
			}
		}
		return rows
	}
	return at.found
}
