package schema_test

import (
	"context"
	"reflect"
	"strings"
	"testing"
	"time"

	"entgo.io/ent/dialect/sql"

	"continuum/ent"
	"continuum/internal/access"
	"continuum/internal/seed"
	"continuum/internal/store"
	"continuum/internal/storetest"
)

func TestColumns_ReadTheDemoAsEntDoes(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		if _, err := seed.Demo(t.Context(), s); err != nil {
			t.Fatal(err)
		}
		ctx := access.System(t.Context(), "the rows of a test")
		filled := 0
		for _, name := range entities() {
			e := ent.EntityOf(name)
			if e == nil {
				t.Errorf("%s is not described", name)
				continue
			}
			rows := selected(ctx, t, s.Client(), e)
			if len(rows) > 0 {
				filled++
			}
			empty := e.NewRows(len(rows))
			for i, row := range rows {
				want := valueOf(row)
				for _, column := range e.Columns {
					value, err := want("raw_" + column)
					if err != nil {
						t.Fatal(err)
					}
					if err := e.Column(column)(empty[i], value); err != nil {
						t.Errorf("%s.%s: %v", name, column, err)
					}
				}
				compare(t, name, rows[i], empty[i])
			}
		}
		if filled < 15 {
			t.Errorf("the demo has rows of %d types only", filled)
		}
	})
}

// TestColumns_ReadWhatADriverMayGive gives each column whatever a driver can, and compares with what ent's own functions
// make of it.
func TestColumns_ReadWhatADriverMayGive(t *testing.T) {
	local := time.Date(2026, 3, 31, 14, 5, 0, 123456000, time.FixedZone("", -4*3600))
	values := []any{
		nil, "", "text", "é\u2028\x00", []byte("bytes"), []byte{}, int64(0), int64(-7), int64(1), 2.5, true, false, local, local.UTC(),
		"null", "[]", "{}", `["a"]`, `["a", "b,c"]`, `["a","b"]`, `["a",]`, `["a" "b"]`, `[,]`, `["a`, `["]`, `[1]`, ` ["a"]`, `["é"]`,
		`["a\nb"]`, `["a\"b"]`, `[null]`, "[\"a\x01\"]", `[[]]`, `["a"],["b"]`, `{"a":1}`, `{"a":"KEEP"}`, `{"broken`,
		[]byte(`["fr","en"]`), []byte(`{"given_name":3}`), []byte("null"),
	}
	for _, name := range entities() {
		join, e := joins[name], ent.EntityOf(name)
		if join == nil {
			t.Errorf("%s has no place in joins", name)
			continue
		}
		for _, column := range e.Columns {
			for _, value := range values {
				want, wantErr := join(func(c string) (any, error) {
					switch c {
					case column:
						return value, nil
					case "id":
						return "an id", nil
					}
					return nil, nil
				})
				if reflect.ValueOf(want).IsNil() && wantErr == nil {
					continue // no id: no row
				}
				got := e.New()
				if err := e.Column("id")(got, "an id"); err != nil {
					t.Fatal(err)
				}
				err := e.Column(column)(got, value)
				switch {
				case err != nil && strings.Contains(err.Error(), "no way to read bytes"):
					// No engine gives it for such a column, and joined.tmpl overlooks it.
				case (err != nil) != (wantErr != nil):
					t.Errorf("%s.%s of %T %v: %v, and ent says %v", name, column, value, value, err, wantErr)
				case err == nil:
					compare(t, name+"."+column, want, got)
				}
			}
		}
	}
}

func TestColumns_KnowNoOther(t *testing.T) {
	if ent.EntityOf("Patient") != nil || ent.EntityOf("Record").Column("owner") != nil {
		t.Error("something is described that does not exist")
	}
}

// valueOf is ent's way to what a row has beyond its columns: GetValue where a column is called value.
func valueOf(row any) func(name string) (ent.Value, error) {
	if named, ok := row.(interface {
		GetValue(name string) (ent.Value, error)
	}); ok {
		return named.GetValue
	}
	return row.(interface {
		Value(name string) (ent.Value, error)
	}).Value
}

