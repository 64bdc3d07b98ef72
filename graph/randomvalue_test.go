package graph_test

import (
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"
	"time"

	"github.com/vektah/gqlparser/v2/ast"

	"continuum/schema"
)

type (
	// word is a value of an enum.
	word string
	// absent is a value that a variable does not have.
	absent struct{}
	// entry is a field of an input object, which keeps its place.
	entry struct {
		name  string
		field *ast.FieldDefinition
		value any
	}
)

// variable is one that an operation declares.
type variable struct {
	name, kind, fallback string
	value                any
}

// arguments draws those of a field, and tells how many rows it may have.
func (d *drawing) arguments(parent *ast.Definition, field *ast.FieldDefinition, rows int) (text string, size int) {
	values := map[string]any{}
	size = 1
	connection := strings.HasSuffix(field.Type.Name(), "Connection")
	if connection {
		size = d.page(values, field.Type.Name(), rows)
	}
	var parts []string
	for _, a := range field.Arguments {
		place := parent.Name + "." + field.Name + "." + a.Name
		value, drawn := values[a.Name]
		paged := connection && (a.Name == "first" || a.Name == "last" || a.Name == "after" || a.Name == "before")
		if !drawn && !paged && (a.Type.NonNull && a.DefaultValue == nil || d.once(2)) {
			value, drawn = d.value(place, a.Type), true
		}
		if !drawn && d.once(20) && (!a.Type.NonNull || a.DefaultValue != nil) {
			value, drawn = absent{}, true
		}
		if !drawn {
			continue
		}
		if list, ok := value.([]any); ok && field.Name == "nodes" {
			size = len(list)
		}
		part := a.Name + ":" + d.text(value, a.Type, a.DefaultValue != nil)
		if d.once(6) {
			parts = append([]string{part}, parts...)
		} else {
			parts = append(parts, part)
		}
	}
	if len(parts) == 0 {
		return "", size
	}
	return "(" + strings.Join(parts, pick(d.dice, ",", " ", ", ")) + ")", size
}

// page draws which part of a list is asked for. Where lists stand in lists it is a small one: an operation may not cost
// more than so much.
func (d *drawing) page(values map[string]any, connection string, rows int) (size int) {
	sizes := []int{1, 2, 3, 5, 0, 2, 3}
	if rows*20 <= maxRows {
		sizes = append(sizes, 20, 50)
	}
	if rows*100 <= maxRows {
		sizes = append(sizes, 100, 100)
	}
	size = pick(d.dice, sizes...)
	if d.once(150) {
		size = pick(d.dice, 101, -1, 1<<31-1)
	}
	way := d.below(10)
	switch {
	case way < 4 && rows*20 <= maxRows:
		size = 20
		if d.once(6) {
			values[pick(d.dice, "first", "last")] = nil
		}
	case way < 7:
		values["first"] = size
	default:
		values["last"] = size
	}
	if d.once(150) {
		values["first"], values["last"] = size, size
	}
	if d.once(8) {
		values["after"] = d.cursor(connection)
	}
	if d.once(10) {
		values["before"] = d.cursor(connection)
	}
	return max(1, min(size, 100))
}

// cursor draws one that an answer has told, of this list or another, or one that nobody told.
func (d *drawing) cursor(connection string) any {
	known := d.pool.cursors[connection]
	if len(known) == 0 {
		return nil
	}
	switch way := d.below(30); {
	case way < 26:
		return pick(d.dice, known...)
	case way < 27:
		return pick(d.dice, d.pool.cursors[pick(d.dice, d.pool.kinds...)]...)
	case way < 28:
		return d.forged(pick(d.dice, known...))
	case way < 29:
		return nil
	default:
		return pick(d.dice, "", "x", "eyJ", "eyJjIjoic29ydF9uYW1lIn0", strings.Repeat("A", 2000), "%00", "null")
	}
}

