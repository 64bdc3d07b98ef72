package issuer

import (
	"context"
	"errors"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"
)

// told is what the issuer told of a subject: a verified e-mail, none, or nothing.
type told struct {
	email string
	fault error
}

// Email is the address of whoever a token stands for, when the issuer vouches that it is
// theirs; empty when it does not. The token says it, or else the issuer's userinfo does,
// which is asked once in ten seconds for a subject at the most.
func (i *Issuer) Email(ctx context.Context, who *Identity) (string, error) {
	if who.email != nil {
		return verified(*who.email, who.verified), nil
	}
	answer, _, _ := i.asking.Do(who.Subject, func() (any, error) { // the error is in the answer
		if known, ok := i.told.Get(who.Subject); ok {
			return known, nil
		}
		email, fault := i.userinfo(context.WithoutCancel(ctx), who)
		answer := told{email, fault}
		i.told.Add(who.Subject, answer)
		return answer, nil
	})
	known := answer.(told)
	return known.email, known.fault
}

func (i *Issuer) userinfo(ctx context.Context, who *Identity) (string, error) {
	says, err := i.published(ctx)
	if err != nil {
		return "", err
	}
	if says.UserInfoEndpoint() == "" {
		return "", nil
	}
	info, err := says.UserInfo(oidc.ClientContext(ctx, i.client),
		oauth2.StaticTokenSource(&oauth2.Token{AccessToken: who.token, TokenType: "Bearer"}))
	switch {
	case errors.Is(err, errNotTold):
		return "", nil
	case err != nil:
		return "", err
	case info.Subject != who.Subject:
		return "", nil // somebody else's
	}
	return verified(info.Email, info.EmailVerified), nil
}

func verified(email string, is bool) string {
	if !is {
		return ""
	}
	return email
}
