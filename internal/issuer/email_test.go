package issuer_test

import (
	"testing"
	"time"

	"continuum/internal/issuertest"
)

func TestEmail(t *testing.T) {
	from := issuertest.Start(t)
	from.Tell("told", map[string]any{"email": "told@example.org", "email_verified": true})
	from.Tell("text", map[string]any{"email": "text@example.org", "email_verified": "true"})
	from.Tell("unverified", map[string]any{"email": "u@example.org", "email_verified": false})
	from.Tell("silent", map[string]any{"email": "s@example.org"})
	from.Tell("other", map[string]any{"sub": "told", "email": "told@example.org", "email_verified": true})
	from.Tell("claimed", map[string]any{"email": "wrong@example.org", "email_verified": true})
	i := open(t, from)
	for _, test := range []struct {
		subject string
		more    map[string]any
		want    string
	}{
		{"claimed", map[string]any{"email": "ann@example.org", "email_verified": true}, "ann@example.org"},
		{"claimed", map[string]any{"email": "ann@example.org", "email_verified": false}, ""},
		{"claimed", map[string]any{"email": "ann@example.org"}, ""},
		{"told", nil, "told@example.org"},
		{"text", nil, "text@example.org"},
		{"unverified", nil, ""},
		{"silent", nil, ""},
		{"other", nil, ""},
		{"nobody", nil, ""},
	} {
		who, err := i.Verify(t.Context(), from.Token(t, test.subject, test.more), time.Now())
		if err != nil || who == nil {
			t.Fatal(who, err)
		}
		asked := from.Asked("/userinfo")
		for range 5 {
			if email, err := i.Email(t.Context(), who); email != test.want || err != nil {
				t.Errorf("%s %v: %q, %v", test.subject, test.more, email, err)
			}
		}
		if n := from.Asked("/userinfo") - asked; n > 1 || test.more != nil && n > 0 {
			t.Errorf("%s: userinfo was asked %d times", test.subject, n)
		}
	}
}

func TestEmail_AnIssuerThatIsAwayIsAFault(t *testing.T) {
	from := issuertest.Start(t)
	i := open(t, from)
	who, err := i.Verify(t.Context(), from.Token(t, "ann", nil), time.Now())
	if err != nil {
		t.Fatal(err)
	}
	from.Down(true)
	if email, err := i.Email(t.Context(), who); email != "" || err == nil {
		t.Errorf("%q, %v", email, err)
	}
}
