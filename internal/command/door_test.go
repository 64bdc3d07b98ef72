package command_test

import (
	"bytes"
	"context"
	"errors"
	"net/http"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"testing"
	"time"

	"entgo.io/ent/dialect"

	"continuum/internal/issuertest"
	"continuum/internal/storetest"
)

// refused runs the program, which must end by itself, and returns what it said.
func refused(t *testing.T, path string, env []string, args ...string) string {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	c := exec.CommandContext(ctx, path, args...)
	c.Dir, c.Env = t.TempDir(), append(os.Environ(), env...)
	var said bytes.Buffer
	c.Stdout, c.Stderr = &said, &said
	err := c.Run()
	if exit := (*exec.ExitError)(nil); !errors.As(err, &exit) || ctx.Err() != nil || exit.ExitCode() <= 0 {
		t.Errorf("%v: it did not refuse: %v\n%s", args, err, said.String())
	}
	return said.String()
}

// The real program, started wrongly in each way.
func TestServe_OpensNoDoorWithoutALock(t *testing.T) {
	path := binary(t)
	empty := storetest.URL(t, dialect.Postgres)
	used, ada, _ := founded(t)
	listed, err := run(t, "key", "list", used, ada)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := run(t, "key", "revoke", used, regexp.MustCompile(`key_\w+`).FindString(listed)); err != nil {
		t.Fatal(err)
	}
	expired, _, _ := founded(t)
	execute(t, expired, `UPDATE api_keys SET expires_at = '2020-01-01 00:00:00+00:00'`)

	for name, test := range map[string]struct {
		env  []string
		args []string
		want string
	}{
		"every address":              {nil, []string{"serve", database(t), "--listen=0.0.0.0:0"}, "nobody could sign in"},
		"every address, by default":  {[]string{"CONTINUUM_LISTEN=:0"}, []string{database(t)}, "continuum workspace"},
		"every address, six":         {nil, []string{"serve", database(t), "--listen=[::]:0"}, "--oidc-issuer"},
		"the demo beyond loopback":   {nil, []string{"serve", database(t), "--listen=0.0.0.0:0", "--demo"}, "loopback only"},
		"an empty PostgreSQL":        {[]string{"CONTINUUM_DATABASE=" + empty}, []string{"serve", "--listen=127.0.0.1:0"}, "nobody could sign in to this PostgreSQL"},
		"and beyond loopback":        {[]string{"CONTINUUM_DATABASE=" + empty}, []string{"serve", "--listen=0.0.0.0:0"}, "nobody could sign in"},
		"the keys are revoked":       {nil, []string{"serve", used, "--listen=0.0.0.0:0"}, "nobody could sign in"},
		"the keys have expired":      {nil, []string{"serve", expired, "--listen=0.0.0.0:0"}, "nobody could sign in"},
		"an issuer over http":        {nil, []string{"serve", database(t), "--listen=0.0.0.0:0", "--oidc-issuer=http://id.example.org", "--oidc-audience=x"}, "https://"},
		"an issuer for anybody":      {nil, []string{"serve", database(t), "--listen=0.0.0.0:0", "--oidc-issuer=https://id.example.org"}, "audience"},
		"an audience of nobody":      {[]string{"CONTINUUM_OIDC_AUDIENCE=x"}, []string{"serve", database(t), "--listen=0.0.0.0:0"}, "--oidc-issuer"},
		"a password for everybody":   {nil, []string{"serve", "--database", "postgres://u:hush@127.0.0.1/x"}, "--database-file"},
		"or behind a question mark":  {nil, []string{"serve", "--database=postgres://127.0.0.1/x?user=u&password=hush"}, "--database-file"},
		"a switch that there is not": {nil, []string{"serve", database(t), "--listen=0.0.0.0:0", "--no-auth"}, "unknown flag"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if said := refused(t, path, test.env, test.args...); !strings.Contains(said, test.want) {
				t.Errorf("it says %s", said)
			}
		})
	}
}

func TestServe_OpensWithALock(t *testing.T) {
	t.Run("keys", func(t *testing.T) {
		db, _, _ := founded(t)
		serving(t, db, "--listen=0.0.0.0:0").find(t, `(http://\S+)`)
	})
	t.Run("an issuer that is away", func(t *testing.T) {
		out := serving(t, inFile(t, "database", storetest.URL(t, dialect.Postgres)), "--listen=0.0.0.0:0",
			"--oidc-issuer=http://127.0.0.1:1", "--oidc-audience=x")
		out.find(t, `(http://\S+)`)
	})
}

