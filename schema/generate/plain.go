package main

import (
	_ "embed"
	"fmt"
	"go/types"
	"path/filepath"
	"reflect"
	"slices"
	"strings"

	"github.com/99designs/gqlgen/codegen"
	"github.com/99designs/gqlgen/codegen/config"
	"github.com/99designs/gqlgen/codegen/templates"
	"github.com/vektah/gqlparser/v2/ast"
)

// entPackage is where ent's structs are: their fields are columns.
const entPackage = "continuum/ent"

// execPackage is where gqlgen writes types of its own.
const execPackage = "continuum/graph/exec"

// appenders names, for each function by which gqlgen marshals a value, the one of package scalar that appends the same.
var appenders = map[string]string{
	"github.com/99designs/gqlgen/graphql.MarshalBoolean": "AppendBoolean",
	"github.com/99designs/gqlgen/graphql.MarshalID":      "AppendString",
	"github.com/99designs/gqlgen/graphql.MarshalInt":     "AppendInt",
	"github.com/99designs/gqlgen/graphql.MarshalString":  "AppendString",
	"continuum/graph/scalar.MarshalDate":                 "AppendString",
	"continuum/graph/scalar.MarshalDateTime":             "AppendDateTime",
}

// plain is a plugin of gqlgen. It writes, for the fields of objects that need neither a resolver nor an argument,
// functions that read them straight from the struct behind the object.
type plain struct{}

//go:embed plain.gotpl
var plainTemplate string

//go:embed append.gotpl
var appendTemplate string

// Name is the plugin's.
func (plain) Name() string { return "plain" }

// GenerateCode writes the functions beside the executor.
func (plain) GenerateCode(data *codegen.Data) error {
	var found struct {
		Objects []plainObject
		Columns []string // that a field is read from
	}
	for _, object := range data.Objects {
		if object.Root || object.BuiltIn {
			continue
		}
		if o := plainOf(object); len(o.Values)+len(o.Inner) > 0 {
			found.Objects = append(found.Objects, o)
			for _, f := range o.Values {
				if f.Column != "" && !slices.Contains(found.Columns, f.Column) {
					found.Columns = append(found.Columns, f.Column)
				}
			}
		}
	}
	slices.Sort(found.Columns)
	return templates.Render(templates.Options{
		PackageName:     data.Config.Exec.Package,
		Filename:        filepath.Join(data.Config.Exec.DirName, "plain.generated.go"),
		Template:        appendTemplate + plainTemplate,
		Data:            found,
		GeneratedHeader: true,
		Packages:        data.Config.Packages,
	})
}

// plainObject is an object of the SDL with what can be read from its struct.
type plainObject struct {
	Name   string
	Type   types.Type // pointer to the struct
	Values []plainField
	Inner  []plainField
}

type plainField struct {
	Name   string
	Column string // "" for none
	Read   string // the Go expression that reads it from o

	Type    types.Type // of a value, or of each in a list
	List    bool
	NonNull bool // the field itself
	Pointer bool // the value, or each in a list
	Element bool // each in a list is not null

	Append string     // function of package scalar
	Cast   types.Type // that it takes
}

func plainOf(object *codegen.Object) plainObject {
	o := plainObject{Name: object.Name, Type: object.Reference()}
	for _, f := range object.Fields {
		if f.IsResolver || len(f.Args) > 0 || f.HasDirectives() || strings.HasPrefix(f.Name, "__") {
			continue
		}
		field, kind := fieldOf(f, "o."+f.GoFieldName)
		switch {
		case f.IsVariable():
			field.Column = column(object.Type, f.GoFieldName)
		case f.IsMethod() && !f.MethodHasContext && f.NoErr:
			field.Read += "()"
		default:
			continue
		}
		switch {
		case kind == ofValues && f.IsVariable():
			o.Values = append(o.Values, field)
		case kind == ofObjects:
			o.Inner = append(o.Inner, field)
		}
	}
	return o
}

// kind is what a field holds, as far as it can be read without gqlgen.
type kind int

const (
	ofNeither kind = iota
	ofValues
	ofObjects
)

// fieldOf tells how a field is read from a Go expression.
func fieldOf(f *codegen.Field, read string) (plainField, kind) {
	ref := f.TypeReference
	field := plainField{Name: f.Name, Read: read, NonNull: ref.GQL.NonNull, Element: ref.GQL.NonNull}
	if field.List = ref.IsSlice(); field.List {
		ref = ref.Elem()
		field.Element = ref.GQL.NonNull
	}
	if ref.IsSlice() || ref.IsPtrToSlice() || ref.IsPtrToPtr() || ref.IsPtrToIntf() {
		return field, ofNeither
	}
	field.Type, field.Pointer = ref.GO, ref.IsPtr()
	switch ref.Definition.Kind {
	case ast.Scalar, ast.Enum:
		if field.appends(ref) {
			return field, ofValues
		}
	case ast.Object, ast.Interface, ast.Union:
		return field, ofObjects
	}
	return field, ofNeither
}

// appends finds the function that writes the value as gqlgen's marshaler does, and says whether there is one.
func (f *plainField) appends(ref *config.TypeReference) bool {
	if ref.IsMarshaler && isText(ref) {
		f.Append, f.Cast = "AppendString", types.Typ[types.String]
		return true
	}
	if ref.Marshaler == nil || ref.IsMarshaler || ref.IsContext || ref.HasEnumValues() || ref.IsTargetNilable() {
		return false
	}
	f.Append, f.Cast = appenders[ref.Marshaler.FullName()], ref.CastType
	return f.Append != ""
}

// isText says whether a value is one of an enumeration of gqlgen's own making, which marshals as the text that it is.
func isText(ref *config.TypeReference) bool {
	t := ref.GO
	if pointer, ok := t.(*types.Pointer); ok {
		t = pointer.Elem()
	}
	named, ok := types.Unalias(t).(*types.Named)
	return ok && ref.Definition.Kind == ast.Enum && named.Obj().Pkg().Path() == execPackage &&
		types.Identical(named.Underlying(), types.Typ[types.String])
}

// Interface says whether the field holds an interface, which may be nil as it is.
func (f plainField) Interface() bool { return types.IsInterface(f.Type) }

// Value is the Go expression that hands a value to the appender.
func (f plainField) Value(name string) string {
	if f.Pointer {
		name = "*" + name
	}
	if f.Cast != nil {
		return fmt.Sprintf("%s(%s)", types.TypeString(f.Cast, nil), name)
	}
	return name
}

// column is the name of the column that a field of one of ent's structs holds, and "" for any other field. The struct
// may be embedded.
func column(t types.Type, field string) string {
	_, path, _ := types.LookupFieldOrMethod(t, true, nil, field)
	for i, index := range path {
		if pointer, ok := t.Underlying().(*types.Pointer); ok {
			t = pointer.Elem()
		}
		s := t.Underlying().(*types.Struct)
		if i == len(path)-1 {
			named, ok := types.Unalias(t).(*types.Named)
			if !ok || named.Obj().Pkg().Path() != entPackage {
				return ""
			}
			name, _, _ := strings.Cut(reflect.StructTag(s.Tag(index)).Get("json"), ",")
			return name
		}
		t = s.Field(index).Type()
	}
	return ""
}
