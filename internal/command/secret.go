package command

import (
	"errors"
	"log/slog"
	"net/url"
	"strings"
)

// secret is a setting that may hold a password. Printed or logged it is "***".
type secret string

const hidden = "***"

func (secret) String() string               { return hidden }
func (secret) GoString() string             { return hidden }
func (secret) LogValue() slog.Value         { return slog.StringValue(hidden) }
func (secret) MarshalText() ([]byte, error) { return []byte(hidden), nil }

// spokenAloud refuses arguments that hold a password: everybody on the machine can read them.
func spokenAloud(args []string) error {
	for _, arg := range args {
		if name, value, found := strings.Cut(arg, "="); found && strings.HasPrefix(name, "--") {
			arg = value
		}
		// One that cannot be parsed is refused where it is used.
		u, err := url.Parse(arg)
		if err != nil || u.Scheme == "" {
			continue
		}
		if _, given := u.User.Password(); given || u.Query().Has("password") {
			return errors.New("there is a password among the arguments, where everybody on this machine can read it: " +
				"put the URL into the environment (CONTINUUM_DATABASE), or into a file (--database-file)")
		}
	}
	return nil
}
