package practice

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"

	"continuum/ent"
	"continuum/schema"
)

// What is kept of a payload under an idempotency key are ids, counts and yes or no: never a
// name, a text or a secret. An entity is kept as its id and read again, under the guard, for
// whoever asks again: what they no longer see is nil then, and left out of a list. A string
// must be an id. A field that is not to be kept says so by its tag, `kept:"never"`.

// reread tells how to read again, for the viewer of ctx, an entity that a payload points to.
var reread = map[reflect.Type]func(ctx context.Context, client *ent.Client, id string) (any, error){
	reflect.TypeFor[ent.ApiKey]():           by(func(c *ent.Client) getter[ent.ApiKey] { return c.ApiKey }),
	reflect.TypeFor[ent.Consent]():          by(func(c *ent.Client) getter[ent.Consent] { return c.Consent }),
	reflect.TypeFor[ent.Contact]():          by(func(c *ent.Client) getter[ent.Contact] { return c.Contact }),
	reflect.TypeFor[ent.ContactLink]():      by(func(c *ent.Client) getter[ent.ContactLink] { return c.ContactLink }),
	reflect.TypeFor[ent.EmergencyAccess]():  by(func(c *ent.Client) getter[ent.EmergencyAccess] { return c.EmergencyAccess }),
	reflect.TypeFor[ent.Institution]():      by(func(c *ent.Client) getter[ent.Institution] { return c.Institution }),
	reflect.TypeFor[ent.Professional]():     by(func(c *ent.Client) getter[ent.Professional] { return c.Professional }),
	reflect.TypeFor[ent.Profile]():          by(func(c *ent.Client) getter[ent.Profile] { return c.Profile }),
	reflect.TypeFor[ent.Record]():           by(func(c *ent.Client) getter[ent.Record] { return c.Record }),
	reflect.TypeFor[ent.RecordLink]():       by(func(c *ent.Client) getter[ent.RecordLink] { return c.RecordLink }),
	reflect.TypeFor[ent.Share]():            by(func(c *ent.Client) getter[ent.Share] { return c.Share }),
	reflect.TypeFor[ent.Transfer]():         by(func(c *ent.Client) getter[ent.Transfer] { return c.Transfer }),
	reflect.TypeFor[ent.Unit]():             by(func(c *ent.Client) getter[ent.Unit] { return c.Unit }),
	reflect.TypeFor[ent.UnitMember]():       by(func(c *ent.Client) getter[ent.UnitMember] { return c.UnitMember }),
	reflect.TypeFor[ent.Workspace]():        by(func(c *ent.Client) getter[ent.Workspace] { return c.Workspace }),
	reflect.TypeFor[ent.WorkspaceProfile](): by(func(c *ent.Client) getter[ent.WorkspaceProfile] { return c.WorkspaceProfile }),
}

type getter[T any] interface {
	Get(ctx context.Context, id string) (*T, error)
}

func by[T any](client func(*ent.Client) getter[T]) func(context.Context, *ent.Client, string) (any, error) {
	return func(ctx context.Context, c *ent.Client, id string) (any, error) {
		row, err := client(c).Get(ctx, id)
		if ent.IsNotFound(err) {
			return (*T)(nil), nil
		}
		return row, err
	}
}

// errNotKept is what a payload meets that holds something which may not be kept.
var errNotKept = errors.New("practice: this may not be kept under an idempotency key")

// kept writes a payload as what may be kept of it.
func kept(out any) (string, error) {
	if out == nil {
		return "null", nil
	}
	value, err := keep(reflect.ValueOf(out))
	if err != nil {
		return "", err
	}
	text, err := json.Marshal(value)
	return string(text), err
}

func keep(v reflect.Value) (any, error) {
	switch v.Kind() {
	case reflect.Bool, reflect.Int:
		return v.Interface(), nil
	case reflect.String:
		if id := v.String(); schema.IDPrefix(id) == "" {
			return nil, fmt.Errorf("%w: a text that is no id", errNotKept)
		}
		return v.String(), nil
	case reflect.Pointer:
		switch {
		case v.IsNil():
			return nil, nil
		case reread[v.Type().Elem()] != nil:
			return keep(v.Elem().FieldByName("ID"))
		}
		return keep(v.Elem())
	case reflect.Slice:
		if v.IsNil() {
			return nil, nil
		}
		list := make([]any, v.Len())
		for i := range list {
			var err error
			if list[i], err = keep(v.Index(i)); err != nil {
				return nil, err
			}
		}
		return list, nil
	case reflect.Struct:
		fields := map[string]any{}
		for _, field := range keptFields(v.Type()) {
			value, err := keep(v.FieldByIndex(field.Index))
			if err != nil {
				return nil, fmt.Errorf("%s: %w", field.Name, err)
			}
			fields[field.Name] = value
		}
		return fields, nil
	default:
		return nil, fmt.Errorf("%w: a %s", errNotKept, v.Type())
	}
}

// keptFields are the fields of a struct that are kept. Of a change that went well, the
// Outcome has nothing to say.
func keptFields(t reflect.Type) []reflect.StructField {
	var fields []reflect.StructField
	for i := range t.NumField() {
		if f := t.Field(i); f.Type != reflect.TypeFor[Outcome]() && f.Tag.Get("kept") != "never" {
			fields = append(fields, f)
		}
	}
	return fields
}

// recalled fills in a payload from what was kept of it.
func recalled(ctx context.Context, client *ent.Client, text string, out any) error {
	return recall(ctx, client, json.RawMessage(text), reflect.ValueOf(out).Elem())
}

func recall(ctx context.Context, client *ent.Client, text json.RawMessage, into reflect.Value) error {
	if string(text) == "null" {
		return nil
	}
	switch into.Kind() {
	case reflect.Pointer:
		return recallPointer(ctx, client, text, into)
	case reflect.Slice:
		return recallSlice(ctx, client, text, into)
	case reflect.Struct:
		var fields map[string]json.RawMessage
		if err := json.Unmarshal(text, &fields); err != nil {
			return err
		}
		for _, field := range keptFields(into.Type()) {
			if value, there := fields[field.Name]; there {
				if err := recall(ctx, client, value, into.FieldByIndex(field.Index)); err != nil {
					return err
				}
			}
		}
		return nil
	default:
		return json.Unmarshal(text, into.Addr().Interface())
	}
}

func recallPointer(ctx context.Context, client *ent.Client, text json.RawMessage, into reflect.Value) error {
	read := reread[into.Type().Elem()]
	if read == nil {
		into.Set(reflect.New(into.Type().Elem()))
		return recall(ctx, client, text, into.Elem())
	}
	var id string
	if err := json.Unmarshal(text, &id); err != nil {
		return err
	}
	row, err := read(ctx, client, id)
	if err != nil {
		return err
	}
	into.Set(reflect.ValueOf(row))
	return nil
}

func recallSlice(ctx context.Context, client *ent.Client, text json.RawMessage, into reflect.Value) error {
	var items []json.RawMessage
	if err := json.Unmarshal(text, &items); err != nil {
		return err
	}
	list := reflect.MakeSlice(into.Type(), 0, len(items))
	for _, item := range items {
		one := reflect.New(into.Type().Elem()).Elem()
		if err := recall(ctx, client, item, one); err != nil {
			return err
		}
		if one.Kind() != reflect.Pointer || !one.IsNil() {
			list = reflect.Append(list, one)
		}
	}
	into.Set(list)
	return nil
}