// forged changes what a cursor says.
func (d *drawing) forged(cursor string) string {
	return forge(d.pool.t, cursor, func(said map[string]any) {
		switch d.below(5) {
		case 0:
			said["i"] = d.anyID()
		case 1:
			said["c"] = pick(d.dice, "sort_name", "created_at", "updated_at", "linked_at", "position", "id", "")
		case 2:
			said["k"] = pick[any](d.dice, "m", "", "2026-01-01T00:00:00Z", 3, 1.5, nil, true, "\x00", []any{})
		case 3:
			delete(said, pick(d.dice, "i", "c", "k"))
		default:
			said["k"], said["i"] = "l", d.anyID()
		}
	})
}

// value draws what is given in one place of the schema.
func (d *drawing) value(place string, of *ast.Type) any {
	if !of.NonNull && d.once(10) {
		return nil
	}
	if of.Elem != nil {
		if d.once(5) {
			return d.value(place, of.Elem) // a single value stands for a list of it
		}
		list := []any{}
		for range pick(d.dice, 2, 1, 3, 0, 5, 12) {
			list = append(list, d.value(place, of.Elem))
		}
		return list
	}
	kind := d.schema.Types[of.NamedType]
	switch kind.Kind {
	case ast.Enum:
		if d.once(200) {
			return word("NONE_OF_THEM")
		}
		return word(pick(d.dice, kind.EnumValues...).Name)
	case ast.InputObject:
		var entries []entry
		for _, f := range kind.Fields {
			switch {
			case f.Type.NonNull && f.DefaultValue == nil, d.once(3):
				entries = append(entries, entry{f.Name, f, d.value(kind.Name+"."+f.Name, f.Type)})
			case d.once(15):
				entries = append(entries, entry{f.Name, f, absent{}})
			}
		}
		return entries
	default:
		return d.scalar(place, kind.Name)
	}
}

