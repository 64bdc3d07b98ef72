package access_test

import (
	"context"
	"reflect"
	"slices"
	"strings"
	"testing"

	"entgo.io/ent/dialect/sql"

	"continuum/ent"
)

// The client has the same builders for every type. These reach them by the type's
// name, so that no type that is added later escapes a test that walks them all.

// everyType lists the types that the client knows, which are those of the schema.
func everyType() []string {
	var types []string
	for field := range reflect.TypeFor[ent.Client]().Fields() {
		if field.IsExported() && field.Type.Kind() == reflect.Pointer && strings.HasSuffix(field.Type.Elem().Name(), "Client") {
			types = append(types, field.Name)
		}
	}
	return types
}

// where narrows a builder; everywhere does not.
type where func(*sql.Selector)

var everywhere where

// only keeps the rows named.
func only(ids ...string) where {
	return func(s *sql.Selector) { s.Where(sql.In(s.C("id"), anys(ids)...)) }
}

// builder is a query, an update or a delete of a type.
func builder(client *ent.Client, typ, verb string, rows where) reflect.Value {
	b := reflect.ValueOf(client).Elem().FieldByName(typ).MethodByName(verb).Call(nil)[0]
	if rows == nil {
		return b
	}
	method := b.MethodByName("Where")
	predicate := reflect.ValueOf(rows).Convert(method.Type().In(0).Elem())
	return method.Call([]reflect.Value{predicate})[0]
}

func anys(list []string) []any {
	var values []any
	for _, value := range list {
		values = append(values, value)
	}
	return values
}

// finish calls the method that sends a builder's statement.
func finish[T any](ctx context.Context, b reflect.Value, method string) (T, error) {
	out := b.MethodByName(method).Call([]reflect.Value{reflect.ValueOf(ctx)})
	err, _ := out[1].Interface().(error)
	return out[0].Interface().(T), err
}

// rowsOf lists the ids of a type that a query answers with, in order.
func rowsOf(ctx context.Context, client *ent.Client, typ string, rows where) ([]string, error) {
	found, err := finish[[]string](ctx, builder(client, typ, "Query", rows), "IDs")
	slices.Sort(found)
	return found, err
}

// update sets a column of the rows to an expression.
func update(ctx context.Context, client *ent.Client, typ string, rows where, column, expression string) (int, error) {
	b := builder(client, typ, "Update", rows)
	b = b.MethodByName("Modify").Call([]reflect.Value{reflect.ValueOf(func(u *sql.UpdateBuilder) {
		u.Set(column, sql.Expr(expression))
	})})[0]
	return finish[int](ctx, b, "Save")
}

// remove deletes the rows.
func remove(ctx context.Context, client *ent.Client, typ string, rows where) (int, error) {
	return finish[int](ctx, builder(client, typ, "Delete", rows), "Exec")
}

func TestEveryTypeIsWalked(t *testing.T) {
	if n := len(everyType()); n < 19 {
		t.Errorf("found %d types: %v", n, everyType())
	}
}
