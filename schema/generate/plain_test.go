package main_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/99designs/gqlgen/graphql/executor"
	"github.com/vektah/gqlparser/v2/ast"

	"continuum/ent"
	"continuum/graph/exec"
	"continuum/graph/page"
	"continuum/internal/access"
	"continuum/internal/practice"
	"continuum/schema"
)

// TestPlain_WritesWhatTheExecutorWrites asks the executor for objects with random fields, and compares its answer, byte
// for byte, with what the plain fields write.
func TestPlain_WritesWhatTheExecutorWrites(t *testing.T) {
	w := &world{random: rand.New(rand.NewPCG(1, 2)), compared: map[string]bool{}}
	sdl := exec.NewExecutableSchema(exec.Config{Resolvers: root{world: w}})
	w.sdl = sdl.Schema()
	run := executor.New(sdl)
	for range 8 {
		for ask, object := range w.questions() {
			w.handed = map[string]any{"": object.value}
			selection, want := w.object(object.name, object.value, 0)
			query := strings.Replace(ask, "*", selection, 1)
			field, _, _ := strings.Cut(ask, "(")
			want = fmt.Sprintf(`{%q:%s}`, strings.TrimSuffix(field, " *"), want)

			ctx := graphql.StartOperationTrace(t.Context())
			operation, failures := run.CreateOperationContext(ctx, &graphql.RawParams{Query: "{ " + query + " }"})
			if failures != nil {
				t.Fatalf("%s: %v", query, failures)
			}
			next, ctx := run.DispatchOperation(ctx, operation)
			answer := next(ctx)
			if len(answer.Errors) > 0 || string(answer.Data) != want {
				t.Fatalf("%s: the executor says %v\n%q\nand the plain fields are\n%q", query, answer.Errors, answer.Data, want)
			}
		}
	}
	if len(w.compared) < 250 {
		t.Errorf("only %d fields were compared", len(w.compared))
	}
}

// TestPlain_ColumnsAreOfTheTable holds the columns against the tables of ent.
func TestPlain_ColumnsAreOfTheTable(t *testing.T) {
	edges := map[string]string{
		"ProfileRecordEdge": "RecordLink", "RecordProfileEdge": "RecordLink", "ProfileContactEdge": "ContactLink",
		"ContactProfileEdge": "ContactLink", "UnitMemberEdge": "UnitMember",
	}
	for _, definition := range exec.NewExecutableSchema(exec.Config{}).Schema().Types {
		table := ent.EntityOf(definition.Name)
		if of, ok := edges[definition.Name]; ok {
			table = ent.EntityOf(of)
		}
		for _, f := range definition.Fields {
			plain, ok := exec.PlainField(definition.Name, f.Name)
			switch {
			case !ok:
			case table == nil && len(plain.Columns) > 0:
				t.Errorf("%s.%s is of the columns %v of no table", definition.Name, f.Name, plain.Columns)
			case table != nil && f.Name == "cursor":
				if len(plain.Columns) > 0 {
					t.Errorf("a cursor is of the columns %v", plain.Columns)
				}
			case table != nil && (len(plain.Columns) != 1 || !slices.Contains(table.Columns, plain.Columns[0])):
				t.Errorf("%s.%s is of the columns %v of %s", definition.Name, f.Name, plain.Columns, table.Table)
			}
		}
	}
}

func TestInner_MissesNobody(t *testing.T) {
	payload := &practice.CreateApiKeyPayload{}
	one, ok := exec.InnerField("CreateApiKeyPayload", "apiKey")
	if !ok || one.One(payload) != nil {
		t.Error("a key that is not there is not nil")
	}
	if _, ok := exec.InnerField("Profile", "records"); ok {
		t.Error("what a resolver finds stands in no struct")
	}
	if _, ok := exec.PlainField("Record", "title"); ok {
		t.Error("what a resolver may hide stands in no struct")
	}
}

// world makes objects, and tells what a query for them should be answered.
type world struct {
	random   *rand.Rand
	sdl      *ast.Schema
	handed   map[string]any // what each resolver gives in this round
	compared map[string]bool
}

type object struct {
	name  string
	value any
}