func (d *drawing) scalar(place, kind string) any {
	name := place[strings.LastIndex(place, ".")+1:]
	switch kind {
	case "ID":
		return d.id(place)
	case "Boolean":
		return d.once(2)
	case "Int":
		return pick(d.dice, 1, 1, 1, 2, 0, 5, -1, 100)
	case "Date":
		return pick(d.dice, "2001-05-03", "2026-01-31", "2040-12-31", "1950-02-30")
	case "DateTime":
		if d.once(30) {
			return pick(d.dice, "", "yesterday", "2026-13-01T00:00:00Z", "2026-01-01")
		}
		after := []time.Duration{24 * 365 * time.Hour, 400 * time.Hour}
		if name != "expiresAt" || d.once(6) {
			after = append(after, 0, time.Hour, -time.Hour, -36*time.Hour, -24*3650*time.Hour)
		}
		at := d.pool.now.Add(pick(d.dice, after...))
		return at.Format(pick(d.dice, time.RFC3339, time.RFC3339Nano))
	}
	switch name {
	case "namePrefix":
		return pick(d.dice, "l", "é", "E", "no", "b", "an", "ab", "", "s", "%", "_", "🙂", `\`, "'", " ", "roy", "ROY j", "tremblay", strings.Repeat("x", 300))
	case "service":
		return pick(d.dice, "Psychology", "psychology", "Speech therapy", "", "%")
	default:
		return pick(d.dice, "A reason.", "", "é", "'\"\\")
	}
}

// id draws one that fits the place, five times of six, and of those mostly one that the viewer has been told.
func (d *drawing) id(place string) string {
	if d.once(8) {
		return d.anyID()
	}
	prefixes := probes[place].prefixes()
	if len(prefixes) == 0 {
		if slices.Contains(ownMaking, place) {
			return d.fresh(place)
		}
		prefixes = d.pool.prefixes
		if known := slices.Sorted(maps.Keys(d.pool.seen[d.who])); len(known) > 0 && !d.once(5) {
			prefixes = known
		}
	}
	prefix := pick(d.dice, prefixes...)
	known := d.pool.seen[d.who][prefix]
	if len(known) == 0 || d.once(4) {
		known = d.pool.all[prefix]
	}
	if len(known) == 0 {
		return schema.NewID(prefix)
	}
	id := pick(d.dice, known...)
	d.hint = cmp.Or(d.pool.types[prefix], d.hint)
	return id
}

// fresh is an id that a client makes up for a new row.
func (d *drawing) fresh(place string) string {
	prefix := map[string]string{"Con": "cont", "Ins": "inst", "Pro": "prof", "Rec": "rec", "Uni": "unit"}[strings.TrimPrefix(place, "Create")[:3]]
	switch place[:3] {
	case "Sha":
		prefix = schema.SharePrefix
	case "Tra", "Req":
		prefix = schema.TransferPrefix
	case "Inv":
		prefix = schema.ProfessionalPrefix
	}
	at := slices.IndexFunc(d.pool.strange, func(id string) bool { return strings.HasPrefix(id, prefix+"_") })
	return d.pool.strange[max(0, at)]
}

// anyID is of whatever type, or of none.
func (d *drawing) anyID() string {
	if d.once(3) {
		return pick(d.dice, d.pool.strange...)
	}
	return pick(d.dice, d.pool.all[pick(d.dice, d.pool.prefixes...)]...)
}

// text writes a value that was drawn, as it is or by a variable.
func (d *drawing) text(value any, of *ast.Type, hasDefault bool) string {
	if value == (absent{}) || d.once(4) && len(d.variables) < 30 {
		return "$" + d.variable(value, of, hasDefault)
	}
	switch v := value.(type) {
	case []any:
		parts := make([]string, len(v))
		for i, one := range v {
			parts[i] = d.text(one, of.Elem, false)
		}
		return "[" + strings.Join(parts, " ") + "]"
	case []entry:
		var parts []string
		for _, e := range v {
			parts = append(parts, e.name+":"+d.text(e.value, e.field.Type, e.field.DefaultValue != nil))
		}
		return "{" + strings.Join(parts, ",") + "}"
	default:
		return literal(value)
	}
}

// literal writes a value in the language of documents, without variables.
func literal(value any) string {
	switch v := value.(type) {
	case nil:
		return "null"
	case word:
		return string(v)
	case []any:
		parts := make([]string, len(v))
		for i, one := range v {
			parts[i] = literal(one)
		}
		return "[" + strings.Join(parts, ",") + "]"
	case []entry:
		var parts []string
		for _, e := range v {
			if e.value != (absent{}) {
				parts = append(parts, e.name+":"+literal(e.value))
			}
		}
		return "{" + strings.Join(parts, ",") + "}"
	default:
		text, err := json.Marshal(v)
		if err != nil {
			panic(err) // texts, numbers and truths always marshal
		}
		return string(text)
	}
}

// plainValue is the value as JSON has it.
func plainValue(value any) any {
	switch v := value.(type) {
	case word:
		return string(v)
	case []any:
		list := make([]any, len(v))
		for i, one := range v {
			list[i] = plainValue(one)
		}
		return list
	case []entry:
		object := map[string]any{}
		for _, e := range v {
			if e.value != (absent{}) {
				object[e.name] = plainValue(e.value)
			}
		}
		return object
	default:
		return v
	}
}

// variable declares one that has the value, or takes one that has it already, and tells its name.
func (d *drawing) variable(value any, of *ast.Type, hasDefault bool) string {
	nullable := *of
	nullable.NonNull = false
	v := variable{name: fmt.Sprintf("v%d", len(d.variables)), kind: nullable.String(), value: value}
	given := value != absent{}
	switch way := d.below(6); {
	case !given: // nothing falls back on it
	case value == nil && hasDefault && of.NonNull: // null where there may be none: an error
	case way == 1:
		v.fallback, given = literal(value), false
	case way == 2:
		v.fallback = literal(d.other(value))
	case of.NonNull || value != nil && way == 3:
		v.kind += "!"
	}
	if of.NonNull && v.fallback == "null" {
		v.fallback, v.kind, given = "", nullable.String()+"!", true
	}
	for _, known := range d.variables {
		if known.kind == v.kind && known.fallback == v.fallback && reflect.DeepEqual(known.value, value) {
			return known.name
		}
	}
	d.variables = append(d.variables, v)
	if given {
		d.values[v.name] = plainValue(value)
	}
	return v.name
}

// other is a value of the same type, if that is easily told.
func (d *drawing) other(value any) any {
	switch v := value.(type) {
	case bool:
		return !v
	case int:
		return 1
	default:
		return value
	}
}
