package main

import (
	"database/sql/driver"
	"encoding/base64"
	"encoding/json"
	"time"
)

// list is a page while it is put together: the ids of its rows, where each row's own fields end, and the sort key of the
// last.
type list struct {
	ids   []string
	heads []byte
	ends  []int
	more  bool
	last  driver.Value
}

// add says whether there is room for the row; one more than fits tells that there are others.
func (l *list) add(size int, id, key driver.Value) bool {
	if len(l.ids) == size {
		l.more = true
		return false
	}
	l.ids, l.last = append(l.ids, text(id)), key
	return true
}

// end closes the fields of the row.
func (l *list) end(heads []byte) { l.heads, l.ends = heads, append(l.ends, len(heads)) }

// appendRows writes the rows, each with its children and what closes it.
func (l *list) appendRows(out []byte, children groups, tail string) []byte {
	start := 0
	for i, end := range l.ends {
		if i > 0 {
			out = append(out, ',')
		}
		out = append(out, l.heads[start:end]...)
		out = append(out, children[l.ids[i]]...)
		out = append(out, tail...)
		start = end
	}
	return out
}

// cursor is the place of a row in a list, as the graph writes it.
type cursor struct {
	Column string `json:"c"`
	Key    any    `json:"k"`
	ID     string `json:"i"`
}

// appendInfo writes where the page stands in the whole list.
func (l *list) appendInfo(out []byte, column string) []byte {
	out = appendField(out, `"pageInfo":{"hasNextPage":`, l.more)
	if len(l.ids) == 0 {
		return append(out, `,"endCursor":null}`...)
	}
	at, _ := json.Marshal(cursor{column, l.last, l.ids[len(l.ids)-1]}) // texts always marshal
	out = base64.RawURLEncoding.AppendEncode(append(out, `,"endCursor":"`...), at)
	return append(out, `"}`...)
}

// after reads a cursor of a list that is ordered by when its rows were made.
func after(text string) (time.Time, string, error) {
	var c struct {
		Key time.Time `json:"k"`
		ID  string    `json:"i"`
	}
	raw, err := base64.RawURLEncoding.DecodeString(text)
	if err == nil {
		err = json.Unmarshal(raw, &c)
	}
	return c.Key, c.ID, err
}

// groups is the JSON of children by parent, comma between them.
type groups map[string][]byte

// next is what a parent's next child is appended to.
func (g groups) next(parent string, size int) []byte {
	b, found := g[parent]
	if !found {
		return make([]byte, 0, size)
	}
	return append(b, ',')
}
