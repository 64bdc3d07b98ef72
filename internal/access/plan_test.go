package access_test

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"entgo.io/ent/dialect"
	entsql "entgo.io/ent/dialect/sql"

	"continuum/ent"
	"continuum/ent/contactlink"
	"continuum/ent/profile"
	"continuum/ent/record"
	"continuum/ent/recordlink"
	"continuum/internal/access"
	"continuum/internal/store"
	"continuum/internal/storetest"
	"continuum/schema"
)

// planner is ent's driver that has each statement explained, with its arguments,
// before it runs.
type planner struct {
	*entsql.Driver
	db    *sql.DB
	plans []plan
}

// plan is what PostgreSQL did for one statement.
type plan struct {
	Root    node    `json:"Plan"`
	Planned float64 `json:"Planning Time"`  // ms
	Ran     float64 `json:"Execution Time"` // ms
	text    string
}

type node struct {
	Type     string `json:"Node Type"`
	Table    string `json:"Relation Name"`
	Index    string `json:"Index Name"`
	Children []node `json:"Plans"`
}

func (p *planner) Query(ctx context.Context, query string, args, v any) error {
	var found []byte
	row := p.db.QueryRowContext(ctx, "EXPLAIN (ANALYZE, FORMAT JSON) "+query, args.([]any)...)
	if err := row.Scan(&found); err != nil {
		return fmt.Errorf("explain %s: %w", query, err)
	}
	var plans []plan
	if err := json.Unmarshal(found, &plans); err != nil {
		return err
	}
	plans[0].text = query
	p.plans = append(p.plans, plans[0])
	return p.Driver.Query(ctx, query, args, v)
}

// walk calls visit for a node and all below it.
func (n node) walk(visit func(node)) {
	visit(n)
	for _, child := range n.Children {
		child.walk(visit)
	}
}

// indexes lists the indexes that a plan uses.
func (p plan) indexes() []string {
	var names []string
	p.Root.walk(func(n node) {
		if n.Index != "" && !slices.Contains(names, n.Index) {
			names = append(names, n.Index)
		}
	})
	slices.Sort(names)
	return names
}

// large are the tables that nothing may read from end to end.
var large = []string{"profiles", "records", "record_links", "shares", "contact_links", "contacts"}

// whole lists the large tables that a plan reads from end to end.
func (p plan) whole() []string {
	var tables []string
	p.Root.walk(func(n node) {
		if n.Type == "Seq Scan" && slices.Contains(large, n.Table) {
			tables = append(tables, n.Table)
		}
	})
	return tables
}

// crowdID is the id of the n-th thing of the crowd.
func crowdID(prefix string, n int) string { return fmt.Sprintf("%s_01%024x", prefix, n) }

// TestPlan asks in a crowd, and sees that nothing but indexes is read.
func TestPlan(t *testing.T) {
	url := storetest.URL(t, dialect.Postgres)
	gather(t, url)
	db := openSQL(t, url+settings(t, url))
	p := &planner{Driver: entsql.OpenDB(dialect.Postgres, db), db: db}
	client := ent.NewClient(ent.Driver(p)) //nolint:forbidigo // the store takes no driver that explains; the guard is the same
	access.Guard(client)

	for _, who := range []struct{ what, id string }{
		{"an owner of 30 records", crowdID("pro", 480*4)},
		{"a member of three units", crowdID("pro", 120*4+1)},
		{"a reader of a directory", crowdID("pro", 190*4+2)},
		{"a coordinator", crowdID("pro", 190*4+3)},
		{"a member in a large place", crowdID("pro", 4*4+1)},
	} {
		viewer, err := access.Load(t.Context(), client, who.id, schema.AllScopes())
		if err != nil || viewer == nil {
			t.Fatalf("load %s: %v", who.what, err)
		}
		c := &asking{T: t, client: client}
		c.ctx = access.WithViewer(t.Context(), viewer)
		c.profiles = client.Profile.Query().Order(ent.Asc(profile.FieldSortName, profile.FieldID)).Limit(50).IDsX(c.ctx)
		c.records = client.Record.Query().Order(ent.Desc(record.FieldUpdatedAt, record.FieldID)).Limit(50).IDsX(c.ctx)
		for _, question := range questions {
			p.plans = nil
			n := question.ask(c)
			for _, plan := range p.plans {
				t.Logf("%-26s %-26s %2d rows, planned in %.1f ms, ran in %.1f ms", who.what, question.what, n, plan.Planned, plan.Ran)
				if tables := plan.whole(); tables != nil {
					t.Errorf("%s, %s: reads all of %v:\n%s", who.what, question.what, tables, plan.text)
				}
			}
			if n == 0 {
				t.Errorf("%s, %s: nothing found, so nothing shown", who.what, question.what)
			}
			if question.what == "a page of profiles" && who.what == "a reader of a directory" {
				question.indexes = byDirectory
			}
			if missing := question.missing(p.plans); len(missing) > 0 {
				t.Errorf("%s, %s: does not use %v", who.what, question.what, missing)
			}
		}
	}
}