// questions are queries, each for all of an object at the star.
func (w *world) questions() map[string]object {
	asked := map[string]object{
		`viewer *`:                {"Viewer", populated[access.Viewer](w)},
		`explainAccess(id: "") *`: {"AccessExplanation", populated[access.Report](w)},
		`profiles(first: 1) *`:    {"ProfileConnection", populated[page.Profiles](w)},
	}
	for _, node := range w.sdl.PossibleTypes["Node"] {
		row := ent.EntityOf(node.Name).New()
		w.populate(reflect.ValueOf(row).Elem(), 0)
		asked[`node(id: "") { ... on `+node.Name+` * }`] = object{node.Name, row}
	}
	return asked
}

// object selects what is plain of an object, what is in it, and what the resolvers below give, and writes it.
func (w *world) object(name string, value any, depth int) (selection, answer string) {
	var fields, values []string
	add := func(field, below, written string) {
		w.compared[name+"."+field] = true
		fields = append(fields, field+below)
		values = append(values, fmt.Sprintf("%q:%s", field, written))
	}
	for _, f := range w.sdl.Types[name].Fields {
		below := f.Type.Name()
		if plain, ok := exec.PlainField(name, f.Name); ok {
			add(f.Name, "", string(plain.Write(nil, value)))
			continue
		}
		if w.sdl.Types[below].Kind != ast.Object || depth > 3 {
			continue
		}
		if inner, ok := exec.InnerField(name, f.Name); ok && inner.One != nil {
			selected, written := w.object(below, inner.One(value), depth+1)
			add(f.Name, " "+selected, written)
		} else if ok {
			all, _ := inner.All(nil, value)
			selected, written := "", []string{}
			for _, one := range append(all, all[0]) { // the last only for its selection
				var text string
				selected, text = w.object(below, one, depth+1)
				written = append(written, text)
			}
			add(f.Name, " "+selected, "["+strings.Join(written[:len(all)], ",")+"]")
		} else if hand, ok := hands[name+"."+f.Name]; ok {
			if w.handed[name+"."+f.Name] == nil {
				w.handed[name+"."+f.Name] = hand(w)
			}
			selected, written := w.object(below, w.handed[name+"."+f.Name], depth+1)
			add(f.Name, " "+selected, written)
		}
	}
	return "{ __typename " + strings.Join(fields, " ") + " }", fmt.Sprintf(`{"__typename":%q%s}`, name, strings.Join(append([]string{""}, values...), ","))
}

func populated[T any](w *world) any {
	value := new(T)
	w.populate(reflect.ValueOf(value).Elem(), 0)
	return value
}

// populate fills what can be set with random values; pointers to values are nil at times, those to structs never.
func (w *world) populate(v reflect.Value, depth int) {
	switch v.Kind() {
	case reflect.String:
		v.SetString([]string{"", "Élodie", "\x00\"\\\n\u2028<&>", "\xff\xfe"}[w.random.IntN(4)])
	case reflect.Bool:
		v.SetBool(w.random.IntN(2) == 0)
	case reflect.Int:
		v.SetInt(w.random.Int64() - w.random.Int64())
	case reflect.Pointer:
		if v.Type().Elem().Kind() == reflect.Struct && v.Type().Elem() != reflect.TypeFor[time.Time]() || w.random.IntN(3) > 0 {
			v.Set(reflect.New(v.Type().Elem()))
			w.populate(v.Elem(), depth)
		}
	case reflect.Slice:
		n := w.random.IntN(3)
		if kind := v.Type().Elem().Kind(); kind == reflect.Pointer || kind == reflect.Struct {
			n++ // a list of objects has one, to select by
		} else if n == 0 && w.random.IntN(2) == 0 {
			return
		}
		v.Set(reflect.MakeSlice(v.Type(), n, n))
		for i := range n {
			w.populate(v.Index(i), depth)
		}
	case reflect.Struct:
		if v.Type() == reflect.TypeFor[time.Time]() {
			v.Set(reflect.ValueOf(time.Unix(w.random.Int64N(1<<33), w.random.Int64N(1000000)*1000).In(time.FixedZone("", w.random.IntN(3600)))))
			return
		}
		for i := range v.NumField() {
			if field := v.Type().Field(i); field.IsExported() && !strings.HasSuffix(field.Type.Name(), "Edges") && depth < 8 {
				w.populate(v.Field(i), depth+1)
			}
		}
	}
}

