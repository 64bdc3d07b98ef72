package command

import (
	"context"
	"errors"
	"math"
	"net"
	"os"
	"path/filepath"
	"strings"
	"time"

	"entgo.io/ent/dialect"

	"continuum/internal/doctor"
	"continuum/internal/practice"
	"continuum/internal/store"
	"continuum/internal/web"
)

// doctorCommand is the command that judges an installation, by the settings of serve.
type doctorCommand struct {
	Settings serve `embed:""`
}

// patience is how long the doctor waits for a database.
const patience = time.Minute

// Run looks at everything, prints what it finds, and fails where something must be mended.
func (d doctorCommand) Run(ctx context.Context, c *commands, house House) error {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	report := &doctor.Report{}
	d.settings(report, c)
	if data := d.database(ctx, report, c); data != nil {
		defer data.Close()
		d.signIn(ctx, report, data)
		d.sealed(ctx, report, c, data)
	}
	if _, err := report.WriteTo(house.Out); err != nil {
		return err
	}
	if report.Worst() == doctor.Fail {
		return errors.New("something must be mended")
	}
	return nil
}

// settings judges what the settings say by themselves.
func (d doctorCommand) settings(report *doctor.Report, c *commands) {
	if err := web.CheckOrigins(d.Settings.AllowedOrigins); err != nil {
		report.Bad("origins", "write each as https://app.example.org, without a path", "%v", err)
	} else {
		for _, origin := range d.Settings.AllowedOrigins {
			if strings.HasPrefix(origin, "http://") {
				report.Doubt("origins", "serve that page over https", "%s is not encrypted: whoever is on its way can change the page, and act with its keys", origin)
			}
		}
	}
	for about, file := range map[string]string{"database URL": c.DatabaseFile, "direct URL": c.Direct.DirectDatabaseFile} {
		if file != "" {
			report.Secret(about, file)
		}
	}
}

// database judges the database; nil where there is none to look into.
func (d doctorCommand) database(ctx context.Context, report *doctor.Report, c *commands) *store.Store {
	file, err := c.sqliteFile()
	if err != nil {
		report.Bad("database", "mend CONTINUUM_DATABASE_FILE", "%v", err)
		return nil
	}
	if file != "" {
		info, err := os.Stat(file)
		if errors.Is(err, os.ErrNotExist) {
			report.Doubt("database", "nothing, if this is to be its first start", "there is no %s yet", file)
			return nil
		}
		if err == nil {
			report.Modes(file)
			report.Disk(filepath.Dir(file), info.Size())
		}
	}
	data, err := c.open(ctx)
	if err != nil {
		report.Bad("database", whatToDo(err), "%v", err)
		return nil
	}
	direct, _ := c.Direct.url() // open has read it
	facts, err := data.Facts(ctx)
	if err != nil {
		report.Bad("database", "see what its own log says", "it answers, and cannot be looked into: %v", err)
		return data
	}
	report.Database(facts, direct != "")
	state, err := data.State(ctx)
	have, want, failure := data.Version(ctx)
	if err = errors.Join(err, failure); err != nil {
		report.Bad("migrations", "let the role read goose_db_version", "the version cannot be read: %v", err)
		return data
	}
	report.State(state, have, want)
	if state != store.Current {
		_ = data.Close()
		return nil
	}
	return data
}

// whatToDo says what helps where a database cannot be opened.
func whatToDo(err error) string {
	switch text := err.Error(); {
	case strings.Contains(text, "unsupported startup parameter"):
		return "this is a pooler: name PostgreSQL itself in CONTINUUM_DIRECT_DATABASE"
	case strings.Contains(text, "sslmode"):
		return "use sslmode=verify-full, with sslrootcert=FILE where the server's certificate is your own"
	case strings.Contains(text, "password authentication"):
		return "mend the user or the password in the URL"
	default:
		return "see that the server runs, that the URL is right, and that nothing on the way refuses it"
	}
}

// signIn judges whether anybody can sign in, and whether a door would be open to those who need not.
func (d doctorCommand) signIn(ctx context.Context, report *doctor.Report, data *store.Store) {
	keys, err := workingKeys(ctx, data)
	if err != nil {
		report.Bad("sign-in", "let the role read the table of keys", "it cannot be told whether there are keys: %v", err)
		return
	}
	at, err := net.ResolveTCPAddr("tcp", d.Settings.Listen)
	if err != nil {
		report.Bad("listen", "write it as 127.0.0.1:8080", "%v", err)
		return
	}
	open := onLoopback(at) && data.Engine() == dialect.SQLite
	switch {
	case d.Settings.OIDC.configured():
		report.Good("sign-in", "by access tokens of %s, and by API keys", d.Settings.OIDC.OIDCIssuer)
	case keys:
		report.Good("sign-in", "there are keys to sign in with")
	case open:
		report.Doubt("sign-in", howToSignIn, "nobody can sign in yet")
	default:
		report.Bad("sign-in", howToSignIn, "nobody can sign in: the server will refuse to start")
	}
	if onLoopback(at) {
		report.Good("listen", "%s, on this machine alone", d.Settings.Listen)
	} else {
		report.Good("listen", "%s, in plain HTTP: something before it must end TLS", d.Settings.Listen)
	}
}

// sealed judges the keys of sealed copies, and whether they open what was sealed.
func (d doctorCommand) sealed(ctx context.Context, report *doctor.Report, c *commands, data *store.Store) {
	keys, file, err := c.knownSealKeys(d.Settings.SealKeysFile)
	if err != nil {
		report.Bad("seal keys", "put the right file back; `continuum seal-keys` makes other keys, which open nothing old", "%v", err)
		return
	}
	if keys != nil && file != "" {
		report.Secret("seal keys", file)
	}
	opened, err := practice.New(data, practice.WithSeal(keys)).ProveSealedCopies(ctx, math.MaxInt)
	switch {
	case err != nil:
		report.Bad("sealed copies", "put the keys back that sealed them", "the keys do not open them: %v", err)
	case keys == nil && file != "":
		report.Good("seal keys", "the first start makes them in %s", file)
	case keys == nil:
		report.Doubt("seal keys", "continuum seal-keys > FILE, and name it in CONTINUUM_SEAL_KEYS_FILE", "there are none: a hand-over that keeps a sealed copy is refused")
	default:
		report.Good("sealed copies", "the keys open all of them (%d)", opened)
	}
}
