package doctor_test

import (
	"strings"
	"testing"
	"time"

	"continuum/internal/doctor"
	"continuum/internal/store"
)

func healthy() *store.Facts {
	return &store.Facts{Version: "15.4", Durable: true, Postgres: &store.PostgresFacts{
		Number: 150004, Role: "continuum", Schema: "public", MayMigrate: true, Encoding: "UTF8", TLS: "TLSv1.3",
		StatementTimeout: "12s", Hears: true, Connections: 100,
	}}
}

func TestDatabase_FindsNothingWhereNothingIsWrong(t *testing.T) {
	for _, pooled := range []bool{false, true} {
		report := &doctor.Report{}
		report.Database(healthy(), pooled)
		if report.Worst() != doctor.OK {
			t.Errorf("pooled %v: %+v", pooled, report.Findings)
		}
	}
}

func TestDatabase_SaysWhatIsWrongAndWhatToDo(t *testing.T) {
	for name, test := range map[string]struct {
		mark   doctor.Mark
		about  string
		pooled bool
		change func(*store.Facts)
	}{
		"old":               {doctor.Warn, "database", false, func(f *store.Facts) { f.Postgres.Number = 130010 }},
		"standby":           {doctor.Fail, "primary", false, func(f *store.Facts) { f.Postgres.Standby = true }},
		"Latin-1":           {doctor.Fail, "encoding", false, func(f *store.Facts) { f.Postgres.Encoding = "LATIN1" }},
		"no schema":         {doctor.Fail, "role", false, func(f *store.Facts) { f.Postgres.Schema = "" }},
		"cannot migrate":    {doctor.Warn, "role", false, func(f *store.Facts) { f.Postgres.MayMigrate = false }},
		"superuser":         {doctor.Warn, "role", false, func(f *store.Facts) { f.Postgres.Superuser = true }},
		"no right to rows":  {doctor.Fail, "tables", false, func(f *store.Facts) { f.Postgres.Missing = []string{"profiles"} }},
		"unnamed pooler":    {doctor.Fail, "pooler", false, func(f *store.Facts) { f.Postgres.Unsettled = true }},
		"no time limit":     {doctor.Warn, "pooler", true, func(f *store.Facts) { f.Postgres.StatementTimeout = "0" }},
		"few connections":   {doctor.Warn, "connections", false, func(f *store.Facts) { f.Postgres.Connections = 20 }},
		"hears nothing":     {doctor.Fail, "events", true, func(f *store.Facts) { f.Postgres.Hears = false }},
		"a clock behind":    {doctor.Warn, "clock", false, func(f *store.Facts) { f.Skew = -5 * time.Second }},
		"a clock far ahead": {doctor.Fail, "clock", false, func(f *store.Facts) { f.Skew = time.Hour }},
		"not durable":       {doctor.Warn, "durability", false, func(f *store.Facts) { f.Durable = false }},
		"damaged":           {doctor.Fail, "file", false, func(f *store.Facts) { f.Postgres, f.Damage = nil, "page 3" }},
	} {
		t.Run(name, func(t *testing.T) {
			facts, report := healthy(), &doctor.Report{}
			test.change(facts)
			report.Database(facts, test.pooled)
			wants(t, report, test.mark, test.about)
		})
	}
}

func TestSpace_WarnsBeforeTheDiskIsFull(t *testing.T) {
	for want, left := range map[doctor.Mark]uint64{doctor.OK: 9 << 30, doctor.Warn: 3 << 30, doctor.Fail: 50 << 20} {
		report := &doctor.Report{}
		report.Space(left, 2<<30)
		wants(t, report, want, "disk")
	}
}

func wants(t *testing.T, report *doctor.Report, mark doctor.Mark, about string) {
	t.Helper()
	var text strings.Builder
	if _, err := report.WriteTo(&text); err != nil {
		t.Fatal(err)
	}
	for _, f := range report.Findings {
		if f.Mark != doctor.OK && f.Do == "" {
			t.Errorf("%s: %s says not what to do", f.About, f.Says)
		}
		if f.About == about && f.Mark == mark && report.Worst() == mark && strings.Contains(text.String(), f.Says) {
			return
		}
	}
	t.Errorf("no %s about %s:\n%s", mark, about, text.String())
}
