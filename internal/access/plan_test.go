package access_test

import (
	"context"
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"

	"entgo.io/ent/dialect"
	entsql "entgo.io/ent/dialect/sql"

	"continuum/ent"
	"continuum/internal/access"
	"continuum/internal/storetest"
	"continuum/schema"
)

func TestPlan(t *testing.T) {
	url := storetest.URL(t, dialect.Postgres)
	begin := time.Now()
	gather(t, url)
	t.Logf("the crowd gathered in %v", time.Since(begin).Round(time.Millisecond))
}

var _ = context.Background
var _ = json.Marshal
var _ = slices.Sort[[]string]
var _ = strings.Cut
var _ = entsql.Dialect
var _ ent.Op
var _ = access.None
var _ = schema.Now
