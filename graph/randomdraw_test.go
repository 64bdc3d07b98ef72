package graph_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/vektah/gqlparser/v2/ast"
	"pgregory.net/rapid"
)

// What a drawn operation may come to, below the limits that it would pass else.
const (
	maxRows  = 400 // that stand in one another
	mostKeys = 120 // selections
)

// operation is a query that was drawn, and what it is asked with.
type operation struct {
	who, text, name string
	variables       map[string]any
	later           time.Duration // than the world was made
	accept          string
}

// GoString shows it to whoever reads a failure.
func (o operation) GoString() string {
	variables, err := json.Marshal(o.variables)
	return fmt.Sprintf("%s asks, %v later, of %q:\n%s\nwith %s %v", o.who, o.later, o.name, o.text, variables, err)
}

// body is what is sent.
func (o operation) body() string {
	body, err := json.Marshal(map[string]any{"query": o.text, "operationName": o.name, "variables": o.variables})
	if err != nil {
		panic(err) // texts, numbers and truths always marshal
	}
	return string(body)
}

// drawing is an operation on its way.
type drawing struct {
	dice
	schema    *ast.Schema
	pool      *pool
	who       string
	hint      string          // the type of the row that an id names
	row       *ast.Definition // what a row is whose selection is drawn, if that is known
	left      int             // selections that may still be drawn
	depth     int
	variables []variable
	values    map[string]any
	fragments []*fragment
	named     int
	about     int
	avoid     func(field string) bool // what is not asked for
}

// operations draws queries from the schema, with what the pool knows. Two of three ask for nothing that is to be avoided.
func operations(sdl *ast.Schema, from *pool, avoid func(field string) bool) *rapid.Generator[operation] {
	return rapid.Custom(func(t *rapid.T) operation {
		d := &drawing{dice: dice{t}, schema: sdl, pool: from, values: map[string]any{}, avoid: func(string) bool { return false }}
		if !d.once(3) {
			d.avoid = avoid
		}
		d.who = pick(d.dice, from.viewers...)
		d.left = pick(d.dice, 30, 8, 60, mostKeys)
		set := d.set(sdl.Query, scope{}, 1)
		o := operation{who: d.who, variables: d.values, later: pick(d.dice, 0, 0, 0, 0, 30*time.Hour, 300*time.Hour)}
		o.accept = pick(d.dice, "application/json", "application/graphql-response+json")
		if d.once(12) {
			o.accept = "text/event-stream"
		}
		o.text, o.name = d.write(set)
		return o
	})
}

// changes draws mutations, most of which come to nothing.
func changes(sdl *ast.Schema, from *pool) *rapid.Generator[operation] {
	var fields []*ast.FieldDefinition
	for _, f := range sdl.Mutation.Fields {
		if !slices.Contains(ending, f.Name) {
			fields = append(fields, f)
		}
	}
	return rapid.Custom(func(t *rapid.T) operation {
		d := &drawing{dice: dice{t}, schema: sdl, pool: from, values: map[string]any{}}
		d.who = pick(d.dice, from.viewers...)
		field := pick(d.dice, fields...)
		input := field.Arguments.ForName("input")
		value := d.value("", ast.NonNullNamedType(input.Type.Name(), nil))
		return operation{who: d.who, text: `mutation{` + field.Name + `(input:` + literal(value) + `)` + `{` + wrong + `}}`}
	})
}

// write writes the document: the operation, perhaps another beside it, and the fragments, before it or behind.
func (d *drawing) write(set []*selection) (text, name string) {
	var body, tail strings.Builder
	writeSet(&body, set)
	for _, f := range d.fragments {
		tail.WriteString("\nfragment " + f.name + " on " + f.on)
		writeSet(&tail, f.set)
	}
	head := d.declare(body.String() + tail.String())
	if head != "" {
		head = "query" + head
	}
	if d.once(3) {
		head, name = "query Drawn"+strings.TrimPrefix(head, "query"), pick(d.dice, "", "Drawn")
	}
	text = head + body.String() + tail.String()
	if head != "" && d.once(4) {
		text = tail.String() + "\n" + head + body.String()
	}
	if name != "" && d.once(6) {
		text += "\nquery Other{viewer{scopes}}"
	}
	return text, name
}

var used = regexp.MustCompile(`\$v[0-9]+`)

// declare declares the variables that the document uses, and now and then one that it does not.
func (d *drawing) declare(in string) string {
	names := used.FindAllString(in, -1)
	var parts []string
	for _, v := range d.variables {
		if !slices.Contains(names, "$"+v.name) && !d.once(100) {
			delete(d.values, v.name)
			continue
		}
		part := "$" + v.name + ":" + v.kind
		if v.fallback != "" {
			part += "=" + v.fallback
		}
		parts = append(parts, part)
	}
	if len(parts) == 0 {
		return ""
	}
	return "(" + strings.Join(parts, ",") + ")"
}

