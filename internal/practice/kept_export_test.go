package practice

import (
	"context"
	"fmt"
	"reflect"

	"continuum/schema"
)

// Keepable says why payloads of a type could not be kept under an idempotency key.
func Keepable(t reflect.Type) error {
	switch t.Kind() {
	case reflect.Bool, reflect.Int, reflect.String:
		return nil
	case reflect.Pointer, reflect.Slice:
		if reread[t.Elem()] != nil {
			return nil
		}
		return Keepable(t.Elem())
	case reflect.Struct:
		if t.PkgPath() != reflect.TypeFor[Outcome]().PkgPath() {
			return fmt.Errorf("%s has no way to be read again", t)
		}
		for _, field := range keptFields(t) {
			if err := Keepable(field.Type); err != nil {
				return fmt.Errorf("%s: %w", field.Name, err)
			}
		}
		return nil
	default:
		return fmt.Errorf("a %s", t)
	}
}

// WithinChange runs do inside of a change.
func (p *Practice) WithinChange(ctx context.Context, out any, do func() error) error {
	return p.change(ctx, schema.ScopeRecordsWrite, out, func(context.Context, *work) error { return do() })
}

// Told is a change that does nothing but leave an event.
func (p *Practice) Told(ctx context.Context, _ struct{}) (*CreateProfilePayload, error) {
	var out CreateProfilePayload
	err := p.change(ctx, schema.ScopeRecordsWrite, &out, func(ctx context.Context, w *work) error {
		return w.emit(ctx, "test.told", w.viewer.ProfessionalID)
	})
	return &out, err
}
