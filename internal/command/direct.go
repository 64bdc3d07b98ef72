package command

// direct names PostgreSQL itself, where --database names a pooler.
type direct struct {
	DirectDatabase     secret `env:"CONTINUUM_DIRECT_DATABASE" placeholder:"URL" help:"PostgreSQL itself, where --database names a pooler in transaction mode (PgBouncer): events are heard and migrations run there."`
	DirectDatabaseFile string `env:"CONTINUUM_DIRECT_DATABASE_FILE" type:"existingfile" placeholder:"FILE" help:"A file that holds that URL; it goes before --direct-database."`
}

// url is the direct URL, or nothing where no pooler stands between.
func (d direct) url() (string, error) {
	if d.DirectDatabaseFile == "" {
		return string(d.DirectDatabase), nil
	}
	return readURL(d.DirectDatabaseFile)
}
