//go:build faults

package faults_test

import (
	"regexp"
	"strings"
	"testing"
)

// What the doctor says of a real pooler: unnamed, named, named in the wrong place, and with the settings it asks for.
func TestPooler_TheDoctorFindsIt(t *testing.T) {
	address, env := pooled(t)
	through := strings.TrimPrefix(env[0], "CONTINUUM_DATABASE=")
	db := dial(t, address)
	run(t, env, "migrate")
	for _, test := range []struct{ name, direct, want, before string }{
		{name: "unnamed", want: `FAIL +database .*unsupported startup parameter.*\n.*CONTINUUM_DIRECT_DATABASE`},
		{name: "in the place of the server", direct: through, want: `FAIL +events .*\n.*no pooler`},
		{name: "without a time limit", direct: address, want: `WARN +pooler .*\n.*statement_timeout`},
		{name: "with one", direct: address, want: `(?s)OK +pooler .*OK +events`, before: `DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET statement_timeout = ''12s''', current_database()); END $$`},
	} {
		if test.before != "" {
			execute(t, db, test.before)
			// The pooler keeps a session until it was idle for a while; ended, it makes another.
			execute(t, db, `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()`)
		}
		said, err := program(t, append(over(through), "CONTINUUM_DIRECT_DATABASE="+test.direct,
			"CONTINUUM_OIDC_ISSUER=https://id.example.org", "CONTINUUM_OIDC_AUDIENCE=continuum"), // so that somebody may sign in
			"doctor").CombinedOutput()
		if !regexp.MustCompile(test.want).Match(said) || (err != nil) != strings.HasPrefix(test.want, "FAIL") {
			t.Errorf("%s: %v\n%s", test.name, err, said)
		}
	}
}
