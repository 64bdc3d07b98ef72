//go:build faults

package faults_test

import (
	"context"
	"database/sql"
	"os/exec"
	"regexp"
	"strings"
	"testing"
)

// What the doctor says of a real pooler: unnamed, named, named in the wrong place, and with the settings it asks for.
func TestPooler_TheDoctorFindsIt(t *testing.T) {
	address, env := opsDatabase(t)
	pooled := strings.TrimPrefix(env[0], "CONTINUUM_DATABASE=")
	opsRun(t, env, "migrate")
	for _, test := range []struct{ name, direct, want, before string }{
		{name: "unnamed", want: `FAIL +database .*unsupported startup parameter.*\n.*CONTINUUM_DIRECT_DATABASE`},
		{name: "in the place of the server", direct: pooled, want: `FAIL +events .*\n.*no pooler`},
		{name: "without a time limit", direct: address, want: `WARN +pooler .*\n.*statement_timeout`},
		{name: "with one", direct: address, want: `(?s)OK +pooler .*OK +events`, before: `DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET statement_timeout = ''12s''', current_database()); END $$`},
	} {
		if test.before != "" {
			opsExec(t, address, test.before)
			// The pooler keeps a session until it was idle for a while; ended, it makes another.
			opsExec(t, address, `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()`)
		}
		cmd := exec.CommandContext(t.Context(), opsBinary(t), "doctor")
		cmd.Env = append(cmd.Environ(), "CONTINUUM_DATABASE="+pooled, "CONTINUUM_DIRECT_DATABASE="+test.direct,
			"CONTINUUM_OIDC_ISSUER=https://id.example.org", "CONTINUUM_OIDC_AUDIENCE=continuum") // so that somebody may sign in
		said, err := cmd.CombinedOutput()
		if !regexp.MustCompile(test.want).Match(said) || (err != nil) != strings.HasPrefix(test.want, "FAIL") {
			t.Errorf("%s: %v\n%s", test.name, err, said)
		}
	}
}

func opsExec(t *testing.T, address, statement string) {
	t.Helper()
	db, err := sql.Open("postgres", address)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if _, err := db.ExecContext(context.WithoutCancel(t.Context()), statement); err != nil {
		t.Fatal(err)
	}
}