// selected reads all rows of a type, with each column a second time as the driver gives it.
func selected(ctx context.Context, t *testing.T, c *ent.Client, e *ent.Entity) []any {
	t.Helper()
	query := reflect.ValueOf(c).Elem().FieldByName(e.Name).MethodByName("Query").Call(nil)[0]
	query.MethodByName("Modify").Call([]reflect.Value{reflect.ValueOf(func(s *sql.Selector) {
		for _, column := range e.Columns {
			s.AppendSelectAs(s.C(column), "raw_"+column)
		}
	})})
	answer := query.MethodByName("All").Call([]reflect.Value{reflect.ValueOf(ctx)})
	if err, _ := answer[1].Interface().(error); err != nil {
		t.Fatalf("%s: %v", e.Name, err)
	}
	rows := make([]any, answer[0].Len())
	for i := range rows {
		rows[i] = answer[0].Index(i).Interface()
	}
	return rows
}

// compare compares the fields that anybody can read.
func compare(t *testing.T, where string, want, got any) {
	t.Helper()
	w, g := reflect.ValueOf(want).Elem(), reflect.ValueOf(got).Elem()
	for i := range w.NumField() {
		field := w.Type().Field(i)
		if field.IsExported() && !reflect.DeepEqual(w.Field(i).Interface(), g.Field(i).Interface()) {
			t.Errorf("%s: %s is %#v, and ent reads %#v", where, field.Name, g.Field(i), w.Field(i))
		}
	}
}

// entities are the names of all types, as a client of ent has them.
func entities() []string {
	var names []string
	client := reflect.TypeFor[ent.Client]()
	for i := range client.NumField() {
		if field := client.Field(i); strings.TrimSuffix(field.Type.String(), "Client") == "*ent."+field.Name {
			names = append(names, field.Name)
		}
	}
	return names
}

type join = func(func(string) (any, error)) (any, error)

func joined[T any](from func(func(string) (any, error)) (*T, error)) join {
	return func(value func(string) (any, error)) (any, error) { return from(value) }
}

// joins are the functions by which ent itself reads raw values.
var joins = map[string]join{
	"Account":          joined(ent.AccountFromJoin),
	"Address":          joined(ent.AddressFromJoin),
	"ApiKey":           joined(ent.ApiKeyFromJoin),
	"Consent":          joined(ent.ConsentFromJoin),
	"Contact":          joined(ent.ContactFromJoin),
	"ContactLink":      joined(ent.ContactLinkFromJoin),
	"ContactPoint":     joined(ent.ContactPointFromJoin),
	"EmergencyAccess":  joined(ent.EmergencyAccessFromJoin),
	"Event":            joined(ent.EventFromJoin),
	"IdempotencyKey":   joined(ent.IdempotencyKeyFromJoin),
	"Identifier":       joined(ent.IdentifierFromJoin),
	"Institution":      joined(ent.InstitutionFromJoin),
	"Notification":     joined(ent.NotificationFromJoin),
	"Principal":        joined(ent.PrincipalFromJoin),
	"Professional":     joined(ent.ProfessionalFromJoin),
	"Profile":          joined(ent.ProfileFromJoin),
	"Record":           joined(ent.RecordFromJoin),
	"RecordLink":       joined(ent.RecordLinkFromJoin),
	"SealedCopy":       joined(ent.SealedCopyFromJoin),
	"Share":            joined(ent.ShareFromJoin),
	"Transfer":         joined(ent.TransferFromJoin),
	"Unit":             joined(ent.UnitFromJoin),
	"UnitMember":       joined(ent.UnitMemberFromJoin),
	"Workspace":        joined(ent.WorkspaceFromJoin),
	"WorkspaceProfile": joined(ent.WorkspaceProfileFromJoin),
}