// set draws a selection of a type, into a place of the answer.
func (d *drawing) set(parent *ast.Definition, in scope, rows int) []*selection {
	d.depth++
	defer func(row *ast.Definition) { d.depth, d.row = d.depth-1, row }(d.row)
	if parent.Kind == ast.Object {
		d.row = parent
	}
	var set []*selection
	n := 1 + d.below(6)
	if parent == d.schema.Query && d.depth == 1 && d.once(15) {
		n = 12
	}
	for range n {
		if d.left <= 0 {
			break
		}
		if x := d.selection(parent, in, rows, set); x != nil {
			set = append(set, x)
		}
	}
	if len(set) == 0 {
		set = append(set, d.least(parent, in))
	}
	return set
}

// least is a selection for where nothing else fits: of a field that has no more below it, where there is one.
func (d *drawing) least(parent *ast.Definition, in scope) *selection {
	var leaves []*ast.FieldDefinition
	for _, f := range parent.Fields {
		if d.schema.Types[f.Type.Name()].IsLeafType() && !strings.HasPrefix(f.Name, "__") && !d.avoid(parent.Name+"."+f.Name) {
			leaves = append(leaves, f)
		}
	}
	x := &selection{parent: parent, field: pick(d.dice, append(leaves, typename())...)}
	if !in.admits(x) {
		x.alias = d.freeAlias(in)
	}
	return put(in, x)
}

func typename() *ast.FieldDefinition {
	return &ast.FieldDefinition{Name: "__typename", Type: ast.NonNullNamedType("String", nil)}
}

// selection draws one; nothing where what was drawn cannot stand there.
func (d *drawing) selection(parent *ast.Definition, in scope, rows int, beside []*selection) *selection {
	abstract := parent.Kind != ast.Object
	d.left--
	switch way := d.below(40); {
	case way < 2:
		x := &selection{parent: parent, field: typename(), directives: d.directives()}
		if d.once(3) {
			x.alias = d.freeAlias(in)
		}
		return put(in, x)
	case way < 4 && len(beside) > 0:
		again := *pick(d.dice, beside...)
		again.directives = d.directives()
		return &again // it was admitted once, and is the same
	case way < 6 && d.depth < 14:
		return d.inline(parent, parent, "", in, rows)
	case way < 11 || abstract && way < 28:
		if on := d.condition(parent); d.depth < 14 && on != nil {
			return d.inline(parent, on, on.Name, in, rows)
		}
	case way < 14 || abstract && way < 32:
		return d.spread(parent, in, rows)
	case way < 17:
		return d.leaves(parent, in)
	}
	return d.field(parent, in, rows)
}

// leaves asks for all that a row says of itself, as a screen does that shows it.
func (d *drawing) leaves(parent *ast.Definition, in scope) *selection {
	x := &selection{parent: parent, directives: d.directives()}
	for _, f := range parent.Fields {
		if d.schema.Types[f.Type.Name()].IsLeafType() && !d.avoid(parent.Name+"."+f.Name) {
			if y := put(in, &selection{parent: parent, field: f}); y != nil {
				x.below = append(x.below, y)
			}
		}
	}
	if len(x.below) == 0 {
		return nil
	}
	return x
}

// put adds a selection where it may stand.
func put(in scope, x *selection) *selection {
	if !in.admits(x) {
		return nil
	}
	in.add(x)
	return x
}

func (d *drawing) inline(parent, on *ast.Definition, condition string, in scope, rows int) *selection {
	x := &selection{parent: parent, condition: condition, directives: d.directives()}
	x.below = d.set(on, in, rows)
	return x
}

// spread names a fragment that there is, if it may stand there too, or a new one.
func (d *drawing) spread(parent *ast.Definition, in scope, rows int) *selection {
	if d.named > 40 || d.depth > 14 {
		return nil
	}
	d.named++
	if len(d.fragments) > 0 && d.once(2) && rows == 1 {
		f := pick(d.dice, d.fragments...)
		x := &selection{parent: parent, spread: f, directives: d.directives()}
		if d.meet(parent, d.schema.Types[f.on]) {
			return put(in, x)
		}
	}
	on := parent
	if other := d.condition(parent); other != nil && d.once(2) {
		on = other
	}
	f := &fragment{name: fmt.Sprintf("F%d", d.named), on: on.Name}
	f.set = d.set(on, in, rows)
	d.fragments = append(d.fragments, f)
	return &selection{parent: parent, spread: f, directives: d.directives()}
}

// condition draws a type that a row of the parent may be of.
func (d *drawing) condition(parent *ast.Definition) *ast.Definition {
	if parent == d.schema.Query {
		return parent
	}
	// Most conditions are true of the row, or nothing would come of most selections.
	if d.row != nil && d.row != parent && d.meet(parent, d.row) && !d.once(4) {
		return d.row
	}
	if parent.IsAbstractType() && !d.once(4) {
		return pick(d.dice, d.schema.GetPossibleTypes(parent)...)
	}
	var fit []*ast.Definition
	for _, name := range slices.Sorted(maps.Keys(d.schema.Types)) {
		other := d.schema.Types[name]
		composite := other.Kind == ast.Object || other.IsAbstractType()
		if composite && !strings.HasPrefix(name, "__") && d.meet(parent, other) {
			fit = append(fit, other)
		}
	}
	return pick(d.dice, fit...)
}

