package main

import (
	"cmp"
	_ "embed"
	"fmt"
	"go/types"
	"path/filepath"
	"slices"

	"github.com/99designs/gqlgen/codegen"
	"github.com/99designs/gqlgen/codegen/templates"
	"github.com/vektah/gqlparser/v2/ast"
)

// resolved is a plugin of gqlgen. It writes, for the fields of a query that a resolver answers, functions that ask it and
// hand on what it gives.
type resolved struct{}

//go:embed resolved.gotpl
var resolvedTemplate string

// Name is the plugin's.
func (resolved) Name() string { return "resolved" }

// GenerateCode writes the functions beside the executor.
func (resolved) GenerateCode(data *codegen.Data) error {
	var found struct {
		Objects []resolvedObject
		Kinds   []codegen.InterfaceImplementor // of what a field may lead to besides others
	}
	queried := map[string]bool{}
	reach(data.Schema, data.Schema.Query, queried)
	for _, object := range data.Objects {
		if !queried[object.Name] || object.BuiltIn {
			continue
		}
		o := resolvedObject{Name: object.Name, Root: object.Root}
		if !o.Root {
			o.Type = object.Reference()
		}
		for _, f := range object.Fields {
			if field, ok := resolvedOf(f); ok {
				o.Fields = append(o.Fields, field)
			}
		}
		if len(o.Fields) > 0 {
			found.Objects = append(found.Objects, o)
		}
	}
	for _, several := range data.Interfaces {
		for _, one := range several.Implementors {
			if !slices.ContainsFunc(found.Kinds, func(k codegen.InterfaceImplementor) bool { return k.Name == one.Name }) {
				found.Kinds = append(found.Kinds, one)
			}
		}
	}
	slices.SortFunc(found.Kinds, func(a, b codegen.InterfaceImplementor) int { return cmp.Compare(a.Name, b.Name) })
	return templates.Render(templates.Options{
		PackageName:     data.Config.Exec.Package,
		Filename:        filepath.Join(data.Config.Exec.DirName, "resolved.generated.go"),
		Template:        appendTemplate + resolvedTemplate,
		Data:            found,
		GeneratedHeader: true,
		Packages:        data.Config.Packages,
	})
}

// reach notes every type that a selection of the definition can lead to.
func reach(schema *ast.Schema, definition *ast.Definition, reached map[string]bool) {
	if definition == nil || reached[definition.Name] {
		return
	}
	reached[definition.Name] = true
	for _, f := range definition.Fields {
		reach(schema, schema.Types[f.Type.Name()], reached)
	}
	if definition.IsAbstractType() {
		for _, one := range schema.GetPossibleTypes(definition) {
			reach(schema, one, reached)
		}
	}
}

// resolvedObject is an object of the SDL with what its resolvers answer.
type resolvedObject struct {
	Name   string
	Type   types.Type // pointer to the struct; nil for the query itself, which has none
	Root   bool
	Fields []resolvedField
}

type resolvedField struct {
	plainField
	Args     []*codegen.FieldArgument
	ArgsFunc string     // that decodes them
	Resolver string     // the method that answers
	Gives    types.Type // what it gives
	Values   bool       // rather than objects
}

// resolvedOf tells how a field's resolver is asked; false for a field without one.
func resolvedOf(f *codegen.Field) (resolvedField, bool) {
	if !f.IsResolver || f.Batch || f.HasDirectives() || f.IsReserved() {
		return resolvedField{}, false
	}
	for _, arg := range f.Args {
		if len(arg.ImplDirectives()) > 0 {
			return resolvedField{}, false
		}
	}
	field, kind := fieldOf(f, "v")
	return resolvedField{
		plainField: field,
		Args:       f.Args, ArgsFunc: f.ArgsFunc(),
		Resolver: fmt.Sprintf("%s().%s", templates.UcFirst(f.Object.Name), f.GoFieldName),
		Gives:    f.TypeReference.GO,
		Values:   kind == ofValues,
	}, kind != ofNeither
}

// Plain is how the value is written once it is there.
func (f resolvedField) Plain() plainField { return f.plainField }