// hands makes what a resolver gives, for objects that nothing else leads to.
var hands = map[string]func(*world) any{
	"Contact.profiles":       populated[page.ContactProfiles],
	"Professional.directory": populated[exec.DirectoryAccess],
	"Profile.contacts":       populated[page.ProfileContacts],
	"Profile.records":        populated[page.ProfileRecords],
	"Record.profiles":        populated[page.RecordProfiles],
	"Record.viewerCan":       populated[exec.ViewerCan],
	"SealedCopy.content":     populated[practice.SealedRecord],
	"Unit.members":           populated[page.UnitMembers],
	"Workspace.policies":     populated[schema.Policies],
}

func handed[T any](w *world, resolver string) (*T, error) { return w.handed[resolver].(*T), nil }

// root has the resolvers that are asked; any other panics.
type root struct {
	exec.ResolverRoot
	world *world
}

type (
	query struct {
		exec.QueryResolver
		world *world
	}
	contacts struct {
		exec.ContactResolver
		world *world
	}
	professionals struct {
		exec.ProfessionalResolver
		world *world
	}
	profiles struct {
		exec.ProfileResolver
		world *world
	}
	records struct {
		exec.RecordResolver
		world *world
	}
	copies struct {
		exec.SealedCopyResolver
		world *world
	}
	units struct {
		exec.UnitResolver
		world *world
	}
	workspaces struct {
		exec.WorkspaceResolver
		world *world
	}
)

func (r root) Query() exec.QueryResolver               { return query{world: r.world} }
func (r root) Contact() exec.ContactResolver           { return contacts{world: r.world} }
func (r root) Professional() exec.ProfessionalResolver { return professionals{world: r.world} }
func (r root) Profile() exec.ProfileResolver           { return profiles{world: r.world} }
func (r root) Record() exec.RecordResolver             { return records{world: r.world} }
func (r root) SealedCopy() exec.SealedCopyResolver     { return copies{world: r.world} }
func (r root) Unit() exec.UnitResolver                 { return units{world: r.world} }
func (r root) Workspace() exec.WorkspaceResolver       { return workspaces{world: r.world} }

func (q query) Viewer(context.Context) (*access.Viewer, error) {
	return handed[access.Viewer](q.world, "")
}

func (q query) Node(context.Context, string) (page.Node, error) { return q.world.handed[""], nil }

func (q query) ExplainAccess(context.Context, string) (*access.Report, error) {
	return handed[access.Report](q.world, "")
}

func (q query) Profiles(context.Context, *int, *string, *int, *string, *exec.ProfileFilter, *exec.ProfileOrder) (*page.Profiles, error) {
	return handed[page.Profiles](q.world, "")
}

func (c contacts) Profiles(context.Context, *ent.Contact, *int, *string, *int, *string) (*page.ContactProfiles, error) {
	return handed[page.ContactProfiles](c.world, "Contact.profiles")
}

func (p professionals) Directory(context.Context, *ent.Professional) (*exec.DirectoryAccess, error) {
	return handed[exec.DirectoryAccess](p.world, "Professional.directory")
}

func (p profiles) Contacts(context.Context, *ent.Profile, *int, *string, *int, *string) (*page.ProfileContacts, error) {
	return handed[page.ProfileContacts](p.world, "Profile.contacts")
}

func (p profiles) Records(context.Context, *ent.Profile, *int, *string, *int, *string, *exec.LinkedRecordFilter, *exec.LinkOrder) (*page.ProfileRecords, error) {
	return handed[page.ProfileRecords](p.world, "Profile.records")
}

func (r records) Profiles(context.Context, *ent.Record, *int, *string, *int, *string) (*page.RecordProfiles, error) {
	return handed[page.RecordProfiles](r.world, "Record.profiles")
}

func (r records) ViewerCan(context.Context, *ent.Record) (*exec.ViewerCan, error) {
	return handed[exec.ViewerCan](r.world, "Record.viewerCan")
}

func (c copies) Content(context.Context, *ent.SealedCopy) (*practice.SealedRecord, error) {
	return handed[practice.SealedRecord](c.world, "SealedCopy.content")
}

func (u units) Members(context.Context, *ent.Unit, *int, *string, *int, *string) (*page.UnitMembers, error) {
	return handed[page.UnitMembers](u.world, "Unit.members")
}

func (w workspaces) Policies(context.Context, *ent.Workspace) (*schema.Policies, error) {
	return handed[schema.Policies](w.world, "Workspace.policies")
}