// settings are those that the store asks of its sessions and that a plan depends on.
func settings(t *testing.T, url string) string {
	t.Helper()
	s, err := store.Open(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	var list strings.Builder
	for _, name := range []string{"max_parallel_workers_per_gather", "random_page_cost", "plan_cache_mode", "jit"} {
		value := s.Client().Workspace.Query().Limit(1).Modify(func(q *entsql.Selector) {
			q.SelectExpr(entsql.Expr("current_setting('" + name + "')"))
		}).StringX(access.System(t.Context(), "what the store asks of its sessions"))
		list.WriteString("&" + name + "=" + value)
	}
	return list.String()
}

// asking is somebody with a page of profiles and one of records before them.
type asking struct {
	*testing.T
	ctx               context.Context
	client            *ent.Client
	profiles, records []string
}

type question struct {
	what    string
	indexes []string // that its plans use; a|b where either does, and the planner's sample of the table decides
	ask     func(*asking) int
}

// missing lists the indexes that none of the plans uses.
func (q question) missing(plans []plan) []string {
	return slices.DeleteFunc(slices.Clone(q.indexes), func(index string) bool {
		either := strings.Split(index, "|")
		return slices.ContainsFunc(plans, func(p plan) bool {
			return slices.ContainsFunc(p.indexes(), func(used string) bool { return slices.Contains(either, used) })
		})
	})
}

// byDirectory are the indexes by which a directory of all of a workspace is read, which needs nothing that its viewer owns or made.
var byDirectory = []string{
	"recordlink_guest_of_profile_id", "records_pkey",
	"profile_home_workspace_id_sort_name_id|profile_home_workspace_id_created_at_id|profile_home_workspace_id_updated_at_id",
	"share_grantee_id_record_id", "recordlink_record_id_profile_id", "profiles_pkey",
}

var questions = []question{
	{"a page of profiles", []string{"record_owner_id_id", "share_grantee_id_record_id", "recordlink_record_id_profile_id",
		"profile_created_by_id_home_workspace_id", "profiles_pkey"}, func(a *asking) int {
		return len(a.client.Profile.Query().Order(ent.Asc(profile.FieldSortName, profile.FieldID)).Limit(51).AllX(a.ctx))
	}},
	{"the records of a profile", []string{"record_owner_id_id", "share_grantee_id_record_id", "records_pkey"}, func(a *asking) int {
		return len(a.client.RecordLink.Query().
			Where(recordlink.ProfileIDIn(a.profiles[:10]...), recordlink.UnlinkedAtIsNil()).WithRecord().AllX(a.ctx)) + 1
	}},
	{"the contacts of a profile", []string{"contactlink_profile_id_contact_id|contactlink_profile_id_created_at_id"}, func(a *asking) int {
		return len(a.client.ContactLink.Query().
			Where(contactlink.ProfileIDIn(a.profiles[:10]...), contactlink.EndedAtIsNil()).WithContact().AllX(a.ctx))
	}},
	{"the rights on 50 profiles", []string{"recordlink_profile_id_record_id", "records_pkey"}, func(a *asking) int {
		found, err := access.ProfileAccesses(a.ctx, a.client, a.profiles)
		if err != nil {
			a.Fatal(err)
		}
		return len(found)
	}},
	{"the levels on 50 records", []string{"records_pkey"}, func(a *asking) int {
		found, err := access.RecordLevels(a.ctx, a.client, a.records)
		if err != nil {
			a.Fatal(err)
		}
		return len(found)
	}},
	{"who sees 5 profiles", []string{"recordlink_profile_id_record_id", "records_pkey", "share_record_id|share_record_id_grantee_id"}, func(a *asking) int {
		return a.entries(a.profiles[:5], access.WhoSeesProfile) + 1 // not everybody may ask
	}},
	{"who saw 5 profiles", []string{"recordlink_profile_id_record_id", "records_pkey"}, func(a *asking) int {
		return a.entries(a.profiles[:5], func(ctx context.Context, c *ent.Client, id string, _ *time.Time) (*access.Report, error) {
			past := access.ViewerFrom(ctx).At
			return access.WhoSeesProfile(ctx, c, id, &past)
		}) + 1
	}},
	{"why one sees 5 profiles", []string{"recordlink_profile_id_record_id", "records_pkey"}, func(a *asking) int {
		return a.entries(a.profiles[:5], func(ctx context.Context, c *ent.Client, id string, _ *time.Time) (*access.Report, error) {
			return access.Explain(ctx, c, id)
		})
	}},
}

// entries counts the entries of what is told of each of the ids.
func (a *asking) entries(ids []string, ask func(context.Context, *ent.Client, string, *time.Time) (*access.Report, error)) int {
	n := 0
	for _, id := range ids {
		found, err := ask(a.ctx, a.client, id, nil)
		if err != nil {
			a.Fatal(err)
		}
		if found != nil {
			n += len(found.Entries)
		}
	}
	return n
}
