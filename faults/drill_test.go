//go:build faults

package faults_test

import (
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"entgo.io/ent/dialect"

	"continuum/internal/storetest"
)

// What operators are told to do, done: back up beside a running server, restore, prove, serve, and get the same answers.
func TestDrill_SQLite(t *testing.T) {
	folder := t.TempDir()
	here := over("sqlite:" + filepath.Join(folder, "here", "continuum.db"))
	restored := filepath.Join(folder, "there", "continuum.db")
	there := over("sqlite:" + restored)
	drill(t, here, there, func() {
		if err := os.Mkdir(filepath.Join(folder, "there"), 0o700); err != nil {
			t.Fatal(err)
		}
		run(t, here, "backup", restored)
		// The keys are in no backup of the database: they are kept apart, and put back beside it.
		keys, err := os.ReadFile(filepath.Join(folder, "here", "seal-keys.json"))
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(folder, "there", "seal-keys.json"), keys, 0o600); err != nil {
			t.Fatal(err)
		}
	})
}

func TestDrill_PostgreSQL(t *testing.T) {
	from, to := storetest.EmptyURL(t, dialect.Postgres), storetest.EmptyURL(t, dialect.Postgres)
	folder := t.TempDir()
	keys := "CONTINUUM_SEAL_KEYS_FILE=" + filepath.Join(folder, "seal-keys.json")
	if err := os.WriteFile(filepath.Join(folder, "seal-keys.json"), []byte(run(t, nil, "seal-keys")), 0o600); err != nil {
		t.Fatal(err)
	}
	drill(t, append(over(from), keys), append(over(to), keys), func() {
		dump := filepath.Join(folder, "continuum.dump")
		tool(t, "pg_dump", "--format=custom", "--file="+dump, from)
		tool(t, "pg_restore", "--no-owner", "--exit-on-error", "--dbname="+to, dump)
	})
}

// drill fills and serves one database, lets restore make another of it, and proves that other one.
func drill(t *testing.T, here, there []string, restore func()) {
	t.Helper()
	ann, ben := demo(t, here)
	s := start(t, here)
	sealOne(s, ann, ben)
	questions := map[string]string{
		ann: `{profiles(first:50){totalCount nodes{id displayName records(first:5){nodes{id number title}}}}
			viewer{sealedCopies(first:5){nodes{id content{title profiles{givenName familyName}}}}}}`,
		ben: `{records(first:50){totalCount nodes{id number title reason owner{name}}}}`,
	}
	// What a key has left to spend stands after the data, and is another server's to tell.
	want := map[string]string{}
	for who, question := range questions {
		want[who] = s.must(who, question, nil, `(?s)"data":(.*"nodes":\[\{.*),"extensions":`)
	}
	restore()
	s.stop()
	if err := s.wait(); err != nil {
		t.Fatal(err)
	}

	original := strings.TrimPrefix(here[0], "CONTINUUM_DATABASE=")
	said := run(t, append(slices.Clone(there), "CONTINUUM_AGAINST="+original), "verify")
	for _, word := range []string{"is whole", "1 sealed copies open", "rows of the original"} {
		if !strings.Contains(said, word) {
			t.Errorf("the proof does not say %q:\n%s", word, said)
		}
	}
	again := start(t, there)
	for who, question := range questions {
		if got := again.must(who, question, nil, `(?s)"data":(.*),"extensions":`); got != want[who] {
			t.Errorf("before:\n%s\nrestored:\n%s", want[who], got)
		}
	}
	if status := again.status("/readyz"); status != http.StatusOK {
		t.Errorf("/readyz answered %d", status)
	}
}

// sealOne hands a record over, so that its previous owner keeps a sealed copy.
func sealOne(s *server, from, to string) {
	s.t.Helper()
	receiver := s.must(to, `{viewer{professional{id}}}`, nil, `(pro_\w+)`)
	profile := s.must(from, `mutation{createProfile(input:{givenName:"Iris",familyName:"Roy"}){profile{id}}}`, nil, `(prof_\w+)`)
	record := s.must(from, `mutation($p:ID!){createRecord(input:{title:"Handed over",profiles:[{profileId:$p}]}){record{id}}}`,
		variables{"p": profile}, `(rec_\w+)`)
	transfer := s.must(from, `mutation($r:ID!,$to:ID!){transferRecord(input:{recordId:$r,toId:$to,previousOwnerKeeps:SEALED_COPY,consentOverride:"A drill."}){transfer{id}}}`,
		variables{"r": record, "to": receiver}, `(xfer_\w+)`)
	s.must(to, `mutation($x:ID!){acceptTransfer(input:{id:$x}){record{id}}}`, variables{"x": transfer}, `(rec_\w+)`)
}

// tool runs a client of PostgreSQL.
func tool(t *testing.T, program string, args ...string) {
	t.Helper()
	if found, err := filepath.Glob("/usr/lib/postgresql/*/bin/" + program); err == nil && len(found) > 0 {
		program = slices.Max(found)
	}
	if out, err := exec.CommandContext(t.Context(), program, args...).CombinedOutput(); err != nil {
		t.Fatalf("%s: %v\n%s", filepath.Base(program), err, out)
	}
}
