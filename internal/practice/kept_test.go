package practice_test

import (
	"reflect"
	"strings"
	"testing"
	"time"

	"continuum/internal/practice"
	"continuum/schema"
)

func TestOnce_KeepsNoSecretAndNoName(t *testing.T) {
	eachClinic(t, func(t *testing.T, c *clinic) {
		fresh := func() (*practice.CreateApiKeyPayload, error) {
			return practice.Once(c.under(c.as(t, "ann"), "lea.roy@example.org", "createApiKey", "x"), c.CreateApiKey,
				practice.CreateApiKeyInput{Name: "registry", Scopes: []schema.Scope{schema.ScopeProfilesRead}})
		}
		first, err := fresh()
		if err != nil || first.Secret == nil {
			t.Fatal(err)
		}
		again, err := fresh()
		if err != nil || again.Secret != nil || again.ApiKey.ID != first.ApiKey.ID {
			t.Errorf("a retry gets %+v, %v", again, err)
		}
		if _, err := c.newcomer(c.as(t, "paul"), "k2", "Maximilian"); err != nil {
			t.Fatal(err)
		}
		for _, row := range c.store.Client().IdempotencyKey.Query().AllX(c.now(t)) {
			for _, word := range []string{*first.Secret, "registry", "Maximilian", "example.org", "Roy"} {
				if strings.Contains(row.String(), word) {
					t.Errorf("%q is kept: %v", word, row)
				}
			}
		}
	})
}

// Whatever a change may answer can be kept, and read again.
func TestOnce_EveryPayloadCanBeKept(t *testing.T) {
	methods, payloads := reflect.TypeFor[*practice.Practice](), 0
	for i := range methods.NumMethod() {
		method := methods.Method(i)
		if method.Type.NumOut() == 0 || method.Type.Out(0).Kind() != reflect.Pointer || !strings.HasSuffix(method.Type.Out(0).Elem().Name(), "Payload") {
			continue
		}
		payloads++
		if strings.HasSuffix(method.Name, "Caseload") {
			continue // many changes, each with a payload of its own
		}
		if err := practice.Keepable(method.Type.Out(0)); err != nil {
			t.Errorf("%s: %v", method.Name, err)
		}
	}
	if payloads < 40 {
		t.Errorf("only %d payloads were found", payloads)
	}
	if practice.Keepable(reflect.TypeFor[struct{ At time.Time }]()) == nil {
		t.Error("what cannot be kept is not found out")
	}
}
