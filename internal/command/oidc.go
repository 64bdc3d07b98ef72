package command

import (
	"errors"

	"continuum/internal/issuer"
	"continuum/internal/practice"
)

// oidc is who signs in beside the holders of API keys.
type oidc struct {
	OIDCIssuer   string `name:"oidc-issuer" env:"CONTINUUM_OIDC_ISSUER" placeholder:"URL" help:"The OpenID Connect issuer whose access tokens sign in, exactly as its tokens name it: https://id.example.org. API keys sign in with or without it."`
	OIDCAudience string `name:"oidc-audience" env:"CONTINUUM_OIDC_AUDIENCE" placeholder:"NAME" help:"The audience that access tokens must be for: the identifier of this API at the issuer."`
}

// configured says whether there is an issuer.
func (o oidc) configured() bool { return o.OIDCIssuer != "" }

// option gives the issuer to the practice. The issuer itself is not asked before the
// first token comes: while it is away the server starts, and API keys sign in.
func (o oidc) option() (practice.Option, error) {
	if !o.configured() {
		if o.OIDCAudience != "" {
			return nil, errors.New("there is an audience (--oidc-audience) and no issuer: name it by --oidc-issuer")
		}
		return practice.WithIssuer(nil), nil
	}
	from, err := issuer.New(o.OIDCIssuer, o.OIDCAudience)
	if err != nil {
		return nil, errors.New("--oidc-issuer, --oidc-audience: " + err.Error())
	}
	return practice.WithIssuer(from), nil
}