// meet says whether a row may be of both types.
func (d *drawing) meet(a, b *ast.Definition) bool {
	of := d.schema.GetPossibleTypes(b)
	return slices.ContainsFunc(d.schema.GetPossibleTypes(a), func(p *ast.Definition) bool { return slices.Contains(of, p) })
}

// field draws a field of the type, and what is selected of it.
func (d *drawing) field(parent *ast.Definition, in scope, rows int) *selection {
	var leaves, deeper []*ast.FieldDefinition
	for _, f := range parent.Fields {
		switch kind := d.schema.Types[f.Type.Name()]; {
		case d.avoid(parent.Name + "." + f.Name):
		case strings.HasPrefix(f.Name, "__") && (parent != d.schema.Query || d.depth > 1 || d.about >= 2 || !d.once(8)):
		case kind.IsLeafType():
			leaves = append(leaves, f)
		default:
			deeper = append(deeper, f)
		}
	}
	if parent == d.schema.Query {
		deeper = d.roots(deeper)
	}
	choices := leaves
	deep := len(deeper) > 0 && d.depth < 14 && d.left > 0
	if len(leaves) == 0 || deep && (d.once(2) || len(leaves) == 1 && !d.once(4)) {
		choices = deeper
	}
	if len(choices) == 0 {
		return put(in, &selection{parent: parent, field: typename()})
	}
	return d.ask(parent, pick(d.dice, choices...), in, rows)
}

// roots are the fields of a query, those more often below which there is most to ask.
func (d *drawing) roots(all []*ast.FieldDefinition) []*ast.FieldDefinition {
	for _, name := range strings.Fields("viewer viewer viewer viewer viewer node node nodes nodes nodes profile record record records") {
		if f := d.schema.Query.Fields.ForName(name); slices.Contains(all, f) {
			all = append(all, f)
		}
	}
	return all
}

func (d *drawing) ask(parent *ast.Definition, field *ast.FieldDefinition, in scope, rows int) *selection {
	cost := costly[parent.Name+"."+field.Name]
	if cost*rows > 5000 {
		return nil
	}
	x := &selection{parent: parent, field: field}
	d.hint = ""
	var size int
	if strings.HasPrefix(field.Name, "__") {
		d.about++
		x.set, size = pick(d.dice, abouts[field.Name]...), 1
		x.arguments, x.set = splitSet(x.set)
	} else {
		x.arguments, size = d.arguments(parent, field, rows)
	}
	x.directives = d.directives()
	if d.once(4) || !in.admits(x) {
		x.alias = d.freeAlias(in)
	}
	if d.once(25) && len(in) > 0 {
		x.alias = pick(d.dice, slices.Sorted(maps.Keys(in))...) // as another is called, of another type perhaps
	}
	if !in.admits(x) {
		return nil
	}
	below := in.add(x)
	defer func(row *ast.Definition) { d.row = row }(d.row)
	d.row = d.schema.Types[d.hint]
	if of := d.schema.Types[field.Type.Name()]; x.set == "" && !of.IsLeafType() {
		// A part of what is left, so that there is some for those beside it.
		after := d.left / 3
		if cost > 0 {
			after = max(after, d.left-25_000/cost/rows)
		}
		d.left -= after
		x.below = d.set(of, below, max(1, rows*size*max(1, cost/10)))
		d.left += after
	}
	return x
}

// costly are the fields that cost more than their page.
var costly = map[string]int{
	"Record.access": 500, "Profile.access": 500, "Transfer.consequences": 500, "Query.explainAccess": 100, "Query.previewShare": 100,
}

// abouts are questions about the schema itself.
var abouts = map[string][]string{
	"__schema": {`{queryType{name} mutationType{name}}`, `{types{name kind}}`, `{directives{name args{name}}}`},
	"__type": {`(name:"Profile"){name kind fields{name type{kind name ofType{name}}}}`, `(name:"Recipient"){possibleTypes{name}}`, `(name:"Nothing"){name}`,
		`(name:"RecordStatus"){enumValues{name description}}`},
}

// splitSet parts the arguments of a field from what is selected of it.
func splitSet(text string) (arguments, set string) {
	at := strings.Index(text, "{")
	return text[:at], text[at:]
}

// freeAlias is a name that nothing has in that place.
func (d *drawing) freeAlias(in scope) string {
	for i := 0; ; i++ {
		if alias := string(rune('a'+i%26)) + strings.Repeat("_", i/26); in[alias] == nil {
			return alias
		}
	}
}

// directives draws whether to skip or to include, and by what.
func (d *drawing) directives() string {
	if !d.once(12) {
		return ""
	}
	boolean := ast.NonNullNamedType("Boolean", nil)
	include := func(yes bool) string { return " @include(if:" + d.text(yes, boolean, false) + ")" }
	skip := func(yes bool) string { return " @skip(if:" + d.text(yes, boolean, false) + ")" }
	switch d.below(8) {
	case 0, 1, 2:
		return include(true)
	case 3, 4:
		return skip(false)
	case 5:
		return include(d.once(2)) + skip(d.once(2))
	case 6:
		return include(false)
	default:
		return skip(true)
	}
}
