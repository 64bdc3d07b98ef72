package command

// upkeep are the commands for whoever keeps an installation well.
type upkeep struct {
	Doctor doctorCommand `cmd:"" help:"Say what is wrong with the settings, the database, the keys and the machine, and what to do."`
	Backup backup        `cmd:"" help:"Copy an SQLite database while it is served."`
	Verify verify        `cmd:"" help:"Prove that a restored database is whole: its rows, its version, its sealed copies."`
	Health healthcheck   `cmd:"" name:"healthcheck" help:"Ask the server on this machine whether it is well."`
}