// An administrator who was made by the operator signs in by the issuer, and chooses where to act.
func TestServe_SignsInByTheIssuer(t *testing.T) {
	db := database(t)
	var places []string
	for _, name := range []string{"Clinic", "School"} {
		out, err := run(t, "workspace", db, name, "--admin=Ada Roy", "--email=ada@example.org")
		if err != nil {
			t.Fatal(err)
		}
		places = append(places, regexp.MustCompile(`ws_\w+`).FindString(out))
	}
	from := issuertest.Start(t)
	address := serving(t, db, "--oidc-issuer="+from.URL, "--oidc-audience="+issuertest.Audience).find(t, `(http://127\.0\.0\.1:\d+)`)
	token := from.Token(t, "ada", map[string]any{"email": "ada@example.org", "email_verified": true})

	question := `{ viewer { workspace { id } workspaces { name } account { email } } }`
	change := `mutation { inviteProfessional(input: {name: "Bo", email: "bo@example.org"}) { professional { id } } }`
	for _, step := range []struct {
		place, query string
		status       int
		want         string
	}{
		{"", question, http.StatusOK, `"workspace":{"id":"` + places[0] + `"},"workspaces":[{"name":"Clinic"},{"name":"School"}],"account":{"email":"ada@example.org"}`},
		{"", change, http.StatusOK, "WORKSPACE_REQUIRED"},
		{places[1], question, http.StatusOK, `"workspace":{"id":"` + places[1] + `"}`},
		{places[1], change, http.StatusOK, `"id":"pro_`},
		{"ws_01m84r75rceac9bve9jgzm55kj", question, http.StatusForbidden, "NOT_FOUND"},
	} {
		if status, body := askIn(t, address, token, step.place, step.query); status != step.status || !strings.Contains(body, step.want) {
			t.Errorf("in %q %s: %d %s", step.place, step.query, status, body)
		}
	}

	// Whatever is wrong with a token, the answer is the same to the byte, and that of no key.
	_, refused := ask(t, address, "ck_none", question)
	for _, bad := range []string{
		from.Token(t, "eve", nil), from.Token(t, "ada", map[string]any{"exp": 1}), from.Token(t, "ada", map[string]any{"aud": "x"}),
		token[:len(token)-4] + "AAAA", "garbage", "a.b.c", strings.Repeat("x", 9000),
	} {
		if status, body := ask(t, address, bad, question); status != http.StatusUnauthorized || body != refused {
			t.Errorf("%.20s: %d %s", bad, status, body)
		}
	}
}

func TestKey_ListsAndRevokes(t *testing.T) {
	db, ada, first := founded(t)
	out, err := run(t, "key", "create", db, ada, "--name=Booking", "--scopes=PROFILES_READ", "--expires=1h")
	if err != nil {
		t.Fatal(err)
	}
	second := regexp.MustCompile(`ck_\w+`).FindString(out)
	secret := second[strings.LastIndex(second, "_")+1:]
	out, err = run(t, "key", "list", db, ada)
	if err != nil || !regexp.MustCompile(`works +20\S+ +never +Booking +PROFILES_READ`).MatchString(out) || strings.Contains(out, secret) {
		t.Fatalf("%s %v", out, err)
	}
	id := regexp.MustCompile(`(key_\w+) .*Booking`).FindStringSubmatch(out)[1]
	if _, err := run(t, "key", "revoke", db, id); err != nil {
		t.Fatal(err)
	}
	address := serving(t, db).find(t, `(http://127\.0\.0\.1:\d+)`)
	for token, want := range map[string]int{first: http.StatusOK, second: http.StatusUnauthorized} {
		if status, body := ask(t, address, token, `{ viewer { scopes } }`); status != want {
			t.Errorf("%d %s", status, body)
		}
	}
	out, err = run(t, "key", "list", db, ada)
	if err != nil || !regexp.MustCompile(`revoked .*Booking`).MatchString(out) {
		t.Errorf("%s %v", out, err)
	}
	for _, args := range [][]string{{"list", "pro_nobody"}, {"revoke", "key_none"}, {"revoke", id}, {"create", ada, "--scopes=EVERYTHING"}} {
		if out, err := run(t, append([]string{"key", args[0], db}, args[1:]...)...); err == nil {
			t.Errorf("%v: %s", args, out)
		}
	}
}
